"""Contact sheets: a week's digest in every language, to be looked at side by side and page by page.

Without figures the demo is loaded into a folder that is dropped afterwards, and its latest full week is taken. The figures
are counted once; each language is rendered from them.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageColor, ImageDraw, ImageFont

from surveys.demo.load import COMPANY
from surveys.digests.charts import palette
from surveys.digests.render import render
from surveys.i18n import DIGEST_LOCALES

ROOT = Path(__file__).parents[2]
DPI = 110
# Widths in pixels; both sheets together stay under a megabyte.
FIRST_WIDTH, FIRST_COLUMNS = 540, 4
PAGE_WIDTH = 220
GAP, LABEL = 14, 20
GROUND = "#d9d6cf"
SHADES = 12

Editions = Mapping[str, Sequence[Path]]


def demo_figures() -> dict[str, Any]:
    """The demo's latest full week, counted in a home of its own."""
    year, week, _day = (datetime.now(UTC) - timedelta(weeks=1)).isocalendar()
    with TemporaryDirectory() as home:

        def polyvox(*words: str) -> str:
            run = subprocess.run(
                [sys.executable, "-m", "surveys", *words],
                env={**os.environ, "POLYVOX_HOME": home, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            return run.stdout

        polyvox("migrate")
        polyvox("demo", "load")
        polyvox("analyse")
        found: dict[str, Any] = json.loads(polyvox("digest", "--week", f"{year}-W{week:02}", "--json"))
        return found


async def pages(figures: dict[str, Any], name: str, folder: Path) -> dict[str, list[Path]]:
    """Every page of every edition as a picture, by language; as many at a time as there are processors."""
    turn = asyncio.Semaphore(os.cpu_count() or 1)

    async def edition(locale: str) -> list[Path]:
        async with turn:
            pdf = await render(figures, {"name": name, "logo": None}, locale)
            return await asyncio.to_thread(pictures, pdf, folder / f"{locale}.pdf")

    found = await asyncio.gather(*(edition(locale) for locale in DIGEST_LOCALES))
    return dict(zip(DIGEST_LOCALES, found, strict=True))


def pictures(pdf: bytes, file: Path) -> list[Path]:
    """Keep a PDF and make a picture of each of its pages beside it."""
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", file, file.with_suffix("")], check=True)
    return sorted(file.parent.glob(f"{file.stem}-*.png"))


def thumbnail(page: Path, width: int) -> Image.Image:
    """A page so many pixels wide."""
    with Image.open(page) as picture:
        height = round(picture.height * width / picture.width)
        return picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)


def sheet(rows: Sequence[Sequence[tuple[str, Path]]], width: int) -> Image.Image:
    """Pages in rows, each under its label."""
    placed = [[(label, thumbnail(page, width)) for label, page in row] for row in rows]
    tallest = max(picture.height for row in placed for _label, picture in row)
    columns = max(len(row) for row in placed)
    size = (columns * (width + GAP) + GAP, len(placed) * (tallest + LABEL + GAP) + GAP)
    whole = Image.new("RGB", size, GROUND)
    draw, ink = ImageDraw.Draw(whole), palette()["ink"]
    font = ImageFont.load_default(size=13)
    for down, row in enumerate(placed):
        for across, (label, picture) in enumerate(row):
            x, y = GAP + across * (width + GAP), GAP + down * (tallest + LABEL + GAP)
            draw.text((x, y), label, ink, font=font)
            whole.paste(picture, (x, y + LABEL))
    return whole.quantize(palette=colours(), dither=Image.Dither.NONE)


def colours() -> Image.Image:
    """The colours of the digest and what lies between each of them and the paper: few, so that a sheet is small."""
    named = palette()
    inks = [named[name] for name in ("ink", "negative", "positive", "accent", "neutral")]
    shades = [
        round(255 + (part - 255) * step / SHADES)
        for ink in inks
        for step in range(SHADES + 1)
        for part in ImageColor.getrgb(ink)[:3]
    ]
    table = Image.new("P", (1, 1))
    table.putpalette([*ImageColor.getrgb(GROUND)[:3], *shades])
    return table


def sheets(editions: Editions) -> dict[str, Image.Image]:
    """The first pages large, and all pages small, by file name."""
    first = [(locale, found[0]) for locale, found in editions.items()]
    return {
        "digest-first-pages.png": sheet(
            [first[at : at + FIRST_COLUMNS] for at in range(0, len(first), FIRST_COLUMNS)], FIRST_WIDTH
        ),
        "digest-all-pages.png": sheet(
            [
                [(f"{locale} {n}", page) for n, page in enumerate(found, 1)]
                for locale, found in editions.items()
            ],
            PAGE_WIDTH,
        ),
    }


def main() -> None:
    """Make the sheets and say where they are."""
    parser = argparse.ArgumentParser(prog="bin/sheets", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--figures", type=Path, help="what `polyvox digest --json` printed; default: the demo's"
    )
    parser.add_argument("--name", default=COMPANY, help="what the organisation is called")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", help="where the sheets go")
    parser.add_argument("--pages", type=Path, help=f"keep every PDF and page at {DPI} dpi here")
    chosen = parser.parse_args()
    figures = json.loads(chosen.figures.read_text("utf-8")) if chosen.figures else demo_figures()
    with TemporaryDirectory() as scratch:
        folder = chosen.pages or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        made = sheets(asyncio.run(pages(figures, chosen.name, folder)))
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name, picture in made.items():
        picture.save(chosen.out / name, optimize=True)
        print(f"{chosen.out / name}: {(chosen.out / name).stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
