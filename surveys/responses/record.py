"""Keeping an answer: the score as soon as it is sent, the rest when it comes, and what they replace.

The database decides what is one answer: at most one response per survey and session, and one per invitation. So the
first answer is a bare insert, and only where that is refused does the earlier response get looked up and changed.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from surveys.due import now
from surveys.errors import NotFound
from surveys.invitations.models import Invitation
from surveys.questionnaires.models import Basis, Survey
from surveys.responses.forms import Given, Rest
from surveys.responses.insert import insert_response
from surveys.responses.models import EarlierAnswer, Response, State
from surveys.responses.questions import NOTICE_VERSION
from surveys.responses.session import CHANGE_WINDOW
from surveys.verbatims.models import Original, Verbatim
from surveys.verbatims.write import (
    MaskedWords,
    Words,
    masked,
    raise_epoch,
    response_facts,
    write_response_verbatim,
)


class TooLate(Exception):
    """The answer can no longer be changed."""


@dataclass(frozen=True)
class Respondent:
    """Who answers which survey, in which language, and where the link says they come from."""

    survey: Survey
    locale: str
    session_hash: str | None
    invitation: Invitation | None = None
    first_locale: str = ""
    country: str = ""
    channel: str = ""
    touchpoint: str = ""

    @property
    def own(self) -> Q:
        """This respondent's response: the invitation's, else the session's."""
        if self.invitation is not None:
            return Q(survey_id=self.survey.id, invitation_id=self.invitation.id)
        return Q(survey_id=self.survey.id, session_hash=self.session_hash)


async def own_response(respondent: Respondent) -> Response | None:
    """What this respondent has answered so far."""
    if respondent.invitation is None and respondent.session_hash is None:
        return None
    return await Response.get_or_none(respondent.own)


def may_change(response: Response, at: datetime | None = None) -> bool:
    """Whether an answer may still be replaced."""
    return (at or now()) - response.submitted_at <= CHANGE_WINDOW


async def record_answer(respondent: Respondent, given: Given) -> bool:
    """Keep the answer to the first question; one sent before is replaced, the same one changes nothing.

    True when that makes words due for analysis. Raises TooLate when the one sent before can no longer be changed.
    """
    columns = _columns(respondent, given, now())
    invitation = respondent.invitation
    if invitation is not None:
        is_first = await _insert_invited(invitation, columns)
    else:
        is_first = await insert_response(columns)
    return not is_first and await _replace(respondent, given)


async def _insert_invited(invitation: Invitation, columns: dict[str, Any]) -> bool:
    try:
        async with in_transaction():
            await Response.create(**columns)
            await Invitation.filter(id=invitation.id).update(answered_at=columns["submitted_at"])
    except IntegrityError:
        return False
    return True


def _columns(respondent: Respondent, given: Given, at: datetime) -> dict[str, Any]:
    survey, invitation = respondent.survey, respondent.invitation
    customer = invitation.customer if invitation is not None else None
    known = customer.country if customer is not None else None
    country = known or respondent.country or None
    return {
        "survey_id": survey.id,
        "state": State.PARTIAL,
        "score": given.score,
        "exit_reason": given.exit_reason,
        "submitted_at": at,
        "locale": respondent.locale,
        "first_locale": respondent.first_locale or respondent.locale,
        "country": country,
        "country_source": ("account" if known else "declared") if country else None,
        "channel": respondent.channel or None,
        "touchpoint": respondent.touchpoint or None,
        "segment": customer.segment if customer is not None else None,
        "customer_id": customer.id if customer is not None else None,
        "invitation_id": invitation.id if invitation is not None else None,
        "session_hash": respondent.session_hash if invitation is None else None,
        "notice_version": NOTICE_VERSION,
        "notice_locale": respondent.locale,
        "noticed_at": at,
        "wording_version": survey.wording_version,
        "is_demo": survey.is_demo,
    }


async def _replace(respondent: Respondent, given: Given) -> bool:
    at = now()
    async with in_transaction():
        response = await _hold(respondent)
        if not may_change(response, at):
            raise TooLate
        if (response.score, response.exit_reason) == (given.score, given.exit_reason):
            return False
        verbatim = await Verbatim.get_or_none(response_id=response.id)
        await _keep_earlier(response, verbatim)
        response.score, response.exit_reason = given.score, given.exit_reason
        response.locale, response.replaced_at = respondent.locale, at
        response.wording_version = respondent.survey.wording_version
        await response.save(
            update_fields=["score", "exit_reason", "locale", "replaced_at", "wording_version"]
        )
        if verbatim is not None:
            await _analyse_again(verbatim, response, respondent.survey)
    return verbatim is not None


async def _hold(respondent: Respondent) -> Response:
    response = await Response.filter(respondent.own).select_for_update().first()
    if response is None:
        msg = "There is no such answer."
        raise NotFound(msg)
    return response


