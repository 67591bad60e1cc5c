"""Many languages of one snapshot: the same bytes as alone, each with its own limits, none hurt by another."""

import json
import subprocess
import sys
import time
from typing import Any, Final

import pytest

from surveys.digests import render, render_languages
from surveys.digests.make import facts
from surveys.digests.quote_columns import quote_columns
from surveys.errors import Unavailable
from surveys.i18n import speaking
from surveys.settings import CHECKOUT
from tests.surveys.digests.test_pdf import figured
from tests.surveys.digests.week import organisation

# A child that tries to allocate, to run for ever, to be killed, to fail, by locale, and makes what it is asked to else.
CHILD: Final = """
import os, signal, time
from surveys.digests import render, render_languages
render.RENDER_SECONDS = 2
def pdf(job):
    locale = job["locale"]
    if locale == "lv": time.sleep(60)
    if locale == "lt": os.kill(os.getpid(), signal.SIGKILL)
    if locale == "ro": raise ValueError("what somebody wrote")
    if locale == "de": return b"%PDF" + b"x" * len(bytearray(4 << 30))
    if locale == "fr": return b"no PDF"
    return b"%PDF " + locale.encode()
render.pdf = pdf
render_languages._warm = lambda job: None
render_languages.main()
"""


async def made(locales: list[str]) -> dict[str, bytes | Unavailable]:
    found, about = await figured(), facts(await organisation())
    return {locale: each async for locale, each in render_languages.render_languages(found, about, locales)}


async def test_languages_made_together_are_the_same_bytes_as_one_made_alone(database: None) -> None:
    found, about = await figured(), facts(await organisation())
    together = [
        {locale: each async for locale, each in render_languages.render_languages(found, about, locales)}
        for locales in (["en", "ja", "ar"], ["ar", "ja", "en"])
    ]
    alone = {locale: await render.render(found, about, locale) for locale in ("en", "ja", "ar")}
    assert together == [alone, alone]


async def test_a_language_that_cannot_be_made_leaves_the_others(database: None) -> None:
    found = await made(["en", "xx", "lv"])
    assert [str(found[locale])[:5] for locale in ("en", "lv")] == ["b'%PD", "b'%PD"]
    assert str(found["xx"]).startswith("The PDF could not be made (")


def test_each_has_its_own_limits() -> None:
    job = {"figures": {}, "organisation": {}, "locales": ["lv", "lt", "ro", "de", "fr", "en", "ja"]}
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", CHILD], input=json.dumps(job).encode(), capture_output=True, cwd=CHECKOUT, check=True
    )  # fmt: skip
    assert time.monotonic() - began < 50
    assert told(ran.stdout) == {
        "lv": "too long",
        "lt": "killed",
        "ro": "ValueError",
        "de": "MemoryError",
        "fr": "no PDF",
        "en": b"%PDF en",
        "ja": b"%PDF ja",
    }
    assert b"what somebody wrote" not in ran.stdout + ran.stderr


def told(out: bytes) -> dict[str, str | bytes]:
    found: dict[str, str | bytes] = {}
    while out:
        line, _, out = out.partition(b"\n")
        head = json.loads(line)
        found[head["locale"]] = head["error"] or out[: head["size"]]
        out = out[head["size"] :]
    return found


async def test_when_the_child_ends_at_once_every_language_says_so(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = await made(["en", "lv"])
    said = "The PDF could not be made (the rendering process ended)."
    assert {locale: str(each) for locale, each in found.items()} == {"en": said, "lv": said}


def quote(theme: str, text: str) -> dict[str, Any]:
    return {"theme": theme, "text": text, "language": "en", "region": None}


@pytest.mark.parametrize(
    ("quotes", "columns"),
    [
        ([], []),
        ([("delivery", 50)], [[["Delivery"], []]]),
        (
            [("delivery", 50), ("price_value", 50), ("usability", 50)],
            [[["Delivery", "Price and value"], ["Ease of use"]]],
        ),
        (
            [("delivery", 260), ("price_value", 50), ("usability", 50)],
            [[["Delivery"], ["Price and value", "Ease of use"]]],
        ),
        # One name stands over all.
        ([("delivery", 50)] * 10, [[["Delivery"], [None]]]),
        (
            [("delivery", 1000), ("price_value", 1000), ("usability", 1000)],
            [[["Delivery"], ["Price and value"]], [["Ease of use"], []]],
        ),
    ],
)
def test_quotes_are_weighed_into_two_columns(
    quotes: list[tuple[str, int]], columns: list[list[list[str | None]]]
) -> None:
    with speaking("en", "digest"):
        found = quote_columns([quote(theme, "a" * length) for theme, length in quotes])
    assert [[[theme["name"] for theme in column] for column in page] for page in found] == columns
    kept = [each["text"] for page in found for column in page for theme in column for each in theme["quotes"]]
    assert kept == ["a" * length for _theme, length in quotes]
