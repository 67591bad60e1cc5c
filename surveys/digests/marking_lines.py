"""The words that mark a theme, as one line: each language by its name, its words in their own direction."""

from itertools import groupby
from typing import Final

from markupsafe import Markup

from surveys.digests import sentences
from surveys.digests.direction import text_direction
from surveys.digests.marking_words import USED_AT_LEAST
from surveys.digests.sentences import Figures
from surveys.i18n import gettext as _
from surveys.i18n import number
from surveys.names import spoken_language_name

_WORD: Final = Markup('<bdi lang="{}" dir="{}">{}</bdi>')


def words_line(pain: Figures) -> Markup | None:
    """The languages in the order of their surest words; None without any. Editions made earlier have none."""
    said = words_said(pain)
    return Markup(_("Words that mark it: %(words)s")) % {"words": said} if said else None  # noqa: S704 - a sentence of our own


def words_said(pain: Figures) -> Markup | None:
    """The same without saying what they are, where a heading does."""
    words = pain.get("words", [])
    if not words:
        return None
    order = {language: at for at, language in reversed(list(enumerate(each["language"] for each in words)))}
    ranked = sorted(words, key=lambda each: order[each["language"]])
    named = Markup(_("%(name)s: %(value)s"))  # noqa: S704 - a sentence of our own
    said = [
        named % {"name": spoken_language_name(language), "value": _listed(list(group))}
        for language, group in groupby(ranked, key=lambda each: each["language"])
    ]
    return Markup(" · ").join(said)


def _listed(words: list[Figures]) -> Markup:
    shown = [_WORD.format(each["language"], text_direction(each["word"]), each["word"]) for each in words]
    # What a language puts between the parts of a list is CLDR's.
    return Markup(sentences.listed([*map(str, shown)]))  # noqa: S704 - see above


def words_note(figures: Figures) -> str | None:
    """What such words are, where a page shows some."""
    if not any(pain.get("words") for pain in figures["pain_points"]):
        return None
    return _(
        "Words mark a theme where people who complain about it use them clearly more often than others who "
        "comment in the same language; at least %(k)s people used each. Languages written without blanks between "
        "words, such as Chinese, Japanese and Thai, are not looked at."
    ) % {"k": number(max(figures["k"], USED_AT_LEAST))}
