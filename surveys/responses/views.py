"""The respondent's addresses: the short link, the two questions, thanks, the privacy notice, the logo."""

import hashlib
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as Answer

from surveys.errors import NotFound
from surveys.i18n import speaking
from surveys.invitations.token import invited_locale
from surveys.negotiate import choose, matching
from surveys.nudge import nudge
from surveys.organisation.models import the_organisation
from surveys.questionnaires.access import access_survey
from surveys.responses.door import Door, Returning, enter, flood
from surveys.responses.forms import Given, Rest, chosen, is_robot, parse_answer, parse_rest, sent_fields
from surveys.responses.models import Response
from surveys.responses.pages import first_page, privacy_page, reason_page, thanks_page
from surveys.responses.record import TooLate, may_change, record_answer, record_rest
from surveys.responses.session import (
    LOCALE_COOKIE,
    answer_token,
    cookie_token,
    new_token,
    remember,
    remember_locale,
)
from surveys.verbatims.models import Verbatim
from surveys.web.page import see_other

# Pages of a survey that the short link leads to.
PAGES = ("", "reason", "thanks", "privacy")


async def start(request: Request) -> Answer:
    """The short link: to the page in the reader's language, with everything else the link says."""
    page = request.path_params.get("page", "")
    if page not in PAGES:
        msg = "There is no such page."
        raise NotFound(msg)
    asked = await access_survey(request.path_params["slug"])
    url = request.url
    wanted = request.query_params.get("lang")
    locale = choose(
        wanted,
        await invited_locale(request.query_params["i"]) if "i" in request.query_params else None,
        request.cookies.get(LOCALE_COOKIE),
        header=request.headers.get("accept-language", ""),
        default=asked.survey.default_locale,
    )
    path = f"/{locale}/s/{asked.survey.slug}" + (f"/{page}" if page else "")
    query = url.remove_query_params(["lang", "once", "website"]).query
    answer = RedirectResponse(f"{path}?{query}" if query else path, 302)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    answer.headers["Cache-Control"] = "private, no-cache"
    if wanted and "from" in request.query_params and matching(wanted):
        remember_locale(answer, request, locale)
    return answer


async def first(request: Request) -> Answer:
    """The first question; GET writes nothing, whatever its address says."""
    door = await enter(request)
    if request.method != "POST":
        return first_page(door, chosen_quietly(door) if door.fields else None)
    busy = await flood(door)
    if busy is not None:
        return busy
    if is_robot(door.fields):
        return see_other(f"{door.address}/thanks")
    with speaking(door.locale, "respondent"):
        parsed = parse_answer(door.fields, door.survey)
    if parsed.given is None:
        return first_page(door, None, parsed.errors, 422)
    token = await _keep(door, parsed.given)
    answer = see_other(f"{door.address}/reason{_who(door, token)}")
    if token is not None:
        remember(answer, request, token)
    return answer


def chosen_quietly(door: Door) -> Given | None:
    """What the address pre-selects."""
    with speaking(door.locale, "respondent"):
        return chosen(door.fields, door.survey)


async def _keep(door: Door, given: Given) -> str | None:
    """Record the answer; returns the session's token, or None for an invitation, which needs none."""
    for token in [None] if door.invitation else _sessions(door):
        with suppress(TooLate):
            if await record_answer(door.respondent(token), given):
                await nudge()
            return token
    # A token that nobody has had no answer before, so this was an invitation.
    raise door.shut("spent", 410)


def _sessions(door: Door) -> list[str]:
    """Whose answer it may be, in this order: where an earlier one stands for good, it is a new one.

    The page's own token comes before one that nobody has: pressing its button twice is one answer then too.
    """
    return [*door.session_tokens()[:1], *filter(None, [door.once()]), new_token()]


def _who(door: Door, token: str | None) -> str:
    """The end of an address that says who answers: the invitation, or the session while no cookie has come back."""
    if door.invitation is not None:
        return f"?i={door.carried.invitation}"
    if token is not None and cookie_token(door.request) != token:
        return f"?a={answer_token(token, door.survey.id)}"
    return ""


async def reason(request: Request) -> Answer:
    """The open question, and what was written."""
    door = await enter(request)
    known = await door.returning()
    if known is None:
        return _unknown(door)
    if request.method == "POST":
        return await _reason_sent(door, known)
    if door.carried.answer and known.token is not None and known.token == cookie_token(request):
        # The cookie came back: the token need not stay in the address.
        return see_other(f"{door.address}/reason")
    return reason_page(door, known.response, await _kept(known.response))


def _unknown(door: Door) -> Answer:
    """Who has not answered the first question is shown it; a robot is thanked as on the first page."""
    if is_robot(door.fields):
        return see_other(f"{door.address}/thanks")
    return see_other(door.address + door.carried.query())


async def _reason_sent(door: Door, known: Returning) -> Answer:
    busy = await flood(door)
    if busy is not None:
        return busy
    goodbye = see_other(f"{door.address}/thanks{_who(door, known.token)}")
    if is_robot(door.fields):
        return goodbye
    with speaking(door.locale, "respondent"):
        parsed = parse_rest(door.fields, door.survey)
    if parsed.errors:
        return reason_page(door, known.response, parsed.rest, parsed.errors, 422)
    try:
        if await record_rest(known.respondent, parsed.rest):
            await nudge()
    except TooLate:
        if door.invitation is not None:
            raise door.shut("spent", 410) from None
        return see_other(door.address)
    return goodbye


async def _kept(response: Response) -> Rest:
    """What the second page shows again: the comment as masked, never the original, and no contact."""
    verbatim = await Verbatim.get_or_none(response_id=response.id)
    return Rest(
        comment=verbatim.masked_text if verbatim else "",
        country=response.country or "",
        consented=bool(response.consented),
    )


async def reason_in_language(request: Request) -> Answer:
    """The language switcher of the second page: what was typed comes along by POST and is not written anywhere."""
    tags = (await sent_fields(request)).get("lang", ())
    locale = choose(*tags[:1], header=request.headers.get("accept-language", ""))
    door = await enter(request, locale=locale)
    known = await door.returning()
    if known is None:
        return _unknown(door)
    with speaking(locale, "respondent"):
        typed = parse_rest(door.fields, door.survey).rest
    answer = reason_page(door, known.response, typed)
    remember_locale(answer, request, locale)
    return answer


async def thanks(request: Request) -> Answer:
    """After the answer; also for whoever comes back to look."""
    door = await enter(request, open_only=False)
    known = await door.returning()
    if known is None or not door.survey.is_open or not may_change(known.response):
        return thanks_page(door, None)
    return thanks_page(door, Given(known.response.score, known.response.exit_reason))


async def privacy(request: Request) -> Answer:
    """The whole notice, also of a closed survey."""
    return privacy_page(await enter(request, open_only=False))


async def logo(_request: Request) -> Answer:
    """The organisation's logo."""
    organisation = await the_organisation()
    if organisation.logo is None:
        msg = "There is no logo."
        raise NotFound(msg)
    content = bytes(organisation.logo)
    headers = {
        "Cache-Control": "public, max-age=300",
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:16]}"',
        # An SVG opened by itself is a document: let it run nothing.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    return Answer(content, headers=headers, media_type=organisation.logo_type or "image/png")
