"""Print one line that sums up several test runs: `N passed, N failed, N skipped`.

The arguments are the reports, in JUnit's XML; an error in a test's preparation counts as a failure.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET


def outcomes(report: Path) -> Counter[str]:
    """Count the tests of one report; a run that wrote none counts nothing."""
    counts: Counter[str] = Counter()
    if not report.exists():
        return counts
    # The reports are our own, written a moment ago.
    for case in ET.parse(report).iter("testcase"):
        found = {child.tag for child in case}
        if found & {"failure", "error"}:
            counts["failed"] += 1
        elif "skipped" in found:
            counts["skipped"] += 1
        else:
            counts["passed"] += 1
    return counts


def main() -> None:
    """Print the sum of all reports named."""
    total: Counter[str] = Counter()
    for name in sys.argv[1:]:
        total += outcomes(Path(name))
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")


if __name__ == "__main__":
    main()
