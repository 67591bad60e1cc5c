"""Small groups: which cells must not be shown so that nobody is told apart; counts in, names out.

Not covered here: filters, editions and scopes subtracted from each other (surveys/digests/company.py, disclose.py, over_weeks.py
and outside.py see to those).
"""

from collections.abc import Mapping


def suppressed(cells: Mapping[str, int], k: int) -> frozenset[str]:
    """Name the sibling cells to hide, given {name: answers} and the least size `k` (6.5).

    Cells of 1 to k - 1 are hidden. So that their total less the shown cells gives nothing away, the
    smallest remaining cells follow (ties by name) until at least two are hidden and together they
    hold at least `k`. A cell of 0 tells nothing about anybody and is shown, unless all siblings
    together are fewer than `k`: then everything is hidden. ValueError for k below 1 or a count
    below 0.
    """
    _check(min(cells.values(), default=0), k)
    total = sum(cells.values())
    if suppressed_metric(total, k):
        return frozenset(cells)
    hidden = {name for name, n in cells.items() if suppressed_metric(n, k)}
    if not hidden:
        return frozenset()
    held = sum(cells[name] for name in hidden)
    rest = sorted((n, name) for name, n in cells.items() if n > 0 and name not in hidden)
    for n, name in rest:
        if held >= k and len(hidden) > 1:
            break
        hidden.add(name)
        held += n
    return frozenset(hidden)


def suppressed_metric(n: int, k: int) -> bool:
    """Say whether a figure over `n` answers is hidden: 1 to k - 1; none at all betrays nobody."""
    _check(n, k)
    return 0 < n < k


def _check(n: int, k: int) -> None:
    if k < 1:
        raise ValueError(f"the least group is 1 or more, not {k}")
    if n < 0:
        raise ValueError(f"{n} answers")
