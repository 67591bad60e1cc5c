"""The accuracy page laid out: a chart and its figures for each kind of judgement, in words of the current language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from sentiment.calibrate import Fit
from surveys.accuracy_card import KINDS, AccuracyCard, Kind, Measure
from surveys.digests.charts import Axis, whisker
from surveys.i18n import current, ngettext, number, percent
from surveys.i18n import gettext as _
from surveys.names import alphabetical, spoken_language_name

WIDTH: Final = 56.0
TEN: Final = 10.0


@dataclass(frozen=True)
class Row:
    """One language: its whisker, and the same in figures."""

    code: str
    name: str
    chart: Markup
    f1: str
    interval: str
    n: str
    calibration: str
    chance: str
    answered: str
    right: str
    origin: str


@dataclass(frozen=True)
class Part:
    """One kind of judgement: what its figure means, its rows on one axis, the languages without a measure."""

    kind: Kind
    title: str
    meaning: str
    low: str
    high: str
    rows: Sequence[Row]
    missing: Sequence[str]
    unknown: str | None


def title(card: AccuracyCard | None) -> str:
    """The state in words."""
    if card is None:
        return _("The accuracy of this model has not been measured")
    count = len(card.measures["sentiment"])
    return ngettext(
        "Sentiment is measured in %(num)s language", "Sentiment is measured in %(num)s languages", count
    ) % {"num": number(count)}


def parts(card: AccuracyCard) -> list[Part]:
    """Sentiment first: it is what people decide by."""
    return [_part(card, kind) for kind in KINDS]


def _part(card: AccuracyCard, kind: Kind) -> Part:
    measures = card.measures[kind]
    lowest = min((measure.low for measure in measures.values()), default=0.0)
    axis = Axis(TEN * (lowest // TEN), 100.0, WIDTH)
    rows = [_row(measure, axis) for measure in measures.values()]
    return Part(
        kind=kind,
        title=_titles()[kind],
        meaning=_meanings()[kind],
        low=number(axis.low),
        high=number(axis.high),
        rows=sorted(rows, key=lambda row: alphabetical(row.name)),
        missing=sorted(map(spoken_language_name, card.missing[kind]), key=alphabetical),
        unknown=_unknown(kind, card.whole.get(kind)),
    )


def _titles() -> Mapping[Kind, str]:
    return {"sentiment": _("Sentiment"), "themes": _("Themes"), "language": _("Language")}


def _meanings() -> Mapping[Kind, str]:
    return {
        "sentiment": _(
            "Macro-F1 of negative, neutral and positive: 100 means that each is always found and never said wrongly; "
            "guessing gives about 33."
        ),
        "themes": _(
            "Micro-F1 of the 18 themes: 100 means that each theme a comment speaks of is named, and no other."
        ),
        "language": _(
            "F1 of the language, told from the words alone, without knowing in which language the form was."
        ),
    }


def _row(measure: Measure, axis: Axis) -> Row:
    name = spoken_language_name(measure.language)
    interval = _("%(low)s to %(high)s") % {"low": number(measure.low), "high": number(measure.high)}
    alternative = _("%(language)s: %(f1)s, 95%% interval %(interval)s") % {
        "language": name,
        "f1": number(measure.f1),
        "interval": interval,
    }
    mirrored = current().direction == "rtl"
    return Row(
        code=measure.language,
        name=name,
        chart=whisker(measure.f1, (measure.low, measure.high), axis, alternative, mirrored=mirrored),
        f1=number(measure.f1),
        interval=interval,
        n=number(measure.n),
        calibration=number(measure.calibration_error, 1),
        chance=number(measure.calibration_by_chance, 1),
        answered=percent(measure.answered / 100),
        right=percent(measure.right_of_answered / 100),
        origin=_("set aside") if measure.is_set_aside else _("development"),
    )


def _unknown(kind: Kind, whole: Measure | None) -> str | None:
    """What it means that the machine does not always answer, with the share."""
    if whole is None:
        return None
    sentence = {
        "sentiment": _(
            "Where the model is not sure enough, the sentiment is “unknown” and counts for neither side. It answered "
            "%(answered)s of the comments measured, and %(right)s of these answers were right."
        ),
        "themes": _(
            "A comment in which no theme is found has none. A theme was named in %(answered)s of the comments measured, "
            "and %(right)s of the themes named were right."
        ),
        "language": _(
            "A comment too short to tell, a name or a code has no language. A language was told of %(answered)s of the "
            "comments measured, and %(right)s of these were right."
        ),
    }[kind]
    shares = {"answered": whole.answered, "right": whole.right_of_answered}
    return sentence % {name: percent(share / 100) for name, share in shares.items()}


def calibrated(fit: Fit | None, model_version: str | None) -> str | None:
    """Whether chances follow the site's own labels, in a sentence; None when nothing was fitted."""
    if fit is None:
        return None
    if model_version is not None and fit.model_version != model_version:
        return _(
            "The calibration to your own labels belongs to model %(old)s and is not used with %(new)s. Please run "
            "“polyvox recalibrate” again."
        ) % {"old": fit.model_version, "new": model_version}
    return ngettext(
        "Probabilities follow %(num)s labelled comment of your own: the calibration error fell from %(before)s to "
        "%(after)s.",
        "Probabilities follow %(num)s labelled comments of your own: the calibration error fell from %(before)s to "
        "%(after)s.",
        fit.n,
    ) % {
        "num": number(fit.n),
        "before": number(fit.trial.before.calibration_error, 1),
        "after": number(fit.trial.after.calibration_error, 1),
    }
