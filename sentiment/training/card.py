"""The model card: tables of what was trained on and what was measured, set into `card.md`."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from sentiment.training.rows import Row

TEMPLATE = Path(__file__).with_name("card.md")

SOURCES = {
    "open_afrisenti": ("AfriSenti, afrisenti-semeval/afrisent-semeval-2023", "CC BY 4.0"),
    "open_hebert-covid-he": ("HeBERT covid, avichaychriqui/HeBERT", "MIT"),
    "open_husst-hu": ("HuSST, nytud/HuSST", "CC BY-SA 4.0"),
    "open_ltec-lv": ("LTEC, Usprogis/Latvian-Twitter-Eater-Corpus", "MIT"),
    "open_nsmc-ko": ("NSMC, e9t/nsmc", "CC0 1.0"),
    "open_nusax": ("NusaX, IndoNLP/nusax", "CC BY-SA 4.0"),
    "open_peisenieks-lv": ("Latvian tweets, FnTm/latvian-tweet-sentiment-corpus", "MIT"),
    "open_publicism-ru": ("Russian publicism, yarfruct/open-sentiment-corpus", "CC BY-SA 3.0"),
    "open_smsa-id": ("SmSA, IndoNLP/indonlu", "CC BY-SA 4.0, repository Apache-2.0"),
    "open_umsab": ("UMSAB, cardiffnlp/xlm-t", "repository Apache-2.0; tweet sets' terms not restated"),
    "open_wisesight-th": ("Wisesight, PyThaiNLP/wisesight-sentiment", "CC0 1.0"),
    "open_xed": ("XED, Helsinki-NLP/XED", "CC BY 4.0"),
    "own": ("sentences of our own", "Apache-2.0"),
}

Line = Iterable[object]


def table(head: Line, lines: Iterable[Line]) -> str:
    """A Markdown table; floats are shares and printed in percent."""

    def cell(value: object) -> str:
        return f"{100 * value:.1f}" if isinstance(value, float) else str(value)

    rows = ["| " + " | ".join(map(cell, line)) + " |" for line in [head, *lines]]
    rows.insert(1, "|" + "---|" * rows[0].count(" |"))
    return "\n".join(rows)


def source_table(stages: list[list[Row]]) -> str:
    """What each source gave to the stages."""
    drawn = [Counter(row.file for row in stage) for stage in stages]
    rows = {(row.file, row.key): row for stage in stages for row in stage}.values()
    labels = Counter((row.file, row.label) for row in rows)
    languages = {file: {row.language for row in rows if row.file == file} for file in SOURCES}
    lines = [
        (
            f"`{file}`",
            name,
            licence,
            len(languages[file]),
            " / ".join(str(rows[file]) for rows in drawn),
            " / ".join(
                str(labels[file, label])
                for label in (0, 1, 2, None)
                if label is not None or labels[file, None]
            ),
        )
        for file, (name, licence) in SOURCES.items()
    ]
    head = ("file", "set", "licence", "languages", "rows a stage", "neg / neu / pos / mixed, distinct")
    return table(head, lines)


def write_card(path: Path, values: dict[str, object]) -> None:
    """Fill the template."""
    text = TEMPLATE.read_text(encoding="utf-8").format(**values)
    path.write_text(text, encoding="utf-8")
