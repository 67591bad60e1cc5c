"""How far understanding has come, as the web process may ask: it never loads the model."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.transactions import in_transaction

from surveys.due import now
from surveys.nudge import nudge
from surveys.verbatims.models import Verbatim

# How many parked rows the page lists.
SHOWN = 50


@dataclass(frozen=True)
class Progress:
    """Verbatims in all, waiting, parked; the versions that understood them, and the parked rows by error."""

    total: int
    waiting: int
    parked: int
    versions: Sequence[str]
    parked_rows: Sequence[Verbatim]

    @property
    def understood(self) -> int:
        """Neither waiting nor parked."""
        return self.total - self.waiting - self.parked


async def progress() -> Progress:
    """The state at this moment."""
    parked = Verbatim.filter(parked_at__not_isnull=True)
    versions = await Verbatim.filter(model_version__not_isnull=True).distinct().values_list("model_version")
    return Progress(
        total=await Verbatim.all().count(),
        waiting=await Verbatim.filter(due_at__not_isnull=True).count(),
        parked=await parked.count(),
        versions=sorted(str(version) for (version,) in versions),
        parked_rows=await parked.order_by("-parked_at").limit(SHOWN).only("id", "last_error", "parked_at"),
    )


async def analyse_all_again() -> int:
    """Make everything due that is not; the worker, which knows its model's version, works through it."""
    async with in_transaction():
        count = await Verbatim.filter(due_at=None).update(
            due_at=now(), attempts=0, parked_at=None, last_error=None
        )
    await nudge()
    return count


async def try_parked_again() -> int:
    """Give parked rows another five tries."""
    count = await Verbatim.filter(parked_at__not_isnull=True).update(
        due_at=now(), attempts=0, parked_at=None, last_error=None
    )
    await nudge()
    return count
