"""The themes as the site has them: its own names, what is merged or hidden, its own themes; read, never written, here.

What a verbatim was found to be about (`verbatim_theme.code`) stays as it was found. A merged theme is counted and shown as
the one it was merged into, a hidden one not at all, and both come back whole when that is taken back. Whoever counts in SQL
joins `counted_themes()` where `verbatim_theme` would stand; whoever has codes in hand asks `taxonomy()`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from surveys.db import query

# Neither a draft nor a removed theme is counted; a removed one keeps its name for what was printed with it.
COUNTED_STATES: Final = frozenset({"active", "merged"})
COLUMNS: Final = 'w.id, w.verbatim_id, w.confidence, w."start", w."end", w.method, w.polarity'


@dataclass(frozen=True)
class ThemeEntry:
    """One theme that the site changed or added."""

    code: str
    names: Mapping[str, str]
    state: str = "active"
    merged_into: str | None = None
    is_own: bool = False


@dataclass(frozen=True)
class Taxonomy:
    """What the site made of the themes; those it left alone are not in it."""

    entries: Mapping[str, ThemeEntry] = field(default_factory=dict)

    def name(self, code: str, locale: str) -> str | None:
        """The site's name in a locale; of its own themes, for want of that, the name in another."""
        entry = self.entries.get(code)
        if entry is None:
            return None
        name = entry.names.get(locale)
        if name or not entry.is_own:
            return name or None
        return entry.names.get("en") or next(iter(sorted(entry.names.values())), None)

    def counted(self, code: str) -> str | None:
        """The code that a found code counts as; None when it counts as nothing."""
        seen: set[str] = set()
        while (entry := self.entries.get(code)) is not None and entry.state == "merged" and entry.merged_into:
            if code in seen:
                return None
            seen.add(code)
            code = entry.merged_into
        return None if entry is not None and entry.state not in COUNTED_STATES else code

    def counted_codes(self, codes: Iterable[str]) -> tuple[str, ...]:
        """What some found codes count as, each once, in order."""
        return tuple(sorted({counted for code in codes if (counted := self.counted(code)) is not None}))

    def offered(self, built_in: Iterable[str]) -> tuple[str, ...]:
        """The codes to choose from: the built-in ones in their order, then the site's own."""
        own = (code for code, entry in sorted(self.entries.items()) if entry.is_own)
        return tuple(code for code in (*built_in, *own) if self.counted(code) == code)

    @property
    def moved(self) -> Mapping[str, str | None]:
        """Every code that counts as another, or as none."""
        return {code: counted for code in sorted(self.entries) if (counted := self.counted(code)) != code}

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """The site's names by code and locale, as an edition's figures keep them."""
        return {code: dict(entry.names) for code, entry in sorted(self.entries.items()) if entry.names}


BUILT_IN: Final = Taxonomy()
_current: ContextVar[Taxonomy] = ContextVar("taxonomy", default=BUILT_IN)


def taxonomy() -> Taxonomy:
    """The themes as they were last read in this request, chore or command."""
    return _current.get()


async def know_themes() -> Taxonomy:
    """Read the site's themes; what is said afterwards in this request, chore or command uses its names."""
    read = await read_taxonomy()
    _current.set(read)
    return read


@contextmanager
def naming(names: Mapping[str, Mapping[str, str]]) -> Iterator[None]:
    """Inside the block themes have these names, by code and locale: those that an edition was counted with."""
    entries = {code: ThemeEntry(code, own, is_own=code.startswith("own_")) for code, own in names.items()}
    token = _current.set(Taxonomy(entries))
    try:
        yield
    finally:
        _current.reset(token)


async def read_taxonomy() -> Taxonomy:
    """The site's themes as the database has them now."""
    rows = await query(
        "SELECT code, names, state, merged_into, is_own FROM site_theme WHERE code IS NOT NULL ORDER BY code"
    )
    return Taxonomy({row["code"]: _entry(row) for row in rows})


def _entry(row: Mapping[str, Any]) -> ThemeEntry:
    names = json.loads(row["names"]) if isinstance(row["names"], str) else row["names"]
    return ThemeEntry(row["code"], names or {}, row["state"], row["merged_into"], bool(row["is_own"]))


async def counted_themes() -> str:
    """What stands in SQL in place of the table `verbatim_theme`: the same rows by the code they count as.

    A verbatim of which two codes are merged has two rows of one code, so count verbatims or people, never rows.
    """
    return themes_sql((await read_taxonomy()).moved)


def themes_sql(moved: Mapping[str, str | None]) -> str:
    """The table itself as long as nothing is merged or hidden, which is the quicker."""
    if not moved:
        return "verbatim_theme"
    into = "".join(f" WHEN {_text(code)} THEN {_text(to)}" for code, to in moved.items() if to is not None)
    gone = ", ".join(_text(code) for code, to in moved.items() if to is None)
    code = f"CASE w.code{into} ELSE w.code END" if into else "w.code"
    kept = f" WHERE w.code NOT IN ({gone})" if gone else ""
    return f"(SELECT {COLUMNS}, {code} AS code FROM verbatim_theme w{kept})"  # noqa: S608 - our own texts and codes


def _text(code: str) -> str:
    """A code as SQL text; codes are small letters, digits and low lines, whoever made them."""
    if not code.replace("_", "").isalnum() or not code.isascii():
        msg = "this is no code of a theme"
        raise ValueError(msg)
    return f"'{code}'"
