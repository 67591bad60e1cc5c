"""The calendar of complaints: for each theme, what share of the answers of this week and of each of the eight before named it.

Of a week nothing is told but what its own edition told: a theme's people where they were k at least, the answers where they
were, and nothing where that edition compared only a part of them, since another wording or form language had begun. The
weeks together stand beside them, so a few people who are left of these take the smallest other week with them.
"""

from typing import Any, Final

from surveys.digests.compare import LEAST_WEEKS, TILE_WEEKS, Figures, weeks_before
from surveys.digests.guard import REASONS, by_week, is_young, strange
from surveys.digests.snapshot import METRICS, Counts, Ints, Snapshot
from surveys.digests.tally import NPS_ONLY_FROM
from surveys.suppression import suppressed_metric

# As many themes as a page shows; the colours end with theirs.
ROWS: Final = 6


def with_weeks(judged: Figures, snapshot: Snapshot) -> None:
    """Give every theme of an edition of everybody its weeks, where enough of them can be compared."""
    pains, wanted = judged["pain_points"], weeks_before(snapshot.history, TILE_WEEKS)
    if not pains or not wanted or judged["guarded"]:
        return
    back = pains[0]["before"]["weeks"]
    agos = [ago for ago in range(1, back + 1) if not _was_guarded(snapshot, ago)]
    if len(agos) < LEAST_WEEKS:
        return
    answers = snapshot.answers.table("all")[0]
    people = snapshot.complaints.table("theme")
    rows = {code: people[at] for at, code in enumerate(snapshot.complaints.column("theme").values)}
    for pain in pains:
        told = _told(pain, rows[pain["theme"]], answers, agos, snapshot.k)
        pain["weeks"] = [_week(snapshot, ago, told, answers, agos) for ago in range(wanted, -1, -1)]


def _told(pain: Figures, people: Ints, answers: Ints, agos: list[int], k: int) -> dict[int, int]:
    """By week how many named a theme, where that may be told."""
    shown = {ago: min(int(people[ago]), int(answers[ago])) for ago in agos if people[ago] >= k}
    asked = [ago for ago in range(1, pain["before"]["weeks"] + 1) if answers[ago]]
    # Also where no edition tells them together: a decision may.
    past = int(people[1 : pain["before"]["weeks"] + 1].sum())
    while shown:
        left, gone = past - sum(shown.values()), len(asked) - len(shown)
        if not suppressed_metric(left, k) and not (left > 0 and gone == 1):
            break
        del shown[min(shown, key=lambda ago: (shown[ago], ago))]
    return {**shown, 0: pain["now"]["x"]}


def _week(
    snapshot: Snapshot, ago: int, told: dict[int, int], answers: Ints, agos: list[int]
) -> dict[str, Any]:
    week, n = snapshot.week.previous(ago), int(answers[ago])
    is_compared = ago == 0 or ago in agos
    x = told.get(ago) if n else 0
    is_told = is_compared and x is not None
    return {
        "week": str(week),
        "from": week.monday.isoformat(),
        "x": x if is_told else None,
        "n": n if is_compared and not suppressed_metric(n, snapshot.k) else None,
        "share": 100 * x / n if is_told and x is not None and n else None,
        "suppressed": is_compared and x is None,
        "compared": is_compared,
    }


def _was_guarded(snapshot: Snapshot, ago: int) -> bool:
    """Whether a week's own edition left answers of the week out, as far as the weeks that are read tell."""
    wanted = weeks_before(snapshot.history - ago, TILE_WEEKS)
    then = _since(snapshot.answers, ago)
    for metric in METRICS if wanted else ():
        # Further back than themes look, nothing but NPS was read: what was there in the first of those weeks counts as old.
        known = wanted if metric == "nps" else min(wanted, NPS_ONLY_FROM - 1 - ago)
        kept = then.of("metric", metric)
        if known > 0 and is_young(by_week(then.where(kept), known), snapshot.k):
            return True
        for name in REASONS if known > 0 else ():
            gone, _age = strange(then, kept, name, known, snapshot.k)
            # What had ended by then took no answer with it.
            if any(then.n[kept & then.of(name, value) & (then.week == 0)].sum() for value in gone):
                return True
    return False


def _since(counted: Counts, ago: int) -> Counts:
    """The counts as they stood so many weeks ago."""
    earlier = counted.within(ago, counted.bins - 1)
    return Counts(earlier.week - ago, earlier.n, earlier.columns, earlier.bins)
