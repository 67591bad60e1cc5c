"""What Baltvia's customers would have answered: pure, from a fixed seed, dated back from a given instant.

Baltvia does not exist. In the story it sells and delivers parcels from Riga; in the latest full week its deliveries in
Northern Europe run late, which is what the digest should find. Every week is drawn by its distance from today, so the
same story is told whenever the demo is loaded.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from functools import cached_property
from random import Random
from typing import Final, NamedTuple

from surveys.demo.cast import CUSTOMERS, MARKETS, Market, Remark, remarks
from surveys.questionnaires.models import Metric
from surveys.responses.models import State
from surveys.scores import Band, band, scale
from surveys.weeks import Week

SEED: Final = "baltvia 36"
# The week of today (index 0), the latest full one (1), and ten before it.
WEEKS: Final = 12
TROUBLE: Final = 1
# A remark is not heard again within this many weeks: people do not quote each other.
REST: Final = 3


class Asked(NamedTuple):
    """A demo survey: what it measures, how many answer it in a week, and in the week of trouble."""

    slug: str
    name: str
    metric: Metric
    weekly: int
    troubled: int
    touchpoints: tuple[str, ...]


SURVEYS: Final = (
    Asked("welcome", "Would you recommend us", Metric.NPS, 78, 100, ("welcome mail", "website")),
    Asked("after-order", "After your order", Metric.CSAT, 36, 46, ("order received",)),
    Asked("support", "After contacting support", Metric.CES, 34, 40, ("chat", "phone", "e-mail")),
    Asked("goodbye", "Leaving us", Metric.EXIT, 8, 10, ("account closed",)),
)

CHANNELS: Final = {"email": 55, "link": 25, "embed": 12, "qr": 8}
SEGMENTS: Final = {"regular": 55, "new": 30, "business": 15}
# How many in a hundred leave a remark: those who are cross write more.
REMARKS: Final = {Band.DETRACTOR: 72, Band.PASSIVE: 46, Band.PROMOTER: 38}
ABOUT_SUPPORT: Final = frozenset(
    [
        "support_speed",
        "support_attitude",
        "returns_refunds",
        "technical",
        "account_security",
        "billing",
        "communication",
        "usability",
        "contract_cancel",
        "language_localisation",
    ]
)
# What goes wrong most weeks, besides deliveries.
COMMON: Final = frozenset({"returns_refunds", "support_speed"})
REASONS: Final = {
    "price_too_high": 22,
    "delivery_problems": 16,
    "no_longer_needed": 14,
    "competitor_better": 12,
    "temporary_pause": 9,
    "customer_service": 7,
    "product_quality": 6,
    "prefer_not": 6,
    "payment_failed": 4,
    "moved_or_not_served": 4,
}
REASON_OF_THEME: Final = {
    "delivery": "delivery_problems",
    "price_value": "price_too_high",
    "product_quality": "product_quality",
    "technical": "technical_problems",
    "payment_checkout": "technical_problems",
    "contract_cancel": "contract_or_terms",
}
# Answers by the hour of the day: few at night, most in the evening.
HOURS: Final = (1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 7, 6, 7, 6, 6, 6, 7, 8, 10, 12, 12, 9, 5, 2)


@dataclass(frozen=True)
class Answer:
    """One made-up answer, not yet a row."""

    survey: Asked
    submitted_at: datetime
    state: State
    score: int | None
    exit_reason: str | None
    remark: Remark | None
    market: Market
    channel: str
    touchpoint: str
    segment: str
    customer: int | None


def imagined(now: datetime, zone: tzinfo) -> list[Answer]:
    """All answers up to `now`, the oldest first."""
    story = _Story()
    answers = [
        answer
        for index in (TROUBLE, *(other for other in range(WEEKS) if other != TROUBLE))
        for answer in _week(story, index, Week.containing(now, zone).previous(index), zone)
    ]
    return sorted((each for each in answers if each.submitted_at <= now), key=lambda each: each.submitted_at)


@dataclass
class _Story:
    """What was said already, so that it is not said again too soon."""

    said: dict[str, list[int]] = field(default_factory=dict)

    @cached_property
    def pools(self) -> dict[tuple[str, Band], list[Remark]]:
        pools: dict[tuple[str, Band], list[Remark]] = {}
        for remark in remarks():
            pools.setdefault((remark.locale, remark.band), []).append(remark)
        return pools

    def remark(self, wanted: "_Wanted", index: int, dice: Random) -> Remark | None:
        """The remark that rested longest; nothing where all were heard lately."""
        fresh = [
            remark
            for remark in self.pools.get((wanted.locale, wanted.band), [])
            if wanted.fits(remark)
            and all(abs(index - week) >= REST for week in self.said.get(remark.text, ()))
        ]
        if not fresh:
            return None
        if dice.random() < 0.6:
            fresh = [remark for remark in fresh if remark.theme in COMMON] or fresh
        least = min(len(self.said.get(remark.text, ())) for remark in fresh)
        chosen = dice.choice([remark for remark in fresh if len(self.said.get(remark.text, ())) == least])
        self.said.setdefault(chosen.text, []).append(index)
        return chosen


class _Wanted(NamedTuple):
    """What a remark has to be like; `about_delivery` None leaves the theme open."""

    locale: str
    band: Band
    metric: Metric
    about_delivery: bool | None

    def fits(self, remark: Remark) -> bool:
        if self.metric is Metric.CES and remark.theme not in ABOUT_SUPPORT:
            return False
        return self.about_delivery is None or (remark.theme == "delivery") == self.about_delivery


def _week(story: _Story, index: int, week: Week, zone: tzinfo) -> Iterator[Answer]:
    dice = Random(f"{SEED} {index}")  # noqa: S311 - a story, not a secret
    asked = [
        survey
        for survey in SURVEYS
        for _ in range(survey.troubled if index == TROUBLE else survey.weekly + dice.randint(-2, 4))
    ]
    dice.shuffle(asked)
    customers = list(range(len(CUSTOMERS)))
    dice.shuffle(customers)
    for survey, market in zip(asked, _drawn(len(asked), dice), strict=True):
        customer = _customer(customers, market, dice)
        yield _answer(story, index, dice, survey, market, customer, _moment(week, zone, dice))


def _drawn(count: int, dice: Random) -> list[Market]:
    """Markets by their weight, at even steps from a random start, so that small ones are never missed for long."""
    step = sum(market.weight for market in MARKETS) / count
    point, passed = dice.random() * step, 0.0
    found: list[Market] = []
    for market in MARKETS:
        passed += market.weight
        while point < passed and len(found) < count:
            found.append(market)
            point += step
    found.extend(MARKETS[:1] * (count - len(found)))
    dice.shuffle(found)
    return found


def _customer(left: list[int], market: Market, dice: Random) -> int | None:
    """Two in five answer an invitation, nobody twice a week; the others came by an open link."""
    if market.country is None or dice.random() > 0.4:
        return None
    for place, number in enumerate(left):
        if (CUSTOMERS[number].locale, CUSTOMERS[number].country) == (market.locale, market.country):
            return left.pop(place)
    return None


def _moment(week: Week, zone: tzinfo, dice: Random) -> datetime:
    hour = dice.choices(range(24), HOURS)[0]
    day = week.monday + timedelta(days=dice.choices(range(7), (6, 6, 6, 6, 5, 4, 5))[0])
    return datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)), zone)


def _answer(
    story: _Story,
    index: int,
    dice: Random,
    survey: Asked,
    market: Market,
    customer: int | None,
    at: datetime,
) -> Answer:
    troubled = index == TROUBLE and market.is_northern
    mood = _mood(survey, market, dice, troubled=troubled)
    remark = None
    if dice.randrange(100) < REMARKS[mood]:
        wanted = _Wanted(
            _written_in(market, dice), mood, survey.metric, _about_delivery(mood, dice, troubled=troubled)
        )
        remark = story.remark(wanted, index, dice)
    leaving = survey.metric is Metric.EXIT
    partial = remark is None and not leaving and dice.random() < 0.1
    return Answer(
        survey=survey,
        submitted_at=at,
        state=State.PARTIAL if partial else State.COMPLETE,
        score=None if leaving else _score(survey.metric, mood, market, dice),
        exit_reason=_reason(remark, dice) if leaving else None,
        remark=remark,
        market=market,
        channel="email" if customer is not None else _one_of(CHANNELS, dice),
        touchpoint=dice.choice(survey.touchpoints),
        segment=CUSTOMERS[customer].segment if customer is not None else _one_of(SEGMENTS, dice),
        customer=customer,
    )


def _mood(survey: Asked, market: Market, dice: Random, *, troubled: bool) -> Band:
    promoters, passives = market.promoters, market.passives
    if survey.metric is Metric.EXIT:
        return Band.DETRACTOR
    if survey.metric is not Metric.NPS:
        # Scales of five and seven points are answered more kindly than the eleven of NPS.
        promoters, passives = min(85, promoters + 22), passives // 2
    if troubled and survey.metric is not Metric.CES:
        promoters, passives = promoters - 12, passives - 4
    thrown = dice.randrange(100)
    if thrown < promoters:
        return Band.PROMOTER
    return Band.PASSIVE if thrown < promoters + passives else Band.DETRACTOR


def _about_delivery(mood: Band, dice: Random, *, troubled: bool) -> bool | None:
    if mood is Band.DETRACTOR:
        return dice.random() < (0.85 if troubled else 0.3)
    return False if troubled else None


def _written_in(market: Market, dice: Random) -> str:
    """Most write in the language of the form; some do not."""
    return dice.choice(market.others) if market.others and dice.random() < 0.08 else market.locale


def _score(metric: Metric, mood: Band, market: Market, dice: Random) -> int:
    scores = [score for score in scale(metric.value) if band(metric.value, score) is mood]
    # Nearer the middle is likelier, except that the glad of warm markets give full marks.
    if mood is Band.PROMOTER:
        return dice.choices(scores, [1] * (len(scores) - 1) + [2 if market.is_warm else 1])[0]
    return dice.choices(scores, range(1, len(scores) + 1))[0]


def _reason(remark: Remark | None, dice: Random) -> str:
    if remark is not None:
        return REASON_OF_THEME.get(remark.theme, "customer_service")
    return _one_of(REASONS, dice)


def _one_of(weights: dict[str, int], dice: Random) -> str:
    names: Iterable[str] = weights
    return dice.choices(list(names), list(weights.values()))[0]
