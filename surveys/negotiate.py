"""Which language a respondent is served in.

Babel's own negotiation knows neither script (zh-TW is Traditional), nor `no`, `iw`, nor pt-BR falling to pt; so tags
are compared by language and script, with CLDR's aliases and likely subtags.
"""

from collections.abc import Iterable

from babel.core import get_global

from surveys.i18n import RESPONDENT_LOCALES

# Babel carries CLDR's aliases; `no` is left to us because it is a macrolanguage there.
OWN_ALIASES = {"no": "nb", "nn": "nb"}
LONGEST_HEADER = 1000


def matching(tag: str, offered: Iterable[str] = RESPONDENT_LOCALES) -> str | None:
    """The offered locale for a tag such as `zh-TW`, `iw` or `pt-BR`; None when there is none."""
    wanted = _language_and_script(tag)
    if wanted is None:
        return None
    for code in offered:
        if _language_and_script(code) == wanted:
            return code
    return None


def _language_and_script(tag: str) -> tuple[str, str] | None:
    """Language and script; a script is told only for languages written in several that we serve."""
    parts = tag.strip().replace("_", "-").split("-")
    language = parts[0].lower()
    if not (language.isascii() and language.isalpha() and 2 <= len(language) <= 3):
        return None
    language = OWN_ALIASES.get(language, get_global("language_aliases").get(language, language))
    if language != "zh":
        return language, ""
    script = next((part.title() for part in parts[1:] if len(part) == 4 and part.isalpha()), None)
    territory = next((part.upper() for part in parts[1:] if len(part) == 2), None)
    likely = get_global("likely_subtags").get(f"zh_{territory}", "zh_Hans_CN")
    return language, script or likely.split("_")[1]


def accepted(header: str) -> list[str]:
    """Tags of an Accept-Language header, most wanted first; q=0 and nonsense left out."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(header[:LONGEST_HEADER].split(",")):
        tag, _, weight = part.strip().partition(";")
        quality = _quality(weight)
        if tag.strip() and tag.strip() != "*" and quality > 0:
            wanted.append((-quality, position, tag.strip()))
    return [tag for _, _, tag in sorted(wanted)]


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0


def choose(*tags: str | None, header: str = "", default: str = "en") -> str:
    """The first of `tags` that we serve, else the most wanted of the header that we serve, else the default."""
    candidates = [tag for tag in tags if tag] + accepted(header) + [default]
    for tag in candidates:
        code = matching(tag)
        if code is not None:
            return code
    return "en"
