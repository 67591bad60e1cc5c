"""Whether two posts say the same: a 64-bit SimHash over character 4-grams (Charikar 2002).

Links, names, marks and capitals do not count, so a repost or a press text with another link collapses into the
first.
"""

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta

import numpy as np

BITS = 64
GRAM = 4
# Unrelated texts differ in about 32 bits; a word changed in a sentence changes a handful.
NEAR_BITS = 6
# Below this length a changed letter changes the meaning: only equal texts are copies.
SHORT_TEXT = 40

_NOISE = re.compile(r"https?://\S+|\bhttp\b|www\.\S+|@\w+|^\s*RT\b", re.IGNORECASE)


def likeness(text: str) -> str:
    """16 hexadecimal digits, then `s` for a short text or `l` for a long one; empty without letters or digits."""
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


class Pool:
    """Posts that others may be copies of, each with when it was published."""

    def __init__(self, window: timedelta) -> None:
        self.window = window.total_seconds()
        self._short: dict[str, list[tuple[int, float]]] = {}
        self._keys: list[int] = []
        # Grown by doubling: an import asks and adds once for each of its rows.
        self._numbers = np.zeros(64, dtype=np.uint64)
        self._times = np.zeros(64)

    def add(self, key: int, value: str, at: datetime) -> None:
        """Remember a post by its likeness."""
        if value.endswith("s"):
            self._short.setdefault(value, []).append((key, at.timestamp()))
        elif value:
            if len(self._keys) == len(self._numbers):
                self._numbers = np.concatenate((self._numbers, np.zeros_like(self._numbers)))
                self._times = np.concatenate((self._times, np.zeros_like(self._times)))
            self._numbers[len(self._keys)] = int(value[:16], 16)
            self._times[len(self._keys)] = at.timestamp()
            self._keys.append(key)

    def first_like(self, value: str, at: datetime) -> int | None:
        """The key of the first post remembered that this one is a copy of, published within the window."""
        moment = at.timestamp()
        if value.endswith("s"):
            known = self._short.get(value, [])
            return next((key for key, other in known if abs(other - moment) <= self.window), None)
        if not value:
            return None
        count = len(self._keys)
        distances = np.bitwise_count(self._numbers[:count] ^ np.uint64(int(value[:16], 16)))
        near = (distances <= NEAR_BITS) & (np.abs(self._times[:count] - moment) <= self.window)
        places = np.flatnonzero(near)
        return self._keys[int(places[0])] if places.size else None
