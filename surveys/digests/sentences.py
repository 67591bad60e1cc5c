"""What an edition's figures say, in whole sentences of the current language.

Nothing here decides: arrows and reasons come from the figures (surveys/digests/compare.py).
"""

from collections.abc import Callable
from typing import Any, Final

from surveys.chance import NOW_AT_LEAST
from surveys.digests.group_names import bare_name, kind_name
from surveys.i18n import current, in_percent, ngettext, number, percent, rounded, with_sign
from surveys.i18n import gettext as _

Figures = dict[str, Any]

# What a score is called among its figures.
SCORES: Final = {"nps": "score", "csat": "percent", "ces": "mean"}
# Sentences of these follow one another without a space.
UNSPACED: Final = ("ja", "zh")
# With this one they are three weeks above the average.
WEEKS_BEFORE: Final = 2


def signed(value: float, digits: int = 0) -> str:
    """A number that may be below zero."""
    shown = number(value, digits)
    return with_sign(shown) if value < 0 else shown


def gained(value: float, digits: int = 0) -> str:
    """A number of points with its sign, also above zero; what is rounded to zero has none."""
    shown = number(value, digits)
    return with_sign(f"+{shown}" if rounded(value, digits) > 0 else shown)


def share_of(percentage: float) -> str:
    """A percentage (0 to 100) with one decimal, also where that is a nought."""
    return in_percent(percentage, 1)


def within_a_line(name: str) -> str:
    """A title or a kind in the middle of a line: small, but in German, where nouns begin large."""
    begins_a_word = name[1:2].islower()
    return name[:1].lower() + name[1:] if begins_a_word and current().code != "de" else name


def labelled(name: str, value: str) -> str:
    """A value after its name."""
    return _("%(name)s: %(value)s") % {"name": name, "value": value}


def noted(value: str, note: str) -> str:
    """A value with what it stands on, or what it is of the whole."""
    return _("%(value)s (%(note)s)") % {"value": value, "note": note}


def based(label: str, base: str | None) -> str:
    """What a change is measured from, with its figure where there is one."""
    return label if base is None else f"{label} {base}"


def together(*said: str | None) -> str:
    """Sentences one after another."""
    gap = "" if current().locale.language in UNSPACED else " "
    return gap.join(sentence for sentence in said if sentence)


def counted(n: int) -> str:
    """How many answers a figure stands on."""
    return unbroken(_("n = %(n)s") % {"n": number(n)})


def unbroken(sentence: str) -> str:
    """Keeps `n = 7` on one line."""
    return sentence.replace(" = ", "\u00a0=\u00a0")


def score(metric: str, tile: Figures) -> str | None:
    """A metric's figure as it is read: NPS whole, CSAT in percent, CES with one decimal; None without answers."""
    values: dict[str, tuple[str, Callable[[float], str]]] = {
        "nps": ("score", signed),
        "csat": ("percent", lambda value: percent(value / 100)),
        "ces": ("mean", lambda value: number(value, 1)),
        "responses": ("n", number),
    }
    key, write = values[metric]
    value = tile.get(key)
    return None if value is None else write(value)


def measured_from(metric: str, base: Figures | None, change: Figures) -> Figures | None:
    """What a score's change is measured from: the figures then of what can be compared, weighted where countries moved."""
    is_part = base is not None and change.get("score") is not None and change["n_base"] != base["n"]
    if base is None or not (is_part or change.get("poststratified")):
        return base
    return {**base, "n": change["n_base"], SCORES[metric]: change["base"]}


def measured_to(metric: str, tile: Figures, change: Figures) -> Figures:
    """What a score's change is measured to: the figures now, where only a part of them can be compared those of the part."""
    # Editions made before this was told have no score of the part.
    if change.get("score") is None or change["n_now"] == tile["n"]:
        return tile
    return {SCORES[metric]: change["score"], "n": change["n_now"]}


