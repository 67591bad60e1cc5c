"""Which language a respondent is served in."""

import httpx2 as httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.i18n import RESPONDENT_LOCALES
from surveys.negotiate import accepted, choose, matching
from surveys.questionnaires.models import Metric, Survey


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("zh-Hant-CN", "zh-Hant"),
        ("zh_Hans", "zh-Hans"), ("no", "nb"), ("nn", "nb"), ("nb-NO", "nb"), ("iw", "he"), ("in", "id"), ("pt-BR", "pt"),
        ("en-US", "en"), ("LV", "lv"), ("lv-LV", "lv"), ("de-AT-1996", "de"), ("sr-Latn", None), ("ka", None), ("", None),
        ("*", None), ("x", None), ("englisch", None), ("12", None), ("zh-", "zh-Hans"),
    ],
)  # fmt: skip
def test_tags(tag: str, locale: str | None):
    assert matching(tag) == locale


@pytest.mark.parametrize("locale", RESPONDENT_LOCALES)
def test_every_locale_is_its_own(locale: str):
    assert matching(locale) == locale


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("lv,en;q=0.5", ["lv", "en"]),
        ("en;q=0.5, lv;q=0.9 , ar", ["ar", "lv", "en"]),
        ("en;q=0,lv", ["lv"]),
        ("lv;q=x,en", ["en"]),
        ("*,de;q=0.1", ["de"]),
        ("", []),
        (",;,;q=1", []),
    ],
)
def test_headers(header: str, tags: list[str]):
    assert accepted(header) == tags


@pytest.mark.parametrize(
    ("address", "cookie", "header", "locale"),
    [
        ("/s/spring", None, "", "ro"),
        ("/s/spring", None, "ka,tlh;q=0.9", "ro"),
        ("/s/spring", None, "zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("/s/spring", None, "no;q=0.4,pt-BR;q=0.6", "pt"),
        ("/s/spring", None, "de;q=0,iw", "he"),
        ("/s/spring", "th", "de", "th"),
        ("/s/spring", "nonsense", "de", "de"),
        ("/s/spring?lang=pt-BR", "th", "de", "pt"),
        ("/s/spring?lang=nonsense", "th", "de", "th"),
    ],
)
async def test_the_short_link(
    client: httpx.AsyncClient, address: str, cookie: str | None, header: str, locale: str
):
    await Survey.create(slug="spring", name="Spring", metric=Metric.NPS, default_locale="ro")
    if cookie:
        client.cookies.set("polyvox_locale", cookie)
    answer = await client.get(address, headers={"accept-language": header})
    assert (answer.status_code, answer.headers["location"]) == (302, f"/{locale}/s/spring")
    assert answer.headers["vary"] == "Accept-Language, Cookie"


async def test_the_short_link_keeps_what_it_says(client: httpx.AsyncClient):
    await Survey.create(slug="spring", name="Spring", metric=Metric.NPS)
    answer = await client.get("/s/spring?score=9&lang=ar&channel=e+mail&country=LV")
    assert answer.headers["location"] == "/ar/s/spring?score=9&channel=e+mail&country=LV"
    assert "set-cookie" not in answer.headers


@given(st.text(), st.text(), st.text())
def test_there_is_always_a_language(tag: str, header: str, default: str):
    assert choose(tag, header=header, default=default) in RESPONDENT_LOCALES
