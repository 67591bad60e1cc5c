"""Invitations: one signed link for each customer and survey, the same one until it is answered."""

import csv
import io

import httpx2 as httpx
import pytest

from surveys.customers.models import Customer
from surveys.due import now
from surveys.errors import Refused
from surveys.invitations.issue import Link, issue_invitations, links_csv
from surveys.invitations.models import Invitation
from surveys.invitations.token import access_invitation
from surveys.questionnaires.models import Metric, Survey
from surveys.questionnaires.open import survey_to_answer


async def survey_of(slug: str = "relationship") -> Survey:
    return await Survey.create(slug=slug, name="Relationship", metric=Metric.NPS, default_locale="lv")


async def test_a_link_leads_to_the_customers_own_language(client: httpx.AsyncClient) -> None:
    survey = await survey_of()
    await Customer.create(customer_id="c1", locale="ar", email="a@x.ae")
    await Customer.create(customer_id="c2", locale="sw")
    issued = await issue_invitations(survey, ["c2", "c1", "unknown"])
    assert [(link.customer_id, link.email, link.locale) for link in issued.links] == [
        ("c2", "", "lv"),
        ("c1", "a@x.ae", "ar"),
    ]
    address = issued.links[1].link
    assert address.startswith("http://127.0.0.1:8000/ar/s/relationship?i=")
    invitation = await access_invitation(address.partition("?i=")[2], survey)
    assert invitation.customer is not None
    assert invitation.customer.customer_id == "c1"
    page = await client.get(address.removeprefix("http://127.0.0.1:8000"))
    assert (page.status_code, 'lang="ar"' in page.text) == (200, True)


async def test_asking_again_gives_the_same_link_for_longer(database: None) -> None:
    survey = await survey_of()
    await Customer.create(customer_id="c1")
    first = await issue_invitations(survey, ["c1"], days=1)
    before = (await Invitation.get()).expires_at
    # Who moved to another language meanwhile keeps the link that was mailed.
    await Customer.all().update(locale="ar")
    again = await issue_invitations(survey, ["c1"], days=30)
    assert again.links == first.links
    assert ((await Invitation.get()).expires_at - before).days == 29


async def test_who_has_answered_gets_no_link(database: None) -> None:
    survey = await survey_of()
    await Customer.create(customer_id="c1")
    await issue_invitations(survey, ["c1"])
    await Invitation.all().update(answered_at=now())
    issued = await issue_invitations(survey, ["c1"])
    assert (issued.links, issued.answered) == ([], ["c1"])


async def test_a_closed_survey_invites_nobody(database: None) -> None:
    survey = await survey_of()
    await Survey.filter(id=survey.id).update(is_open=False)
    with pytest.raises(Refused):
        await survey_to_answer("relationship")


def test_no_cell_of_the_links_is_a_formula() -> None:
    links = [
        Link(name, "=x@y.lv", "lv", "http://x")
        for name in ("=1+1", "@a", "+cmd", "-2+3", "-5", "+37129", "＝1", "c1")
    ]
    rows = list(csv.DictReader(io.StringIO(links_csv(links))))
    assert [row["customer_id"] for row in rows] == [
        *("'=1+1", "'@a", "'+cmd", "'-2+3", "-5", "+37129", "'＝1", "c1")
    ]
    assert {row["email"] for row in rows} == {"'=x@y.lv"}
