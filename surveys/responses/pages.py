"""The pages a respondent sees, whole or as the fragment htmx swaps in; the plain first page is kept as bytes."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from markupsafe import escape
from starlette.responses import HTMLResponse
from starlette.responses import Response as Answer

from surveys.i18n import RESPONDENT_LOCALES, speaking
from surveys.i18n import gettext as _
from surveys.organisation.models import Organisation
from surveys.questionnaires.access import Asked
from surveys.questionnaires.models import Basis, Metric, Survey
from surveys.responses import questions
from surveys.responses.countries import countries_in_order
from surveys.responses.door import Door
from surveys.responses.forms import NOTHING_CARRIED, ORDERS, Carried, Given, Rest, order_of
from surveys.responses.models import Response
from surveys.responses.session import TOKEN_LENGTH, cookie_token, new_token, token_hash
from surveys.settings import settings
from surveys.templating import render, render_block
from surveys.web.middleware import SECURITY_HEADERS
from surveys.web.page import is_htmx

# Where the kept bytes of a first page have their token; as long as a token, so that lengths stay right.
_ONCE: Final = b"~" * TOKEN_LENGTH
_KEPT_PAGES: Final = 512


@dataclass(frozen=True)
class Facts:
    """All that pages say about the survey and who asks; equal facts give equal pages."""

    slug: str
    metric: Metric
    needs_consent: bool
    is_demo: bool
    company: str
    contact: str
    months: int
    original_days: int
    has_logo: bool


def facts_of(survey: Survey, organisation: Organisation) -> Facts:
    """The facts, as they are now."""
    return Facts(
        slug=survey.slug,
        metric=survey.metric,
        needs_consent=survey.basis is Basis.CONSENT,
        is_demo=survey.is_demo,
        company=organisation.name,
        contact=organisation.contact,
        months=organisation.retention_months,
        original_days=settings().original_days,
        has_logo=organisation.logo is not None,
    )


def answer_page(
    door: Door, template: str, *, status: int = 200, errors: Mapping[str, str] | None = None, **context: Any
) -> Answer:
    """A page that is somebody's own; htmx gets its `page` block with the title before it."""
    facts = facts_of(door.survey, door.organisation)
    fragment = is_htmx(door.request)
    context = {"head_title": context["title"], **context, **_frame(facts, door.locale, door.carried)}
    context |= {"errors": errors or {}, "fragment": fragment}
    if errors:
        with speaking(door.locale, "respondent"):
            context["head_title"] = _("Error: %(title)s") % {"title": context["title"]}
    if not fragment:
        html = render(template, locale=door.locale, domain="respondent", **context)
        return HTMLResponse(html, status, _headers(door.locale, "no-store"))
    block = render_block(template, "page", locale=door.locale, domain="respondent", **context)
    title = f"<title>{escape(context['head_title'])}</title>"
    answer = HTMLResponse(title + block, status, _headers(door.locale, "no-store"))
    if status < 400:
        answer.headers["HX-Push-Url"] = _own_address(door)
    return answer


def _own_address(door: Door) -> str:
    url = door.request.url
    return f"{url.path}?{url.query}" if url.query else url.path


def _frame(facts: Facts, locale: str, carried: Carried) -> dict[str, Any]:
    """What every page is framed with."""
    return {
        "facts": facts,
        "locales": RESPONDENT_LOCALES,
        "address": f"/{locale}/s/{facts.slug}",
        "carried": carried,
        "from_locale": carried.first_locale or locale,
        "hidden": [pair for pair in carried.pairs() if pair[0] != "from"],
    }


def _headers(locale: str, caching: str) -> dict[str, str]:
    return {"Content-Language": locale, "Vary": "HX-Request, Cookie", "Cache-Control": caching}


class PlainPage(HTMLResponse):
    """The first page from memory; its headers are encoded once, for making them anew takes longer than the page does."""

    def __init__(self, page: bytes, locale: str) -> None:
        self.status_code, self.background = 200, None
        self.body = new_token().encode().join(page.split(_ONCE))
        # A copy: whoever sets a cookie adds to it. The token is as long as what it stands for.
        self.raw_headers = list(_plain_headers(locale, len(page)))