def verdict_of_part(said: str, metric: str, tile: Figures, change: Figures) -> str:
    """How a score moved, with the score now of those who can be compared, where these are not all."""
    part = measured_to(metric, tile, change)
    if part is tile:
        return said
    now = {"score": score(metric, part), "n": counted(part["n"])}
    return noted(said, _("comparable now: %(score)s, %(n)s") % now)


def interval(metric: str, tile: Figures) -> str | None:
    """The 95 % interval of a tile."""
    low, high = tile.get("low"), tile.get("high")
    if low is None or high is None:
        return None
    if metric == "csat":
        ends = percent(low / 100), percent(high / 100)
    elif metric == "ces":
        ends = number(low, 1), number(high, 1)
    else:
        ends = signed(low), signed(high)
    return _("95%% interval %(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}


def verdict(change: Figures) -> str:
    """A change in words, with its certainty."""
    if change["arrow"] == "up":
        return _("rose, beyond chance")
    if change["arrow"] == "down":
        return _("fell, beyond chance")
    if change["arrow"] == "none":
        return _("no clear change")
    return why_not(change)


def hidden() -> str:
    """Of what is not shown, be it of too few itself or for the sake of others."""
    return _("hidden, as it would reveal a group of too few")


def why_not(change: Figures) -> str:
    """Why nothing is said about a change."""
    reasons = {
        "history": _("too little history"),
        "preliminary": _("the week is not over"),
        "wording": _("asked in other words before"),
        "languages": _("asked in other languages before"),
        "suppressed": hidden(),
        "no_place": _("not compared"),
    }
    if change["reason"] in reasons:
        return reasons[change["reason"]]
    if change["n_now"] == 0:
        return _("no answers")
    if change["n_now"] < NOW_AT_LEAST:
        return unbroken(_("too few to say (n = %(n)s)") % {"n": number(change["n_now"])})
    return unbroken(_("too few before to say (n = %(n)s)") % {"n": number(change["n_base"])})


def unanswered(metric: str) -> str:
    """What stands in place of the score of a group in which nobody gave one."""
    return _("no %(metric)s answers") % {"metric": metric.upper()}


def group_verdict(metric: str, change: Figures, everybody: Figures) -> str:
    """A change of a group's score in words; where nothing from before can be compared, for everybody's reason."""
    if change["reason"] == "too_few":
        if change["n_now"] == 0:
            return unanswered(metric)
        if change["n_base"] == 0 and everybody["reason"] in ("wording", "languages"):
            return why_not(everybody)
    return verdict(change)


def against(change: Figures) -> str:
    """What a change is measured from."""
    if "named" in change:
        return str(change["named"])
    if change["against"] == "last_week":
        return _("Last week")
    weeks = change["weeks"]
    if not weeks:
        return _("Weeks before")
    return ngettext("%(num)s week before", "%(num)s weeks before", weeks) % {"num": number(weeks)}


def places(pain: Figures, most: int = 3) -> str:
    """Where a pain point stands out, the surest first, or that it does not."""
    named = [
        noted(
            bare_name(place["level"], place["group"]),
            _("%(kind)s: %(share)s of %(n)s, elsewhere %(elsewhere)s")
            % {
                "kind": within_a_line(kind_name(place["level"])),
                "share": share_of(place["share"]),
                "n": number(place["n"]),
                "elsewhere": share_of(place["elsewhere"]),
            },
        )
        for place in pain["standing_out"][:most]
    ]
    if not named:
        return _("No group stands out.")
    return _("More than elsewhere in: %(regions)s.") % {"regions": listed(named)}


def since(pain: Figures) -> str | None:
    """For how many weeks a pain point has been above its average; of fewer than three nothing, which are soon a chance."""
    weeks = pain["since"]
    # What two periods are compared in need not follow one another.
    if not weeks or weeks < WEEKS_BEFORE or "named" in pain["change"]:
        return None
    return ngettext(
        "More than on average over all weeks compared, now and in the %(num)s week before.",
        "More than on average over all weeks compared, now and in each of the %(num)s weeks before.",
        weeks,
    ) % {"num": number(weeks)}


def all_before(pains: list[Figures]) -> str | None:
    """How many weeks and answers all shares before stand on, where that is one number."""
    found = {(pain["before"]["weeks"], pain["before"]["n"]) for pain in pains}
    if len(found) != 1 or not any(pain["before"]["share"] is not None for pain in pains):
        return None
    ((weeks, n),) = found
    return unbroken(
        ngettext("%(num)s week, n = %(n)s", "%(num)s weeks, n = %(n)s", weeks)
        % {"num": number(weeks), "n": number(n)}
    )


def among_detractors(pain: Figures) -> str | None:
    """Its share of those who gave a low score; None where that is hidden, or where nobody did."""
    # Editions made before this was told do not have all of it.
    if pain["detractor_share"] is None or not pain.get("detractors_of"):
        return None
    return ngettext(
        "%(share)s of those who gave a low score (%(x)s of %(num)s)",
        "%(share)s of those who gave a low score (%(x)s of %(num)s)",
        pain["detractors_of"],
    ) % {
        "share": share_of(pain["detractor_share"]),
        "x": number(min(pain["detractors"], pain["detractors_of"])),
        "num": number(pain["detractors_of"]),
    }


def among_between(pain: Figures) -> str | None:
    """The 95 % interval of that share."""
    low, high = pain.get("detractor_low"), pain.get("detractor_high")
    if low is None or high is None:
        return None
    return _("95%% interval %(low)s to %(high)s") % {"low": share_of(low), "high": share_of(high)}


def listed(names: list[str]) -> str:
    """Names in the list style of the language."""
    from babel.lists import format_list  # noqa: PLC0415 - only editions list names

    return str(format_list(names, locale=current().locale))


def more_countries(row: Figures) -> str | None:
    """How many countries a group has beside those that are named; None where none or all are, or nobody counted."""
    n = row.get("countries_more")
    if not n or not row["countries"]:
        return None
    return ngettext("%(num)s more country", "%(num)s more countries", n) % {"num": number(n)}


def shares(part: Figures) -> str:
    """A share with its counts."""
    return ngettext(
        "%(share)s of answers (%(x)s of %(num)s)", "%(share)s of answers (%(x)s of %(num)s)", part["n"]
    ) % {"share": share_of(part["share"]), "x": number(part["x"]), "num": number(part["n"])}


def points(pain: Figures) -> str | None:
    """How many points of NPS a theme goes with, where ten answers or more name it and its interval does not cover nothing."""
    return _beside_zero(pain["impact"]["points"]) if _is_clear(pain["impact"]) else None


def points_between(pain: Figures) -> str | None:
    """The 95 % interval of these points."""
    found = pain["impact"]
    if not _is_clear(found):
        return None
    return _("%(low)s to %(high)s") % {"low": _beside_zero(found["low"]), "high": _beside_zero(found["high"])}


def impact(pain: Figures) -> str | None:
    """What a pain point goes along with in NPS, in a sentence."""
    found = points(pain)
    return None if found is None else _("Goes with %(points)s points of NPS.") % {"points": found}


def impact_between(pain: Figures) -> str | None:
    """The same with its interval, where no table says that."""
    found = pain["impact"]
    if not _is_clear(found):
        return None
    low, high = (_beside_zero(found[end]) for end in ("low", "high"))
    sentence = _("Goes with %(points)s points of NPS (95%% interval %(low)s to %(high)s).")
    return sentence % {"points": points(pain), "low": low, "high": high}


def _beside_zero(value: float) -> str:
    """Points with one decimal, with more where that would round them to nothing: a page says that they are not."""
    digits = next((digits for digits in (1, 2) if rounded(value, digits)), 3)
    return gained(value, digits)


def _is_clear(found: Figures | None) -> bool:
    if found is None or found["points"] is None or found["low"] is None:
        return False
    return not found["low"] <= 0 <= found["high"]
