"""Bad input: an error at the field in the reader's language, what was typed still there, nothing half written."""

import httpx2 as httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.i18n import speaking
from surveys.questionnaires.models import Basis, Metric, Survey
from surveys.responses.countries import countries_in_order
from surveys.responses.forms import carried, clean, is_robot, order_of, parse_answer, parse_rest
from surveys.responses.models import Response
from surveys.responses.session import session_of
from surveys.verbatims.models import Original, Verbatim
from tests.surveys.responses.page import read

RANGE = "Please choose one of the scores shown."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Please choose a score."),
        ("score=", "Please choose a score."),
        ("score=1&score=2", "Please choose only one answer."),
        ("score=9&score=9", "Please choose only one answer."),
        *(
            (f"score={text}", RANGE)
            for text in (
                "11",
                "-1",
                "9.0",
                "%2B9",
                "09",
                "1e1",
                "nine",
                "%00",
                "%D9%A9",
                "%ED%A0%80",
                "9" * 400,
            )
        ),
    ],
)
async def test_a_score_that_is_none(client: httpx.AsyncClient, nps: Survey, body: str, sentence: str):
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await client.post("/en/s/spring", content=f"{body}&channel=email&from=lv", headers=kind)
    assert answer.status_code == 422
    page = read(answer)
    assert page.errors == {"score": sentence}
    assert page.title == f"Error: {page.heading}"
    assert page.tree.xpath("//fieldset/@aria-invalid") == ["true"]
    assert page.tree.xpath("//*[@autofocus]/@class") == ["summary"]
    assert page.fields() == {"from": "lv", "channel": "email"}
    assert await Response.all().count() == 0


async def test_an_address_gives_no_answer(client: httpx.AsyncClient, nps: Survey):
    assert (await client.post("/en/s/spring?score=9", data={})).status_code == 422
    assert await Response.all().count() == 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([], "Lūdzu, izvēlieties iemeslu."),
        (["nonsense"], "Lūdzu, izvēlieties vienu no parādītajiem iemesliem."),
        (["ethics", "other"], "Lūdzu, izvēlieties tikai vienu atbildi."),
    ],
)
async def test_a_reason_that_is_none(
    client: httpx.AsyncClient, leaving: Survey, values: list[str], sentence: str
):
    answer = await client.post("/lv/s/leaving", data={"exit_reason": values})
    page = read(answer)
    assert (answer.status_code, page.language) == (422, ("lv", "ltr"))
    assert page.errors == {"exit_reason": sentence}
    assert await Response.all().count() == 0


@pytest.mark.parametrize("locale", ["lv", "ar"])
async def test_everything_wrong_at_once(client: httpx.AsyncClient, consented: Survey, locale: str):
    await client.post(f"/{locale}/s/agreed", data={"score": "1"})
    comment = "<script>alert(1)</script>\n=cmd()" + "ā" * 10_000
    sent = {"comment": comment, "contact": "not an address", "country": "ZZ"}
    answer = await client.post(f"/{locale}/s/agreed/reason", data=sent)
    page = read(answer)
    assert answer.status_code == 422
    assert set(page.errors) == {"comment", "contact", "country", "consent"}
    assert all(sentence not in ("", None) and "Please" not in sentence for sentence in page.errors.values())
    fields = page.fields()
    assert (fields["comment"], fields["contact"]) == (comment, "not an address")
    assert "<script>alert" not in answer.text
    invalid = page.tree.xpath("//*[@aria-invalid='true']/@name")
    assert invalid == ["comment", "contact", "country", "consent"]
    for name in invalid:
        (field,) = page.tree.xpath(f"//*[@name='{name}']")
        assert f"e-{name}" in field.get("aria-describedby").split()
    assert await Verbatim.all().count() == 0
    assert (await Response.get()).state == "partial"


async def test_ten_thousand_characters_fit(client: httpx.AsyncClient, nps: Survey):
    await client.post("/en/s/spring", data={"score": "1"})
    too_long = read(await client.post("/en/s/spring/reason", data={"comment": "ж" * 10_001}))
    assert too_long.errors == {"comment": "The comment is too long. At most 10,000 characters fit."}
    assert (await client.post("/en/s/spring/reason", data={"comment": "😀" * 10_000})).status_code == 303
    assert len((await Original.get()).text) == 10_000


