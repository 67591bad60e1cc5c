"""The whole way: an answer in Latvian, Arabic and Japanese, and a post, from the form to a page of the weekly PDF."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx2 as httpx
import pytest
from pypdf import PdfReader

from surveys.accounts.models import User
from surveys.digests.models import Edition
from surveys.due import now
from surveys.mentions.imports import import_mentions
from surveys.organisation.models import Organisation
from surveys.questionnaires.open import add_survey
from surveys.settings import CHECKOUT
from surveys.verbatims.models import Original, Verbatim
from surveys.weeks import Week
from surveys.worker import chores, run_once

pytestmark = pytest.mark.journey

ANSWERS = {
    "lv": ("2", "Kurjers kavējās trīs dienas un neviens neatbildēja. Zvaniet man: 29 123 456.", "LV"),
    "ar": ("1", "تأخر التوصيل كثيرا ولم يرد أحد على الهاتف", "EG"),
    "ja": ("3", "配達がとても遅くて、電話にも出てもらえませんでした。残念です。", "JP"),
}
POSTS = (
    "external_id,source,author,published_at,text,url,country,locale\n"
    'p1,forum.example,anna,{at},"Baltvia piegāde atkal kavējas, ļoti slikti",https://forum.example/1,LV,lv\n'
    'p2,forum.example,jānis,{at},"RT @anna: Baltvia piegāde atkal kavējas, ļoti slikti https://t.example/2",,LV,lv\n'
)


async def _answer(browser: httpx.AsyncClient, locale: str) -> None:
    """A respondent with JavaScript off: score, reason, thanks."""
    browser.cookies.clear()
    score, words, country = ANSWERS[locale]
    page = await browser.get(f"/{locale}/s/after", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-language"]) == (200, locale)
    scored = await browser.post(f"/{locale}/s/after", data={"score": score})
    assert scored.status_code == 303
    asked = await browser.get(scored.headers["location"], follow_redirects=True)
    assert asked.status_code == 200
    sent = await browser.post(asked.url, data={"comment": words, "country": country})
    assert sent.status_code == 303, sent.text
    thanks = await browser.get(sent.headers["location"], follow_redirects=True)
    assert thanks.status_code == 200
    assert "privacy@baltvia.example" in thanks.text


async def _work() -> None:
    todo = chores()
    for _ in range(20):
        if await run_once(todo) == 0:
            return
    pytest.fail("the worker never came to rest")


async def _organisation() -> Organisation:
    return await Organisation.create(
        id=1, name="Baltvia", contact="privacy@baltvia.example", time_zone="Europe/Riga", smallest_group=2
    )


async def test_from_the_form_to_the_page(client: httpx.AsyncClient, maris: User) -> None:
    cookies = dict(client.cookies)
    organisation = await _organisation()
    await add_survey(metric="nps", slug="after", name="After delivery", locale="lv")
    for locale in ANSWERS:
        await _answer(client, locale)
    instant = (now() - timedelta(minutes=1)).isoformat()
    report = await import_mentions(POSTS.format(at=instant).encode(), "posts.csv")
    assert (report.accepted, report.rejected) == (2, [])
    await _work()

    rows = await Verbatim.all().order_by("id").prefetch_related("themes")
    assert [row.machine_language for row in rows] == ["lv", "ar", "ja", "lv"]
    assert [row.country for row in rows] == ["LV", "EG", "JP", "LV"]
    assert [row.culture for row in rows] == [
        "eastern-europe",
        "middle-east",
        "confucian-asia",
        "eastern-europe",
    ]
    assert [row.due_at for row in rows] == [None] * 4
    themes = {theme.code for row in rows for theme in row.themes}  # type: ignore[attr-defined]
    assert themes >= {"delivery"}
    assert "29 123 456" not in rows[0].masked_text
    assert "[PHONE]" in rows[0].masked_text
    assert "29 123 456" in (await Original.get(verbatim_id=rows[0].id)).text

    client.cookies.clear()
    client.cookies.update(cookies)
    found = await client.get("/inbox", params={"band": "detractor"})
    assert found.status_code == 200
    for _score, words, _country in ANSWERS.values():
        assert words.partition("29")[0].strip()[:20] in found.text
    assert "29 123 456" not in found.text
    exported = await client.get("/inbox.csv", params={"country": "LV"})
    assert len(list(csv.DictReader(io.StringIO(exported.text.removeprefix("\ufeff"))))) == 2

    week = Week.containing(now(), organisation.zone)
    asked = await client.post(f"/digests/{week}/lv")
    assert asked.status_code == 303
    assert (await client.get(f"/digests/{week}/lv.pdf")).status_code != 200
    await _work()
    edition = await Edition.get(week=str(week), locale="lv")
    assert edition.is_preliminary
    served = await client.get(f"/digests/{week}/lv.pdf")
    assert (served.status_code, served.headers["content-type"]) == (200, "application/pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(served.content)).pages)
    assert "Baltvia" in text
    assert "29 123 456" not in text


def _polyvox(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "POLYVOX_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(
        [sys.executable, "-m", "surveys", *arguments],
        env=environment, input=stdin, text=True, capture_output=True, timeout=110, check=False,
    )  # fmt: skip


def test_understand_speaks_the_contract(home: Path) -> None:
    lines = [
        {"text": "Piegāde kavējās, briesmīga apkalpošana, ļoti slikti", "locale": "lv"},
        {"text": "ok", "locale": "lt"},
        {"text": ""},
        {"text": "Gracias, todo perfecto y muy rápido"},
    ]
    sent = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines) + "\nnot json\n"
    ended = _polyvox(home, "understand", stdin=sent)
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode == 1
    assert len(answers) == 6
    assert [answer.get("language") for answer in answers[:4]] == ["lv", "und", "und", "es"]
    assert (answers[0]["sentiment"], answers[3]["sentiment"]) == ("negative", "positive")
    assert answers[1]["language_best"] == "lt"
    assert {theme["code"] for theme in answers[0]["themes"]} >= {"delivery"}
    for theme in answers[0]["themes"]:
        start, end = theme["evidence"]
        assert str(lines[0]["text"])[start:end].strip()
    third = 1 / 3
    assert answers[2]["sentiment"] == "unknown"
    assert answers[2]["probabilities"] == pytest.approx(
        {"negative": third, "neutral": third, "positive": third}
    )
    assert answers[2]["themes"] == []
    assert all(set(answer) == {"error"} for answer in answers[4:])


async def test_a_killed_worker_loses_nothing_and_analyses_nothing_twice(database: None, home: Path) -> None:
    await _organisation()
    await add_survey(metric="nps", slug="after", name="After", locale="en")
    header = "external_id,survey,metric,submitted_at,score,comment,locale\n"
    rows = "".join(
        f"r{n},after,nps,2026-11-02T10:00:{n % 60:02}Z,3,The parcel number {n} came very late,en\n"
        for n in range(300)
    )
    from surveys.responses.imports import import_responses

    assert (await import_responses((header + rows).encode(), "r.csv")).accepted == 300
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "surveys", "worker"], env=environment, stderr=subprocess.DEVNULL
        )

    async def until(count: int) -> None:
        import asyncio

        for _ in range(600):
            if await Verbatim.filter(analysed_at__not_isnull=True).count() >= count:
                return
            await asyncio.sleep(0.1)
        pytest.fail("the worker did not get there")

    first = start()
    try:
        await until(1)
    finally:
        first.kill()
        first.wait()
    before = dict(await Verbatim.filter(analysed_at__not_isnull=True).values_list("id", "analysed_at"))
    # The lease of what the killed worker held runs out by itself; the test does not wait for it.
    await Verbatim.filter(due_at__not_isnull=True).update(due_at=now())
    second = start()
    try:
        await until(300)
    finally:
        second.terminate()
        assert second.wait(20) == 0
    after = dict(await Verbatim.all().values_list("id", "analysed_at"))
    assert len(after) == 300
    assert {key: after[key] for key in before} == before
