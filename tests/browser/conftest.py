"""A real server on a port of its own and a real browser, for every browser test."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from surveys import db
from surveys.settings import settings

CHECKOUT = Path(__file__).parents[2]
AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("TEST_CHROMIUM") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
KEY = "browser-key-browser-key-browser-key-brow"


@dataclass(frozen=True)
class Server:
    """A running server with a data folder and a database of its own."""

    address: str
    environment: dict[str, str]

    def seed(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """Run something against the server's database, from this process."""
        outcome: list[Any] = []

        async def with_database() -> None:
            async with db.database():
                outcome.append(await work())

        before = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        settings.cache_clear()
        try:
            # Playwright's loop runs in this thread, so ours runs in another.
            thread = threading.Thread(target=lambda: asyncio.run(with_database()))
            thread.start()
            thread.join()
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})
            settings.cache_clear()
        return outcome[0]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`python -m surveys serve` with an empty, migrated SQLite database."""
    with serving(tmp_path_factory.mktemp("browser-home")) as running:
        yield running


@contextlib.contextmanager
def serving(home: Path, **further: str) -> Iterator[Server]:
    """A server with this data folder and further settings, for as long as the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        "POLYVOX_HOME": str(home),
        "SECRET_KEY": KEY,
        "PORT": str(port),
        "DATABASE_URL": "",
        "BROKER_URL": "",
        **further,
    }
    environment = os.environ | own
    command = [sys.executable, "-m", "surveys"]
    subprocess.run([*command, "migrate"], env=environment, cwd=CHECKOUT, check=True)
    process = subprocess.Popen([*command, "serve"], env=environment, cwd=CHECKOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/healthz")
        yield Server(address, own)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.2)
    pytest.fail(f"{address} does not answer")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless; closed after each module, because tests with a loop of their own cannot run beside it."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser windows at the server: `window(width=320, locale="ar", java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    def open_window(width: int = 1024, height: int = 800, **options: Any) -> BrowserContext:
        size = {"width": width, "height": height}
        context = chromium.new_context(base_url=server.address, viewport=size, **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()
