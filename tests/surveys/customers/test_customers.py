"""Customers: from a file, listed, searched."""

import re

import httpx2 as httpx

from surveys.accounts.models import User
from surveys.customers.imports import import_customers
from surveys.customers.models import Customer
from surveys.delimited import Rejection, Report


async def imported(text: str) -> Report:
    return (await import_customers(text.encode(), "customers.csv")).report


async def records() -> list[tuple[object, ...]]:
    columns = ("customer_id", "locale", "country", "segment", "email")
    return [tuple(row) for row in await Customer.all().order_by("customer_id").values_list(*columns)]


async def test_records_are_stored_as_we_keep_them(database: None) -> None:
    report = await imported(
        "customer_id,locale,country,segment,email\nc1,zh-TW,NA,new,Anna.Berzina@Example.LV\nc2,,,,\n"
    )
    assert report == Report("customers.csv", accepted=2)
    assert await records() == [
        ("c1", "zh-Hant", "NA", "new", "anna.berzina@example.lv"),
        ("c2", None, None, None, None),
    ]


async def test_a_later_file_brings_records_up_to_date(database: None) -> None:
    await imported("customer_id,locale,country,segment,email\nc1,lv,LV,new,a@x.lv\nc2,lv,LV,,\n")
    report = await imported("customer_id,country,segment\nc1,EE,\nc2,LV,\n")
    assert (report.accepted, report.duplicates) == (1, 1)
    # The columns that the second file lacks stay; a cell that it has empty is emptied.
    assert await records() == [("c1", "lv", "EE", None, "a@x.lv"), ("c2", "lv", "LV", None, None)]


async def test_two_records_of_one_customer_in_one_file(database: None) -> None:
    report = await imported("customer_id,country\nc1,LV\nc1,LV\nc1,EE\n")
    reason = "Another row with this customer_id says something else; the first stays."
    assert report == Report("customers.csv", 1, 1, [Rejection(3, 4, "customer_id", reason)])
    assert [row[2] for row in await records()] == ["LV"]


async def test_bad_cells_are_listed_and_the_others_taken(database: None) -> None:
    report = await imported(
        "customer_id,locale,country,email\n,,,\nc2,,,not an address\nc3,,Latvia,\nc4,,,a@b\nc5,,,a@@b.lv\n"
    )
    assert [(each.row, each.column) for each in report.rejected] == [
        (1, "customer_id"),
        (2, "email"),
        (3, "country"),
        (5, "email"),
    ]
    assert [row[0] for row in await records()] == ["c4"]


async def test_the_list_finds_by_id_and_address(client: httpx.AsyncClient, maris: User) -> None:
    await imported("customer_id,email\n" + "".join(f"c{n},p{n}@x.lv\n" for n in range(60)) + "100%,\n")

    async def found(query: str) -> list[str]:
        page = await client.get(f"/customers?{query}", headers={"HX-Request": "true"})
        return re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', page.text)

    assert await found("q=P59@") == ["c59"]
    assert await found("q=%25") == ["100%"]
    assert await found("q=_") == []
    assert len(await found("")) == 50
    assert len(await found("page=2")) == 11
    assert len(await found("page=999")) == 11
    assert await found("q=nobody&page=x") == []


async def test_the_list_names_countries_and_segments(client: httpx.AsyncClient, maris: User) -> None:
    await imported("customer_id,country,segment\nc1,LV,at_risk\nc2,,\nc3,,<b>VIP_club\n")
    page = await client.get("/customers", headers={"HX-Request": "true"})
    cells = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", page.text)]
    assert [cells[at : at + 4] for at in range(0, len(cells), 4)] == [
        ["", "", "", "&lt;b&gt;VIP club"],
        ["", "", "", ""],
        ["", "", "Latvia", "At risk"],
    ]


async def test_only_an_administrator_sees_the_button_to_erase(client: httpx.AsyncClient, maris: User) -> None:
    await imported("customer_id\nc1\n")
    assert "/settings/erase" not in (await client.get("/customers")).text


async def test_an_import_page_reports_and_gives_the_rejected_rows_back(
    client: httpx.AsyncClient, maris: User
) -> None:
    content = "customer_id;email;mood\nc1;a@x.lv;ok\nc2;<b>no</b>;=1+1\n"
    page = await client.post("/customers/import", files={"file": ("clients.csv", content)})
    assert page.status_code == 200
    assert re.findall(r"<dd>\s*(\d+)\s*</dd>", page.text) == ["1", "0", "1"]
    assert "Ignored columns: mood" in page.text
    assert "This is not an e-mail address." in page.text
    assert re.search(
        r'<div class="scroll"\s+role="region"\s+aria-label="Rejected rows"\s+tabindex="0">', page.text
    )
    rows = re.search(r'<textarea name="rows" hidden>(.*?)</textarea>', page.text, re.DOTALL)
    assert rows is not None
    assert "&lt;b&gt;" in rows[1]
    back = await client.post(
        "/customers/import/rejected", data={"name": "clients.csv", "rows": "a,b\r\n1,2\r\n"}
    )
    assert back.headers["content-disposition"] == 'attachment; filename="clients-rejected.csv"'
    assert (back.headers["content-type"], back.content) == ("text/csv; charset=utf-8", b"a,b\r\n1,2\r\n")


async def test_an_import_page_says_why_a_file_was_refused(client: httpx.AsyncClient, maris: User) -> None:
    none = await client.post("/customers/import", data={"file": ""})
    wrong = await client.post("/customers/import", files={"file": ("x.csv", b"PK\x03\x04")})
    assert (none.status_code, wrong.status_code) == (422, 422)
    assert "Please choose a file." in none.text
    assert "This is a zip file, not a CSV file." in wrong.text


async def test_many_customers_are_counted_as_the_reader_writes_numbers(
    client: httpx.AsyncClient, maris: User
) -> None:
    await Customer.bulk_create([Customer(customer_id=f"c{n}") for n in range(1234)])
    assert "1,234 customers" in (await client.get("/customers")).text


async def test_nothing_hides_in_a_segment(database: None) -> None:
    assert (await imported("customer_id,segment\nc1,\u202enew\u200b\nc2,\u200b\n")).accepted == 2
    assert [row[3] for row in await records()] == ["new", None]
