"""An edition as a PDF, made in a child process that ends with its job: memory and time have limits and go back.

`python -m surveys.digests.render` reads one JSON object on stdin and writes the PDF on stdout. Same input, same bytes.
Only the child loads WeasyPrint; many languages of one snapshot have a child that loads it once (render_languages.py).
"""

import asyncio
import base64
import hashlib
import json
import logging
import os
import resource
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

from surveys.errors import Unavailable
from surveys.settings import CHECKOUT

Figures = dict[str, Any]

# The work itself is bounded; the clock runs on while a busy machine lets an edition wait for its turn.
CPU_SECONDS: Final = 120
RENDER_SECONDS: Final = 600
# Address space, not memory in use: the CJK fonts alone are mapped with hundreds of megabytes.
ADDRESS_SPACE: Final = 3 * 1024**3
STYLESHEETS: Final = (CHECKOUT / "static" / "tokens.css", CHECKOUT / "templates" / "digests" / "report.css")
OWN_FOLDERS: Final = (CHECKOUT / "templates" / "digests", CHECKOUT / "static")
KEPT_VARIABLES: Final = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)
LOGO: Final = "polyvox:logo"


async def render(figures: Figures, organisation: Figures, locale: str) -> bytes:
    """The PDF of an edition; raises Unavailable when the child fails or takes too long."""
    job = json.dumps({"figures": figures, "organisation": organisation, "locale": locale}, sort_keys=True)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "surveys.digests.render",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(),
    )
    try:
        async with asyncio.timeout(RENDER_SECONDS):
            made, complaint = await child.communicate(job.encode())
    except TimeoutError:
        msg = "The PDF took too long to make."
        raise Unavailable(msg) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0 or not made.startswith(b"%PDF"):
        # The last line names the error; the lines above may quote what was rendered.
        last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
        msg = f"The PDF could not be made ({last[0].partition(':')[0][:80]})."
        raise Unavailable(msg)
    return made


def environment() -> dict[str, str]:
    """What the child needs, and none of our settings: it has no business with keys and databases."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, "PYTHONPATH": str(CHECKOUT), "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}


def document(job: Figures) -> str:
    """The HTML that the PDF is made from."""
    from surveys.digests.charts import accented  # noqa: PLC0415 - the parent needs none of it
    from surveys.digests.report_page import laid_report  # noqa: PLC0415 - see above
    from surveys.i18n import speaking  # noqa: PLC0415 - see above
    from surveys.taxonomy import naming  # noqa: PLC0415 - see above
    from surveys.templating import render as fill  # noqa: PLC0415 - see above

    organisation = job["organisation"]
    picture = logo(organisation)
    # The child has no database: the site's names of themes came with the figures.
    with naming(job["figures"].get("theme_names", {})), accented(organisation.get("line_colour") or ""):
        with speaking(job["locale"], "digest"):
            context = laid_report(job["figures"])
        return fill(
            "digests/report.html",
            locale=job["locale"],
            domain="digest",
            organisation=organisation,
            address=organisation.get("address"),
            logo=LOGO if picture else None,
            logo_left_out=bool(organisation.get("logo")) and picture is None,
            footer=organisation.get("digest_footer"),
            **context,
        )


def logo(organisation: Figures) -> bytes | None:
    """The logo as PNG; None when there is none, or none that can be read."""
    from surveys.organisation.logo import printable  # noqa: PLC0415 - only the child reads pictures

    return printable(base64.b64decode(organisation["logo"])) if organisation.get("logo") else None


TORN: Final = (
    "* { break-before: auto !important; break-after: auto !important; break-inside: auto !important; }"
)


def colours(organisation: Figures) -> str:
    """A stylesheet with the organisation's own colours; `!important`, as ours are the document's own."""
    named = {"--title": organisation.get("title_colour"), "--accent": organisation.get("line_colour")}
    return (
        ":root {" + "".join(f"{name}: {colour} !important;" for name, colour in named.items() if colour) + "}"
    )


@cache
def stylesheet(own: str) -> Any:
    """The printed page's rules, then the organisation's own: one sheet, as each is asked about every element."""
    from weasyprint import CSS

    return CSS(string="\n".join([*(sheet.read_text("utf-8") for sheet in STYLESHEETS), own]))


def pdf(job: Figures) -> bytes:
    """The PDF itself."""
    from weasyprint import CSS
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    from surveys.digests import defaults, hyphens, subsets  # noqa: PLC0415 - see above
    from surveys.digests.charts import apart  # noqa: PLC0415 - the parent needs none of it
    from surveys.digests.conformance import VARIANT, finisher  # noqa: PLC0415 - see above
    from surveys.digests.drawn import drawn  # noqa: PLC0415 - see above
    from surveys.digests.parsed import parsed  # noqa: PLC0415 - see above

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """Gives our own stylesheets and the logo, and refuses every other address."""

        def fetch(self, url: str, headers: object = None) -> Any:
            if url == LOGO:
                picture = logo(job["organisation"])
                return URLFetcherResponse(url, body=picture, headers={"Content-Type": "image/png"})
            return super().fetch(own_file(url).as_uri(), headers)

    hyphens.at_hand(job["locale"])
    subsets.at_hand()
    with apart() as pictures:
        text, fetcher = document(job), OwnFiles()
    images = drawn(pictures)
    html = parsed(text, OWN_FOLDERS[0].as_uri() + "/", fetcher)
    defaults.begin_with(html)

    def written(*styles: Any) -> bytes:
        made: bytes = html.write_pdf(
            stylesheets=styles,
            cache=images,
            finisher=finisher(text),
            pdf_variant=VARIANT,
            pdf_identifier=hashlib.sha256(json.dumps(job, sort_keys=True).encode()).digest()[:16],
        )
        return made

    own = stylesheet(colours(job["organisation"]))
    try:
        return written(own)
    except AssertionError:
        # The renderer gives up where so much is to stay together that a page would be empty. Better torn than not made.
        return written(own, CSS(string=TORN))


def own_file(url: str) -> Path:
    """The file of ours that an address names; ValueError for any other address."""
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415 - only the child fetches

    parts = urlsplit(url)
    path = Path(unquote(parts.path)).resolve()
    if parts.scheme != "file" or parts.netloc or not any(path.is_relative_to(own) for own in OWN_FOLDERS):
        msg = "only our own files are fetched"
        raise ValueError(msg)
    return path


def limit() -> None:
    """Keep this process, and each that it starts, within limits of time and memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    # WeasyPrint tells what it could not load, with addresses out of comments: nobody is to read those in a log.
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    logging.getLogger("weasyprint").propagate = False


def main() -> None:
    """Do one job and end."""
    limit()
    job = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pdf(job))


if __name__ == "__main__":
    main()
