"""CSV and XLSX hold exactly what the page shows, and nothing that a spreadsheet would run."""

import csv
import io

import httpx2 as httpx
import pytest
from lxml import html
from openpyxl import load_workbook

from surveys.accounts.models import User
from surveys.due import now
from surveys.verbatims.export import COLUMNS
from surveys.verbatims.models import Verbatim
from tests.bench.population import populate

STARTS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A1"]


async def _csv(client: httpx.AsyncClient, query: str = "") -> list[list[str]]:
    answer = await client.get(f"/inbox.csv{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def _xlsx(client: httpx.AsyncClient, query: str = "") -> list[list[str]]:
    answer = await client.get(f"/inbox.xlsx{query}")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    return [
        ["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)
    ]


@pytest.mark.parametrize(
    "query", ["", "?sentiment=negative&region=154", "?theme=none", "?q=kurj&page=2", "?country=FJ"]
)
async def test_page_csv_and_xlsx_hold_the_same(client: httpx.AsyncClient, ana: User, query: str) -> None:
    await populate(45)
    head, *rows = await _csv(client, query)
    assert head == list(COLUMNS)
    assert await _xlsx(client, query) == [head, *rows]
    links = html.fromstring((await client.get(f"/inbox{query}")).text).xpath("//a[@class='words']/@href")
    assert [row[0] for row in rows] == [link.removeprefix("/inbox/").partition("?")[0] for link in links]


async def test_no_cell_is_a_formula(client: httpx.AsyncClient, ana: User) -> None:
    await populate(len(STARTS))
    keys = await Verbatim.all().order_by("-written_at", "-id").values_list("id", flat=True)
    for key, text in zip(keys, STARTS, strict=True):
        await Verbatim.filter(id=key).update(
            masked_text=text, channel=text, touchpoint=text, changed_at=now()
        )
    for rows in (await _csv(client), await _xlsx(client)):
        for name in ("text", "channel", "touchpoint"):
            column = rows[0].index(name)
            assert [row[column].replace("_x000D_", "\r") for row in rows[1:]] == [
                f"'{text}" for text in STARTS
            ]


async def test_an_export_names_no_customer(client: httpx.AsyncClient, ana: User) -> None:
    await populate(5)
    text = (await client.get("/inbox.csv")).text
    assert "bench-" not in text.replace("bench-1,", "")
    assert "customer" not in text


async def test_every_column_is_explained() -> None:
    from surveys.verbatims import export

    assert export.__doc__
    assert [name for name in COLUMNS if f"`{name}`" not in export.__doc__] == []
