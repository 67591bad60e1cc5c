"""What groups are called: a place by its name, what names no place after what it is."""

from typing import Final

from surveys.i18n import gettext as _
from surveys.names import code_name, country_name, culture_name, region_name, spoken_language_name

NAMED: Final = {
    "continent": region_name,
    "region": region_name,
    "country": country_name,
    "culture": culture_name,
    "language": spoken_language_name,
}
# They are called as a region of other countries is, in one of our languages or another.
LIKE_REGIONS: Final = frozenset({"eastern-europe", "nordic-europe", "southern-asia"})


def level_name(level: str) -> str:
    """What groups of a level are called."""
    return {
        "continent": _("Continent"),
        "region": _("Region"),
        "country": _("Country"),
        "culture": _("Culture cluster (by country)"),
        "language": _("Language"),
        "touchpoint": _("Touchpoint"),
        "segment": _("Segment"),
    }[level]


def kind_name(level: str) -> str:
    """The same in short, where cultures stand among others."""
    return _("Culture cluster") if level == "culture" else level_name(level)


def bare_name(level: str, group: str) -> str:
    """A group whose kind stands beside it."""
    named = NAMED.get(level)
    return named(group) if named else code_name(group)


def group_name(level: str, group: str) -> str:
    """A group of a finding, which nobody is to take for another."""
    if level in NAMED and not (level == "culture" and group in LIKE_REGIONS):
        return bare_name(level, group)
    return _("%(name)s: %(value)s") % {"name": kind_name(level), "value": bare_name(level, group)}
