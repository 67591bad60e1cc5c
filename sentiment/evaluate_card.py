"""The accuracy card: one JSON object that the product reads, and the tables that people read.

`sets` has an entry for each set of labelled texts, `development`, `typed` and `latin` being those that ship; each has
`language`, `sentiment`, `themes` (with `all` and `languages`) where the set has such labels, and
`development` has `PAIN_SETS`, too. `sample` holds the figures of a small fixed part, which a test repeats.
Beside them `set_aside`, from rows that were set aside before training, and `language_texts`, from a file
of short texts, are in the same form; they stay as long as they name the same model, for the texts are
not in the repository (`sentiment.evaluate_given`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

VERSION: Final = 1
FILE: Final = "accuracy.json"
DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "accuracy.md"
MARKS: Final = ("<!-- figures: python -m sentiment.evaluate all --write -->", "<!-- end of figures -->")
SET_ASIDE: Final = "set_aside"
LANGUAGE_TEXTS: Final = "language_texts"
DEVELOPMENT: Final = "development"
TYPED: Final = "typed"
LATIN: Final = "latin"

LEAST: Final = 50
"""Fewer texts than this are no measure of a language."""

LANGUAGES: Final = (
    "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip
"""The languages of the 34 locales that surveys come in; Chinese has two."""

KINDS: Final = {
    "language": "Language: F1 without a form's help",
    "sentiment": "Sentiment: macro-F1 of negative, neutral, positive",
    "themes": "Themes: micro-F1",
}
PAIN_SETS: Final = {
    "pain_points": "told as scenes",
    "pain_points_plain": "in plain words",
    "pain_points_nine": "in nine languages, three quarters of them the same sentence",
}
"""The sets of texts on the same pain points, and how they are told."""

Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of cells under a head, with a title."""

    title: str
    head: tuple[str, ...]
    lines: Sequence[tuple[str, ...]]


def measured(card: Card, kind: str) -> dict[str, tuple[str, Card]]:
    """Language -> (set, entry): of the first set with enough of it, in the order of `ranked`."""
    found: dict[str, tuple[str, Card]] = {}
    for name, parts in ranked(card).items():
        for language, entry in parts.get(kind, {}).get("languages", {}).items():
            if entry["n"] >= LEAST:
                found.setdefault(language, (name, entry))
    return found


def ranked(card: Card) -> dict[str, Card]:
    """The sets that the product quotes, those written by strangers before the development set."""
    return {
        SET_ASIDE: card.get(SET_ASIDE, {}),
        LANGUAGE_TEXTS: card.get(LANGUAGE_TEXTS, {}),
        DEVELOPMENT: card["sets"].get(DEVELOPMENT, {}),
    }


def not_measured(card: Card, kind: str) -> list[str]:
    """The languages of our locales without a measure of their own."""
    known = measured(card, kind)
    return [language for language in LANGUAGES if language not in known]


def tables(card: Card) -> Iterator[Table]:
    """Everything the card holds, set by set."""
    given = {name: card[name] for name in (SET_ASIDE, LANGUAGE_TEXTS) if name in card}
    for name, parts in (given | card["sets"]).items():
        for kind in KINDS:
            if parts.get(kind, {}).get("languages"):
                yield _table(name, kind, parts[kind])
        if "themes" in parts and "themes" in parts["themes"]:
            yield _themes_table(name, parts["themes"]["themes"])
        for told, how in PAIN_SETS.items():
            if told in parts:
                yield _pains_table(how, parts[told])


def as_text(card: Card) -> Iterator[str]:
    """The tables for a terminal, aligned; then what is not measured."""
    for table in tables(card):
        rows = [table.head, *table.lines]
        widths = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
        yield f"== {table.title}"
        for row in rows:
            cells = [row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]
            yield "  ".join(cells).rstrip()
        yield ""
    if DEVELOPMENT not in card["sets"]:
        return
    yield from (f"Not measured, {kind}: {', '.join(not_measured(card, kind)) or 'none'}" for kind in KINDS)


