"""One snapshot as PDFs in many languages: what all need is loaded once, then a process each makes one and ends.

`python -m surveys.digests.render_languages` reads one JSON object on stdin, {"figures", "organisation", "locales"}, and writes,
in the order in which they are made, a line of JSON for each locale, {"locale", "size", "error"}, and after it so many bytes
of PDF. Each has the limits of an edition made alone, and the same bytes; one that fails does not hurt the others.
"""

import asyncio
import contextlib
import gc
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any, Final

from surveys.digests import render
from surveys.errors import Unavailable
from surveys.i18n import DIGEST_LOCALES, babel_locale

Figures = dict[str, Any]

# Each takes up to some 300 MB: more cores than these make no more editions at once.
MOST_AT_ONCE: Final = 4
# Right to left takes a third longer: begun last, such an edition would leave the other cores without work.
LONGEST: Final = [code for code in DIGEST_LOCALES if babel_locale(code).text_direction == "rtl"]
# What starting takes at most, beside an edition's own time.
START_SECONDS: Final = 30


async def render_languages(
    figures: Figures, organisation: Figures, locales: Sequence[str]
) -> AsyncGenerator[tuple[str, bytes | Unavailable]]:
    """Each locale with its PDF, or with what kept it from being made, as soon as that is known."""
    job = {"figures": figures, "organisation": organisation, "locales": list(locales)}
    waiting = dict.fromkeys(locales)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "surveys.digests.render_languages",
        stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL, env=render.environment(), start_new_session=True,
    )  # fmt: skip
    sending = asyncio.create_task(_send(child, json.dumps(job, sort_keys=True).encode()))
    try:
        while waiting:
            try:
                async with asyncio.timeout(render.RENDER_SECONDS + START_SECONDS):
                    locale, made = await _next(child)
            except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError):
                break
            del waiting[locale]
            yield locale, made
    finally:
        sending.cancel()
        # Those that it started are of its group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()
    for locale in waiting:
        yield locale, Unavailable("The PDF could not be made (the rendering process ended).")


async def _send(child: Process, job: bytes) -> None:
    assert child.stdin is not None
    with contextlib.suppress(ConnectionError):
        child.stdin.write(job)
        await child.stdin.drain()
        child.stdin.close()


async def _next(child: Process) -> tuple[str, bytes | Unavailable]:
    assert child.stdout is not None
    head = json.loads(await child.stdout.readline())
    made = await child.stdout.readexactly(head["size"])
    if head["error"]:
        return head["locale"], Unavailable(f"The PDF could not be made ({head['error']}).")
    return head["locale"], made


def at_once() -> int:
    """How many editions are made beside each other: one on each core that we may use."""
    return min(MOST_AT_ONCE, len(os.sched_getaffinity(0)))


def _warm(job: Figures) -> None:
    """Load what every language needs; nothing of it changes what is made."""
    from weasyprint import HTML

    from surveys.digests import conformance, defaults, drawn, hyphens, parsed, subsets  # noqa: F401, PLC0415 - only the child makes PDFs
    from surveys.digests.charts import apart  # noqa: PLC0415 - see above

    with apart() as pictures:
        render.document({**job, "locale": job["locales"][0]})
    for picture in pictures.values():
        drawn.strokes(picture)
    subsets.at_hand()
    defaults.rules()
    style = render.stylesheet(render.colours(job["organisation"]))
    HTML(string='<p style="width: 0">a b</p>').write_pdf(stylesheets=[style], pdf_variant=conformance.VARIANT)


def _made(job: Figures, at_most: int) -> Iterator[tuple[str, bytes, str | None]]:
    """Every locale's PDF, or the name of what went wrong, in the order in which they end."""
    waiting = sorted(job["locales"], key=lambda locale: locale not in LONGEST)
    running: dict[int, tuple[str, IO[bytes]]] = {}
    while waiting or running:
        while waiting and len(running) < at_most:
            locale = waiting.pop(0)
            # Kept by the pages' cache, and gone with the last process that has it open.
            paper: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed when its process has ended
            running[_begin({**job, "locale": locale}, paper)] = (locale, paper)
        ended, status = os.wait()
        locale, paper = running.pop(ended)
        with paper:
            paper.seek(0)
            written = paper.read()
        if status == 0 and written.startswith(b"%PDF"):
            yield locale, written, None
        else:
            yield locale, b"", _what_went_wrong(status, written)


def _what_went_wrong(status: int, written: bytes) -> str:
    if os.WIFSIGNALED(status):
        return "too long" if os.WTERMSIG(status) in {signal.SIGALRM, signal.SIGXCPU} else "killed"
    return written.decode("ascii", "replace")[:80] or "no message"


def _begin(job: Figures, paper: IO[bytes]) -> int:
    """The number of a process that makes one PDF: its time is its own, and its memory goes with it."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        signal.alarm(render.RENDER_SECONDS)
        # A page's boxes live until it is written, and memory goes back all at once: collecting would cost a fifth of the time.
        gc.disable()
        del job["locales"]
        made = render.pdf(job)
        paper.write(made)
        status = 0
    except BaseException as error:  # noqa: BLE001 - its name is told; its text may quote what was rendered
        paper.write(type(error).__name__.encode("ascii", "replace"))
    finally:
        paper.flush()
        os._exit(status)


def main() -> None:
    """Make all and end."""
    render.limit()
    job = json.loads(sys.stdin.buffer.read())
    _warm(job)
    gc.freeze()
    out = sys.stdout.buffer
    for locale, made, error in _made(job, at_once()):
        out.write(json.dumps({"locale": locale, "size": len(made), "error": error}).encode() + b"\n" + made)
        out.flush()


if __name__ == "__main__":
    main()
