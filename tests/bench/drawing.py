"""Drawing a world: 27 weeks of answers and complaints of 16 countries, counted as the database would count them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from surveys.digests.snapshot import METRICS, Column, Counts, Snapshot
from surveys.places import culture
from surveys.scores import EXIT_REASONS, scale
from surveys.weeks import Week

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEK: Final = Week.parse("2026-W40")
WEEKS: Final = 27
# Countries, the language of their forms, and their part of the answers.
COUNTRIES: Final = (
    ("LV", "lv", 14), ("LT", "lt", 9), ("EE", "et", 7), ("SE", "sv", 6), ("DE", "de", 12), ("FR", "fr", 8), ("NL", "nl", 5),
    ("PL", "pl", 8), ("RO", "ro", 7), ("ES", "es", 6), ("IT", "it", 5), ("JP", "ja", 8), ("KR", "ko", 4), ("US", "en", 8),
    ("BR", "pt", 6), ("MX", "es", 4),
)  # fmt: skip
TOUCHPOINTS: Final = ("checkout", "delivery", "support")
SEGMENTS: Final = ("business", "private")
THEMES: Final = (
    "delivery", "product_quality", "availability", "price_value", "billing", "payment_checkout", "returns_refunds",
    "support_speed", "support_attitude", "usability", "technical", "account_security", "communication",
    "language_localisation", "onboarding_effort", "contract_cancel", "privacy_marketing", "loyalty_promo",
)  # fmt: skip
# Complaints per hundred answers, the most frequent theme first.
RATES: Final = np.array([5, 4, 3, 3, 2.5, 2.5, 2, 2, 1.5, 1.5, 1.2, 1, 1, 0.8, 0.6, 0.5, 0.4, 0.3]) / 100
# A week's answers, on the average, and the part of each question in them.
ANSWERS: Final = 900
PARTS: Final = {"nps": 0.5, "csat": 0.25, "ces": 0.2, "exit": 0.05}


@dataclass
class World:
    """What is drawn from: [weeks] or [weeks, countries] and so on, the latest week first."""

    rng: np.random.Generator
    volume: Floats  # answers expected, [weeks, countries]
    rates: Floats  # complaints per answer, [weeks, countries, themes]
    scores: Mapping[str, Floats]  # chances of the scores, [weeks, countries, scores]
    wording: Ints  # version of the NPS question, [weeks]


def quiet(seed: int, *, overdispersed: bool = False) -> World:
    """Nothing happens, but countries differ in how they answer and in what they complain about, as they do."""
    rng = np.random.default_rng(seed)
    part = np.array([weight for _country, _form, weight in COUNTRIES], float)
    part *= rng.gamma(8, 1 / 8, len(part))
    volume = np.tile(ANSWERS * part / part.sum(), (WEEKS, 1))
    habit = rng.normal(0, 0.3, len(part))
    rates = np.tile(RATES * rng.gamma(6, 1 / 6, (len(part), len(THEMES))), (WEEKS, 1, 1))
    if overdispersed:
        volume = volume * rng.gamma(25, 1 / 25, (WEEKS, 1)) * rng.gamma(10, 1 / 10, volume.shape)
        rates = rates * rng.gamma(25, 1 / 25, (WEEKS, 1, len(THEMES))) * rng.gamma(4, 1 / 4, rates.shape)
    scores = {
        metric: _scores(metric, habit, rng, overdispersed=overdispersed) for metric in ("nps", "csat", "ces")
    }
    return World(rng, volume, rates.clip(0, 0.9), scores, np.ones(WEEKS, np.int64))


def _scores(metric: str, habit: Floats, rng: np.random.Generator, *, overdispersed: bool) -> Floats:
    """Chances of each score: most are content, and some cultures give the top score sooner than others."""
    values = np.array(list(scale(metric)), float)
    high, low = values.max(), values.min()
    place = (values - low) / (high - low)
    leaning = np.exp(4 * (place[None] - 0.6) * (0.6 + habit[:, None]) + 1.2 * np.cos(6.3 * place[None]))
    mood = np.ones((WEEKS, len(habit)))
    if overdispersed:
        mood = rng.normal(0, 0.12, (WEEKS, 1)) + rng.normal(0, 0.25, (WEEKS, len(habit)))
        tilted = leaning[None] * np.exp(mood[..., None] * 2 * (place - 0.5))
    else:
        tilted = np.tile(leaning, (WEEKS, 1, 1))
    chances: Floats = tilted / tilted.sum(-1, keepdims=True)
    return chances


def tilt(chances: Floats, by: float) -> Floats:
    """The same people, happier (by > 0) or less happy."""
    place = np.linspace(-0.5, 0.5, chances.shape[-1])
    tilted: Floats = chances * np.exp(by * place)
    shares: Floats = tilted / tilted.sum(-1, keepdims=True)
    return shares


def at(*codes: str) -> list[int]:
    """The places of countries."""
    return [place for place, (code, _form, _weight) in enumerate(COUNTRIES) if code in codes]


def snapshot(world: World, k: int = 5) -> Snapshot:
    """Draw the answers and complaints, and count them."""
    rng = world.rng
    spread = np.full(len(TOUCHPOINTS) * len(SEGMENTS), 1 / (len(TOUCHPOINTS) * len(SEGMENTS)))
    n = rng.poisson(world.volume[..., None] * spread)
    answers = _answers(world, n)
    complaints = rng.binomial(n[..., None], world.rates[:, :, None, :])[:9]
    return Snapshot(
        week=WEEK,
        zone="Europe/Riga",
        k=k,
        over=True,
        history=60,
        answers=answers,
        complaints=_complaints(complaints),
    )


def _answers(world: World, n: Ints) -> Counts:
    parts = [*(PARTS[metric] * world.scores[metric] for metric in ("nps", "csat", "ces"))]
    reasons = np.full((*n.shape[:2], len(EXIT_REASONS)), PARTS["exit"] / len(EXIT_REASONS))
    chances = np.concatenate([*parts, reasons], axis=-1)[:, :, None, :]
    drawn = world.rng.multinomial(n, np.broadcast_to(chances, (*n.shape, chances.shape[-1])))
    drawn[9:, :, :, 11:] = 0  # further back only NPS is counted
    week, country, side, kind = np.nonzero(drawn)
    what = [*[("nps", str(s), "") for s in range(11)], *[("csat", str(s), "") for s in range(1, 6)]]
    what += [*[("ces", str(s), "") for s in range(1, 8)], *[("exit", "", reason) for reason in EXIT_REASONS]]
    metric = np.array([METRICS.index(name) for name, _score, _reason in what])[kind]
    scores = (*map(str, range(11)), "")
    versions = int(world.wording.max())
    asked = np.where(metric == 0, world.wording[week] - 1, versions + metric - 1)
    instruments = (*(f"1/{version + 1}" for version in range(versions)), "2/1", "3/1", "4/1")
    columns = _columns(country, side) | {
        "metric": Column(metric, METRICS),
        "score": Column(np.array([scores.index(score) for _name, score, _reason in what])[kind], scores),
        "reason": Column(
            np.array([0 if not reason else 1 + EXIT_REASONS.index(reason) for _n, _s, reason in what])[kind],
            ("", *EXIT_REASONS),
        ),
        "instrument": Column(asked, instruments),
    }
    return Counts(week, drawn[week, country, side, kind], columns)


def _complaints(drawn: Ints) -> Counts:
    week, country, side, theme = np.nonzero(drawn)
    columns = _columns(country, side) | {
        "theme": Column(theme, THEMES),
        "pain": Column(np.zeros(len(theme), np.int64), ("",)),
        "band": Column(np.zeros(len(theme), np.int64), ("detractor",)),
        "instrument": Column(np.zeros(len(theme), np.int64), ("2/1",)),
    }
    return Counts(week, drawn[week, country, side, theme], columns)


def _columns(country: Ints, side: Ints) -> dict[str, Column]:
    forms = tuple(sorted({form for _code, form, _weight in COUNTRIES}))
    cultures = [culture(code, form).slug for code, form, _weight in COUNTRIES]
    clusters = tuple(sorted(set(cultures)))
    form_at = np.array([forms.index(form) for _code, form, _weight in COUNTRIES])[country]
    return {
        "country": Column(country, tuple(code for code, _form, _weight in COUNTRIES)),
        "culture": Column(np.array([clusters.index(slug) for slug in cultures])[country], clusters),
        "form": Column(form_at, forms),
        "language": Column(form_at, forms),
        "touchpoint": Column(side // len(SEGMENTS), TOUCHPOINTS),
        "segment": Column(side % len(SEGMENTS), SEGMENTS),
    }
