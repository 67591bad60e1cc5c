"""Single pain points in words: what each is called in the reader's language, its share, who says it, what was decided."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from surveys.digests import charts, sentences
from surveys.digests.charts import Axis
from surveys.digests.decision_lines import decision_lines
from surveys.digests.direction import text_direction
from surveys.digests.sentences import Figures
from surveys.i18n import current, ngettext, number
from surveys.i18n import gettext as _
from surveys.names import region_name, spoken_language_name
from surveys.pains.known import known_title
from surveys.quoting import is_wide, shortened, titled

LONGEST: Final = 90
ON_PAGE_ONE: Final = 60
# Where decisions take their room, a title has to do with one line.
BESIDE_DECISIONS: Final = 32
# An edition has twelve pages at most: under later themes there is no room.
THEMES: Final = 8
# The first pain point of a theme is named on page one from this part of the theme's complaints on.
LEADS_FROM: Final = 1 / 3
NO_LANGUAGE: Final = frozenset({"und", "mixed", "unknown"})


@dataclass(frozen=True)
class PointName:
    """A title; of a quote also in which language it is, named where that is not the reader's."""

    text: str
    lang: str | None = None
    language: str | None = None
    is_quote: bool = False

    def __str__(self) -> str:
        return self._said(self.text)

    def __html__(self) -> str:
        if self.lang is None:
            return str(Markup.escape(str(self)))
        words = Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(
            self.lang, text_direction(self.text), self.text
        )
        return str(self._said(words))

    def _said(self, words: str) -> str:
        if not self.is_quote:
            return words
        # Markup escapes what is put into it.
        if self.language is None:
            return type(words)(_("“%(quote)s”")) % {"quote": words}
        return type(words)(_("“%(quote)s” (%(language)s)")) % {"quote": words, "language": self.language}


def point_name(point: Figures, longest: int = LONGEST) -> PointName:
    """The site's own title, else that of a known pain point, else what somebody said."""
    locale = current().code
    known = known_title(point["known"], locale) if point["known"] else None
    if point["title"]:
        return PointName(_cut(point["title"], longest), "und")
    if known:
        return PointName(_cut(known[0], longest), known[1])
    quote = point["quote"]
    said = titled(quote["text"], longest, quote.get("about")) if quote else ""
    if not said:
        return PointName(_("Pain point %(number)s") % {"number": point["pain_point"]})
    code = quote["language"]
    lang = "und" if code in NO_LANGUAGE else code
    is_theirs = code == locale.partition("-")[0] or code in NO_LANGUAGE
    language = None if is_theirs else spoken_language_name(code)
    return PointName(said, lang, language, is_quote=True)


def _cut(text: str, longest: int) -> str:
    """Letters that are wide count twice."""
    return shortened(text, longest // 2 if is_wide(text) else longest)


def leading(pain: Figures) -> Figures | None:
    """The pain point of a theme that most people name, and its share, for page one; None where it is a small part."""
    point = max(pain.get("points", []), key=lambda point: point["now"]["x"], default=None)
    if point is None or point["now"]["x"] < LEADS_FROM * pain["now"]["x"]:
        return None
    return {
        "said": _most(point, ON_PAGE_ONE, str),
        "shown": _most(point, ON_PAGE_ONE, Markup),
        "short": _most(point, BESIDE_DECISIONS, Markup),
    }


def _most(point: Figures, longest: int, kind: type[str]) -> str:
    sentence = kind(_("Most of all: %(title)s, %(share)s of answers"))
    return sentence % {
        "title": point_name(point, longest),
        "share": sentences.share_of(point["now"]["share"]),
    }


def point_rows(pain: Figures, axis: Axis) -> list[Figures]:
    """The rows under a theme's row."""
    return [_row(point, axis) for point in pain.get("points", [])]


def _row(point: Figures, axis: Axis) -> Figures:
    now, before = point["now"], point["before"]
    name = point_name(point)
    return {
        "pain_point": point["pain_point"],
        "name": name,
        "link": point.get("link"),
        "x": number(now["x"]),
        "share": sentences.share_of(now["share"]),
        "before": None if before["share"] is None else sentences.share_of(before["share"]),
        "verdict": sentences.verdict(point["change"]),
        "arrow": point["change"]["arrow"],
        "chart": charts.share_bar(
            now["share"],
            (now["low"], now["high"]),
            axis,
            sentences.labelled(str(name), sentences.shares(now)),
            before=before["share"],
            height=3.4,
            mirrored=current().direction == "rtl",
        ),
        "who": _who(point),
    }


def _who(point: Figures) -> str:
    """In how many languages it is said, which ones and where, as far as enough people do."""
    spoken, n = point["languages"], point["languages"]["n"]
    said = []
    if n:
        counted = ngettext("%(num)s language", "%(num)s languages", n) % {"num": number(n)}
        named = [
            sentences.noted(spoken_language_name(each["language"]), number(each["x"]))
            for each in spoken["named"]
        ]
        if named and spoken["others"]:
            named.append(_("others (%(n)s)") % {"n": number(spoken["others"])})
        said.append(sentences.labelled(counted, sentences.listed(named)) if named else counted)
    places = [sentences.noted(region_name(each["group"]), number(each["x"])) for each in point["places"]]
    # Editions made before it was counted do not have it.
    if places and point.get("elsewhere"):
        places.append(_("elsewhere (%(n)s)") % {"n": number(point["elsewhere"])})
    return " · ".join([*said, *([sentences.listed(places)] if places else [])])


def decided_at(figures: Figures) -> dict[tuple[str, str | None], list[Figures]]:
    """Decisions in short, by the row that they stand in: a theme's, or a pain point's that has one."""
    rows = {
        (pain["theme"], point["pain_point"])
        for pain in figures["pain_points"][:THEMES]
        for point in pain.get("points", [])
    }
    found: dict[tuple[str, str | None], list[Figures]] = {}
    for each, line in zip(figures.get("decisions", []), decision_lines(figures), strict=True):
        at = (each["theme"], each["pain_point"])
        words = Markup('<bdi lang="und" dir="{}">{}</bdi>').format(line["dir"], line["sentence"])
        said = Markup(_("%(name)s: %(value)s")) % {"name": _("Decision"), "value": words}  # noqa: S704 - see leading()
        standing = {"standing": line["standing"], "overdue": line["overdue"]}
        found.setdefault(at if at in rows else (each["theme"], None), []).append({"said": said, **standing})
    return found
