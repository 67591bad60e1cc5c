"""What can go wrong by our own doing or the site's; people's mistakes are values, not exceptions.

PolyvoxError
├── SettingsError       a setting is missing or wrong; the message names it
├── Refused             what was asked cannot be done; the message is a sentence for the person who asked
│   └── NotFound        the thing named does not exist, or is not theirs to see
└── Unavailable         something outside failed (mail server, feed); worth trying again later
"""


class PolyvoxError(Exception):
    """Root of the tree above."""


class SettingsError(PolyvoxError):
    """A setting is missing or wrong; the message names the variable."""


class Refused(PolyvoxError):
    """What was asked cannot be done; the message is a whole sentence."""


class NotFound(Refused):
    """The thing named does not exist, or is not this person's to see."""


class Unavailable(PolyvoxError):
    """Something outside failed; a later try may succeed."""
