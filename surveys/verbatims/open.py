"""One verbatim, opened: its words with the evidence for each theme, what is known of it, who corrected what."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from babel import Locale

from surveys import names
from surveys.i18n import RESPONDENT_LOCALES, current, instant, rounded
from surveys.i18n import gettext as _
from surveys.mentions.models import Mention
from surveys.places import region
from surveys.questionnaires.models import Survey
from surveys.taxonomy import taxonomy
from surveys.verbatims.correct import CONFIRMED, Said, standing
from surveys.verbatims.filters import SENTIMENTS
from surveys.verbatims.look import tag
from surveys.verbatims.models import Correction, Original, Verbatim, VerbatimTheme
from surveys.verbatims.present import score


@dataclass(frozen=True)
class Piece:
    """A stretch of the words; `themes` names what it is evidence for, if anything."""

    text: str
    themes: str | None = None


@dataclass(frozen=True)
class Corrected:
    """A correction as it is told, and whether it can be undone now."""

    id: int
    sentence: str
    can_undo: bool


@dataclass(frozen=True)
class Earlier:
    """An answer that the respondent replaced."""

    text: str | None
    score: str | None
    when: str


@dataclass(frozen=True)
class Opened:
    """Everything the opened verbatim shows."""

    row: Verbatim
    pieces: Sequence[Piece]
    tag: str | None
    facts: Sequence[tuple[str, str]]
    shares: Sequence[tuple[str, str, float]]
    themes: Sequence[tuple[VerbatimTheme, str]]
    corrections: Sequence[Corrected]
    earlier: Sequence[Earlier]
    link: str | None
    keeps_original: bool
    languages: Sequence[tuple[str, str]]
    sentiments: Sequence[tuple[str, str]]
    all_themes: Sequence[tuple[str, str]]
    original: str | None = None

    @property
    def shown(self) -> Said:
        """What the form for a correction shows."""
        return standing(self.row, [hit for hit, _name in self.themes])


@dataclass(frozen=True)
class Around:
    """Rows that belong to a verbatim, read before anything is named."""

    themes: Sequence[VerbatimTheme]
    corrections: Sequence[Correction]
    survey: Survey | None
    copies: int
    keeps_original: bool


async def around(row: Verbatim) -> Around:
    """Read what stands around a verbatim that somebody may see."""
    return Around(
        themes=sorted(
            await VerbatimTheme.filter(verbatim_id=row.id),
            key=lambda hit: (hit.start is None, hit.start or 0, hit.code),
        ),
        corrections=await Correction.filter(verbatim_id=row.id).select_related("user").order_by("id"),
        survey=await Survey.get_or_none(id=row.survey_id) if row.survey_id else None,
        copies=await Mention.filter(copy_of_id=row.mention_id).count() if row.mention_id else 0,
        keeps_original=await Original.exists(verbatim_id=row.id),
    )


def opened(row: Verbatim, beside: Around, zone: ZoneInfo, original: str | None = None) -> Opened:
    """Name everything in the current language."""
    return Opened(
        row=row,
        pieces=pieces(row.masked_text, beside.themes),
        tag=tag(row.language, row.language_best),
        facts=_facts(row, beside, zone),
        shares=_shares(row),
        themes=_themes(beside.themes),
        corrections=_corrections(beside.corrections, zone),
        earlier=_earlier(row, zone),
        link=_link(row),
        keeps_original=beside.keeps_original,
        languages=language_choices(row.language, current().code),
        sentiments=[(code, names.sentiment_name(code)) for code in SENTIMENTS],
        all_themes=[(code, names.theme_name(code)) for code in names.theme_codes()],
        original=original,
    )


def _themes(hits: Sequence[VerbatimTheme]) -> list[tuple[VerbatimTheme, str]]:
    """Each theme that counts once, by its earliest evidence, with the code and name that it counts by."""
    shown: dict[str, VerbatimTheme] = {}
    for hit in hits:
        code = taxonomy().counted(hit.code)
        if code is not None and code not in shown:
            hit.code = code
            shown[code] = hit
    return [(hit, names.theme_name(code)) for code, hit in shown.items()]


def pieces(text: str, hits: Sequence[VerbatimTheme]) -> list[Piece]:
    """Cut the words where evidence begins or ends; spans may overlap, and one outside the words is left out."""
    spans = [
        (*span, code)
        for hit in hits
        if (span := _span(hit, len(text))) and (code := taxonomy().counted(hit.code))
    ]
    cuts = sorted({0, len(text), *(edge for start, end, _code in spans for edge in (start, end))})
    found = []
    for start, end in pairwise(cuts):
        codes = [code for low, high, code in spans if low <= start and end <= high]
        named = dict.fromkeys(names.theme_name(code) for code in codes)
        found.append(Piece(text[start:end], ", ".join(named) or None))
    return found


def _span(hit: VerbatimTheme, length: int) -> tuple[int, int] | None:
    start, end = hit.start, hit.end
    return (start, end) if start is not None and end is not None and 0 <= start < end <= length else None


@cache
def _common_languages() -> frozenset[str]:
    return frozenset(Locale.parse(code.replace("-", "_")).language for code in RESPONDENT_LOCALES)


@cache
def language_choices(chosen: str | None, _locale: str) -> list[tuple[str, str]]:
    """Languages to choose from when correcting: ours, the one that stands, and the two that are none."""
    codes = _common_languages() | {code for code in (chosen,) if code not in {None, "und", "mixed"}}
    named = sorted(
        ((str(code), names.spoken_language_name(str(code))) for code in codes),
        key=lambda pair: pair[1].casefold(),
    )
    return [*named, *((code, names.spoken_language_name(code)) for code in ("mixed", "und"))]


def _facts(row: Verbatim, beside: Around, zone: ZoneInfo) -> list[tuple[str, str]]:
    """What is known of it, as (label, value), in the order one asks: how much, in what words, where, when."""
    facts = [
        (_("Score"), score(row.metric, row.score)),
        (_("Score band"), names.band_name(row.band) if row.band else None),
        (_("Language"), _language(row)),
        (_("Country"), names.country_name(row.country) if row.country else _("Unknown")),
        (_("Region"), _place(row.country)),
        (_("Culture"), names.culture_name(row.culture)),
        (_("Survey"), beside.survey.name if beside.survey else None),
        (
            _("Channel") if row.mention_id is None else _("Source"),
            names.channel_name(row.channel) if row.channel else None,
        ),
        (_("Touchpoint"), names.code_name(row.touchpoint) if row.touchpoint else None),
        (_("Segment"), names.code_name(row.segment) if row.segment else None),
        (_("Written"), instant(row.written_at, zone)),
        (_("Near-identical copies"), str(beside.copies) if beside.copies else None),
        (_("Understood by"), row.model_version),
    ]
    return [(label, value) for label, value in facts if value]


def _language(row: Verbatim) -> str | None:
    if row.language is None:
        return None
    known: dict[str, object] = {"language": names.spoken_language_name(row.language)}
    if row.language == "mixed" and row.languages:
        known["all"] = ", ".join(names.spoken_language_name(code) for code in row.languages)
        return _("%(language)s: %(all)s") % known
    if row.language != row.machine_language:
        return str(known["language"])
    if row.language == "und" and row.language_best:
        known["best"] = names.spoken_language_name(row.language_best)
        return _("%(language)s, best guess: %(best)s") % known
    if row.language_confidence is None:
        return str(known["language"])
    known["percent"] = int(rounded(row.language_confidence * 100))
    return _("%(language)s, sure to %(percent)s %%") % known


def _place(country: str | None) -> str | None:
    place = region(country)
    return " › ".join(names.region_name(code) for code, _name in place.path) if place else None


def _shares(row: Verbatim) -> list[tuple[str, str, float]]:
    """The three probabilities as (code, name, share); none before it was read."""
    shares = (("negative", row.negative), ("neutral", row.neutral), ("positive", row.positive))
    return [(code, names.sentiment_name(code), share) for code, share in shares if share is not None]


def _corrections(rows: Sequence[Correction], zone: ZoneInfo) -> list[Corrected]:
    latest = {row.field: row.id for row in rows}
    return [Corrected(row.id, _told(row, zone), latest[row.field] == row.id) for row in rows]


def _told(row: Correction, zone: ZoneInfo) -> str:
    who = (row.user.name or row.user.email) if row.user else _("Somebody who has left")
    when = instant(row.corrected_at, zone)
    if row.field == CONFIRMED:
        return _("%(who)s confirmed what stands here on %(when)s.") % {"who": who, "when": when}
    sentence = {
        "language": _("%(who)s changed the language from “%(before)s” to “%(after)s” on %(when)s."),
        "sentiment": _("%(who)s changed the sentiment from “%(before)s” to “%(after)s” on %(when)s."),
        "themes": _("%(who)s changed the themes from “%(before)s” to “%(after)s” on %(when)s."),
    }[row.field]
    before, after = (_named(row.field, value) for value in (row.before["value"], row.after["value"]))
    return sentence % {"who": who, "before": before, "after": after, "when": when}


def _named(field: str, value: object) -> str:
    if field == "themes" and isinstance(value, list):
        return ", ".join(names.theme_name(hit["code"]) for hit in value) or _("No theme")
    if value is None:
        return _("Not analysed yet")
    return names.spoken_language_name(str(value)) if field == "language" else names.sentiment_name(str(value))


def _earlier(row: Verbatim, zone: ZoneInfo) -> list[Earlier]:
    if row.response is None:
        return []
    answers = sorted(row.response.earlier, key=lambda answer: answer.submitted_at)  # type: ignore[attr-defined]
    return [
        Earlier(answer.masked_text, score(row.metric, answer.score), instant(answer.submitted_at, zone))
        for answer in answers
    ]


def _link(row: Verbatim) -> str | None:
    """Where a mention stands, if its address is one a browser should follow."""
    url = row.mention.url if row.mention else None
    return url if url and url.startswith(("https://", "http://")) else None
