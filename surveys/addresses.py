"""E-mail addresses, as we keep them."""

import re

# What a mail server would take from us: one @, no blanks, no brackets; a domain of an intranet may have no dot.
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\.]+(?:\.[^\s@<>()\[\],;:\"\\.]+)*")
LONGEST = 254


def email_address(value: str) -> str | None:
    """An e-mail address in small letters; None when it is not one."""
    address = value.strip().lower()
    return address if _EMAIL.fullmatch(address) and len(address) <= LONGEST else None