@lru_cache(maxsize=_KEPT_PAGES)
def _plain_headers(locale: str, length: int) -> list[tuple[bytes, bytes]]:
    headers = {**SECURITY_HEADERS, **_headers(locale, "private, no-cache"), "Content-Length": str(length)}
    return HTMLResponse(headers=headers).raw_headers


def first_page(
    door: Door, given: Given | None = None, errors: Mapping[str, str] | None = None, status: int = 200
) -> Answer:
    """The first question; without anything personal in the request it comes from memory."""
    order = _order(door)
    if not door.fields and door.carried is NOTHING_CARRIED and not errors and not is_htmx(door.request):
        return PlainPage(_plain_first_page(door.asked, door.locale, order), door.locale)
    context = _first_context(facts_of(door.survey, door.organisation), door.locale, order, given)
    context["once"] = door.once() or new_token()
    return answer_page(door, "respondent/first.html", status=status, errors=errors, **context)


def _order(door: Door) -> int:
    """The order of exit reasons: as it was, else the session's own, else any."""
    if door.survey.metric is not Metric.EXIT:
        return 0
    sent = order_of(door.fields)
    if sent is not None:
        return sent
    token = cookie_token(door.request)
    return int(token_hash(token), 16) % ORDERS if token else random.randrange(ORDERS)  # noqa: S311 - no secret


def _plain_first_page(asked: Asked, locale: str, order: int) -> bytes:
    page = asked.pages.get((locale, order))
    if page is None:
        facts = facts_of(asked.survey, asked.organisation)
        page = asked.pages[locale, order] = _kept_first_page(facts, locale, order)
    return page


@lru_cache(maxsize=_KEPT_PAGES)
def _kept_first_page(facts: Facts, locale: str, order: int) -> bytes:
    context = _frame(facts, locale, NOTHING_CARRIED) | _first_context(facts, locale, order, None)
    html = render(
        "respondent/first.html",
        locale=locale,
        domain="respondent",
        once=_ONCE.decode(),
        errors={},
        fragment=False,
        head_title=context["title"],
        **context,
    )
    return html.encode()


def _first_context(facts: Facts, locale: str, order: int, given: Given | None) -> dict[str, Any]:
    is_exit = facts.metric is Metric.EXIT
    with speaking(locale, "respondent"):
        return {
            "title": questions.question(facts.metric, facts.company),
            "given": given,
            "is_exit": is_exit,
            "cells": [] if is_exit else questions.cells(facts.metric),
            "ends": None if is_exit else questions.ends(facts.metric),
            "reasons": questions.reasons(order) if is_exit else [],
            "order": order,
            "post_to": f"/{locale}/s/{facts.slug}",
        }


def reason_page(
    door: Door,
    response: Response,
    rest: Rest,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Answer:
    """The open question, worded by the band of the answer before it."""
    given = Given(response.score, response.exit_reason)
    company = door.organisation.name
    with speaking(door.locale, "respondent"):
        title = questions.open_question(door.survey.metric, response.score, company)
        shown = questions.reason_words(given.exit_reason) if given.exit_reason else str(given.score)
    asks_country = response.country_source != "account"
    return answer_page(
        door,
        "respondent/reason.html",
        status=status,
        errors=errors,
        title=title,
        given=given,
        shown=shown,
        rest=rest,
        countries=countries_in_order(door.locale) if asks_country else (),
        change=door.address + door.carried.query(given.field),
        post_to=f"{door.address}/reason",
    )


def thanks_page(door: Door, given: Given | None) -> Answer:
    """What happens with the answer, and whom to ask to have it erased; `given` while it can be changed."""
    with speaking(door.locale, "respondent"):
        title = _("Thank you!")
    change = door.address + door.carried.query(given.field) if given else None
    return answer_page(door, "respondent/thanks.html", title=title, change=change)


def privacy_page(door: Door) -> Answer:
    """The whole notice."""
    with speaking(door.locale, "respondent"):
        title = _("Privacy notice")
    return answer_page(door, "respondent/privacy.html", title=title, back=door.address + door.carried.query())
