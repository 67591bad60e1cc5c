"""`bin/bench`: every figure that docs/benchmarks.md states, as ratios measured in one run.

Each benchmark yields rows of (what, wanted, measured, met). A figure that is missed is printed as missed.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import dashboard, digest, inbox, memory, understanding, web, worlds
from tests.bench.row import Row

BENCHMARKS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "web": web.measure,
    "understanding": understanding.measure,
    "inbox": inbox.measure,
    "digest": digest.measure,
    "editions": digest.measure_editions,
    "dashboard": dashboard.measure,
    "memory": memory.measure,
    "worlds": worlds.measure,
}
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- begin: bin/bench {name} -->\n", "<!-- end: {name} -->\n"


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| figure | wanted | measured | |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.what} | {row.wanted} | {row.measured} | {row.verdict} |" for row in rows]
    return "\n".join(lines) + "\n"


def write(name: str, rows: list[Row]) -> None:
    """Renew one benchmark's table in the page; the others stay as they were measured."""
    begin, end = BEGIN.format(name=name), END.format(name=name)
    page = PAGE.read_text("utf-8")
    before, after = page.partition(begin)[0], page.partition(end)[2]
    PAGE.write_text(before + begin + table(rows) + end + after, "utf-8")


def main() -> int:
    """Run the benchmarks named, print each row as it comes, and the table at the end."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    parser.add_argument(
        "--million", action="store_true", help="measure the digest and the dashboard at 1 000 000 too"
    )
    wanted = parser.parse_args()
    if wanted.million:
        os.environ[digest.MILLION] = "1"
    unknown = set(wanted.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    found: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted.names or BENCHMARKS:
            # These look at the digest's answers, where both are measured: a million take minutes to write.
            home = Path(folder) / ("digest" if name in {"editions", "dashboard"} else name)
            home.mkdir(exist_ok=True)
            os.environ["POLYVOX_HOME"] = str(home)
            for row in BENCHMARKS[name](home):
                sys.stderr.write(f"{row.what}: {row.measured} (wanted {row.wanted}) {row.verdict}\n")
                found.setdefault(name, []).append(row)
            if wanted.write:
                write(name, found[name])
    sys.stdout.write(table([row for rows in found.values() for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
