"""Files as people send them: taken whole, refused whole with a sentence, rows known by number and line."""

import csv
import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.delimited import DELIMITERS, Rejection, Report, Table, read_table, rejected_rows
from surveys.errors import Refused

KNOWN = ("id", "text", "country")


def read(content: str | bytes) -> Table:
    raw = content.encode() if isinstance(content, str) else content
    return read_table(raw, required=("id", "text"), known=KNOWN)


def refusal(content: str | bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(content)
    return str(refused.value)


def test_rows_are_numbered_from_one_and_know_their_physical_line() -> None:
    table = read('id,text\n1,"two\nlines"\n\n2,after a blank line\n3,"a\r\nb\rc"\n4,last')
    assert [(row.number, row.line, row.cells) for row in table.rows] == [
        (1, 2, {"id": "1", "text": "two\nlines"}),
        (2, 5, {"id": "2", "text": "after a blank line"}),
        (3, 6, {"id": "3", "text": "a\r\nb\rc"}),
        (4, 9, {"id": "4", "text": "last"}),
    ]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_line_end_and_mark(mark: bytes, delimiter: str, end: str) -> None:
    lines = [delimiter.join(("id", "text", "country")), delimiter.join(("1", "ķiršu", "NA"))]
    table = read(mark + end.join(lines).encode())
    assert [row.cells for row in table.rows] == [{"id": "1", "text": "ķiršu", "country": "NA"}]


def test_the_country_of_namibia_is_no_empty_cell() -> None:
    assert read("id,text,country\n1,x,NA\n").rows[0].text("country") == "NA"


def test_other_delimiters_in_quoted_header_cells_do_not_mislead() -> None:
    table = read('"id";"text";"a,b,c,d"\n1;2;3\n')
    assert table.rows[0].cells == {"id": "1", "text": "2", "a,b,c,d": "3"}


def test_unknown_columns_are_named_and_capitals_in_the_header_do_not_matter() -> None:
    table = read("ID,Text,mood,\n1,x,good,\n")
    assert (table.ignored_columns, table.rows[0].text("id"), table.rows[0].text("country")) == (
        ["mood"],
        "1",
        "",
    )


def test_rows_of_another_length_are_listed() -> None:
    table = read("id,text\n1,a\n2\n3,b,c\n4,d\n")
    assert [row.number for row in table.rows] == [1, 4]
    assert table.broken == [
        Rejection(2, 3, None, "The row has 1 cells, the header has 2."),
        Rejection(3, 4, None, "The row has 3 cells, the header has 2."),
    ]


def test_a_huge_cell_is_read_so_that_only_its_row_is_rejected() -> None:
    table = read("id,text\n1," + "x" * 3_000_000 + "\n2,y\n")
    assert [len(row.text("text")) for row in table.rows] == [3_000_000, 1]


def test_nul_and_formulas_are_text() -> None:
    assert [row.text("text") for row in read("id,text\n1,=1+1\n2,a\x00b\n").rows] == ["=1+1", "a\x00b"]


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


DISGUISED = [
    (zipped(), "This is a zip file, not a CSV file."),
    (gzip.compress(b"id,text\n1,x\n"), "This is a gzip file, not a CSV file."),
    (b"%PDF-1.7\n", "This is a PDF file, not a CSV file."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a XLS file, not a CSV file."),
]


@pytest.mark.parametrize(("content", "sentence"), DISGUISED)
def test_renamed_archives_are_named(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_named(encoding: str) -> None:
    assert (
        refusal("id,text\n1,x\n".encode(encoding))
        == "This file is written in UTF-16. Please save it as UTF-8."
    )


def test_another_encoding_is_refused_with_the_line() -> None:
    content = "id,text\n1,x\n2,Rīga\n".encode("windows-1257")
    assert refusal(content) == "This file is not in UTF-8: line 3 cannot be read. Please save it as UTF-8."


def test_lone_surrogates_are_not_utf8() -> None:
    content = b"id,text\n1,\xed\xa0\x80\n"
    assert refusal(content) == "This file is not in UTF-8: line 2 cannot be read. Please save it as UTF-8."


REFUSED = [
    ("", "This file is empty."),
    (b"\xef\xbb\xbf \n", "This file is empty."),
    ("id,comment\n1,x\n", "The file lacks these columns: text."),
    ("a,b\n1,x\n", "The file lacks these columns: id, text."),
    ("id,text,id\n1,x,2\n", "The file has these columns twice: id."),
    (
        'id,text\n1,a\n2,"unclosed\n3,b\n',
        "The file cannot be read from line 3 on: a quotation mark is out of place.",
    ),
    ('id,text\n1,"a" b\n', "The file cannot be read from line 2 on: a quotation mark is out of place."),
]


@pytest.mark.parametrize(("content", "sentence"), REFUSED)
def test_what_is_not_what_it_claims_is_refused_whole(content: str | bytes, sentence: str) -> None:
    assert refusal(content) == sentence


def test_a_header_alone_is_a_file_without_rows() -> None:
    table = read("id,text\n")
    assert (table.rows, table.broken) == ([], [])


def test_the_report_has_exactly_the_documented_keys() -> None:
    report = Report("f.csv", 2, 1, [Rejection(3, 4, "text", "No.")], ignored_columns=["mood"])
    assert report.as_json() == {
        "file": "f.csv",
        "accepted": 2,
        "duplicates": 1,
        "rejected": [{"row": 3, "line": 4, "column": "text", "reason": "No."}],
        "refused": None,
    }


def test_rejected_rows_come_back_to_be_mended_and_sent_again() -> None:
    content = b'id;text;mood\n1;a;x\n2;"b\nc";=1+1\n3;d;y\n'
    report = Report("f.csv", rejected=[Rejection(2, 3, "text", "Too odd.")])
    back = rejected_rows(content, report)
    assert list(csv.reader(io.StringIO(back, newline=""))) == [
        ["id", "text", "mood", "rejected_because"],
        ["2", "b\nc", "=1+1", "Too odd."],
    ]
    again = read(back)
    assert (again.ignored_columns, again.rows[0].text("text")) == (["mood", "rejected_because"], "b\nc")
    twice = rejected_rows(back.encode(), Report("f.csv", rejected=[Rejection(1, 2, "text", "Still.")]))
    assert next(csv.reader(io.StringIO(twice))) == ["id", "text", "mood", "rejected_because"]


def test_a_rejected_row_comes_back_whole_whatever_its_length() -> None:
    reasons = [Rejection(1, 2, None, "Too long."), Rejection(2, 3, None, "Too short.")]
    back = rejected_rows(b"id,text\n1,a,half of it\n2\n", Report("f.csv", rejected=reasons))
    assert list(csv.reader(io.StringIO(back, newline=""))) == [
        ["id", "text", "rejected_because"],
        ["1", "a", "half of it", "Too long."],
        ["2", "", "Too short."],
    ]


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    rows=st.lists(st.tuples(words, words), max_size=8),
    delimiter=st.sampled_from(DELIMITERS),
    bom=st.booleans(),
)
def test_what_a_csv_writer_writes_is_what_is_read(
    rows: list[tuple[str, str]], delimiter: str, bom: bool
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(("id", "text"))
    writer.writerows(rows)
    table = read(out.getvalue().encode("utf-8-sig" if bom else "utf-8"))
    assert [(row.text("id"), row.text("text")) for row in table.rows] == [
        (a.strip(), b.strip()) for a, b in rows
    ]
    assert [row.number for row in table.rows] == list(range(1, len(rows) + 1))
