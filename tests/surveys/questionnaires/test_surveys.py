"""Surveys as our own users add, close and reopen them."""

import re

import httpx2 as httpx

from surveys.accounts.models import User
from surveys.questionnaires.models import Basis, Metric, Survey

FORM = {"metric": "ces", "slug": "after-order", "name": "After an order", "locale": "ar", "basis": "consent"}


async def test_a_survey_is_added_and_listed_with_its_address(client: httpx.AsyncClient, maris: User) -> None:
    assert "No survey yet" in (await client.get("/surveys")).text
    answer = await client.post("/surveys/new", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/surveys#after-order")
    survey = await Survey.get()
    assert (survey.metric, survey.default_locale, survey.basis, survey.is_open, survey.name) == (
        Metric.CES,
        "ar",
        Basis.CONSENT,
        True,
        "After an order",
    )
    page = (await client.get("/surveys")).text
    assert "1 survey is open" in page
    assert 'href="http://127.0.0.1:8000/s/after-order"' in page


async def test_mistakes_are_told_at_the_field_with_what_was_typed(
    client: httpx.AsyncClient, maris: User
) -> None:
    wrong = {"metric": "stars", "slug": "Ā b", "name": " ", "locale": "tlh", "basis": "none"}
    page = await client.post("/surveys/new", data=wrong)
    assert page.status_code == 422
    assert re.findall(r'<p class="error" id="e-(\w+)">', page.text) == [
        "name",
        "metric",
        "slug",
        "locale",
        "basis",
    ]
    assert 'value="Ā b"' in page.text
    await client.post("/surveys/new", data=FORM)
    taken = await client.post("/surveys/new", data=FORM)
    assert (taken.status_code, "There is a survey “after-order” already." in taken.text) == (422, True)
    assert await Survey.all().count() == 1


async def test_closing_and_opening_again_show_at_once_to_respondents(
    client: httpx.AsyncClient, maris: User
) -> None:
    await client.post("/surveys/new", data=FORM)
    assert (await client.get("/en/s/after-order")).status_code == 200
    await client.post("/surveys/after-order/close")
    assert (await Survey.get()).is_open is False
    assert (await client.get("/en/s/after-order")).status_code != 200
    await client.post("/surveys/after-order/reopen")
    assert (await client.get("/en/s/after-order")).status_code == 200
    assert (await client.post("/surveys/nope/close")).status_code == 404


async def test_nothing_hides_in_a_surveys_name(client: httpx.AsyncClient, maris: User) -> None:
    form = {"metric": "nps", "slug": "orders", "name": "\u200b\u200c", "locale": "lv", "basis": "consent"}
    assert "The survey needs a name." in (await client.post("/surveys/new", data=form)).text
    await client.post("/surveys/new", data={**form, "name": "\u202eOrders\n now\u200b"})
    assert (await Survey.get()).name == "Orders now"
