"""The dashboard's tables by group: as an edition has them, on one axis, every number a link."""

from collections.abc import Callable, Mapping
from typing import Final

from surveys.digests.axes import TABLES
from surveys.digests.compare import Figures
from surveys.digests.group_lines import group_table, measure
from surveys.i18n import gettext as _

ROW_WIDTH: Final = 34.0
LEVEL: Final = {
    "regions": "region", "cultures": "culture", "languages": "language", "touchpoints": "touchpoint",
    "segments": "segment",
}  # fmt: skip


def group_tables(
    figures: Figures, named: Mapping[str, Callable[[str], str]], filters: Mapping[str, str]
) -> list[Figures]:
    """All tables that have rows, on one axis of change; a table of one group that is the whole view says nothing."""
    tables = [name for name in TABLES if figures[name] and LEVEL[name] not in filters]
    by = measure(figures, tables, ROW_WIDTH)
    titles, groups = _titles(), _groups()
    return [
        {
            "code": name,
            "title": titles[name],
            "group": groups[name],
            **group_table(figures[name], named[LEVEL[name]], by),
        }
        for name in tables
    ]


def _titles() -> dict[str, str]:
    return {
        "regions": _("By region"),
        "cultures": _("By culture cluster"),
        "languages": _("By language"),
        "touchpoints": _("By touchpoint"),
        "segments": _("By segment"),
    }


def _groups() -> dict[str, str]:
    return {
        "regions": _("Region"),
        "cultures": _("Culture cluster (by country)"),
        "languages": _("Language"),
        "touchpoints": _("Touchpoint"),
        "segments": _("Segment"),
    }
