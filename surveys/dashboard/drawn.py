"""The dashboard as HTML, kept in memory as long as nothing that it says is another: most looks are of what was seen before."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from markupsafe import Markup
from tortoise.connection import get_connection

from surveys.dashboard.look import Seen
from surveys.dashboard.page import laid_out
from surveys.templating import render_block
from surveys.weeks import Week

TEMPLATE: Final = "app/dashboard.html"
# Pages in memory; a large one is two hundred kilobytes.
MOST_DRAWN: Final = 64
# What is read at each look, whenever the figures were made.
READ_NOW: Final = ("theme_names", "pain_titles", "quotes")

# One for each open database: by view, language and what stands around the figures.
_drawn: WeakKeyDictionary[Any, OrderedDict[Any, tuple[Any, Markup]]] = WeakKeyDictionary()


def forget() -> None:
    """Have nothing in memory, as a process that begins."""
    _drawn.clear()


def drawn(seen: Seen, this: Week, locale: str) -> Markup:
    """The block of a view that was made, in the language that is spoken."""
    memory = _drawn.setdefault(get_connection("default"), OrderedDict())
    around = (
        seen.first,
        seen.is_behind,
        seen.older is not None,
        seen.choice.unknown,
        tuple(seen.surveys.items()),
    )
    key, now = (seen.made, locale, this, around), _read_now(seen)
    said, html = memory.pop(key, (None, Markup()))
    if said != now or not html:
        block = render_block(TEMPLATE, "dashboard", locale=locale, domain="app", **laid_out(seen, this))
        html = Markup(block)  # noqa: S704 - what a block yields was escaped when it was rendered
    memory[key] = (now, html)
    while len(memory) > MOST_DRAWN:
        memory.popitem(last=False)
    return html


def _read_now(seen: Seen) -> Mapping[str, Any]:
    return {name: (seen.figures or {}).get(name) for name in READ_NOW}
