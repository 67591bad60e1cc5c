"""Whether this process can serve, as a load balancer asks."""

import httpx2 as httpx
import pytest
from asyncpg.exceptions import TooManyConnectionsError  # type: ignore[import-untyped]

from surveys.web import health


async def test_it_is_well_while_the_database_answers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_it_is_not_in_whatever_words_the_database_refuses(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(_sql: str) -> list[dict[str, object]]:
        raise TooManyConnectionsError("sorry, too many clients already")

    monkeypatch.setattr(health, "query", refused)
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "The database does not answer.")