def as_markdown(card: Card) -> str:
    """The generated part of docs/accuracy.md, with its marks."""
    lines = [MARKS[0], "", f"Model: `{card['model_version']}`.", ""]
    for table in tables(card):
        lines += [f"### {table.title}", ""]
        lines.append("| " + " | ".join(table.head) + " |")
        lines.append("|---|" + "---:|" * (len(table.head) - 1))
        lines += ["| " + " | ".join(row) + " |" for row in table.lines]
        lines.append("")
    lines += ["### Not measured", "", f"Languages of our locales with fewer than {LEAST} labelled texts:", ""]
    lines += [f"- {kind}: {', '.join(not_measured(card, kind)) or 'none'}" for kind in KINDS]
    return "\n".join([*lines, "", MARKS[1]])


def write(card: Card, folder: Path, document: Path | None) -> None:
    """Keep the card beside the model, and its tables in the document between their marks."""
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")
    if document is None:
        return
    page = document.read_text(encoding="utf-8")
    before, _, rest = page.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    document.write_text(before + as_markdown(card) + after, encoding="utf-8")


def kept(folder: Path, model_version: str) -> Card:
    """What was measured before on texts that are not in the repository, if it was of this very model."""
    path = folder / FILE
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    given = {name: held[name] for name in (SET_ASIDE, LANGUAGE_TEXTS) if name in held}
    return {name: part for name, part in given.items() if part.get("model_version") == model_version}


def _table(name: str, kind: str, part: Mapping[str, Any]) -> Table:
    extra = {"language": "with a form", "themes": "recall without a keyword (n)"}.get(kind)
    head = (
        "language",
        "n",
        "F1",
        "95 % interval",
        "calibration error",
        "by chance",
        "answered",
        "right of answered",
    )
    rows = {**part["languages"], **({"all": part["all"]} if "all" in part else {})}
    lines = [_line(language, entry, kind) for language, entry in rows.items() if entry["n"]]
    return Table(
        f"{KINDS[kind]} ({_named(name)})",
        (*head, extra) if extra else head,
        [*lines, _mean(part, len(lines[0]))],
    )


def _mean(part: Mapping[str, Any], columns: int) -> tuple[str, ...]:
    """The plain mean of the languages' F1: each counts the same, however many texts it has."""
    scores = [entry["f1"] for entry in part["languages"].values() if entry["n"]]
    average = sum(scores) / len(scores) if scores else 0.0
    return ("mean", str(len(scores)), f"{average:.1f}", *[""] * (columns - 3))


def _line(language: str, entry: Card, kind: str) -> tuple[str, ...]:
    cells = (
        language,
        str(entry["n"]),
        f"{entry['f1']:.1f}",
        f"[{entry['low']:.1f}, {entry['high']:.1f}]",
        f"{entry['calibration_error']:.1f}",
        f"{entry['calibration_by_chance']:.1f}",
        f"{entry['answered']:.1f}",
        f"{entry['right_of_answered']:.1f}",
    )
    if kind == "language":
        return (*cells, f"{entry['with_form']:.1f}")
    if kind == "themes":
        hidden = entry["without_keyword"]
        return (*cells, f"{hidden['recall']:.1f} ({hidden['n']})")
    return cells


def _themes_table(name: str, themes: Mapping[str, Card]) -> Table:
    return Table(
        f"Each theme ({_named(name)})",
        ("theme", "n", "F1", "95 % interval", "precision", "recall"),
        [
            (
                code,
                str(entry["n"]),
                f"{entry['f1']:.1f}",
                f"[{entry['low']:.1f}, {entry['high']:.1f}]",
                f"{entry['precision']:.1f}",
                f"{entry['recall']:.1f}",
            )
            for code, entry in themes.items()
            if entry["n"]
        ],
    )


def _pains_table(how: str, figures: Mapping[str, float]) -> Table:
    words = {
        "texts": "texts",
        "pains": "pain points",
        "nearest": "nearest in another language is on the same point",
        "precision": "mean average precision",
        "purity": "of clustered texts, those on their cluster's point",
        "completeness": "of a point's texts, those in its cluster",
    }
    return Table(
        f"Pain points across languages (development set that ships, {how})",
        ("what", "figure"),
        [(words[key], f"{value:g}") for key, value in figures.items() if key in words],
    )


def _named(name: str) -> str:
    return {
        SET_ASIDE: "rows set aside before training",
        LANGUAGE_TEXTS: "short texts by others",
        DEVELOPMENT: "development sets that ship",
        TYPED: "set as typed, by which nothing was chosen",
        LATIN: "Hindi in Latin letters, by which nothing was chosen",
    }.get(name, name)
