"""The survey page and its answer against a bare server of the same make, taking turns so that the weather is shared."""

import asyncio
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from surveys import db
from surveys.questionnaires.open import add_survey
from tests.bench.bare import FILE
from tests.bench.row import Row, at_least

ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16
FORM = """
wrk.method = "POST"
wrk.body = "score=9"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""


@contextmanager
def serving(factory: str) -> Iterator[str]:
    """An application on a free port, as one uvicorn process; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", factory, "--factory", "--port", str(port), "--no-access-log"]
    server = subprocess.Popen([*command, "--log-level", "warning"], env={**os.environ})
    try:
        for _ in range(100):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _requests_a_second(address: str, script: Path | None = None) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    if script:
        command += ["-s", str(script)]
    printed = subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout
    if "Non-2xx or 3xx" in printed:
        msg = f"{address} answered with errors:\n{printed}"
        raise RuntimeError(msg)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", printed)[1])  # type: ignore[index]


def _ratio(ours: str, bare: str, script: Path | None = None) -> float:
    """The median over rounds of ours against the bare one, run right after each other."""
    ratios = []
    for _ in range(ROUNDS):
        base = _requests_a_second(bare, script)
        ratios.append(_requests_a_second(ours, script) / base)
    return statistics.median(ratios)


async def _prepare() -> None:
    async with db.database():
        await db.migrate()
        await add_survey(metric="nps", slug="bench", name="Bench", locale="lv")


def measure(home: Path) -> Iterator[Row]:
    """GET of the first page, and POST of a score."""
    if shutil.which("wrk") is None:
        yield Row("survey GET and POST", "≥ 0.5 ×", "needs wrk", None)
        return
    os.environ["DATABASE_URL"] = f"sqlite:///{home}/bench.sqlite3"
    asyncio.run(_prepare())
    shutil.copy(home / "bench.sqlite3", home / FILE)
    form = home / "form.lua"
    form.write_text(FORM)
    with serving("tests.bench.bare:create_app") as bare, serving("tests.bench.ours:create_app") as ours:
        page = f"{ours}/lv/s/bench"
        urllib.request.urlopen(page).read()
        yield at_least("survey GET / bare hello", _ratio(page, f"{bare}/hello"), 0.5)
        yield at_least(
            "survey POST / one raw durable insert of the same row", _ratio(page, f"{bare}/insert", form), 0.5
        )
