"""What tests share: a fresh database each, a client through the front door, known people."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.applications import Starlette
from tortoise.connection import get_connection

from surveys import db, nudge
from surveys.accounts.models import Role, User
from surveys.accounts.session import COOKIE, begin_session
from surveys.settings import CHECKOUT, settings
from surveys.web import limits

KEY = "test-key-test-key-test-key-test-key-test"
QUICK_HASH = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks the database."""
    for item in items:
        if isinstance(item, pytest.Function) and "database" in item.fixturenames:
            item.add_marker("database")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An own data folder and settings for each test; TEST_DATABASE_URL and TEST_BROKER_URL come from bin/test."""
    monkeypatch.setenv("POLYVOX_HOME", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("DATABASE_URL", os.environ.get("TEST_DATABASE_URL", ""))
    monkeypatch.setenv("BROKER_URL", os.environ.get("TEST_BROKER_URL", ""))
    for name in ("SMTP_URL", "PUBLIC_URL", "TIME_ZONE", "ORIGINAL_DAYS", "SENTIMENT_MODEL", "WEBHOOK_ALLOW"):
        monkeypatch.delenv(name, raising=False)
    # A real hash takes a third of a second and 64 MiB.
    monkeypatch.setattr("surveys.accounts.session._hasher", lambda: QUICK_HASH)
    # A test that closes a survey looks at once; and it has all its tries before it.
    monkeypatch.setattr("surveys.questionnaires.access.FRESH_SECONDS", 0.0)
    limits.forget()
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database that was migrated once, for tests to copy: migrating takes a second."""
    path = tmp_path_factory.mktemp("migrated") / "polyvox.sqlite3"
    code = "import asyncio\nfrom surveys import db\n\nasync def main():\n async with db.database():\n  await db.migrate()\n\nasyncio.run(main())"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}", "POLYVOX_HOME": str(path.parent)}
    subprocess.run([sys.executable, "-c", code], env={**environment, "PYTHONPATH": str(CHECKOUT)}, check=True)
    return path


@pytest.fixture
async def database(home: Path, migrated_file: Path) -> AsyncIterator[None]:
    """A migrated database, empty."""
    if not os.environ.get("TEST_DATABASE_URL"):
        shutil.copy(migrated_file, home / "polyvox.sqlite3")
    async with db.database():
        if not db.is_sqlite():
            await _emptied_postgres()
        yield
        # The next test has another loop, in which this connection would never answer.
        await nudge.close()


async def _emptied_postgres() -> None:
    """Migrated for the first test, emptied for each later one; ids begin at 1 again."""
    connection = get_connection("default")
    tables = await db.query(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'"
    )
    if tables:
        names = ", ".join(f'"{row["tablename"]}"' for row in tables)
        await connection.execute_script(f"TRUNCATE {names} RESTART IDENTITY CASCADE;")
    await db.migrate()


@pytest.fixture
def app() -> Starlette:
    """The application as the server sees it; the `database` fixture has opened the database."""
    from surveys.app import create_app

    return create_app()


@pytest.fixture
async def client(database: None, app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a browser, not signed in."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://polyvox.test") as browser:
        yield browser


async def _signed_in(browser: httpx.AsyncClient, name: str, role: Role) -> User:
    user = await User.create(email=f"{name}@polyvox.test", name=name.title(), password_hash="-", role=role)
    browser.cookies.set(COOKIE, await begin_session(user))
    return user


@pytest.fixture
async def alice(client: httpx.AsyncClient) -> User:
    """Alice, an administrator, signed in on `client`."""
    return await _signed_in(client, "alice", Role.ADMINISTRATOR)


@pytest.fixture
async def maris(client: httpx.AsyncClient) -> User:
    """Māris, a manager, signed in on `client`."""
    return await _signed_in(client, "maris", Role.MANAGER)


@pytest.fixture
async def ana(client: httpx.AsyncClient) -> User:
    """Ana, an analyst, signed in on `client`."""
    return await _signed_in(client, "ana", Role.ANALYST)
