"""One line of the benchmark table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, what was wanted, and whether it was met (None: could not be measured)."""

    what: str
    wanted: str
    measured: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """`met`, `missed`, or nothing."""
        return {True: "met", False: "**missed**", None: ""}[self.met]


def at_least(what: str, ratio: float, wanted: float) -> Row:
    """A ratio that should be large."""
    return Row(what, f"≥ {wanted:g} ×", f"{ratio:.2f} ×", ratio >= wanted)


def at_most(what: str, ratio: float, wanted: float, unit: str = "×") -> Row:
    """A ratio or size that should be small."""
    return Row(what, f"≤ {wanted:g} {unit}", f"{ratio:.2f} {unit}", ratio <= wanted)
