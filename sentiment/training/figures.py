"""The lines of the model card's tables, from rows and the logits that the model gives them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sentiment.evaluate_figures import mean, sureness
from sentiment.evaluate_sentiment import THREE, sentiment_entry
from sentiment.training import measure
from sentiment.training.measure import Floats
from sentiment.training.rows import NOT_TRAINED_ON, Row

LEAST_ROWS = 200
"""Of a language, for a line of its own on calibration."""

Line = tuple[object, ...]


@dataclass(frozen=True)
class Answers:
    """Rows and their logits [rows, 3]."""

    rows: list[Row]
    logits: Floats

    def only(self, wanted: Callable[[Row], bool]) -> "Answers":
        """The part whose rows are wanted."""
        places = [i for i, row in enumerate(self.rows) if wanted(row)]
        return Answers([self.rows[i] for i in places], self.logits[places])

    @property
    def labels(self) -> measure.Ints:
        """[rows]."""
        return np.array([row.label for row in self.rows])

    @property
    def has_neutral(self) -> measure.Ints:
        """[rows], whether the row's source knows neutrals."""
        return np.array([row.has_neutral for row in self.rows])

    def shares(self, temperature: float) -> Floats:
        """Chances [rows, 3]; a row of a source without neutrals is judged as it was trained, by two."""
        return measure.probabilities(self.logits, temperature, self.has_neutral)


@dataclass(frozen=True)
class Calibration:
    """What turns logits into an answer, and the lines that tell how good that is."""

    temperature: float
    unknown_below: float
    lines: list[Line]


def is_even(row: Row) -> bool:
    """Whether the row belongs to the half that fits temperature and threshold."""
    return int(row.key, 16) % 2 == 0


def calibrate(set_aside: Answers, domains: Answers) -> Calibration:
    """Fit on the even half of the rows of the sources trained on, tell on the odd half and on new domains."""
    trained_on = set_aside.only(lambda row: row.file not in NOT_TRAINED_ON)
    fit = trained_on.only(is_even)
    temperature = measure.fit_temperature(fit.logits, fit.labels, fit.has_neutral)
    threshold = measure.choose_threshold(fit.shares(temperature), fit.labels)
    rest = trained_on.only(lambda row: not is_even(row))
    parts = {
        "set aside": rest,
        "set aside, sources with neutrals": rest.only(lambda row: row.has_neutral),
        "set-aside tweets (UMSAB)": rest.only(lambda row: row.file == "open_umsab"),
        "domains never trained on": domains,
    }
    for language in sorted({row.language for row in trained_on.rows}):
        part = trained_on.only(lambda row, language=language: row.language == language)  # type: ignore[misc]
        if len(part.rows) >= LEAST_ROWS:
            parts[f"`{language}`, both halves"] = part
    for file in sorted({row.file for row in domains.rows}):
        parts[f"`{file}`"] = domains.only(lambda row, file=file: row.file == file)  # type: ignore[misc]
    lines = [(name, *calibration_line(part, temperature, threshold)) for name, part in parts.items()]
    return Calibration(temperature, threshold, lines)


def calibration_line(part: Answers, temperature: float, threshold: float) -> Line:
    """(rows, calibration error and what chance alone would show, right of all, share answered, right of these)."""
    shares = part.shares(temperature)
    right = shares.argmax(1) == part.labels
    sure = sureness(shares.max(1), right)
    kept = shares.max(1) >= threshold
    stated = (sure.error / 100, sure.by_chance / 100)
    return len(part.rows), *stated, mean(right), mean(kept), mean(right[kept])


def source_lines(answers: Answers) -> list[Line]:
    """(file, languages, rows, three-way, pos/neg), means over the file's languages."""
    lines: list[Line] = []
    for file in sorted({row.file for row in answers.rows}):
        inside = answers.only(lambda row, file=file: row.file == file)  # type: ignore[misc]
        languages = sorted({row.language for row in inside.rows})
        scores = []
        for language in languages:
            part = inside.only(lambda row, language=language: row.language == language)  # type: ignore[misc]
            scores.append(
                (measure.three_way(part.logits, part.rows), measure.two_way(part.logits, part.rows))
            )
        three, two = np.mean(scores, axis=0)
        lines.append((f"`{file}`", len(languages), len(inside.rows), float(three), float(two)))
    return lines


def language_lines(answers: Answers) -> list[Line]:
    """(language, rows, three-way, pos/neg) over the rows of all sources."""
    lines: list[Line] = []
    for language in sorted({row.language for row in answers.rows}):
        part = answers.only(lambda row, language=language: row.language == language)  # type: ignore[misc]
        neutral = part.only(lambda row: row.has_neutral)
        name = language if neutral.rows else rf"{language} \*"
        used = neutral if neutral.rows else part
        three = measure.three_way(used.logits, used.rows)
        lines.append((name, len(part.rows), three, measure.two_way(part.logits, part.rows)))
    return lines


def source_mean(answers: Answers) -> float:
    """The mean three-way macro-F1 over the files."""
    return float(np.mean([line[3] for line in source_lines(answers)]))


def set_aside_card(answers: Answers, calibration: Calibration) -> dict[str, dict[str, object]]:
    """`all` and `languages`, as the accuracy card keeps them; rows of sources with neutrals only."""
    known = answers.only(lambda row: row.has_neutral)
    parts = {
        language: known.only(lambda row, language=language: row.language == language)  # type: ignore[misc]
        for language in sorted({row.language for row in known.rows})
    }
    languages: dict[str, object] = {
        language: card_entry(part, calibration) for language, part in parts.items()
    }
    return {"all": card_entry(known, calibration), "languages": languages}


def card_entry(part: Answers, calibration: Calibration) -> dict[str, object]:
    """The card's entry for some rows."""
    shares = part.shares(calibration.temperature)
    surest = zip(shares.max(1), shares.argmax(1), strict=True)
    told = [THREE[place] if chance >= calibration.unknown_below else "unknown" for chance, place in surest]
    return sentiment_entry([THREE[label] for label in part.labels], shares, told)
