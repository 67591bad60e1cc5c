"""A digest as files in a folder of the data folder: PDF, page one as HTML and text, and every figure as JSON.

A file appears whole or not at all, and a second time is the same file again.
"""

import asyncio
import errno
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from surveys.errors import Unavailable
from surveys.i18n import gettext as _
from surveys.settings import settings

# One folder beside others: no path leads out of the editions' own.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


def name_problem(name: str) -> str | None:
    """What is wrong with a folder's name, as a sentence."""
    if _NAME.fullmatch(name):
        return None
    return _("A folder's name has letters from A to Z, digits, - and _ only, 60 at most.")


def folder_of(name: str) -> Path:
    """Where the editions of this name are written; raises Unavailable for what is no name."""
    if name_problem(name):
        msg = "This is no folder's name."
        raise Unavailable(msg)
    return settings().home / "editions" / name


async def write(name: str, files: Mapping[str, bytes]) -> None:
    """Write the files of an edition; raises Unavailable where they cannot be written."""
    await asyncio.to_thread(_write, folder_of(name), files)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        for file, content in files.items():
            unfinished = folder / f".{file}.{secrets.token_hex(4)}"
            try:
                with unfinished.open("wb") as written:
                    written.write(content)
                    written.flush()
                    os.fsync(written.fileno())
                unfinished.replace(folder / file)
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        # Its code, such as ENOSPC: the system's own words are English.
        why = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise Unavailable(_("The folder cannot be written (%(why)s).") % {"why": why}) from None
