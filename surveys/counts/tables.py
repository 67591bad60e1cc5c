"""The weekly tables as data: what each is grouped by, what it sums, and from which rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ANSWER_KEYS: Final = (
    "week", "source", "survey_id", "wording_version", "reason", "country", "locale", "language", "touchpoint", "segment",
)  # fmt: skip
THEME_KEYS: Final = (
    "week", "source", "code", "pain_id", "band", "survey_id", "wording_version", "country", "locale", "language",
    "touchpoint", "segment",
)  # fmt: skip
OF_THE_THEME: Final = frozenset({"code", "pain_id"})
SCORES: Final = range(11)
SENTIMENTS: Final = ("negative", "neutral", "positive", "mixed")


@dataclass(frozen=True)
class WeeklyTable:
    """One table: its name, its key, its sums, whose rows they are taken from, and which of its rows hold nothing."""

    name: str
    keys: Sequence[str]
    sums: Mapping[str, str]
    rows: str
    is_empty: str

    def grouped(self, where: str, sign: str = "") -> str:
        """The statement that counts rows in this table's shape; with the sign "-" what is to be taken away."""
        keys = ", ".join(f"t.{key}" if key in OF_THE_THEME else f"c.{key}" for key in self.keys)
        sums = ", ".join(f"{sign}{what} AS {name}" for name, what in self.sums.items())
        return f"SELECT {keys}, {sums} FROM {self.rows} WHERE {where} GROUP BY {keys}"  # noqa: S608 - our own texts only

    def added(self, where: str, sign: str = "") -> str:
        """The statement that adds such rows to the table."""
        columns = ", ".join([*self.keys, *self.sums])
        new = ", ".join(f"{name} = {self.name}.{name} + excluded.{name}" for name in self.sums)
        return (
            f"INSERT INTO {self.name} ({columns}) {self.grouped(where, sign)} "
            f"ON CONFLICT ({', '.join(self.keys)}) DO UPDATE SET {new}"
        )


def _where(condition: str) -> str:
    return f"COUNT(*) FILTER (WHERE {condition})"


_ANSWERS: Final = {
    "responses": _where("c.source = 'response'"),
    "partial": "SUM(c.partial)",
    **{f"score_{score}": _where(f"c.score = {score}") for score in SCORES},
    "comments": "SUM(c.comments)",
    "unanalysed": "SUM(c.unanalysed)",
    "with_language": "SUM(c.with_language)",
    "unknown_language": "SUM(c.unknown_language)",
    **{name: _where(f"c.sentiment = '{name}'") for name in SENTIMENTS},
    "unknown_sentiment": _where("c.sentiment = 'unknown'"),
}
_THEMES: Final = {
    "people": "SUM(t.counts)",
    "verbatims": "COUNT(*)",
    "complaints": "SUM(t.complains)",
    **{name: _where(f"c.sentiment = '{name}'") for name in SENTIMENTS},
}
_NO_ANSWERS: Final = "responses = 0 AND comments = 0"
_NO_THEMES: Final = "verbatims = 0"
_OF_UNITS: Final = "counted_unit c"
_OF_THEMES: Final = "counted_theme t JOIN counted_unit c ON c.unit = t.unit"

WEEKLY_TABLES: Final = (
    WeeklyTable("weekly_counts", ANSWER_KEYS, _ANSWERS, _OF_UNITS, _NO_ANSWERS),
    WeeklyTable("weekly_themes", THEME_KEYS, _THEMES, _OF_THEMES, _NO_THEMES),
)
