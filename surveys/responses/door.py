"""Whether a respondent may come in, checked the same way for every page and every post."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response as Answer

from surveys.due import now
from surveys.errors import NotFound
from surveys.i18n import RESPONDENT_LOCALES
from surveys.invitations.models import Invitation
from surveys.invitations.token import InvitationExpired, InvitationForged, access_invitation
from surveys.organisation.models import Organisation
from surveys.questionnaires.access import Asked, access_survey
from surveys.questionnaires.models import Survey
from surveys.responses.forms import NOTHING_CARRIED, Carried, Fields, carried, fields_of, sent_fields
from surveys.responses.models import Response
from surveys.responses.record import Respondent, own_response
from surveys.responses.session import CHANGE_WINDOW, cookie_token, is_token, session_of, token_hash
from surveys.web.failures import Kind, Shut, failure_page
from surveys.web.limits import ANSWERS, minutes_to_wait, too_many


@dataclass(frozen=True)
class Door:
    """A respondent who came in: what they answer, in which language, and what their link said."""

    request: Request
    asked: Asked
    locale: str
    fields: Fields
    carried: Carried
    invitation: Invitation | None = None

    @property
    def survey(self) -> Survey:
        """What is asked."""
        return self.asked.survey

    @property
    def organisation(self) -> Organisation:
        """Who asks."""
        return self.asked.organisation

    @property
    def address(self) -> str:
        """The survey's first page."""
        return f"/{self.locale}/s/{self.survey.slug}"

    def session_tokens(self) -> list[str]:
        """What may say which session this is: the cookie, else the signed token of a form or address."""
        found = [cookie_token(self.request), session_of(self.carried.answer, self.survey.id)]
        return [token for token in found if token is not None]

    def once(self) -> str | None:
        """The token that came with the first page, for who has no session yet."""
        values = self.fields.get("once", ())
        return values[0] if len(values) == 1 and is_token(values[0]) else None

    def respondent(self, token: str | None) -> Respondent:
        """Who answers, when the session is this one."""
        return Respondent(
            survey=self.survey,
            locale=self.locale,
            session_hash=token_hash(token) if token else None,
            invitation=self.invitation,
            first_locale=self.carried.first_locale,
            country=self.carried.country,
            channel=self.carried.channel,
            touchpoint=self.carried.touchpoint,
        )

    async def returning(self) -> "Returning | None":
        """Who has answered the first question already; None when nobody has."""
        for token in [None] if self.invitation else self.session_tokens():
            respondent = self.respondent(token)
            response = await own_response(respondent)
            if response is not None:
                return Returning(respondent, response, token)
        return None

    def shut(self, kind: Kind, status: int) -> Shut:
        """The page that says why not, in the survey's language and with whom to write to."""
        return _shut(self.organisation, self.locale, kind, status)


@dataclass(frozen=True)
class Returning:
    """A respondent with what they answered so far, and the session's token unless an invitation says who it is."""

    respondent: Respondent
    response: Response
    token: str | None


def _shut(organisation: Organisation, locale: str, kind: Kind, status: int) -> Shut:
    return Shut(kind, status, contact=organisation.contact, organisation=organisation, locale=locale)


async def enter(request: Request, *, locale: str | None = None, open_only: bool = True) -> Door:
    """Load survey, organisation and invitation of a request.

    Raises NotFound for an unknown survey or locale, and Shut when the survey is closed or the invitation is not good.
    """
    locale = locale or request.path_params["locale"]
    if locale not in RESPONDENT_LOCALES:
        msg = "There is no such language."
        raise NotFound(msg)
    asked = await access_survey(request.path_params["slug"])
    if open_only and not asked.survey.is_open:
        raise _shut(asked.organisation, locale, "closed", 410)
    said = fields_of(request.query_params) if request.scope["query_string"] else {}
    fields = await sent_fields(request) if request.method == "POST" else said
    # What a form says rules; of the address only what a link says, never an answer, fills in the rest.
    known = {**said, **fields}
    door = Door(request, asked, locale, fields, carried(known) if known else NOTHING_CARRIED)
    if "i" not in known:
        return door
    return replace(door, invitation=await _invitation(door, open_only=open_only))


async def _invitation(door: Door, *, open_only: bool) -> Invitation:
    try:
        invitation = await access_invitation(door.carried.invitation, door.survey)
    except InvitationForged:
        raise door.shut("forged", 404) from None
    except InvitationExpired:
        raise door.shut("expired", 410) from None
    answered = invitation.answered_at
    if open_only and answered is not None and now() - answered > CHANGE_WINDOW:
        raise door.shut("spent", 410)
    return invitation


async def flood(door: Door) -> Answer | None:
    """The page that asks to wait, when too many answers to this survey came from one address."""
    slug = door.survey.slug
    if not await too_many(ANSWERS, door.request, slug):
        return None
    count = minutes_to_wait(ANSWERS, door.request, slug)
    page = failure_page(
        door.request, "busy", 429, locale=door.locale, count=count, organisation=door.organisation
    )
    page.headers["Retry-After"] = str(60 * count)
    return page
