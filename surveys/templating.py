"""The Jinja environment for pages, mail and PDF: one for all languages, speaking the current one (surveys/i18n.py)."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from surveys import __version__, i18n
from surveys.retold import retold

TEMPLATES = Path(__file__).parents[1] / "templates"
STATIC = Path(__file__).parents[1] / "static"


class _Environment(Environment):
    """Looks for `row.name` among a dict's keys first: most of what a page shows is rows, and a miss costs an exception."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a template calls `obj.attribute`."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def environment() -> Environment:
    """Strict about undefined names, escaping everything but mail texts."""
    made = _Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html", "xml"), default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    # The callables ask for the current language when a page is rendered, so one compiled template serves all.
    made.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        current_language=i18n.current,
        language_name=i18n.language_name,
        endonym=i18n.endonym,
        static=static,
        version=__version__,
    )
    made.filters.update(
        number=i18n.number,
        percent=i18n.percent,
        day=i18n.day,
        day_range=lambda pair: i18n.day_range(*pair),
        instant=i18n.instant,
        isodate=_iso,
        retold=retold,
    )
    return made


def _iso(value: date | datetime) -> str:
    return value.isoformat()


@cache
def static(path: str) -> str:
    """The address of a file in static/, changing when the file does so that browsers may keep it for ever."""
    file = STATIC / path
    stamp = f"?v={int(file.stat().st_mtime):x}" if file.exists() else ""
    return f"/static/{path}{stamp}"


def render(name: str, *, locale: str, domain: i18n.Domain, **context: Any) -> str:
    """A whole template in a language."""
    with i18n.speaking(locale, domain) as spoken:
        return environment().get_template(name).render(lang=spoken.code, dir=spoken.direction, **context)


def render_block(name: str, block: str, *, locale: str, domain: i18n.Domain, **context: Any) -> str:
    """One named block of a template: what htmx is answered with."""
    with i18n.speaking(locale, domain) as spoken:
        template = environment().get_template(name)
        data = template.new_context({"lang": spoken.code, "dir": spoken.direction, **context})
        # What a block yields was escaped when it was rendered.
        return "".join(template.blocks[block](data))
