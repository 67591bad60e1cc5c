"""How well a theme is found from six examples: `python -m sentiment.own_themes_figures`.

Each of the 18 themes plays a theme that is new to the site: two texts in each of three languages are its examples, known
points that speak of it are left out of the background, and it is looked for among all texts in the other 17 languages.
Precision and recall are means over `DRAWS` draws, which are the same every time.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

import numpy as np

from sentiment.clean import for_model
from sentiment.model import DEFAULT_FOLDER, SentimentModel
from sentiment.own_themes import Floats, KnownTexts, fit, known_texts
from sentiment.themes import THEMES

DATA: Final = Path(__file__).parent / "development" / "themes"
DRAWS: Final = 8
LANGUAGES: Final = 3
EACH: Final = 2
SEED: Final = 18


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts as their language, their themes, and their embeddings [n, d]."""

    languages: tuple[str, ...]
    themes: tuple[frozenset[str], ...]
    vectors: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """Shares for one draw."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sentiment.own_themes_figures", description=__doc__)
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--languages", type=int, default=LANGUAGES, help="languages the examples are in")
    parser.add_argument("--each", type=int, default=EACH, help="examples in each of them")
    options = parser.parse_args(arguments)
    texts, known = read(options.data, options.model), known_texts(options.model / "points.npz")
    for line in report(texts, known, languages=options.languages, each=options.each):
        print(line, file=out)
    return 0


def read(folder: Path, model: Path) -> Labelled:
    """The texts of `LANGUAGE.tsv` files (themes, feeling, text), read by the model."""
    rows = [
        (path.stem, *line.rstrip("\n").split("\t", 2))
        for path in sorted(folder.glob("*.tsv"))
        for line in path.read_text("utf-8").splitlines()
    ]
    readings = SentimentModel(model).read([for_model(text) for *_, text in rows])
    return Labelled(
        tuple(language for language, *_ in rows),
        tuple(frozenset(themes.split(",")) for _, themes, *_ in rows),
        np.stack([reading.embedding for reading in readings]),
    )


def report(texts: Labelled, known: KnownTexts, *, languages: int = LANGUAGES, each: int = EACH) -> list[str]:
    """A line for each theme, and their mean."""
    lines = [f"{'theme':22} precision  recall      F1"]
    every: list[Found] = []
    for theme in THEMES:
        found = [_draw(theme, examples, texts, known) for examples in draws(theme, texts, languages, each)]
        if found:
            every += found
            lines.append(f"{theme:22} {_means(found)}")
    return [*lines, f"{'mean':22} {_means(every)}"] if every else lines


def draws(theme: str, texts: Labelled, languages: int = LANGUAGES, each: int = EACH) -> Iterator[list[int]]:
    """Places of examples: a few languages that have enough texts of the theme, a few texts in each."""
    by_language: dict[str, list[int]] = {}
    for at, (language, themes) in enumerate(zip(texts.languages, texts.themes, strict=True)):
        if theme in themes:
            by_language.setdefault(language, []).append(at)
    enough = sorted(language for language, places in by_language.items() if len(places) >= each)
    lot = random.Random(f"{SEED} {theme}")  # noqa: S311 - drawing examples is no secret
    for _ in range(DRAWS if len(enough) > languages else 0):
        chosen = lot.sample(enough, languages)
        yield [at for language in chosen for at in lot.sample(by_language[language], each)]


def _draw(theme: str, examples: list[int], texts: Labelled, known: KnownTexts) -> Found:
    seen = {texts.languages[at] for at in examples}
    others = [at for at, language in enumerate(texts.languages) if language not in seen]
    background = known.without(theme) if len(known.themes) else known.vectors
    matches = fit(texts.vectors[examples], background).matcher.matches(texts.vectors[others])
    speaks = np.array([theme in texts.themes[at] for at in others])
    right = int((matches & speaks).sum())
    return Found(right / max(1, int(matches.sum())), right / max(1, int(speaks.sum())))


def _means(found: Sequence[Found]) -> str:
    shares = (
        sum(getattr(each, name) for each in found) / len(found) for name in ("precision", "recall", "f1")
    )
    return " ".join(f"{share:8.2f}" for share in shares)


if __name__ == "__main__":
    sys.exit(main())
