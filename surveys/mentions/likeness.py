"""Whether two posts say the same: a 64-bit SimHash over character 4-grams (Charikar 2002).

Links, names, marks and capitals do not count, so a repost or a press text with another link collapses into the first.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BITS = 64
GRAM = 4
# Unrelated texts differ in about 32 bits; a word changed in a sentence changes a handful.
NEAR_BITS = 6
# Below this length a changed letter changes the meaning: only equal texts are copies.
SHORT_TEXT = 40

_NOISE = re.compile(r"https?://\S+|\bhttp\b|www\.\S+|@\w+|^\s*RT\b", re.IGNORECASE)


def likeness(text: str) -> str:
    """16 hexadecimal digits, then `s` for a short text or `l` for a long one; empty when nothing is left to compare."""
    bare = _bare(text)
    if not bare:
        return ""
    grams = {bare[start : start + GRAM] for start in range(max(1, len(bare) - GRAM + 1))}
    hashes = np.frombuffer(
        b"".join(hashlib.blake2b(gram.encode(), digest_size=8).digest() for gram in sorted(grams)),
        dtype=np.uint8,
    )
    bits = np.unpackbits(hashes).reshape(-1, BITS)
    majority = bits.sum(axis=0) * 2 > len(bits)
    return np.packbits(majority).tobytes().hex() + ("s" if len(bare) < SHORT_TEXT else "l")


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", _NOISE.sub(" ", text)).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def copy_among(value: str, earlier: Sequence[str]) -> int | None:
    """The position of the first earlier likeness that `value` is a copy of."""
    if not value or not earlier:
        return None
    if value.endswith("s"):
        return earlier.index(value) if value in earlier else None
    distances = np.bitwise_count(_numbers(earlier) ^ _numbers([value]))
    long_ones = np.array([other.endswith("l") for other in earlier])
    near = np.flatnonzero((distances <= NEAR_BITS) & long_ones)
    return int(near[0]) if near.size else None


def _numbers(values: Sequence[str]) -> npt.NDArray[np.uint64]:
    return np.array([int(value[:16] or "0", 16) for value in values], dtype=np.uint64)
