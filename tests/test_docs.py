"""What the documents promise is there, and what is there is documented."""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer.main
from tortoise.models import Model

import surveys
from sentiment.themes import THEMES
from surveys import db
from surveys.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def documents() -> list[Path]:
    """Every page that is ours."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def first_cells(page: str, heading: str = "") -> list[str]:
    """The first column of the tables under a heading, without its marks."""
    part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0] if heading else page
    cells = re.findall(r"^\| ([^|]+?) \|", part, re.MULTILINE)
    return [cell.strip("`") for cell in cells]


def names(requirements: list[str]) -> list[str]:
    """Package names of requirement lines."""
    return [re.split(r"[\[<>=;~! ]", line)[0] for line in requirements]


def test_every_setting_is_documented_and_no_other() -> None:
    rows = first_cells((DOCS / "configuration.md").read_text("utf-8"))
    assert sorted(rows) == sorted(["variable", *(name.upper() for name in Settings.model_fields)])


def test_every_dependency_has_its_line_and_no_other() -> None:
    page = (DOCS / "dependencies.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    npm = [*package["dependencies"], *package["devDependencies"]]
    assert first_cells(page, "To run") == ["package", *names(project["dependencies"])]
    assert first_cells(page, "To test") == ["package", *names(extras["test"])]
    assert first_cells(page, "To measure") == ["package", *names(extras["bench"])]
    assert first_cells(page, "To train the model") == ["package", *names(extras["training"])]
    assert first_cells(page, "From npm") == ["package", *npm]


def test_every_dependency_says_why_and_under_which_licence() -> None:
    rows = re.findall(
        r"^\| (.+) \| (.*) \| (.*) \|$", (DOCS / "dependencies.md").read_text("utf-8"), re.MULTILINE
    )
    assert [name for name, why, licence in rows if not (why.strip() and licence.strip())] == []


def commands(found: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command by what is typed after `polyvox`."""
    if not hasattr(found, "commands"):
        yield " ".join(path)
        return
    for name, command in sorted(found.commands.items()):
        yield from commands(command, (*path, name))


def test_every_command_is_documented() -> None:
    from surveys.cli import app

    page = (DOCS / "cli.md").read_text("utf-8")
    assert [name for name in commands(typer.main.get_command(app)) if f"polyvox {name}" not in page] == []


# Tables that hold nothing of a person.
OF_NOBODY = {
    *("organisation", "survey", "feed", "site_theme", "theme_grouping"),
    *("counts_state", "uncounted", "uncounted_week", "epoch"),
}


def test_every_table_that_holds_something_of_a_person_is_in_privacy() -> None:
    marked = re.findall(r"`([^`]+)`", (DOCS / "privacy.md").read_text("utf-8"))
    named = set(re.findall(r"\w+", " ".join(marked)))
    tables = {
        kind._meta.db_table
        for name in db.MODELS
        for kind in vars(import_module(name)).values()
        if isinstance(kind, type) and issubclass(kind, Model) and kind._meta.db_table
    }
    assert sorted(tables - OF_NOBODY - named) == []


def test_every_theme_is_in_the_glossary() -> None:
    rows = first_cells((DOCS / "glossary.md").read_text("utf-8"), "Themes")
    assert rows == ["code", *THEMES, "none"]


def test_every_word_of_the_glossary_is_explained_once() -> None:
    page = (DOCS / "glossary.md").read_text("utf-8").partition("## Themes")[0]
    words = re.findall(r"^- \*\*(.+?)\*\*: \S", page, re.MULTILINE)
    assert len(words) == page.count("\n- ")
    assert len(set(words)) == len(words)


def test_every_decision_is_listed_and_short() -> None:
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    listed = re.findall(
        r"^- \[(.+)\]\((.+)\)$", (DOCS / "decisions" / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert listed == [
        (page.read_text("utf-8").split("\n", 1)[0].removeprefix("# "), page.name) for page in pages
    ]
    for number, page in enumerate(pages, 1):
        text = page.read_text("utf-8")
        assert page.name.startswith(f"{number:04}-"), page.name
        assert len(text.splitlines()) <= 40, page.name
        assert re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE) == [
            "Context",
            "Choice",
            "Price",
            "What would change our mind",
        ], page.name


def test_the_changelog_begins_with_this_version() -> None:
    page = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[(.+?)\]", page, re.MULTILINE)
    assert versions[0] == surveys.__version__


def anchors(page: Path) -> set[str]:
    """The places in a page that a link may name."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    named = re.findall(r"`((?:surveys|sentiment|templates|static|tests|bin|docs|locales)/[\w./-]*)`", text)
    # What bin/install brings or a build makes need not be there yet.
    made = ("static/vendor", "surveys/data/vendor", "sentiment/model")
    missing = [name for name in named if not name.startswith(made) and not (ROOT / name).exists()]
    assert missing == []
