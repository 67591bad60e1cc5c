"""Take the demo away: what is marked as demo, what hangs on it, and the editions made while it was there."""

from dataclasses import dataclass

from tortoise.models import Model
from tortoise.transactions import in_transaction

from surveys.customers.models import Customer
from surveys.demo.load import COMPANY, UNNAMED
from surveys.digests.models import Edition, Report
from surveys.mentions.models import Mention
from surveys.organisation.models import the_organisation
from surveys.pains.forget import forget_unnamed
from surveys.questionnaires.models import Survey
from surveys.responses.models import Response
from surveys.verbatims.write import raise_epoch
from surveys.weeks import Week


@dataclass(frozen=True)
class Removed:
    """How many rows went; `kept` names demo surveys that stay, because they hold answers that are not demo."""

    surveys: int
    responses: int
    mentions: int
    customers: int
    editions: int
    kept: tuple[str, ...]


async def remove_demo() -> Removed:
    """Remove the demo in one transaction; verbatims, originals, invitations and history go with their rows."""
    async with in_transaction():
        editions = await _remove_editions()
        responses = await _remove(Response)
        mentions = await _remove(Mention)
        await forget_unnamed()
        kept = await _keep_used_surveys()
        surveys = await _remove(Survey)
        customers = await _remove_customers()
        organisation = await the_organisation()
        if organisation.name == COMPANY:
            organisation.name = UNNAMED
            await organisation.save(update_fields=["name"])
        await raise_epoch()
    return Removed(surveys, responses, mentions, customers, editions, kept)


async def _remove_editions() -> int:
    """Editions and reports from the demo's first week on were counted with its answers, or compared with them."""
    organisation = await the_organisation()
    response = await Response.filter(is_demo=True).order_by("submitted_at").first()
    mention = await Mention.filter(is_demo=True).order_by("published_at").first()
    instants = [response.submitted_at] if response else []
    instants += [mention.published_at] if mention else []
    if not instants:
        return 0
    first = Week.containing(min(instants), organisation.zone)
    # Written as 2026-W47, weeks sort as they follow each other.
    late = (Edition.filter(week__gte=str(first)), Report.filter(last_week__gte=str(first)))
    count = sum([await made.count() for made in late])
    for made in late:
        await made.delete()
    return count


async def _keep_used_surveys() -> tuple[str, ...]:
    """A demo survey into which real answers were imported is no longer a demo."""
    used = set(await Response.filter(survey__is_demo=True).values_list("survey_id", flat=True))
    kept = await Survey.filter(id__in=list(used)).order_by("slug") if used else []
    if kept:
        await Survey.filter(id__in=[survey.id for survey in kept]).update(is_demo=False)
    return tuple(survey.slug for survey in kept)


async def _remove_customers() -> int:
    """The demo's customers, except one to whom somebody tied real answers."""
    tied = set(await Response.filter(customer__is_demo=True).values_list("customer_id", flat=True))
    if tied:
        await Customer.filter(id__in=list(tied)).update(is_demo=False)
    return await _remove(Customer)


async def _remove(kind: type[Model]) -> int:
    """Counted before: what a delete reports differs between databases when rows go with others."""
    count = await kind.filter(is_demo=True).count()
    await kind.filter(is_demo=True).delete()
    return count
