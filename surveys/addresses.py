"""E-mail addresses, as we keep them and as servers are told them."""

import re
from typing import Final
from unicodedata import category, normalize

# What a mail server would take from us: one @, no blanks, no brackets; a domain of an intranet may have no dot.
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\.]+(?:\.[^\s@<>()\[\],;:\"\\.]+)*")
LONGEST = 254
LONGEST_LABEL: Final = 63
# Control characters, those that hide or turn a line around, and what no script has.
_NO_LETTERS: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
# Mail programs read it as a word in another encoding (RFC 2047): the mail would go to somebody else.
_ENCODED: Final = "=?"


def email_address(value: str) -> str | None:
    """An e-mail address in small letters; None when it is not one."""
    address = value.strip().lower()
    return address if _EMAIL.fullmatch(address) and _can_be_mailed(address) else None


def _can_be_mailed(address: str) -> bool:
    if _ENCODED in address or any(category(letter) in _NO_LETTERS for letter in address):
        return False
    told = mailable(address)
    labels = told.rpartition("@")[2].split(".")
    return bool(_EMAIL.fullmatch(told)) and len(told) <= LONGEST and max(map(len, labels)) <= LONGEST_LABEL


def mailable(address: str) -> str:
    """An address with its domain in A-labels (RFC 5890), which every mail server takes."""
    name, _at, domain = address.rpartition("@")
    labels = normalize("NFKC", domain).replace("\u3002", ".").split(".")
    return f"{name}@{'.'.join(map(_a_label, labels))}"


def _a_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