async def _keep_earlier(response: Response, verbatim: Verbatim | None) -> None:
    await EarlierAnswer.create(
        response_id=response.id,
        score=response.score,
        exit_reason=response.exit_reason,
        masked_text=verbatim.masked_text if verbatim else None,
        locale=response.locale,
        submitted_at=response.replaced_at or response.submitted_at,
    )


async def _analyse_again(verbatim: Verbatim, response: Response, survey: Survey) -> None:
    """The words stand, but what is known around them has changed: whose phone numbers may be in them, too."""
    words = masked(Words(verbatim.masked_text), response.country, response.locale)
    verbatim.update_from_dict(
        {
            **response_facts(response, survey),
            "masked_text": words.text,
            "mask_counts": dict(Counter(verbatim.mask_counts) + Counter(words.counts)),
            "due_at": now(),
            "attempts": 0,
            "parked_at": None,
        }
    )
    await verbatim.save()


async def record_rest(respondent: Respondent, rest: Rest) -> bool:
    """Complete the answer with comment, contact, country and consent; False when nothing changed.

    Raises TooLate as record_answer does, and NotFound when no first answer was given.
    """
    at = now()
    customer = respondent.invitation.customer if respondent.invitation else None
    country = (customer and customer.country) or rest.country
    words = masked(Words(rest.comment, rest.contact or None), country, respondent.locale)
    async with in_transaction():
        response = await _hold(respondent)
        verbatim = await Verbatim.get_or_none(response_id=response.id)
        original = await Original.get_or_none(verbatim_id=verbatim.id) if verbatim else None
        stored = _Stored(response, verbatim, original)
        if response.state is State.COMPLETE and not may_change(response, at):
            raise TooLate
        if response.state is State.COMPLETE and stored.says(rest, respondent.survey):
            return False
        if response.state is State.COMPLETE and not stored.has_comment(rest.comment):
            await _keep_earlier(response, verbatim)
        await _complete(response, respondent, rest, at)
        await _keep_words(stored, respondent.survey, words)
    return True


@dataclass(frozen=True)
class _Stored:
    """What is already kept of a response."""

    response: Response
    verbatim: Verbatim | None
    original: Original | None

    def has_comment(self, comment: str) -> bool:
        """Whether the comment is the one we have, as typed or as we showed it again (masked)."""
        if self.verbatim is None:
            return not comment
        return comment in {self.verbatim.masked_text, self.original.text if self.original else None}

    def has_contact(self, contact: str) -> bool:
        """Whether the contact is the one we have; it is not shown again, so an empty field leaves it."""
        return not contact or (self.original is not None and self.original.contact == contact)

    def says(self, rest: Rest, survey: Survey) -> bool:
        """Whether the second page brings nothing new."""
        return (
            self.has_comment(rest.comment)
            and self.has_contact(rest.contact)
            and _country(self.response, rest) == (self.response.country, self.response.country_source)
            and self.response.consented == _consented(survey, rest)
        )


def _country(response: Response, rest: Rest) -> tuple[str | None, str | None]:
    """The customer record knows better than a list; else what the respondent chose."""
    if response.country_source == "account":
        return response.country, "account"
    return (rest.country, "declared") if rest.country else (None, None)


def _consented(survey: Survey, rest: Rest) -> bool | None:
    return rest.consented if survey.basis is Basis.CONSENT else None


async def _complete(response: Response, respondent: Respondent, rest: Rest, at: datetime) -> None:
    if response.state is State.COMPLETE:
        response.replaced_at = at
    response.state = State.COMPLETE
    response.locale = respondent.locale
    response.country, response.country_source = _country(response, rest)
    response.consented = _consented(respondent.survey, rest)
    response.notice_version, response.notice_locale = NOTICE_VERSION, respondent.locale
    response.noticed_at = at
    await response.save()


async def _keep_words(stored: _Stored, survey: Survey, words: MaskedWords) -> None:
    """Write the words if they are new, forget them if they were taken back, else leave them and their original."""
    verbatim, original = stored.verbatim, stored.original
    comment, contact = words.words.text, words.words.contact
    if contact is None and original is not None and comment:
        # The contact field is not shown filled in again, so an empty one takes nothing back.
        contact = original.contact
    if verbatim is not None and not comment and not contact:
        await verbatim.delete()
        await raise_epoch()
    elif verbatim is not None and stored.has_comment(comment):
        if original is not None and contact != original.contact:
            await Original.filter(id=original.id).update(contact=contact)
        await _analyse_again(verbatim, stored.response, survey)
    elif comment or contact:
        kept = replace(words, words=Words(comment, contact))
        await write_response_verbatim(stored.response, survey, kept)
