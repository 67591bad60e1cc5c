"""Countries, regions and clusters against the textbook (3, 4) and against each other."""

import csv
from collections import Counter
from importlib.resources import files

import pytest

from surveys.places import (
    CULTURES,
    WORLD,
    RegionNode,
    countries,
    country_name,
    culture,
    descendants,
    is_country,
    is_region,
    leaf_code,
    region,
    region_name,
    region_tree,
)


def test_two_hundred_and_fifty_countries() -> None:
    assert len(countries()) == 250
    assert list(countries()) == sorted(countries())


@pytest.mark.parametrize("code", ["LV", "NA", "XK", "GB", "AQ"])
def test_countries_are_known(code: str) -> None:
    assert is_country(code)


@pytest.mark.parametrize("code", ["", "lv", "LVA", "UK", "EU", "ZZ", "150"])
def test_other_codes_are_no_countries(code: str) -> None:
    assert not is_country(code)


@pytest.mark.parametrize(
    ("country", "region_code", "subregion_code", "leaf_code", "leaf"),
    [
        ("LV", "150", "154", "154", "Northern Europe"),
        ("LT", "150", "154", "154", "Northern Europe"),
        ("EE", "150", "154", "154", "Northern Europe"),
        ("RO", "150", "151", "151", "Eastern Europe"),
        ("NA", "002", "202", "018", "Southern Africa"),
        ("BR", "019", "419", "005", "South America"),
        ("US", "019", "021", "021", "Northern America"),
        ("XK", "150", "039", "039", "Southern Europe"),
        ("NR", "009", "057", "057", "Micronesia"),
        ("TW", "142", "030", "030", "Eastern Asia"),
    ],
)
def test_where_countries_stand(
    country: str, region_code: str, subregion_code: str, leaf_code: str, leaf: str
) -> None:
    place = region(country)
    assert place is not None
    assert place.region_code == region_code
    assert place.subregion_code == subregion_code
    assert (place.leaf_code, place.leaf) == (leaf_code, leaf) == place.path[-1]


@pytest.mark.parametrize("country", [None, "", "ZZ", "AQ"])
def test_some_stand_nowhere(country: str | None) -> None:
    assert region(country) is None
    assert leaf_code(country) is None


def test_the_leaf_alone() -> None:
    assert (leaf_code("LV"), leaf_code("BR"), leaf_code("NA")) == ("154", "005", "018")


def test_a_region_holds_all_below_it() -> None:
    europe = descendants("150")
    assert {"LV", "RO", "XK"} <= europe
    parts = [descendants(code) for code in ("039", "151", "154", "155")]
    assert europe == frozenset().union(*parts)
    assert len(europe) == sum(map(len, parts))
    assert "NA" in descendants("202") & descendants("018")
    assert descendants("LV") == {"LV"}
    assert descendants(WORLD) == set(countries())


@pytest.mark.parametrize("code", ["", "999", "15", "ZZ", "010"])
def test_other_codes_hold_nobody(code: str) -> None:
    assert not is_region(code)
    with pytest.raises(ValueError, match="neither a country nor an M49 code"):
        descendants(code)


def walked(node: RegionNode) -> list[str]:
    below = [country for child in node.children for country in walked(child)]
    assert sorted([*node.countries, *below]) == sorted(descendants(node.code))
    return [*node.countries, *below]


def test_the_tree_holds_every_country_once() -> None:
    tree = region_tree()
    assert [child.code for child in tree.children] == ["002", "009", "019", "142", "150"]
    assert tree.countries == ("AQ",)
    assert sorted(walked(tree)) == list(countries())


def test_regions_are_named_in_the_readers_language() -> None:
    assert region_name("154", "lv") == "Ziemeļeiropa"
    assert region_name("035", "lv") == "Dienvidaustrumāzija"
    assert region_name("154", "ro-RO") == "Europa Septentrională"
    assert region_name(WORLD, "lv") == "pasaule"
    assert country_name("NA", "lt") == "Namibija"
    assert country_name("XK", "en") == "Kosovo"
    assert country_name("LV", "zh-Hant") == country_name("LV", "zh_Hant_TW") == "拉脫維亞"


@pytest.mark.parametrize("locale", ["en-LV", "en_LV", "tlh", "", "?"])
def test_an_unknown_locale_reads_its_language_or_english(locale: str) -> None:
    assert country_name("LV", locale) == "Latvia"


@pytest.mark.parametrize("locale", ["lv", "lt", "ro", "et", "ar", "ja", "zh", "th", "sw", "bn"])
def test_every_place_has_a_name(locale: str) -> None:
    assert all(country_name(code, locale) for code in countries())
    codes = {code for one in countries() if (place := region(one)) for code, _ in place.path}
    assert all(region_name(code, locale) for code in codes)


def test_only_places_have_names() -> None:
    with pytest.raises(ValueError, match="not an M49 code"):
        region_name("LV", "en")
    with pytest.raises(ValueError, match="not a country"):
        country_name("150", "en")


@pytest.mark.parametrize(
    ("country", "locale", "slug", "rule"),
    [
        ("LV", "lv", "eastern-europe", "country"),
        ("LV", "ru", "eastern-europe", "country"),
        ("NA", None, "sub-saharan-africa", "country"),
        ("JP", "en-US", "confucian-asia", "country"),
        ("TR", "tr", "middle-east", "country"),
        ("CH", "fr-CH", "latin-europe", "country_language"),
        ("CH", "it", "latin-europe", "country_language"),
        ("CH", "de_CH", "germanic-europe", "country_language"),
        ("CH", "en", "germanic-europe", "country"),
        ("CA", "fr", "latin-europe", "country_language"),
        ("CA", "FR-ca", "latin-europe", "country_language"),
        ("CA", "en", "anglo", "country"),
        ("BE", "nl", "germanic-europe", "country_language"),
        ("BE", "de", "germanic-europe", "country_language"),
        ("BE", "fr", "latin-europe", "country_language"),
        ("LU", "de", "germanic-europe", "country_language"),
        ("LU", "lb", "germanic-europe", "country_language"),
        ("LU", "fr", "latin-europe", "country"),
        ("CY", "tr", "middle-east", "country_language"),
        ("CY", "el", "eastern-europe", "country"),
        ("AQ", "lv", "unassigned", "no_cluster"),
        ("FJ", None, "unassigned", "no_cluster"),
        (None, "lv", "unknown", "no_country"),
        ("", "lv", "unknown", "no_country"),
        ("ZZ", "lv", "unknown", "no_country"),
    ],
)
def test_culture_comes_from_country_and_declared_locale(
    country: str | None, locale: str | None, slug: str, rule: str
) -> None:
    assert culture(country, locale) == (slug, rule)


def test_the_clusters_are_the_ten_and_two_kinds_of_none() -> None:
    tally = Counter(culture(code, None).slug for code in countries())
    assert set(tally) == set(CULTURES) - {"unknown"}
    assert tally["unassigned"] == 60
    assert len(CULTURES) == 12


def test_slugs_are_the_names_in_lower_case_with_hyphens() -> None:
    assert [name.lower().replace(" ", "-") for name in CULTURES.values()] == list(CULTURES)


def test_fifty_eight_countries_rest_on_a_globe_society() -> None:
    table = (files("surveys") / "data" / "culture_clusters.tsv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines(), delimiter="\t")
    studied = {row["iso2"] for row in rows if row["basis"].startswith("GLOBE member")}
    assert len(studied & set(countries())) == len(studied) == 58
    assert "JP" in studied
    assert studied.isdisjoint({"LV", "LT", "EE", "RO"})
