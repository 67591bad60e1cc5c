"""Verbatims held by who is about to change what is known of them: the machine, a person, a theme that looks for its words."""

from collections.abc import Iterable

from surveys.verbatims.models import Verbatim


async def hold(ids: Iterable[int]) -> None:
    """Lock rows until the transaction ends, always in one order; before anything is read that the change hangs on.

    Otherwise, on PostgreSQL, an analysis overwrites a correction that was saved since it looked for some. SQLite has one
    writer anyway (surveys/sqlite_immediate.py). Rows that point at a verbatim may be written meanwhile.
    """
    rows = Verbatim.filter(id__in=sorted(ids)).order_by("id").only("id")
    await rows.select_for_update(no_key=True)
