"""The organisation's own facts: what may be set, and to what."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from surveys.addresses import email_address
from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.i18n import number
from surveys.negotiate import matching
from surveys.organisation.colours import SHAPES, WORDS, colour_of, contrast_on_white, darkened
from surveys.organisation.logo import MOST_PIXELS, is_picture, unfolds_too_far
from surveys.organisation.models import Organisation, the_organisation
from surveys.quoting import name_of

TEXTS = ("name", "contact", "time_zone", "default_locale", "title_colour", "line_colour", "digest_footer")
# Below 3 a group's figure tells its members about each other; above 100 hardly anything is left to print.
SMALLEST_GROUPS = range(3, 101)
RETENTION_MONTHS = range(1, 121)
LARGEST_LOGO = 512 * 1024
LONGEST_NAME = 120
# One line at the foot of a page.
LONGEST_FOOTER = 120

# How the kinds of picture begin that browsers, mail programs and the PDF all show; SVG may carry scripts and is none.
PICTURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n", b""),
    "image/jpeg": (b"\xff\xd8\xff", b""),
    "image/webp": (b"RIFF", b"WEBP"),
}


@dataclass(frozen=True)
class Logo:
    """A picture whose content says that it is one."""

    content: bytes
    kind: str


def logo_of(content: bytes) -> Logo:
    """A logo, known by its content and not by its name.

    Raises Refused when it is too large or no picture that we show: reading it takes up to a second.
    """
    if len(content) > LARGEST_LOGO:
        raise Refused(_("The picture is larger than %(limit)s kB.") % {"limit": LARGEST_LOGO // 1024})
    if unfolds_too_far(content):
        sentence = _("The picture has more than %(limit)s million pixels.")
        raise Refused(sentence % {"limit": MOST_PIXELS // 1_000_000})
    kind = _kind(content)
    if kind and is_picture(content):
        return Logo(content, kind)
    raise Refused(_("The picture must be a PNG, JPEG or WebP file."))


def _kind(content: bytes) -> str | None:
    for kind, (first, second) in PICTURES.items():
        if content.startswith(first) and content[8 : 8 + len(second)] == second and _is_whole(kind, content):
            return kind
    return None


def _is_whole(kind: str, content: bytes) -> bool:
    """Whether the picture has its end: one that was cut off while it was copied has not."""
    if kind == "image/webp":
        return len(content) >= 8 + int.from_bytes(content[4:8], "little")
    return (b"IEND" if kind == "image/png" else b"\xff\xd9") in content[-64:]


def organisation_problems(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the facts given, by field; nothing when they can be set."""
    problems: dict[str, str] = {}
    if "name" in values and not 0 < len(name_of(values["name"]) or "") <= LONGEST_NAME:
        problems["name"] = _("The name has from 1 to %(limit)s characters.") % {"limit": LONGEST_NAME}
    if "contact" in values and email_address(values["contact"]) is None:
        problems["contact"] = _("This is not an e-mail address.")
    if "time_zone" in values and values["time_zone"] not in available_timezones():
        problems["time_zone"] = _("This is not an IANA time zone such as Europe/Riga.")
    if "default_locale" in values and matching(values["default_locale"]) is None:
        problems["default_locale"] = _("Surveys are not available in this language.")
    problems |= _look_problems(values)
    for column, allowed in (("smallest_group", SMALLEST_GROUPS), ("retention_months", RETENTION_MONTHS)):
        if column in values and _whole(values[column], allowed) is None:
            sentence = _("This must be a whole number from %(low)s to %(high)s.")
            problems[column] = sentence % {"low": allowed[0], "high": allowed[-1]}
    return problems


def _look_problems(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with colours and the line at the foot; an empty one is ours, or none."""
    problems: dict[str, str] = {}
    for column, least in (("title_colour", WORDS), ("line_colour", SHAPES)):
        typed = values.get(column, "").strip()
        colour = colour_of(typed)
        if typed and colour is None:
            problems[column] = _("This is not a colour such as #0f6b66.")
        elif colour and contrast_on_white(colour) < least:
            sentence = _(
                "This colour is too pale on white paper: its contrast is %(contrast)s, at least %(least)s is needed. %(darker)s is dark enough."
            )
            # Rounded down: what is refused is never said to have what is needed.
            contrast = number(int(contrast_on_white(colour) * 10) / 10, 1)
            darker = darkened(colour, least)
            problems[column] = sentence % {"contrast": contrast, "least": number(least, 1), "darker": darker}
    if len(values.get("digest_footer", "").strip()) > LONGEST_FOOTER:
        problems["digest_footer"] = _("The line has at most %(limit)s characters.") % {
            "limit": LONGEST_FOOTER
        }
    return problems


def _whole(value: str, allowed: range) -> int | None:
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
    return number if number in allowed else None


async def change_organisation(values: Mapping[str, str], logo: Logo | None = None) -> Organisation:
    """Set the facts given; the others stay.

    Raises Refused with a sentence for each that cannot be.
    """
    problems = organisation_problems(values)
    if problems:
        raise Refused(" ".join(problems.values()))
    organisation = await the_organisation()
    for column, value in values.items():
        setattr(organisation, column, value.strip() if column in TEXTS else int(value))
    organisation.name = name_of(organisation.name) or organisation.name
    organisation.contact = organisation.contact.lower()
    organisation.title_colour = (organisation.title_colour or "").lower() or None
    organisation.line_colour = (organisation.line_colour or "").lower() or None
    organisation.digest_footer = name_of(organisation.digest_footer)
    organisation.default_locale = matching(organisation.default_locale) or "en"
    if logo is not None:
        organisation.logo, organisation.logo_type = logo.content, logo.kind
    await organisation.save()
    return organisation


async def remove_logo() -> None:
    """Show the organisation's name only."""
    organisation = await the_organisation()
    organisation.logo = organisation.logo_type = None
    await organisation.save(update_fields=["logo", "logo_type"])
