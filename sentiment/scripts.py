"""Which script a text is written in, and which languages are written in that script.

Ranges: Unicode 16 `Scripts.txt`, reduced to the scripts that a language known here uses.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category

_RANGES: list[tuple[int, int, str]] = sorted(
    [
        (0x41, 0x5A, "Latn"),
        (0x61, 0x7A, "Latn"),
        (0xAA, 0xAA, "Latn"),
        (0xBA, 0xBA, "Latn"),
        (0xC0, 0x24F, "Latn"),
        (0x250, 0x2AF, "Latn"),
        (0x370, 0x3FF, "Grek"),
        (0x400, 0x52F, "Cyrl"),
        (0x530, 0x58F, "Armn"),
        (0x5D0, 0x5F4, "Hebr"),
        (0x620, 0x6FF, "Arab"),
        (0x750, 0x77F, "Arab"),
        (0x8A0, 0x8FF, "Arab"),
        (0x900, 0x97F, "Deva"),
        (0x980, 0x9FF, "Beng"),
        (0xA00, 0xA7F, "Guru"),
        (0xA80, 0xAFF, "Gujr"),
        (0xB00, 0xB7F, "Orya"),
        (0xB80, 0xBFF, "Taml"),
        (0xC00, 0xC7F, "Telu"),
        (0xC80, 0xCFF, "Knda"),
        (0xD00, 0xD7F, "Mlym"),
        (0xD80, 0xDFF, "Sinh"),
        (0xE00, 0xE7F, "Thai"),
        (0xE80, 0xEFF, "Laoo"),
        (0xF00, 0xFFF, "Tibt"),
        (0x1000, 0x109F, "Mymr"),
        (0x10A0, 0x10FF, "Geor"),
        (0x1100, 0x11FF, "Hang"),
        (0x1200, 0x139F, "Ethi"),
        (0x1780, 0x17FF, "Khmr"),
        (0x1800, 0x18AF, "Mong"),
        (0x1C90, 0x1CBF, "Geor"),
        (0x1E00, 0x1EFF, "Latn"),
        (0x1F00, 0x1FFF, "Grek"),
        (0x2D80, 0x2DDF, "Ethi"),
        (0x3040, 0x30FF, "Kana"),
        (0x3130, 0x318F, "Hang"),
        (0x3400, 0x4DBF, "Hani"),
        (0x4E00, 0x9FFF, "Hani"),
        (0xAC00, 0xD7AF, "Hang"),
        (0xF900, 0xFAFF, "Hani"),
        (0xFB1D, 0xFB4F, "Hebr"),
        (0xFB50, 0xFDFF, "Arab"),
        (0xFE70, 0xFEFC, "Arab"),
        (0xFF21, 0xFF3A, "Latn"),
        (0xFF41, 0xFF5A, "Latn"),
        (0xFF66, 0xFF9F, "Kana"),
        (0x20000, 0x323AF, "Hani"),
    ]
)
_STARTS = [first for first, _, _ in _RANGES]

LANGUAGES = {
    "Arab": ("ar", "fa", "ur", "ps", "ug", "ku"),
    "Armn": ("hy",),
    "Beng": ("bn", "as"),
    "Cyrl": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "ba"),
    "Deva": ("hi", "mr", "ne", "sa", "gom"),
    "Ethi": ("am",),
    "Geor": ("ka",),
    "Grek": ("el",),
    "Gujr": ("gu",),
    "Guru": ("pa",),
    "Hang": ("ko",),
    "Hani": ("zh", "ja"),
    "Hebr": ("he",),
    "Kana": ("ja",),
    "Khmr": ("km",),
    "Knda": ("kn",),
    "Laoo": ("lo",),
    "Mlym": ("ml",),
    "Mymr": ("my",),
    "Orya": ("or",),
    "Sinh": ("si",),
    "Taml": ("ta",),
    "Telu": ("te",),
    "Thai": ("th",),
    "Tibt": ("dz",),
    "Mong": ("mn",),
}
"""Languages by script; every language not named here, and `sr`, is written in Latin letters."""

_WEIGHTS = {"Hani": 2.5, "Kana": 2.5, "Hang": 2.5}
"""One character of these says as much as two or three letters."""

_KANA_SHARE = 0.12
"""Chinese holds no kana; Japanese holds at least this share beside its Han characters."""


@lru_cache(maxsize=1 << 14)
def script_of(character: str) -> str | None:
    """The script of one letter; None for anything else."""
    point = ord(character)
    at = bisect_right(_STARTS, point) - 1
    if at < 0 or point > _RANGES[at][1]:
        return None
    # In the scripts of India and its neighbours half of the vowels are marks.
    is_letter = character.isalpha() or category(character).startswith("M")
    return _RANGES[at][2] if is_letter else None


def count_scripts(characters: Iterable[str]) -> dict[str, float]:
    """Letters by script, weighted; unknown scripts are not counted."""
    counts: dict[str, float] = {}
    for character, times in Counter(characters).items():
        script = script_of(character)
        if script is not None:
            counts[script] = counts.get(script, 0.0) + times * _WEIGHTS.get(script, 1.0)
    return counts


def main_script(counts: dict[str, float]) -> tuple[str, float]:
    """The script most of the text is in, and its share of all letters; ("", 0) without letters."""
    total = sum(counts.values())
    if not total:
        return "", 0.0
    east = counts.get("Hani", 0.0) + counts.get("Kana", 0.0)
    merged = {**counts}
    if east:
        merged.pop("Hani", None)
        merged.pop("Kana", None)
        japanese = counts.get("Kana", 0.0) >= _KANA_SHARE * east
        merged["Kana" if japanese else "Hani"] = east
    script = max(merged, key=lambda name: (merged[name], name))
    return script, merged[script] / total
