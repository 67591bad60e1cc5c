"""Who appears in the demo: markets, customers, what they say. Every name, address and number is a reserved example."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from surveys.places import leaf_code
from surveys.scores import Band

NORTHERN_EUROPE: Final = "154"
WARM: Final = frozenset({"BR", "MX", "IN", "ID", "EG", "AE", "TR", "RO", "MD"})


@dataclass(frozen=True)
class Market:
    """A locale in a country, its weight in a thousand, how it rates, and what else is written there."""

    locale: str
    country: str | None
    weight: int
    promoters: int = 46
    passives: int = 29
    others: tuple[str, ...] = ("en",)

    @property
    def is_northern(self) -> bool:
        """Whether it lies in Northern Europe, as UN M49 draws it."""
        return leaf_code(self.country) == NORTHERN_EUROPE

    @property
    def is_warm(self) -> bool:
        """Whether full marks come easily there."""
        return self.country in WARM


MARKETS: Final = (
    Market("lv", "LV", 120, others=("ru", "en")),
    Market("ru", "LV", 25, others=("lv",)),
    Market("lt", "LT", 85),
    Market("et", "EE", 45, others=("ru", "en")),
    Market("en", "GB", 50, others=()),
    Market("en", "IE", 22, others=()),
    Market("sv", "SE", 32, 42, 36),
    Market("fi", "FI", 30, 42, 36),
    Market("da", "DK", 16, 42, 36),
    Market("nb", "NO", 15, 42, 36),
    Market("ro", "RO", 62, 54, 24),
    Market("ro", "MD", 14, 54, 24, ("ru",)),
    Market("de", "DE", 60, 40, 34),
    Market("de", "AT", 18, 40, 34),
    Market("pl", "PL", 58),
    Market("fr", "FR", 26, 40, 34),
    Market("fr", "BE", 8, 40, 34),
    Market("es", "ES", 22),
    Market("es", "MX", 14, 66, 18),
    Market("pt", "PT", 10),
    Market("pt", "BR", 14, 66, 18),
    Market("it", "IT", 20),
    Market("nl", "NL", 20, 30, 48),
    Market("cs", "CZ", 18),
    Market("hu", "HU", 14),
    Market("el", "GR", 10),
    Market("bg", "BG", 12),
    Market("uk", "UA", 26, others=("ru",)),
    Market("tr", "TR", 16, 54, 24),
    Market("ar", "EG", 20, 54, 22),
    Market("ar", "AE", 10, 54, 22),
    Market("he", "IL", 10),
    Market("hi", "IN", 14, 60, 20),
    Market("bn", "BD", 8, 60, 20),
    Market("th", "TH", 10, 52, 28),
    Market("vi", "VN", 10, 52, 28),
    Market("id", "ID", 12, 60, 22),
    Market("ja", "JP", 34, 18, 50),
    Market("ko", "KR", 14, 24, 48),
    Market("zh-Hans", "CN", 16, 34, 42),
    Market("zh-Hant", "TW", 12, 34, 42),
    Market("en", "US", 16, 52, 26, ("es",)),
    Market("en", None, 12),
)


@dataclass(frozen=True)
class Character:
    """A customer of the demo."""

    customer_id: str
    locale: str
    country: str
    segment: str

    @property
    def email(self) -> str:
        """An address of a domain that is kept free for examples (RFC 2606)."""
        return f"{self.customer_id}@example.org"


def _customers() -> tuple[Character, ...]:
    segments = ("regular", "new", "regular", "business")
    living = [market for market in MARKETS if market.country]
    places = [market for market in living for _ in range(max(1, market.weight // 7))]
    return tuple(
        Character(f"demo-{number:03}", market.locale, market.country or "", segments[number % len(segments)])
        for number, market in enumerate(places, 1)
    )


CUSTOMERS: Final = _customers()


@dataclass(frozen=True)
class Remark:
    """Something a customer might write, the theme its writer had in mind, and the mood it goes with."""

    locale: str
    band: Band
    theme: str
    text: str


@dataclass(frozen=True)
class Post:
    """Something somebody might write elsewhere; `when` is late (latest full week), press (one day) or any."""

    locale: str
    country: str
    source: str
    author: str
    when: str
    text: str


@cache
def remarks() -> tuple[Remark, ...]:
    """All remarks, by locale."""
    return tuple(Remark(**{**line, "band": Band(line["band"])}) for line in _lines("comments.jsonl"))


@cache
def posts() -> tuple[Post, ...]:
    """All posts."""
    return tuple(Post(**line) for line in _lines("mentions.jsonl"))


def _lines(name: str) -> list[dict[str, Any]]:
    text = (files("surveys") / "demo" / "data" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]
