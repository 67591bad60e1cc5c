"""The inbox's filters against the same question asked of every row in plain Python."""

from typing import Any
from zoneinfo import ZoneInfo

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from surveys.accounts.models import User
from surveys.names import THEMES
from surveys.organisation.models import the_organisation
from surveys.places import CULTURES, descendants, region
from surveys.questionnaires.models import Survey
from surveys.verbatims import columns as column_index
from surveys.verbatims.facets import Surveys, find
from surveys.verbatims.filters import FACETS, Filter, parse
from surveys.verbatims.models import Verbatim, VerbatimTheme
from surveys.verbatims.search import fold
from surveys.weeks import Week
from tests.bench.population import populate

RIGA = ZoneInfo("Europe/Riga")


async def _rows(zone: ZoneInfo) -> list[dict[str, Any]]:
    """Each verbatim as the values each facet sees in it."""
    slugs = dict(await Survey.all().values_list("id", "slug"))
    themes: dict[int, set[str]] = {}
    for hit in await VerbatimTheme.all():
        themes.setdefault(hit.verbatim_id, set()).add(hit.code)
    rows = []
    for row in await Verbatim.all().order_by("-written_at", "-id"):
        place = region(row.country)
        rows.append(
            {
                "id": row.id,
                "text": row.masked_text,
                "region": {code for code, _ in place.path} | {"001"} if place else {"unknown"},
                "country": {row.country or "unknown"},
                "culture": {row.culture},
                "language": {row.language},
                "theme": themes.get(row.id) or {"none"},
                "sentiment": {row.sentiment},
                "band": {row.band},
                "survey": {slugs.get(row.survey_id)},
                "channel": {row.channel},
                "week": {str(Week.containing(row.written_at, zone))},
            }
        )
    return rows


def _naive(rows: list[dict[str, Any]], wanted: Filter, *, but: str = "") -> list[dict[str, Any]]:
    def holds(row: dict[str, Any]) -> bool:
        by_value = all(row[name] & set(values) for name, values in wanted.values.items() if name != but)
        return by_value and fold(wanted.text) in fold(row["text"])

    return [row for row in rows if holds(row)]


def _values(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    seen = {name: sorted({value for row in rows for value in row[name] if value}) for name in FACETS}
    seen["theme"] += ["none", "loyalty_promo"]
    seen["region"] += ["unknown", "001", "419"]
    seen["country"] += ["unknown", "FJ"]
    seen["language"] += ["ka"]
    seen["week"] += ["2020-W01"]
    return seen


async def test_rows_and_counts_are_those_of_a_plain_filter(database: None) -> None:
    await populate(250, seed=5)
    columns = await column_index.current(RIGA)
    rows = await _rows(RIGA)
    surveys = Surveys(dict(await Survey.all().values_list("id", "slug")))
    values = _values(rows)
    chosen = st.fixed_dictionaries(
        {},
        optional={
            name: st.lists(st.sampled_from(values[name]), min_size=1, max_size=3, unique=True)
            for name in FACETS
        },
    )

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        chosen,
        st.sampled_from(["", "", "kurj", "PARCEL", "ā", "配送", "ส่ง", "صل", "piegade", "nothing like it"]),
    )
    def check(picked: dict[str, list[str]], text: str) -> None:
        wanted = Filter({name: tuple(picked[name]) for name in FACETS if name in picked}, text)
        found = find(columns, wanted, surveys)
        assert columns.ids[found.positions].tolist() == [row["id"] for row in _naive(rows, wanted)]
        for facet in FACETS:
            counted: dict[str, int] = {}
            for row in _naive(rows, wanted, but=facet):
                for value in row[facet] - {None, "001"}:
                    counted[value] = counted.get(value, 0) + 1
            assert dict(found.counts[facet]) == counted, facet

    check()


def _shown(page: httpx.Response) -> tuple[str, list[str]]:
    tree = html.fromstring(page.text)
    (title,) = tree.xpath("//h1/text()")
    return title, tree.xpath("//a[@class='words']/@href")


