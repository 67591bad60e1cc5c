"""Surveys to answer, and a reader of pages."""

import pytest

from surveys.organisation.models import Organisation, the_organisation
from surveys.questionnaires.models import Basis, Metric, Survey


@pytest.fixture
async def organisation(database: None) -> Organisation:
    row = await the_organisation()
    row.name, row.contact = "Baltic Parcel", "privacy@parcel.example"
    await row.save()
    return row


@pytest.fixture
async def nps(organisation: Organisation) -> Survey:
    return await Survey.create(slug="spring", name="Spring", metric=Metric.NPS, default_locale="lv")


@pytest.fixture
async def consented(organisation: Organisation) -> Survey:
    return await Survey.create(slug="agreed", name="Agreed", metric=Metric.CSAT, basis=Basis.CONSENT)


@pytest.fixture
async def leaving(organisation: Organisation) -> Survey:
    return await Survey.create(slug="leaving", name="Leaving", metric=Metric.EXIT)
