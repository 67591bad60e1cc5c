"""The words of each metric: question, ends of the scale, the open question by band, the exit reasons."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from surveys.i18n import gettext as _
from surveys.i18n import marked
from surveys.questionnaires.models import Metric
from surveys.scores import EXIT_REASONS, Band, band, scale

# Raised whenever the text of the notice changes, so that it is known what a respondent was told.
NOTICE_VERSION: Final = "2026-11"

# The two that end the list whatever the order of the others.
LAST_REASONS: Final = ("other", "prefer_not")

_QUESTIONS: Final[Mapping[Metric, str]] = {
    Metric.NPS: marked("How likely is it that you would recommend %(company)s to a friend or colleague?"),
    Metric.CSAT: marked("Overall, how satisfied are you with your experience with %(company)s?"),
    Metric.CES: marked(
        "How much do you agree with this statement: %(company)s made it easy for me to handle my issue."
    ),
    Metric.EXIT: marked("What is the main reason you decided to leave %(company)s?"),
}
_ENDS: Final[Mapping[Metric, tuple[str, str]]] = {
    Metric.NPS: (marked("Not at all likely"), marked("Extremely likely")),
    Metric.CSAT: (marked("Very dissatisfied"), marked("Very satisfied")),
    Metric.CES: (marked("Strongly disagree"), marked("Strongly agree")),
}
_REASONS: Final[Mapping[str, str]] = {
    "price_too_high": marked("The price is too high"),
    "poor_value": marked("Not enough value for the price"),
    "competitor_better": marked("Another company suits me better"),
    "missing_feature_or_item": marked("Something I need is missing"),
    "product_quality": marked("The quality of the product"),
    "technical_problems": marked("Technical problems"),
    "customer_service": marked("Customer service"),
    "delivery_problems": marked("Problems with delivery"),
    "hard_to_use": marked("Hard to use"),
    "language_or_local_support": marked("My language or local support was missing"),
    "no_longer_needed": marked("I no longer need it"),
    "temporary_pause": marked("I am only taking a break"),
    "moved_or_not_served": marked("I moved, or my area is not served"),
    "contract_or_terms": marked("The contract or its terms"),
    "payment_failed": marked("A payment failed"),
    "privacy_or_trust": marked("Privacy or trust"),
    "ethics": marked("Ethical reasons"),
    "other": marked("Another reason"),
    "prefer_not": marked("I prefer not to say"),
}


@dataclass(frozen=True)
class Cell:
    """One score of a scale; the ends say what they mean."""

    score: int
    name: str | None


def question(metric: Metric, company: str) -> str:
    """The first question, in the current language."""
    return _(_QUESTIONS[metric]) % {"company": company}


def ends(metric: Metric) -> tuple[str, str]:
    """What the lowest and the highest score mean."""
    low, high = _ENDS[metric]
    return _(low), _(high)


def cells(metric: Metric) -> list[Cell]:
    """The scores from low to high; the first and the last with their accessible name."""
    scores = scores_of(metric)
    low, high = ends(metric)
    names = {scores[0]: low, scores[-1]: high}
    return [
        Cell(score, _("%(score)s, %(meaning)s") % {"score": score, "meaning": names[score]})
        if score in names
        else Cell(score, None)
        for score in scores
    ]


def scores_of(metric: Metric) -> range:
    """The scores that a metric allows; none for an exit survey."""
    return range(0) if metric is Metric.EXIT else scale(metric.value)


def reasons(order: int) -> list[tuple[str, str]]:
    """The exit reasons with their words, shuffled the same way for the same `order`; the last two stay last."""
    shuffled = [code for code in EXIT_REASONS if code not in LAST_REASONS]
    random.Random(order).shuffle(shuffled)  # noqa: S311 - fairness of positions, no secret
    return [(code, _(_REASONS[code])) for code in (*shuffled, *LAST_REASONS)]


def reason_words(code: str) -> str:
    """An exit reason in the current language."""
    return _(_REASONS[code])


def open_question(metric: Metric, score: int | None, company: str) -> str:
    """What is asked after the score, worded by its band; after an exit reason, whether there is more to say."""
    if metric is Metric.EXIT or score is None:
        return _("Would you like to tell us more?")
    match band(metric.value, score):
        case Band.PROMOTER:
            return _("What do you value most about %(company)s?") % {"company": company}
        case Band.PASSIVE if metric is Metric.NPS:
            return _("What would make it a 10?")
        case Band.PASSIVE:
            return _("What could we do better?")
        case _:
            return _("What went wrong?")
