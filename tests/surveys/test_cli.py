"""The commands as scripts call them: status, stdout, stderr."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

import pytest

from surveys.settings import CHECKOUT

RESPONSES = (
    "external_id,survey,metric,submitted_at,score,comment,mood\n"
    'r1,orders,csat,2026-11-17T10:00:00Z,2,"late\nagain",x\n'
    "r2,orders,csat,2026-11-17T10:00:00,2,,x\n"
    "r3,orders,csat,2026-11-17T10:00:00Z,9,,x\n"
)

pytestmark = pytest.mark.journey


class Write(Protocol):
    """Writes a file and gives its path."""

    def __call__(self, content: str | bytes, name: str = ...) -> str: ...


class Ended:
    """How a command ended."""

    def __init__(self, ran: subprocess.CompletedProcess[str]) -> None:
        self.status, self.out, self.err = ran.returncode, ran.stdout, ran.stderr

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def polyvox(*words: str, stdin: str = "", **environment: str) -> Ended:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "surveys", *words],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": "", "BROKER_URL": "", **environment},
        timeout=60,
        check=False,
    )
    return Ended(ran)


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(content: str | bytes, name: str = "file.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def test_help_and_wrong_usage() -> None:
    shown = polyvox("--help")
    assert (shown.status, shown.err) == (0, "")
    assert "│" not in shown.out
    for words in ((), ("nonsense",), ("survey", "add"), ("import",), ("migrate", "--what")):
        assert polyvox(*words).status == 2, words


def test_settings_that_are_wrong_are_named() -> None:
    for name, value in (
        ("DATABASE_URL", "mysql://x"),
        ("PORT", "many"),
        ("TIME_ZONE", "Mars"),
        ("SECRET_KEY", "short"),
    ):
        ended = polyvox("survey", "list", **{name: value})
        assert (ended.status, ended.err.startswith(f"{name}: ")) == (2, True), ended.err
    nowhere = polyvox("survey", "list", DATABASE_URL="sqlite:////nonexistent/folder/x.sqlite3")
    assert (nowhere.status, nowhere.err) == (2, "DATABASE_URL: there is no folder /nonexistent/folder.\n")


def test_a_survey_is_added_closed_and_listed() -> None:
    added = polyvox(
        "survey", "add", "--metric", "nps", "--slug", "relationship", "--name", "Attiecības", "--locale", "lv"
    )
    assert (added.status, added.out) == (0, "http://127.0.0.1:8000/s/relationship\n")
    twice = polyvox("survey", "add", "--metric", "nps", "--slug", "relationship", "--name", "Again")
    assert (twice.status, twice.err) == (2, "There is a survey “relationship” already.\n")
    assert polyvox("survey", "close", "relationship").status == 0
    assert polyvox("survey", "list", "--json").json == [
        {
            "slug": "relationship",
            "name": "Attiecības",
            "metric": "nps",
            "locale": "lv",
            "basis": "legitimate_interest",
            "open": False,
            "imported": False,
        }
    ]
    assert polyvox("survey", "reopen", "relationship").status == 0
    assert polyvox("survey", "list").out == "relationship\tnps\topen\tAttiecības\n"
    assert polyvox("survey", "close", "nope").status == 2


def test_an_import_reports_in_exactly_the_documented_form(file: Write, tmp_path: Path) -> None:
    path = file(RESPONSES)
    ended = polyvox("import", "responses", path, "--json", "--rejects", str(tmp_path / "rejects.csv"))
    assert ended.status == 1
    assert ended.json == {
        "file": path,
        "accepted": 1,
        "duplicates": 0,
        "rejected": [
            {
                "row": 2,
                "line": 4,
                "column": "submitted_at",
                "reason": "The time has no zone. Please add one, such as Z or +02:00.",
            },
            {"row": 3, "line": 5, "column": "score", "reason": "“9” is not a whole number from 1 to 5."},
        ],
        "refused": None,
    }
    assert "Ignored columns: mood.\n" in ended.err
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as rejects:
        assert [row["external_id"] for row in csv.DictReader(rejects)] == ["r2", "r3"]
    again = polyvox("import", "responses", path)
    assert (again.status, again.out.splitlines()[0]) == (1, f"{path}: 0 accepted, 1 duplicates, 2 rejected.")
    good = file("external_id,source,published_at,text\nm1,blog,2026-11-17T10:00:00Z,Labi\n")
    assert polyvox("import", "mentions", good).status == 0


def test_a_refused_file_is_told_in_one_sentence(file: Write) -> None:
    path = file(b"PK\x03\x04")
    ended = polyvox("import", "mentions", path, "--json")
    assert (ended.status, ended.json) == (
        2,
        {
            "file": path,
            "accepted": 0,
            "duplicates": 0,
            "rejected": [],
            "refused": "This is a zip file, not a CSV file.",
        },
    )
    missing = polyvox("import", "responses", "/nonexistent.csv")
    assert (missing.status, missing.err) == (
        2,
        "/nonexistent.csv cannot be read: No such file or directory.\n",
    )


def test_invitations_are_written_and_stay_the_same(file: Write, tmp_path: Path) -> None:
    customers = file("customer_id,locale,email\nc1,lv,a@x.lv\nc2,ar,\n")
    out = tmp_path / "links.csv"
    words = ("invite", "--survey", "relationship", "--customers", customers, "--out", str(out))
    assert (polyvox(*words).status, out.exists()) == (2, False)
    polyvox("survey", "add", "--metric", "nps", "--slug", "relationship", "--name", "Relationship")
    nowhere = polyvox(*words[:-1], str(tmp_path / "no" / "links.csv"))
    assert (nowhere.status, nowhere.err.endswith("cannot be written: No such file or directory.\n")) == (
        2,
        True,
    )
    assert polyvox(*words).out.startswith(f"{customers}: 2 accepted, 0 duplicates")
    first = out.read_bytes()
    with out.open(encoding="utf-8", newline="") as links:
        rows = list(csv.DictReader(links))
    assert [(row["customer_id"], row["email"], row["locale"]) for row in rows] == [
        ("c1", "a@x.lv", "lv"),
        ("c2", "", "ar"),
    ]
    assert rows[0]["link"].startswith("http://127.0.0.1:8000/lv/s/relationship?i=")
    assert polyvox(*words).status == 0
    assert out.read_bytes() == first


def test_erasing_says_how_much_and_only_once(file: Write) -> None:
    polyvox("import", "customers", file("customer_id,email\nc1,a@x.lv\n"))
    assert polyvox("erase").status == 2
    erased = polyvox("erase", "--email", "A@x.lv", "--json")
    assert (erased.status, erased.json) == (
        0,
        {
            "customers": 1,
            "invitations": 0,
            "responses": 0,
            "verbatims": 0,
            "originals": 0,
            "editions": 0,
            "kept": [],
        },
    )
    again = polyvox("erase", "--customer", "c1")
    assert (again.status, again.err) == (2, "Nothing of this person is kept here.\n")


def test_users(file: Write) -> None:
    added = polyvox("user", "add", "zane@x.lv", "--role", "administrator", "--name", "Zane")
    assert (added.status, len(added.out.strip())) == (0, 18)
    weak = polyvox("user", "add", "b@x.lv", "--password-stdin", stdin="short\n")
    assert (weak.status, weak.err) == (2, "A password has at least 12 characters.\n")
    assert polyvox("user", "list", "--json").json == [
        {"email": "zane@x.lv", "name": "Zane", "role": "administrator", "locale": None, "disabled": False}
    ]
    last = polyvox("user", "disable", "zane@x.lv")
    assert (last.status, last.err) == (
        2,
        "This is the last administrator; there must be one who can sign in.\n",
    )
    assert (
        polyvox("user", "password", "zane@x.lv", "--password-stdin", stdin="long enough a password\n").out
        == ""
    )
    assert polyvox("user", "password", "nobody@x.lv").status == 2


def test_the_organisation_and_feeds(file: Write) -> None:
    set_ = polyvox(
        "organisation", "set", "--name", "SIA Maize", "--time-zone", "Europe/Riga", "--smallest-group", "7"
    )
    assert set_.status == 0
    assert polyvox("organisation", "show").json == {
        "name": "SIA Maize",
        "contact": "privacy@example.org",
        "time_zone": "Europe/Riga",
        "default_locale": "en",
        "smallest_group": 7,
        "retention_months": 24,
        "logo": None,
        "title_colour": None,
        "line_colour": None,
        "digest_footer": None,
    }
    assert polyvox("organisation", "set", "--logo", file("<svg/>", "logo.png")).status == 2
    assert polyvox("organisation", "set", "--smallest-group", "1").status == 2
    assert polyvox("feed", "add", "https://x.example/feed", "--country", "lv").status == 0
    (feed,) = polyvox("feed", "list", "--json").json
    assert (feed["url"], feed["name"], feed["country"], feed["paused"]) == (
        "https://x.example/feed",
        "x.example",
        "LV",
        False,
    )
    assert polyvox("feed", "add", "x.example").status == 2


def test_nothing_waits_after_analyse_without_words() -> None:
    ended = polyvox("analyse")
    assert (ended.status, ended.out) == (0, "")
    assert ended.err.startswith("0 verbatims understood in ")


def test_understanding_needs_no_database(tmp_path: Path) -> None:
    loaded = (
        "import sys; from surveys import cli; import surveys.verbatims.commands, sentiment.understand, sentiment.analyse;"
        "import surveys.settings; print([name for name in ('tortoise', 'starlette') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", loaded],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        check=True,
    )
    assert ran.stdout == "[]\n"
    assert list(tmp_path.iterdir()) == []
