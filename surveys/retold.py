"""Why something failed, said again in the reader's language: the worker keeps it in English, for nobody reads beside it."""

import re
from typing import Final

from surveys.i18n import gettext, marked

# Sentences with a value in them; the others are found as they stand.
WITH_VALUES: Final = (
    marked("The feed answered with status %(status)s."),
    marked("The feed is larger than %(limit)s MB."),
    marked("The folder cannot be written (%(why)s)."),
    marked("The mail server did not take the mail (%(error)s)."),
    marked("The webhook answered with status %(status)s."),
    marked("The webhook could not be reached (%(error)s)."),
)


def retold(reason: str) -> str:
    """A reason as it was kept; what is no sentence of ours, such as an error's name, stays as it is."""
    for sentence in WITH_VALUES:
        before, value, after = re.split(r"%\((\w+)\)s", sentence)
        found = re.fullmatch(f"{re.escape(before)}(.*){re.escape(after)}", reason, re.DOTALL)
        if found:
            return gettext(sentence) % {value: found[1]}
    return gettext(reason) if reason else ""
