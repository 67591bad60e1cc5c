"""Database triggers: whatever changes a row that is counted, its unit is noted in the same transaction.

No writer can forget it: pages, imports, analysis, corrections, erasure, what hangs on a row that is deleted, a statement
typed by hand. Altering a column on SQLite makes its table anew without its triggers (and indexes), so a migration that
does so must end with `create_triggers`; tests/surveys/counts compares what is there with this list.
"""

from collections.abc import Iterator
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient

# What an update has to name for the counts to change.
COUNTED_COLUMNS: Final = {
    "response": (
        "survey_id, score, exit_reason, submitted_at, state, locale, country, touchpoint, segment, customer_id, "
        "wording_version"
    ),
    "mention": "copy_of_id, published_at, author_hash",
    "verbatim": (
        "response_id, mention_id, written_at, language, sentiment, band, metric, country, locale, analysed_at"
    ),
    "verbatim_theme": "verbatim_id, code, polarity",
    "verbatim_pain": "verbatim_id, theme, pain_id",
}
_OF_WORDS: Final = (
    "SELECT COALESCE(v.response_id, -v.mention_id) FROM verbatim v "
    "WHERE v.id = {row}.verbatim_id AND COALESCE(v.response_id, v.mention_id) IS NOT NULL"
)
# Where each table's row leads to a unit; {row} is NEW or OLD. Words go with their response or mention: when that is
# deleted they find nothing here, and its own trigger has noted the unit.
UNIT_OF: Final = {
    "response": "SELECT {row}.id",
    "mention": "SELECT -{row}.id",
    "verbatim": (
        "SELECT COALESCE({row}.response_id, -{row}.mention_id) "
        "WHERE COALESCE({row}.response_id, {row}.mention_id) IS NOT NULL"
    ),
    "verbatim_theme": _OF_WORDS,
    "verbatim_pain": _OF_WORDS,
}


def triggers() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Name, table, event and the row versions whose unit is noted."""
    for table, columns in COUNTED_COLUMNS.items():
        yield f"uncounted_{table}_insert", table, "INSERT", ("NEW",)
        yield f"uncounted_{table}_update", table, f"UPDATE OF {columns}", ("OLD", "NEW")
        yield f"uncounted_{table}_delete", table, "DELETE", ("OLD",)


def _notes(table: str, versions: tuple[str, ...]) -> str:
    """Both versions lead to one unit nearly always: UNION notes that once."""
    units = " UNION ".join(UNIT_OF[table].format(row=version) for version in versions)
    return f"INSERT INTO uncounted (unit) {units};"


def sqlite_statements() -> Iterator[str]:
    """What makes the triggers on SQLite."""
    for name, table, event, versions in triggers():
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {_notes(table, versions)} END"


def postgres_statements() -> Iterator[str]:
    """What makes them on PostgreSQL: a function each."""
    for name, table, event, versions in triggers():
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_notes(table, versions)} RETURN NULL; END $$"
        )
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


async def create_triggers(client: BaseDBAsyncClient) -> None:
    """Make all triggers, anew where they are there already."""
    is_sqlite = client.capabilities.dialect == "sqlite"
    for statement in sqlite_statements() if is_sqlite else postgres_statements():
        await client.execute_query(statement)


async def drop_triggers(client: BaseDBAsyncClient) -> None:
    """Take all triggers away."""
    is_sqlite = client.capabilities.dialect == "sqlite"
    for name, table, _event, _versions in triggers():
        await client.execute_query(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            await client.execute_query(f"DROP FUNCTION IF EXISTS {name}()")
