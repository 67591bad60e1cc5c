"""What a respondent sent: the link's own parameters, the answer, the rest. Mistakes become sentences at their field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import ImmutableMultiDict, UploadFile
from starlette.requests import Request

from surveys.addresses import LONGEST, email_address
from surveys.i18n import RESPONDENT_LOCALES, ngettext, number
from surveys.i18n import gettext as _
from surveys.places import is_country
from surveys.questionnaires.models import Basis, Metric, Survey
from surveys.quoting import INVISIBLE
from surveys.responses.questions import scores_of
from surveys.scores import EXIT_REASONS

LONGEST_COMMENT: Final = 10_000
ORDERS: Final = 1000
MOST_FIELDS: Final = 200
CONSENTED: Final = "yes"

_CODE: Final = re.compile(r"[\w.:-][\w.: -]{0,39}")
_PLACE: Final = re.compile(r"[\w.:/-][\w.:/ -]{0,79}")
# Control characters that no text needs; line ends and tabs stay.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Fields = Mapping[str, Sequence[str]]


def fields_of(form: ImmutableMultiDict[str, UploadFile | str] | ImmutableMultiDict[str, str]) -> Fields:
    """Every text of a form or an address by its name; files are nothing we asked for."""
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


async def sent_fields(request: Request) -> Fields:
    """The fields of a posted form; our own come urlencoded, which the standard library reads six times as fast."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return _decoded(await request.body())
    form = await request.form()
    # Nothing here asks for files; one that was sent all the same is let go of.
    await form.close()
    return fields_of(form)


def _decoded(body: bytes) -> Fields:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        return {}
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def clean(text: str) -> str:
    """The text without what no keyboard types: NUL, control characters, lone surrogates; one kind of line end."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _one(fields: Fields, name: str) -> str:
    values = fields.get(name, ())
    return clean(values[0]) if len(values) == 1 else ""


@dataclass(frozen=True)
class Carried:
    """What goes along from page to page: what the link said, and who answers where cookies are off."""

    invitation: str = ""
    answer: str = ""
    first_locale: str = ""
    country: str = ""
    channel: str = ""
    touchpoint: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values for an address or for hidden fields; what is empty is left out."""
        named = [
            ("i", self.invitation),
            ("a", self.answer),
            ("from", self.first_locale),
            ("country", self.country),
            ("channel", self.channel),
            ("touchpoint", self.touchpoint),
        ]
        return [(name, value) for name, value in named if value]

    def query(self, *more: tuple[str, str]) -> str:
        """The pairs as the end of an address, with more before them; empty when there is nothing."""
        pairs = [*((name, value) for name, value in more if value), *self.pairs()]
        return f"?{urlencode(pairs)}" if pairs else ""


NOTHING_CARRIED: Final = Carried()


def carried(fields: Fields) -> Carried:
    """What a link or a hidden field says; nonsense is left out, since nobody typed it."""
    country = _one(fields, "country").upper()
    channel, touchpoint = _one(fields, "channel"), _one(fields, "touchpoint")
    first = _one(fields, "from")
    return Carried(
        invitation=_one(fields, "i"),
        answer=_one(fields, "a"),
        first_locale=first if first in RESPONDENT_LOCALES else "",
        country=country if is_country(country) else "",
        channel=channel if _CODE.fullmatch(channel) else "",
        touchpoint=touchpoint if _PLACE.fullmatch(touchpoint) else "",
    )


def order_of(fields: Fields) -> int | None:
    """The order in which exit reasons were shown, so that an error does not shuffle them again."""
    text = _one(fields, "order")
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else None


@dataclass(frozen=True)
class Given:
    """The answer to the first question: a score, or an exit reason."""

    score: int | None = None
    exit_reason: str | None = None

    @property
    def field(self) -> tuple[str, str]:
        """Name and value as a form sends them."""
        return ("exit_reason", self.exit_reason) if self.exit_reason else ("score", str(self.score))


@dataclass(frozen=True)
class ParsedAnswer:
    """The first page as sent: the answer, or what is wrong with it by field."""

    given: Given | None
    errors: Mapping[str, str] = field(default_factory=dict)


def chosen(fields: Fields, survey: Survey) -> Given | None:
    """What an address pre-selects; anything unsound selects nothing."""
    return parse_answer(fields, survey).given


def parse_answer(fields: Fields, survey: Survey) -> ParsedAnswer:
    """The score or the exit reason, exactly one, one of those shown."""
    is_exit = survey.metric is Metric.EXIT
    name = "exit_reason" if is_exit else "score"
    values = [value for value in fields.get(name, ()) if value]
    if not values:
        sentence = _("Please choose a reason.") if is_exit else _("Please choose a score.")
    elif len(values) > 1:
        sentence = _("Please choose only one answer.")
    elif is_exit:
        if values[0] in EXIT_REASONS:
            return ParsedAnswer(Given(exit_reason=values[0]))
        sentence = _("Please choose one of the reasons shown.")
    else:
        score = {str(one): one for one in scores_of(survey.metric)}.get(values[0])
        if score is not None:
            return ParsedAnswer(Given(score=score))
        sentence = _("Please choose one of the scores shown.")
    return ParsedAnswer(None, {name: sentence})


@dataclass(frozen=True)
class Rest:
    """The second page as typed."""

    comment: str = ""
    contact: str = ""
    country: str = ""
    consented: bool = False


@dataclass(frozen=True)
class ParsedRest:
    """The second page as sent, and what is wrong with it by field."""

    rest: Rest
    errors: Mapping[str, str]


def parse_rest(fields: Fields, survey: Survey) -> ParsedRest:
    """Comment, contact, country and consent; whatever is wrong, what was typed is kept."""
    typed = Rest(
        comment=clean("\n".join(fields.get("comment", ()))),
        # What a copied address brings along unseen: nobody could name it when it is to be erased.
        contact=clean(" ".join(fields.get("contact", ())).translate(INVISIBLE)),
        country=clean("".join(fields.get("country", ())[:1])).upper(),
        # Only what our own box says is consent; an empty, denied or doubled field is none.
        consented=list(fields.get("consent", ())) == [CONSENTED],
    )
    errors = {
        name: _("Please choose only one answer.")
        for name in ("comment", "contact", "country")
        if len(fields.get(name, ())) > 1
    }
    if len(typed.comment) > LONGEST_COMMENT:
        sentence = ngettext(
            "The comment is too long. At most %(count)s character fits.",
            "The comment is too long. At most %(count)s characters fit.",
            LONGEST_COMMENT,
        )
        errors["comment"] = sentence % {"count": number(LONGEST_COMMENT)}
    if typed.contact and not is_email(typed.contact):
        errors["contact"] = _(
            "Please write an e-mail address such as name@example.com, or leave the field empty."
        )
    if typed.country and not is_country(typed.country):
        errors["country"] = _("Please choose a country from the list, or leave the field empty.")
    needs_consent = survey.basis is Basis.CONSENT and bool(typed.comment or typed.contact)
    if needs_consent and not typed.consented:
        errors["consent"] = _(
            "Please tick the box to send a comment or contact details, or leave both empty."
        )
    return ParsedRest(typed, errors)


def is_email(text: str) -> bool:
    """Whether a mail could be sent there, as far as its shape tells: an address on the internet, with a dot."""
    return len(text) <= LONGEST and "." in text.rpartition("@")[2] and email_address(text) is not None


def is_robot(fields: Fields) -> bool:
    """Whether the field that nobody sees was filled in."""
    return any(value.strip() for value in fields.get("website", ()))
