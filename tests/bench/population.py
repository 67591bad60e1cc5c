"""Many verbatims at once, already analysed: what benchmarks and screenshots are made from.

The same numbers and the same seed give the same rows, so that two runs can be compared.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.transactions import in_transaction

from surveys.customers.models import Customer
from surveys.db import is_sqlite, placeholders, sql_instant
from surveys.mentions.models import Mention
from surveys.places import culture, leaf_code
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import Response, State
from surveys.scores import band
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme
from surveys.verbatims.write import raise_epoch
from surveys.weeks import Week
from tests.bench.phrases import PHRASES, Phrase

Row = dict[str, Any]

BATCH = 2000
MENTION_SHARE = 0.2
MODEL_VERSION = "bench-1"

# Countries with the locales their people answer in; weights fall as the list goes on.
PEOPLE: Sequence[tuple[str | None, str]] = (
    ("LV", "lv"), ("LT", "lt"), ("RO", "ro"), ("DE", "de"), ("FR", "fr"), ("GB", "en"), ("EE", "et"), ("ES", "es"),
    ("PL", "pl"), ("JP", "ja"), ("AE", "ar"), ("EG", "ar"), ("LV", "ru"), ("BE", "fr"), ("BE", "nl"), ("CH", "de"),
    ("CH", "it"), ("IT", "it"), ("PT", "pt"), ("BR", "pt"), ("MX", "es"), ("AR", "es"), ("US", "en"), ("CA", "en"),
    ("CA", "fr"), ("AU", "en"), ("NZ", "en"), ("SE", "sv"), ("NO", "nb"), ("DK", "da"), ("FI", "fi"), ("CZ", "cs"),
    ("HU", "hu"), ("GR", "el"), ("BG", "bg"), ("UA", "uk"), ("TR", "tr"), ("IL", "he"), ("IN", "hi"), ("BD", "bn"),
    ("TH", "th"), ("VN", "vi"), ("ID", "id"), ("KR", "ko"), ("CN", "zh-Hans"), ("TW", "zh-Hant"), ("ZA", "en"),
    ("NG", "en"), ("KE", "en"), ("NA", "en"), ("MA", "ar"), ("NL", "nl"), ("AT", "de"), ("IE", "en"), (None, "en"),
)  # fmt: skip
SCALES = {Metric.NPS: (0, 10), Metric.CSAT: (1, 5), Metric.CES: (1, 7)}
CHANNELS = ("web", "email", "qr", "embed")
SOURCES = ("twitter", "facebook", "reviews.example", "forum.example")
TOUCHPOINTS = ("delivery", "checkout", "support", "store", None)
REASONS = ("price_too_high", "delivery_problems", "customer_service", "no_longer_needed", "other")


@dataclass(frozen=True)
class Draft:
    """What one verbatim is about to be."""

    position: int
    phrase: Phrase
    country: str | None
    locale: str
    at: datetime
    is_mention: bool


async def populate(n: int, *, seed: int = 1, weeks: int = 30, last: str = "2026-W47") -> None:
    """Store `n` analysed verbatims of responses and mentions, spread over the weeks that end with `last`.

    They are stored in the order they came in.
    """
    chance = random.Random(seed)
    async with in_transaction():
        surveys = await _surveys()
        first: dict[type[Model], int] = {
            kind: await _next_id(kind) for kind in (Customer, Response, Mention, Verbatim)
        }
        customers = n // 4 or 1
        await _insert(Customer, _customers(customers, first[Customer], chance))
        drafts = list(_drafts(n, chance, weeks, Week.parse(last)))
        for start in range(0, n, BATCH):
            await _store(drafts[start : start + BATCH], surveys, first, customers, chance)
        await _mend_sequences(first)
    await raise_epoch()


async def _surveys() -> list[Survey]:
    known = {
        "relationship": Metric.NPS,
        "after-order": Metric.CSAT,
        "support-contact": Metric.CES,
        "leaving": Metric.EXIT,
    }
    return [
        (
            await Survey.get_or_create(
                slug=slug, defaults={"name": slug.replace("-", " ").capitalize(), "metric": metric}
            )
        )[0]
        for slug, metric in known.items()
    ]


def _customers(n: int, first: int, chance: random.Random) -> list[Row]:
    rows = []
    for key in range(first, first + n):
        country, locale = chance.choice(PEOPLE)
        rows.append(
            {
                "id": key, "customer_id": f"bench-{key}", "country": country, "locale": locale,
                "is_demo": False, "created_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
        )  # fmt: skip
    return rows


def _drafts(n: int, chance: random.Random, weeks: int, last: Week) -> Iterator[Draft]:
    end = last.bounds(UTC)[1]
    weights = [1 / (1 + position / 6) for position in range(len(PEOPLE))]
    people = chance.choices(PEOPLE, weights, k=n)
    ages = sorted((chance.randrange(1, weeks * 7 * 86400) for _ in range(n)), reverse=True)
    for position, ((country, locale), age) in enumerate(zip(people, ages, strict=True)):
        phrases = PHRASES.get(locale.partition("-")[0]) or PHRASES["en"]
        at = end - timedelta(seconds=age)
        yield Draft(position, chance.choice(phrases), country, locale, at, chance.random() < MENTION_SHARE)


async def _store(
    drafts: Sequence[Draft],
    surveys: list[Survey],
    first: dict[type[Model], int],
    customers: int,
    chance: random.Random,
) -> None:
    rows: dict[type[Model], list[Row]] = {Response: [], Mention: [], Verbatim: [], VerbatimTheme: []}
    for draft in drafts:
        verbatim = _verbatim(draft, first[Verbatim] + draft.position, chance)
        if draft.is_mention:
            mention = _mention(draft, first[Mention] + draft.position, chance)
            rows[Mention].append(mention)
            verbatim |= {"mention_id": mention["id"], "channel": mention["source"]}
        else:
            survey = chance.choices(surveys, (5, 3, 2, 1))[0]
            customer = first[Customer] + chance.randrange(customers)
            response = _response(draft, first[Response] + draft.position, survey, customer, chance)
            rows[Response].append(response)
            verbatim |= _tie(response, survey)
        rows[Verbatim].append(verbatim)
        rows[VerbatimTheme].extend(_themes(draft, verbatim["id"]))
    for kind, made in rows.items():
        await _insert(kind, made)


def _response(draft: Draft, key: int, survey: Survey, customer: int, chance: random.Random) -> Row:
    scale = SCALES.get(survey.metric)
    score = _score(scale, draft.phrase.sentiment, chance) if scale else None
    return {
        "id": key, "survey_id": survey.id, "state": State.COMPLETE.value, "score": score, "submitted_at": draft.at,
        "exit_reason": None if scale else chance.choice(REASONS), "locale": draft.locale, "first_locale": draft.locale,
        "country": draft.country, "country_source": "import", "channel": chance.choice(CHANNELS),
        "touchpoint": chance.choice(TOUCHPOINTS), "customer_id": customer, "external_id": f"bench-{key}",
        "wording_version": 1, "is_demo": False,
    }  # fmt: skip


def _score(scale: tuple[int, int], sentiment: str, chance: random.Random) -> int:
    low, high = scale
    middle = (low + high) // 2
    if sentiment == "negative":
        return chance.randint(low, middle)
    return chance.randint(high - 1, high) if sentiment == "positive" else chance.randint(middle, high)


def _mention(draft: Draft, key: int, chance: random.Random) -> Row:
    return {
        "id": key, "source": chance.choice(SOURCES), "external_id": f"bench-{key}", "content_hash": f"{key:064x}",
        "published_at": draft.at, "country": draft.country, "locale": draft.locale,
        "url": f"https://social.example/{key}", "is_demo": False,
    }  # fmt: skip


def _verbatim(draft: Draft, key: int, chance: random.Random) -> Row:
    code = draft.phrase.language
    sentiment = draft.phrase.sentiment
    sure = round(chance.uniform(0.6, 0.98), 3)
    rest = (1 - sure) / 2
    share = {name: sure if name == sentiment else rest for name in ("negative", "neutral", "positive")}
    # Not in the future, although the last week may not be over.
    done = min(draft.at + timedelta(minutes=1), datetime.now(UTC) - timedelta(hours=1))
    return {
        "id": key, "response_id": None, "mention_id": None, "masked_text": draft.phrase.text, "mask_counts": "{}",
        "written_at": draft.at, "changed_at": done, "attempts": 0, "locale": draft.locale, "country": draft.country,
        "region": leaf_code(draft.country), "culture": culture(draft.country, draft.locale).slug, "survey_id": None,
        "metric": None, "score": None, "band": None, "channel": None, "touchpoint": None,
        "language": code, "machine_language": code, "language_best": code if code not in {"und", "mixed"} else draft.locale[:2],
        "language_confidence": round(chance.uniform(0.7, 1.0), 3), "languages": "[]", "sentiment": sentiment,
        "machine_sentiment": sentiment, **share, "model_version": MODEL_VERSION, "analysed_at": done,
    }  # fmt: skip


def _tie(response: Row, survey: Survey) -> Row:
    metric, score = survey.metric, response["score"]
    return {
        "response_id": response["id"], "survey_id": survey.id, "metric": metric.value, "score": score,
        "band": None if score is None else band(metric.value, score).value,
        "channel": response["channel"], "touchpoint": response["touchpoint"],
    }  # fmt: skip


def _themes(draft: Draft, verbatim_id: int) -> Iterator[Row]:
    for code, evidence in draft.phrase.themes:
        start = draft.phrase.text.index(evidence)
        yield {
            "verbatim_id": verbatim_id, "code": code, "confidence": 0.8, "start": start, "end": start + len(evidence),
            "method": Method.KEYWORD.value,
        }  # fmt: skip


async def _insert(kind: type[Model], rows: Sequence[Row]) -> None:
    """Plain SQL: models take three times as long, and there is nothing here for them to check."""
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    places = ", ".join(placeholders(len(names)))
    values = [[_stored(row[name]) for name in names] for row in rows]
    await get_connection("default").execute_many(
        f'INSERT INTO "{kind._meta.db_table}" ({columns}) VALUES ({places})', values
    )


def _stored(value: Any) -> Any:
    return sql_instant(value) if isinstance(value, datetime) else value


async def _next_id(kind: type[Model]) -> int:
    newest = await kind.all().order_by("-id").first().only("id")
    return newest.pk + 1 if newest else 1


async def _mend_sequences(first: dict[type[Model], int]) -> None:
    """PostgreSQL numbers rows by sequences, which know nothing of ids that were given."""
    if is_sqlite():
        return
    for kind in first:
        table = kind._meta.db_table
        await get_connection("default").execute_query(
            f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT COALESCE(MAX(id), 1) FROM \"{table}\"))"
        )
