"""How often one address may do a thing: a moving window in this process's memory.

Addresses are known only as a hash whose salt is thrown away every day, so that nothing here says who answered.
"""

import hashlib
import math
import secrets
import time
from datetime import date
from functools import cache
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from surveys.due import now
from surveys.settings import settings
from surveys.web.middleware import client_address

# An office of several hundred people behind one address may answer at once; a flood may not.
ANSWERS: Final = RateLimitItemPerMinute(600, 10, namespace="answers")
SIGN_INS: Final = RateLimitItemPerMinute(10, 10, namespace="sign-ins")

SWEEP_SECONDS: Final = 60.0

_salts: dict[date, bytes] = {}


class _CalmStorage(MemoryStorage):
    """Memory that is swept once a minute; the library would start a thread to sweep it after every single try."""

    _next_sweep = 0.0

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 - the name the library calls it by
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEP_SECONDS
            self._MemoryStorage__expire_events()  # type: ignore[attr-defined]


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(_CalmStorage())


async def too_many(rate: RateLimitItem, request: Request, about: str) -> bool:
    """Count one more try of this address at `about` (a survey, an account); True when it is one too many."""
    return not _limiter().hit(rate, _caller(request), about)


def minutes_to_wait(rate: RateLimitItem, request: Request, about: str) -> int:
    """Whole minutes until the oldest try leaves the window, at least one."""
    stats = _limiter().get_window_stats(rate, _caller(request), about)
    return max(1, math.ceil((stats.reset_time - time.time()) / 60))


def _caller(request: Request) -> str:
    address = client_address(request, settings().trusted_hops)
    return hashlib.blake2b(
        address.encode("utf-8", "replace"), key=_salt(now().date()), digest_size=16
    ).hexdigest()


def _salt(day: date) -> bytes:
    """Today's salt; yesterday's is forgotten, and with it every link from a hash to an address."""
    if day not in _salts:
        _salts.clear()
        _salts[day] = secrets.token_bytes(32)
    return _salts[day]


def forget() -> None:
    """Begin anew, as after a restart."""
    _limiter.cache_clear()
    _salts.clear()
