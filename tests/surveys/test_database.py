"""The database's traps: migrations equal the models, transactions wait their turn, processes end."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection

from surveys import db
from surveys.organisation.models import Organisation

CHECKOUT = Path(__file__).parents[2]
EMPTY_POSTGRES = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


async def _schema() -> list[tuple[str, ...]]:
    if db.is_sqlite():
        rows = await db.query(
            # Triggers are no part of the models; tests/surveys/counts looks after them.
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> 'trigger' "
            "AND name NOT LIKE 'sqlite_%%' AND name <> 'tortoise_migrations' ORDER BY name".replace("%%", "%")
        )
        return [
            (row["type"], row["name"], row["tbl_name"], " ".join((row["sql"] or "").split())) for row in rows
        ]
    columns = await db.query(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'tortoise_migrations' ORDER BY 1, 2"
    )
    indexes = await db.query(
        "SELECT tablename, indexname, indexdef FROM pg_indexes "
        "WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations' ORDER BY 1, 2"
    )
    return [tuple(str(value) for value in row.values()) for row in [*columns, *indexes]]


def _bare(schema: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Names and columns; comments and spacing are written differently by the two makers."""
    return [row[:3] for row in schema]


@pytest.mark.usefixtures("database")
async def test_migrations_make_what_the_models_say() -> None:
    migrated = await _schema()
    connection = get_connection("default")
    if db.is_sqlite():
        for row in await db.query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ):
            await connection.execute_script(
                f'PRAGMA foreign_keys=OFF; DROP TABLE "{row["name"]}"; PRAGMA foreign_keys=ON;'
            )
    else:
        await connection.execute_script(EMPTY_POSTGRES)
    await Tortoise.generate_schemas(safe=False)
    made = await _schema()
    if not db.is_sqlite():
        # The next test migrates the same database.
        await connection.execute_script(EMPTY_POSTGRES)
    assert _bare(made) == _bare(migrated)


async def test_every_index_of_the_models_is_there(database: None) -> None:
    wanted = {
        (model._meta.db_table, tuple(model._meta.fields_map[name].source_field or name for name in fields))
        for model in Tortoise.apps["surveys"].values()
        for fields in [index.fields if hasattr(index, "fields") else index for index in model._meta.indexes]
    }
    assert wanted
    for table, columns in wanted:
        if db.is_sqlite():
            names = [row["name"] for row in await db.query(f"PRAGMA index_list({table})")]
            found = [
                tuple(row["name"] for row in await db.query(f"PRAGMA index_info({name})")) for name in names
            ]
            assert columns in found, (table, columns)
        else:
            rows = await db.query("SELECT indexdef FROM pg_indexes WHERE tablename = {}", table)
            shape = "(" + ", ".join(columns) + ")"
            assert any(shape in row["indexdef"].replace('"', "") for row in rows), (table, columns)


WRITER = """
import asyncio
from tortoise.transactions import in_transaction
from surveys import db
from surveys.organisation.models import Organisation

async def main():
    async with db.database():
        for _ in range(50):
            async with in_transaction():
                row = await Organisation.get(id=1)
                row.retention_months += 1
                await row.save()

asyncio.run(main())
"""


@pytest.mark.journey
async def test_processes_that_read_then_write_wait_for_each_other(database: None) -> None:
    if not db.is_sqlite():
        pytest.skip("PostgreSQL locks rows, not files")
    await Organisation.create(id=1, name="Test", contact="a@b.test", time_zone="UTC", retention_months=0)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, env=environment) for _ in range(3)
    ]
    assert [await asyncio.wait_for(writer.wait(), 60) for writer in writers] == [0, 0, 0]
    assert (await Organisation.get(id=1)).retention_months == 150


@pytest.mark.journey
def test_a_process_that_fails_with_an_open_database_ends(home: Path) -> None:
    code = (
        "import asyncio\nfrom surveys import db\n"
        "async def main():\n async with db.database():\n  await db.migrate()\n  raise SystemExit(7)\n"
        "asyncio.run(main())"
    )
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "DATABASE_URL": ""}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=False)
    assert ended.returncode == 7


async def test_answers_reach_the_disk_before_they_are_acknowledged(database: None) -> None:
    if not db.is_sqlite():
        pytest.skip("PostgreSQL's default")
    (row,) = await db.query("PRAGMA synchronous")
    assert row["synchronous"] == 2
    (row,) = await db.query("PRAGMA foreign_keys")
    assert row["foreign_keys"] == 1
