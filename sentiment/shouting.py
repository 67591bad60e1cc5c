"""Lower case for a text in capitals: neither profiles nor the model know words by them."""

SHOUTED = 0.60
"""With a greater share of capitals among its letters a text is shouted; "APP" within Chinese is not."""

_TURKISH = str.maketrans("İI", "iı")


def is_shouted(text: str) -> bool:
    """Whether a text is mostly in capitals."""
    return sum(map(str.isupper, text)) > SHOUTED * sum(map(str.isalpha, text))


def lowered(text: str) -> str:
    """The text in lower case, each character in its place.

    Only İ has a lower case of two characters; who writes it writes I for ı.
    """
    return (text.translate(_TURKISH) if "İ" in text else text).lower()


def unshout(text: str) -> str:
    """The text, in lower case where it is shouted."""
    return lowered(text) if is_shouted(text) else text
