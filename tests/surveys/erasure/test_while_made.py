"""Erasing somebody while a digest that quotes them is made: what is made then is thrown away, and made again without them."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest

from surveys.customers.models import Customer
from surveys.digests import build, make, report_make
from surveys.digests.archive import request_edition
from surveys.digests.asked import asked_of
from surveys.digests.make import make_due_editions
from surveys.digests.models import Delivery, Edition, Report
from surveys.digests.report_make import make_due_reports
from surveys.digests.report_shelf import request_report
from surveys.due import now
from surveys.erasure.erase import Person, erase
from tests.surveys.digests.readers import PDF, quick_editions, reader
from tests.surveys.digests.week import WEEK, answer, many, organisation

WORDS = "Zebrasquirrel"
NOT_MADE = {"figures__isnull": True, "pdf__isnull": True, "built_at__isnull": True}


async def a_week_with_anna() -> None:
    await many("nps", {9: 30})
    for number in range(8):
        text = f"{WORDS} never came, said Anna" if not number else f"The parcel never came {number}"
        await answer("nps", 2, text=text, themes=["delivery"], customer=f"c{number}", language="en")


async def erase_anna() -> None:
    assert await Customer.exists(customer_id="c0")
    await erase(Person("c0"))


@pytest.mark.parametrize("at", ["counting", "drawing"])
async def test_an_edition_is_made_again_without_them(
    database: None, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    maize = await organisation()
    await a_week_with_anna()
    await reader("a@maize.lv")
    subscription = await Delivery.create(subscription_id=1, week=str(WEEK))
    for locale in ("en", "lv"):
        await request_edition(WEEK, locale, maize)
    real = build.figures

    async def counted(*given: Any, **named: Any) -> dict[str, Any]:
        found = await real(*given, **named)
        if at == "counting":
            await erase_anna()
        return found

    async def drawn(
        _figures: dict[str, Any], _organisation: dict[str, Any], locales: list[str]
    ) -> AsyncGenerator[tuple[str, bytes]]:
        await erase_anna()
        for locale in locales:
            yield locale, b"%PDF with Anna's words"

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(make, "figures", counted)
        meanwhile.setattr(make, "render_languages", drawn)
        assert await make_due_editions() == 2
    assert await Edition.filter(**NOT_MADE, due_at__lte=now()).count() == 2
    assert (await Delivery.get(id=subscription.id)).due_at is None

    quick_editions(monkeypatch)
    assert await make_due_editions() == 2
    for edition in await Edition.all():
        assert (edition.pdf, edition.due_at) == (PDF, None)
        assert edition.figures["tiles"]["responses"]["n"] == 37
        assert WORDS not in str(edition.figures)
    assert (await Delivery.get(id=subscription.id)).due_at is not None


async def test_neither_waits_for_what_the_other_has_locked(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL would end one of the two: the erasure, as often as not."""
    maize = await organisation()
    await a_week_with_anna()
    for locale in ("en", "lv"):
        await request_edition(WEEK, locale, maize)
    # The one that was asked for last is the first to be due.
    await Edition.filter(locale="en").update(due_at=now())
    keeping, keep = asyncio.Event(), make.keep

    async def slowly(row: Edition, **values: Any) -> bool:
        kept = await keep(row, **values)
        keeping.set()
        await asyncio.sleep(0.3)
        return kept

    quick_editions(monkeypatch)
    monkeypatch.setattr(make, "keep", slowly)
    making = asyncio.create_task(make_due_editions())
    await keeping.wait()
    await erase_anna()
    assert await making == 2
    assert await Edition.filter(**NOT_MADE, due_at__lte=now(), last_error=None).count() == 2


async def test_a_report_is_too(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    maize = await organisation()
    await a_week_with_anna()
    await request_report(asked_of("2026-10"), "en", maize)

    async def drawn(_figures: dict[str, Any], _organisation: dict[str, Any], _locale: str) -> bytes:
        await erase_anna()
        return b"%PDF with Anna's words"

    async def again(_figures: dict[str, Any], _organisation: dict[str, Any], _locale: str) -> bytes:
        return PDF

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(report_make, "render", drawn)
        await make_due_reports()
    assert await Report.filter(**NOT_MADE, due_at__isnull=False).count() == 1
    monkeypatch.setattr(report_make, "render", again)
    await make_due_reports()
    report = await Report.get()
    assert (report.pdf, report.due_at) == (PDF, None)
    assert WORDS not in str(report.figures)


async def test_a_digest_of_the_week_by_another_zones_clock_is_made_again(database: None) -> None:
    await organisation(time_zone="UTC")
    # Monday half past midnight in Riga, where the organisation was when the digest was made; Sunday by its clock of now.
    response = await answer("nps", 2, text=WORDS, themes=["delivery"], customer="c0")
    response.submitted_at = datetime(2026, 9, 27, 21, 30, tzinfo=UTC)
    await response.save()
    await Edition.create(week=str(WEEK), locale="en", figures={"quotes": [WORDS]}, pdf=PDF, built_at=now())
    await erase_anna()
    assert await Edition.filter(**NOT_MADE, due_at__isnull=False).count() == 1
