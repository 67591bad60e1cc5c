"""Labelled texts: JSON lines `{"text", "lang", "label"?, "themes"?}`, or a development set's table.

`label` is neg, neu or pos, or negative, neutral, positive or mixed; other labels are as none.
`themes` is a list of codes; codes that are not ours are left out. What `polyvox export corrections`
writes is such a file. The table of a development set has themes, feeling and text in columns, tabs
between, and is named by its language.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from sentiment.language_codes import language_of
from sentiment.themes import THEMES

DEVELOPMENT = Path(__file__).parent / "development"

PAIN_FOLDERS = {"pain_points": "pains", "pain_points_plain": "pains_plain", "pain_points_nine": "pains_nine"}
"""The pain point sets in `DEVELOPMENT`: told as scenes and mostly without the obvious words; in plain words, each
text its own; in nine languages, three of four texts of a point the same sentence, the others another customer's.
"""
LABELS = {"neg": "negative", "neu": "neutral", "pos": "positive"} | {
    name: name for name in ("negative", "neutral", "positive", "mixed")
}
SUFFIXES = (".jsonl", ".json", ".ndjson", ".tsv")


class NotLabelled(ValueError):
    """A file that does not hold labelled texts; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with what people said of it; None where nobody said anything."""

    text: str
    language: str | None
    sentiment: str | None
    themes: frozenset[str] | None
    origin: str | None = None


def read_labelled(path: Path) -> list[Labelled]:
    """All rows of a file, in order; raises NotLabelled for a line that is none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotLabelled(f"{path.name}: the file cannot be read as UTF-8.") from error
    read = _from_table if path.suffix == ".tsv" else _from_json
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(read(line, path.stem))
        except ValueError as error:
            raise NotLabelled(f"{path.name}, line {number}: {error}") from None
    return rows


def read_sets(place: Path) -> dict[str, list[Labelled]]:
    """Name -> rows, for a file or for every file of labelled texts in a folder."""
    paths = [place] if place.is_file() else sorted(p for p in place.glob("*") if p.suffix in SUFFIXES)
    if not paths:
        raise NotLabelled(f"{place}: there is no file of labelled texts.")
    return {path.stem: read_labelled(path) for path in paths}


def development_rows() -> list[Labelled]:
    """The theme and feeling sets that ship, in order of language."""
    return _rows_of("themes")


def typed_rows() -> list[Labelled]:
    """A second such set, half of it typed as on a telephone; no model, threshold or rule was ever chosen by it."""
    return _rows_of("typed")


def latin_rows() -> list[Labelled]:
    """A third, of Hindi in Latin letters, as most of it is typed; nothing was chosen by it either."""
    return _rows_of("latin")


def all_rows() -> list[Labelled]:
    """All three: what may not be trained on."""
    return development_rows() + typed_rows() + latin_rows()


def _rows_of(folder: str) -> list[Labelled]:
    return [row for path in sorted((DEVELOPMENT / folder).glob("*.tsv")) for row in read_labelled(path)]


def pain_files(told: str = "pain_points") -> list[Path]:
    """The files of one of the pain point sets that ship (`PAIN_FOLDERS`)."""
    return sorted((DEVELOPMENT / PAIN_FOLDERS[told]).glob("*.tsv"))


def all_pain_files() -> list[Path]:
    """Those of all of them."""
    return [path for told in PAIN_FOLDERS for path in pain_files(told)]


def drawn(rows: Sequence[Labelled], most: int) -> list[Labelled]:
    """At most so many rows, by the hash of their texts: the same ones every time; 0 takes all."""
    if not 0 < most < len(rows):
        return list(rows)
    order = sorted(range(len(rows)), key=lambda at: (crc32(rows[at].text.encode("utf-8", "replace")), at))
    return [rows[at] for at in sorted(order[:most])]


def _from_json(line: str, _stem: str) -> Labelled:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("the line is not JSON.") from None
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str):
        raise ValueError('the line is not a JSON object with a "text".')  # noqa: TRY004 - what the reader is told
    language, label, themes = (found.get(name) for name in ("lang", "label", "themes"))
    source = found.get("source")
    return Labelled(
        text,
        language_of(language) if isinstance(language, str) else None,
        LABELS.get(label) if isinstance(label, str) else None,
        _known(themes) if isinstance(themes, list) else None,
        source if isinstance(source, str) else None,
    )


def _from_table(line: str, stem: str) -> Labelled:
    columns = line.split("\t")
    if len(columns) != 3 or columns[1] not in LABELS:
        raise ValueError("the line is not themes, feeling and text with tabs between.")
    return Labelled(columns[2], stem, LABELS[columns[1]], _known(columns[0].split(",")))


def _known(codes: Iterable[Any]) -> frozenset[str]:
    return frozenset(code for code in codes if code in THEMES)
