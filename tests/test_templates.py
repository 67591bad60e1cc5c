"""Templates: each compiles, says its language, holds nothing the content security policy forbids, and speaks htmx 4."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import StrictUndefined

from surveys.settings import CHECKOUT
from surveys.templating import TEMPLATES, environment

ALL = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
MARKUP = [name for name in ALL if name.endswith(".html")]
MAILS = sorted(path.name for path in (TEMPLATES / "email").iterdir())
UPGRADE_CHECK = CHECKOUT / "node_modules/htmx.org/dist/scripts/upgrade-check.py"
# What htmx 2 knew and htmx 4 leaves unread.
REMOVED = {
    "hx-vars", "hx-params", "hx-prompt", "hx-ext", "hx-disinherit", "hx-inherit", "hx-request", "hx-history",
    "hx-disabled-elt", "hx-on",
}  # fmt: skip


class Tags(HTMLParser):
    """Every tag of a template with its attributes; what Jinja writes stands for itself."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        source = (TEMPLATES / name).read_text("utf-8")
        self.feed(re.sub(r"{%.*?%}|{#.*?#}", " ", source, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_there_are_templates() -> None:
    assert {name.partition("/")[0] for name in ALL} == {"app", "components", "digests", "email", "respondent"}


@pytest.mark.parametrize("name", [name for name in ALL if not name.endswith(".css")])
def test_a_template_compiles_and_takes_no_undefined_name_for_empty(name: str) -> None:
    assert environment().undefined is StrictUndefined
    environment().get_template(name)


@pytest.mark.parametrize("name", MARKUP)
def test_a_whole_page_says_its_language_and_direction(name: str) -> None:
    for tag, attributes in Tags(name).found:
        if tag == "html":
            assert attributes == {"lang": "{{ lang }}", "dir": "{{ dir }}"}


def test_every_page_is_a_whole_one_or_extends_one() -> None:
    parts = {name for name in MARKUP if name.startswith("components/")}
    parts |= {
        "respondent/parts.html",
        "respondent/failure_titles.html",
        "digests/points.html",
        "digests/slopes.html",
        "digests/theme.html",
    }
    for name in sorted(set(MARKUP) - parts):
        source = (TEMPLATES / name).read_text("utf-8")
        assert re.search(r"<html|{% extends \"|{% from \"|{% include \"", source), name


@pytest.mark.parametrize("name", MARKUP)
def test_no_style_and_no_script_stand_in_the_page(name: str) -> None:
    for tag, attributes in Tags(name).found:
        assert tag != "style", name
        assert tag != "script" or (attributes.get("src") or "").startswith("{{ static("), (name, attributes)
        forbidden = {key for key in attributes if key == "style" or (key.startswith("on") and key != "on")}
        forbidden |= {key for key, value in attributes.items() if (value or "").startswith("javascript:")}
        assert forbidden == set(), (name, tag, forbidden)


@pytest.mark.parametrize("name", MARKUP)
def test_what_a_page_fetches_is_our_own(name: str) -> None:
    for tag, attributes in Tags(name).found:
        for key in ("src", "srcset", "action", "formaction", "data", "poster"):
            assert not re.match(r"(https?:)?//", attributes.get(key) or ""), (name, tag, attributes)
        if tag == "link":
            assert not re.match(r"(https?:)?//", attributes.get("href") or ""), (name, attributes)


@pytest.mark.parametrize("name", MARKUP)
def test_nothing_is_safe_but_what_jinja_escaped(name: str) -> None:
    """A `| safe` is how a comment becomes a script."""
    source = (TEMPLATES / name).read_text("utf-8")
    assert re.findall(r"\|\s*safe\b|autoescape\s+false", source) == []


@pytest.mark.parametrize("folder", MAILS)
def test_a_mail_has_its_subject_and_both_bodies(folder: str) -> None:
    files = {path.name for path in (TEMPLATES / "email" / folder).iterdir()}
    assert files == {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize("name", MARKUP)
def test_htmx_attributes_are_those_of_htmx_4(name: str) -> None:
    for tag, attributes in Tags(name).found:
        ours = {key.partition(":")[0] for key in attributes if key.startswith("hx-")}
        assert ours & REMOVED == set(), (name, tag)
        swap = attributes.get("hx-swap") or ""
        assert not re.search(r"(show|scroll):\w+:", swap), (name, swap)


@pytest.mark.parametrize("name", MARKUP)
def test_a_part_that_asks_again_leaves_the_focus_where_it_is(name: str) -> None:
    """What is swapped whole takes a button away from under who is about to press it."""
    for tag, attributes in Tags(name).found:
        # The inbox's bar holds nothing to press.
        if (attributes.get("hx-trigger") or "").startswith("every ") and attributes.get("id") != "reading":
            assert (attributes.get("hx-swap") or "").endswith("Morph"), (name, tag)


def test_htmx_itself_finds_nothing_to_upgrade() -> None:
    if not UPGRADE_CHECK.exists():
        pytest.skip("htmx is not installed with its scripts")
    ran = subprocess.run(
        [sys.executable, str(UPGRADE_CHECK), "--no-color", str(TEMPLATES)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    # Here hx-disable has its meaning of htmx 4: the button sleeps while it is asked for.
    issues = [
        line
        for line in ran.stdout.splitlines()
        if line.startswith(str(TEMPLATES)) and "rename to hx-ignore" not in line
    ]
    assert (ran.stderr.count("Traceback"), issues) == (0, [])


def test_files_of_pages_are_there() -> None:
    for name in MARKUP:
        source = (TEMPLATES / name).read_text("utf-8")
        for path in re.findall(r"static\(['\"]([^'\"]+)['\"]\)", source):
            assert (Path(CHECKOUT) / "static" / path).is_file(), (name, path)
