"""Reasons for leaving: which are told one by one, and which only together, as few people gave one of them.

A reason of 1 to k - 1 people is hidden, and the smallest others with it, until those hidden are two and hold k people: what
all reasons less those told leave is then no reason's figure.
"""

from surveys.digests.compare import Figures
from surveys.digests.metrics import metric_hidden
from surveys.digests.shares import Cell
from surveys.digests.snapshot import Snapshot
from surveys.i18n import gettext as _
from surveys.scores import INVOLUNTARY_REASONS

NONE: Figures = {"n": None, "reasons": {}, "involuntary": {}, "others": None, "suppressed": True}


def other_reasons() -> str:
    """What those are called that are told only together: some for the sake of others, so how few gave one is not said."""
    return _("Other reasons together: one by one they would reveal too few people")


def people_by_reason(snapshot: Snapshot, ago: int = 0) -> dict[str, int]:
    """Who left why, in a week."""
    counted = snapshot.answers.table("reason", kept=snapshot.answers.of("metric", "exit"))[:, ago]
    names = snapshot.answers.column("reason").values
    return {name: int(n) for name, n in zip(names, counted, strict=True) if name and n}


def hidden_reasons(snapshot: Snapshot, ago: int = 0) -> frozenset[str]:
    """The reasons that the edition of a week tells only together."""
    people = people_by_reason(snapshot, ago)
    apart = frozenset() if ago else snapshot.apart.metrics.get(("all", "reason"), frozenset())
    return metric_hidden(people, frozenset(), snapshot.k, apart) & people.keys()


def is_past_told(snapshot: Snapshot, cell: Cell) -> bool:
    """Whether none of the weeks before hid a reason: else two pasts, subtracted, would tell it."""
    return not any(cell.code in hidden_reasons(snapshot, ago) for ago in range(1, len(cell.weekly)))


def told_reasons(snapshot: Snapshot, found: Figures) -> Figures:
    """The reasons told one by one, those of them that nobody chose, and how many people gave the others."""
    hidden = hidden_reasons(snapshot)
    reasons = {code: n for code, n in found["reasons"].items() if code not in hidden}
    return {
        "n": found["n"],
        "suppressed": False,
        "reasons": reasons,
        "involuntary": {code: n for code, n in reasons.items() if code in INVOLUNTARY_REASONS},
        "others": found["n"] - sum(reasons.values()),
    }