async def test_what_no_keyboard_types_is_left_out(client: httpx.AsyncClient, nps: Survey):
    await client.post("/en/s/spring", data={"score": "1"})
    kind = {"content-type": "application/x-www-form-urlencoded"}
    await client.post("/en/s/spring/reason", content=b"comment=A%00B%07%0D%0AC%09D%1B", headers=kind)
    assert ((await Original.get()).text, (await Verbatim.get()).masked_text) == ("AB\nC\tD", "AB\nC\tD")


async def test_html_and_formulas_are_words(client: httpx.AsyncClient, nps: Survey):
    await client.post("/en/s/spring", data={"score": "1"})
    await client.post("/en/s/spring/reason", data={"comment": "</textarea><b>=1+1"})
    answer = await client.get("/en/s/spring/reason")
    assert read(answer).fields()["comment"] == "</textarea><b>=1+1"
    assert "<b>" not in answer.text


async def test_a_repeated_field(client: httpx.AsyncClient, nps: Survey):
    await client.post("/en/s/spring", data={"score": "1"})
    answer = await client.post("/en/s/spring/reason", data={"country": ["LV", "LT"], "comment": ["a", "b"]})
    one = "Please choose only one answer."
    assert (answer.status_code, read(answer).errors) == (422, {"comment": one, "country": one})
    assert read(answer).fields()["comment"] == "a\nb"


@pytest.mark.parametrize("body", [b"--x\r\nnonsense", b"\xff\xfe\x00", b"=&==&%&%zz", b"score" * 1000])
@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
    ],
)
async def test_a_body_that_is_no_form(client: httpx.AsyncClient, nps: Survey, body: bytes, kind: str):
    answer = await client.post("/en/s/spring", content=body, headers={"content-type": kind})
    assert answer.status_code in {400, 422}
    assert await Response.all().count() == 0


async def test_a_file_is_no_answer(client: httpx.AsyncClient, nps: Survey):
    answer = await client.post("/en/s/spring", files={"score": ("9", b"9")})
    assert read(answer).errors == {"score": "Please choose a score."}


FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "score",
            "exit_reason",
            "comment",
            "contact",
            "country",
            "consent",
            "i",
            "a",
            "from",
            "order",
            "website",
            "channel",
            "touchpoint",
        ]
    )
    | st.text(),
    st.lists(st.text(st.characters(codec=None)), max_size=3),
)


@given(FIELDS, st.sampled_from(Metric), st.sampled_from(Basis))
def test_no_form_is_too_strange(fields: dict[str, list[str]], metric: Metric, basis: Basis):
    survey = Survey(slug="s", name="S", metric=metric, basis=basis)
    with speaking("lv", "respondent"):
        answer = parse_answer(fields, survey)
        rest = parse_rest(fields, survey)
    assert (answer.given is None) == bool(answer.errors)
    assert set(rest.errors) <= {"comment", "contact", "country", "consent"}
    if not rest.errors:
        assert len(rest.rest.comment) <= 10_000
        rest.rest.comment.encode()
        assert "\x00" not in rest.rest.comment
    carried(fields).query()
    order_of(fields)
    is_robot(fields)


@given(st.text(st.characters(codec=None)))
def test_cleaning_twice_is_cleaning_once(text: str):
    assert clean(clean(text)) == clean(text)
    clean(text).encode()


@given(st.text())
def test_no_token_is_too_strange(text: str):
    assert session_of(text, 1) is None


@pytest.mark.parametrize(
    ("locale", "order"),
    [
        # Österreich stands last of all in Swedish, among O in German.
        ("sv", ["AO", "SE", "ZM", "AT"]),
        ("de", ["AO", "AT", "SE", "ZW"]),
        # Z stands after S and before T in Estonian.
        ("et", ["ZM", "ZW", "DK"]),
        ("lv", ["CL", "DK", "CY", "CI"]),
        ("tr", ["TD", "CZ", "DK"]),
    ],
)
def test_countries_stand_as_in_a_dictionary(locale: str, order: list[str]):
    codes = [code for code, _ in countries_in_order(locale)]
    assert (len(codes), len(set(codes))) == (250, 250)
    names = dict(countries_in_order(locale))
    assert [code for code in codes if code in order] == order, [names[code] for code in order]
