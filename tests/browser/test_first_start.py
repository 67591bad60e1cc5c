"""What `bin/serve` does last: it signs in by the front door and says where to look."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.browser.conftest import CHECKOUT, Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
EMAIL, PASSWORD = "first@polyvox.example", "a long enough password"


def waiting() -> ModuleType:
    """The script, which stands outside every package."""
    place = CHECKOUT / "bin" / "lib" / "wait_until_ready.py"
    spec = importlib.util.spec_from_file_location("wait_until_ready", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def first_password(server: Server, folder: Path) -> Path:
    """Make the first administrator, and the file that bin/serve keeps of it."""
    added = [
        sys.executable,
        "-m",
        "surveys",
        "user",
        "add",
        EMAIL,
        "--role",
        "administrator",
        "--password-stdin",
    ]
    environment = {**server.environment, "PATH": "/usr/bin:/bin"}
    subprocess.run(added, input=PASSWORD + "\n", env=environment, cwd=CHECKOUT, check=True, text=True)
    kept = folder / "first-password"
    kept.write_text(f"{EMAIL}\n{PASSWORD}\n", "utf-8")
    return kept


def test_the_first_administrator_is_signed_in_and_told_where_to_look(server: Server, tmp_path: Path) -> None:
    kept = first_password(server, tmp_path)
    assert waiting().ready_lines(server.address, kept) == [
        "survey:  none yet; bin/polyvox survey add makes one",
        f"inbox:   {server.address}/inbox",
        f"digest:  {server.address}/digests",
        f"sign-in: {server.address}/sign-in  {EMAIL}  {PASSWORD}",
    ]
    assert kept.exists()


def test_so_is_one_whose_pages_are_reached_by_https_only(tmp_path: Path) -> None:
    with serving(tmp_path, PUBLIC_URL="https://feedback.example") as server:
        kept = first_password(server, tmp_path)
        (*_, last) = waiting().ready_lines(server.address, kept)
    assert last == f"sign-in: {server.address}/sign-in  {EMAIL}  {PASSWORD}"


def test_a_first_password_that_was_changed_is_forgotten(server: Server, tmp_path: Path) -> None:
    kept = tmp_path / "first-password"
    kept.write_text("nobody@polyvox.example\nanother password\n", "utf-8")
    assert waiting().ready_lines(server.address, kept)[-1].endswith("(with your own e-mail and password)")
    assert not kept.exists()