async def test_each_filter_shows_its_rows(client: httpx.AsyncClient, ana: User) -> None:
    await populate(120, seed=2)
    rows = await _rows((await the_organisation()).zone)
    for name, values in _values(rows).items():
        for value in values[:2] + values[-2:]:
            wanted = Filter({name: (value,)})
            page = await client.get("/inbox", params={name: value})
            expected = _naive(rows, wanted)
            _title, links = _shown(page)
            assert page.status_code == 200
            assert links == [wanted.address(f"/inbox/{row['id']}") for row in expected[:50]], (name, value)


async def test_a_continent_holds_all_its_countries(database: None) -> None:
    await populate(300, seed=3)
    columns = await column_index.current(RIGA)
    found = find(columns, Filter({"region": ("150",)}), Surveys({}))
    european = await Verbatim.filter(country__in=sorted(descendants("150"))).count()
    assert len(found.positions) == european
    assert found.counts["region"]["150"] == european
    assert found.counts["region"]["unknown"] == await Verbatim.filter(country=None).count()


async def test_what_is_not_known_is_named_and_the_rest_applies(client: httpx.AsyncClient, ana: User) -> None:
    await populate(60)
    page = await client.get(
        "/inbox?region=999&theme=foo&week=2026-W60&survey=gone&channel=smoke&country=LV&page=-3&x=1"
    )
    (notice,) = html.fromstring(page.text).xpath("//p[contains(@class, 'warning')]/text()")
    assert notice == (
        "The address names something that is not known here and was left out: "
        "region=999, theme=foo, week=2026-W60, survey=gone, and channel=smoke."
    ) or notice.endswith("region=999, theme=foo, week=2026-W60, survey=gone and channel=smoke.")
    assert len(_shown(page)[1]) == await Verbatim.filter(country="LV").count()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ED%A0%80",
        "q=" + "x" * 5000,
        "page=99999999999999999999",
        "page=²",
        "country=%00",
        "week=0000-W00",
        "q=%25_'\"\\",
    ],
)
async def test_no_address_breaks_the_page(client: httpx.AsyncClient, ana: User, query: str) -> None:
    await populate(5)
    assert (await client.get(f"/inbox?{query}")).status_code == 200


@pytest.mark.parametrize("zone", ["Europe/Riga", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "UTC"])
async def test_weeks_are_those_of_the_organisations_zone(database: None, zone: str) -> None:
    await populate(500, seed=7, weeks=60)
    chosen = ZoneInfo(zone)
    columns = await column_index.current(chosen)
    times = dict(await Verbatim.all().values_list("id", "written_at"))
    weeks = {
        int(key): str(column_index.week_of(int(week)))
        for key, week in zip(columns.ids, columns.weeks, strict=True)
    }
    assert weeks == {key: str(Week.containing(at, chosen)) for key, at in times.items()}


def test_an_address_reads_back_as_its_filter() -> None:
    asked = parse(
        [
            ("sentiment", "Negative"),
            ("country", "lv"),
            ("country", "lv"),
            ("week", "2026-w07"),
            ("q", "  a  b "),
        ],
        surveys=(),
        channels=(),
    )
    assert asked.filter == Filter(
        {"country": ("LV",), "sentiment": ("negative",), "week": ("2026-W07",)}, "a b"
    )
    assert asked.filter.address() == "/inbox?country=LV&sentiment=negative&week=2026-W07&q=a+b"
    assert (
        asked.filter.without("country", "LV").without("q", "").address()
        == "/inbox?sentiment=negative&week=2026-W07"
    )


def test_an_address_nobody_types_asks_the_database_nothing_odd() -> None:
    # PostgreSQL takes no NUL; and each value costs.
    nul = parse([("touchpoint", "st\x00ore"), ("q", "a\x00b")], surveys=(), channels=())
    assert nul.filter == Filter({"touchpoint": ("store",)}, "ab")
    many = [("segment", f"s{number}") for number in range(1000)]
    assert len(parse(many, surveys=(), channels=()).filter.of("segment")) == 400
    twice = parse([("q", "late"), ("q", "early")], surveys=(), channels=())
    assert twice.filter.text == "late"


def test_every_culture_and_theme_is_a_value() -> None:
    pairs = [("culture", slug) for slug in CULTURES] + [("theme", code) for code in THEMES]
    assert parse(pairs, surveys=(), channels=()).unknown == ()
