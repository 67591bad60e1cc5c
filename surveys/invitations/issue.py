"""Issuing invitations: one signed link for each customer and survey, the same one when asked again."""

import csv
import io
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tortoise.transactions import in_transaction

from surveys.customers.models import Customer
from surveys.due import now
from surveys.invitations.models import Invitation
from surveys.invitations.token import link_token
from surveys.negotiate import choose
from surveys.questionnaires.models import Survey
from surveys.settings import settings

BATCH = 500
COLUMNS = ("customer_id", "email", "locale", "link")
DAYS = 30

# A spreadsheet takes these for the beginning of a formula, unless a plain number follows.
_FORMULA = re.compile(r"[=@\t\r\n＝＋－＠]|[+-](?!\d+(?:[.,]\d+)?$)")


@dataclass(frozen=True)
class Link:
    """A customer's link to a survey."""

    customer_id: str
    email: str
    locale: str
    link: str


@dataclass
class Issued:
    """The links, in the order of the customers asked for, and who has answered already."""

    links: list[Link] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)


async def issue_invitations(survey: Survey, customer_ids: Sequence[str], *, days: int = DAYS) -> Issued:
    """Invite these customers to this survey; who was invited and has not answered keeps the same link, longer."""
    issued = Issued()
    until = now() + timedelta(days=days)
    async with in_transaction():
        for start in range(0, len(customer_ids), BATCH):
            names = customer_ids[start : start + BATCH]
            customers = {row.customer_id: row for row in await Customer.filter(customer_id__in=names)}
            asked = [customers[name] for name in names if name in customers]
            invitations = await _invitations(survey, asked)
            open_ones = [row.id for row in invitations.values() if row.answered_at is None]
            await Invitation.filter(id__in=open_ones).update(expires_at=until)
            for customer in asked:
                invitation = invitations[customer.id]
                if invitation.answered_at is None:
                    issued.links.append(_link(survey, customer, invitation))
                else:
                    issued.answered.append(customer.customer_id)
    return issued


async def _invitations(survey: Survey, customers: Sequence[Customer]) -> dict[int, Invitation]:
    """Each customer's invitation to the survey, made where there is none."""
    ids = [customer.id for customer in customers]
    rows = Invitation.filter(survey_id=survey.id, customer_id__in=ids)
    invited = {row.customer_id for row in await rows}
    await Invitation.bulk_create(
        [
            Invitation(
                reference=secrets.token_urlsafe(16),
                survey_id=survey.id,
                customer_id=customer.id,
                locale=_locale(survey, customer),
                expires_at=now(),
            )
            for customer in customers
            if customer.id not in invited
        ],
        batch_size=BATCH,
    )
    return {row.customer_id: row for row in await rows if row.customer_id is not None}


def _locale(survey: Survey, customer: Customer) -> str:
    return choose(customer.locale, default=survey.default_locale)


def _link(survey: Survey, customer: Customer, invitation: Invitation) -> Link:
    locale = choose(invitation.locale, customer.locale, default=survey.default_locale)
    address = f"{settings().base_url}/{locale}/s/{survey.slug}?i={link_token(invitation)}"
    return Link(customer.customer_id, customer.email or "", locale, address)


def links_csv(links: Sequence[Link]) -> str:
    """The links as a file for a mailing program; no cell of it is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for link in links:
        writer.writerow([_harmless(getattr(link, column)) for column in COLUMNS])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
