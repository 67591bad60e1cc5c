"""How much memory web and worker take together with the model loaded, and the rendering child at its most."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from surveys import db
from surveys.digests.build import figures
from surveys.digests.make import facts
from surveys.due import now
from surveys.organisation.models import the_organisation
from surveys.settings import CHECKOUT, settings
from surveys.verbatims.models import Verbatim
from surveys.weeks import Week
from tests.bench.population import populate
from tests.bench.row import Row, at_most
from tests.bench.web import serving


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _prepare() -> None:
    async with db.database():
        await db.migrate()
        await populate(2_000)
        await Verbatim.all().limit(200).update(due_at="2026-01-01T00:00:00+00:00")


async def _waiting() -> int:
    async with db.database():
        return await Verbatim.filter(due_at__not_isnull=True).count()


def measure(home: Path) -> Iterator[Row]:
    """Resident memory after the worker has understood 200 verbatims and the web process has served pages."""
    os.environ["DATABASE_URL"] = f"sqlite:///{home}/memory.sqlite3"
    settings.cache_clear()
    asyncio.run(_prepare())
    worker = subprocess.Popen([sys.executable, "-m", "surveys", "worker"], env={**os.environ})
    try:
        with serving("surveys.app:create_app") as address:
            urllib.request.urlopen(f"{address}/healthz").read()
            for _ in range(120):
                if asyncio.run(_waiting()) == 0:
                    break
                time.sleep(1)
            web = _child_of(os.getpid(), "uvicorn")
            together = _resident_mb(worker.pid) + _resident_mb(web)
    finally:
        worker.terminate()
        worker.wait(30)
    yield at_most("web and worker with the model loaded, together", together, 1024, "MB")
    yield at_most("the rendering child with CJK, apart", _rendering_mb(), 600, "MB")


MEASURE = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-P", "-m", "surveys.digests.render"], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _rendering_mb() -> float:
    """The most that the child takes, alone under a process of its own that measures it."""
    job = json.dumps(asyncio.run(_job()))
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    ended = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=job,
        text=True,
        capture_output=True,
        check=True,
        env=environment,
    )
    return int(ended.stdout) / 1024


async def _job() -> dict[str, object]:
    async with db.database():
        organisation = await the_organisation()
        found = await figures(Week.parse("2026-W46"), organisation, at=now())
        # A name in Chinese, Japanese and Korean, so that the large fonts are loaded whatever the quotes are.
        about = {**facts(organisation), "name": "公司 株式会社ポリヴォックス 폴리복스"}
        return {"figures": found, "organisation": about, "locale": "ar"}


def _child_of(parent: int, name: str) -> int:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "status").read_text()
                command = (entry / "cmdline").read_text()
            except OSError:
                continue
            if f"PPid:\t{parent}\n" in status and name in command:
                return int(entry.name)
    return 0
