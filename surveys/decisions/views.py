"""The pages of decisions: all of them, writing one about a pain point or a theme, changing one."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.decisions.decide import (
    FIELDS,
    access_decision,
    change,
    due_weeks,
    found_about,
    problems_of,
    read_decision,
    themes_to_decide,
    this_week,
    write,
)
from surveys.decisions.history import state_name
from surveys.decisions.look import all_decisions
from surveys.decisions.models import Decision, DecisionState
from surveys.i18n import gettext as _
from surveys.names import theme_name
from surveys.pains.title import names_of
from surveys.web.forms import typed_fields
from surveys.web.page import app_page, see_other
from surveys.weeks import Week


@requires(Role.ANALYST)
async def decisions(request: Request) -> Response:
    """Every decision with its owner, due week, state and history."""
    shown = await all_decisions(request.scope["organisation"].zone)
    return app_page(request, "app/decisions/list.html", decisions=shown)


@requires(Role.MANAGER)
async def new_decision(request: Request) -> Response:
    """The form for a decision, and what it sends."""
    if request.method != "POST":
        week = str((await this_week()).previous(-4))
        values = {"about": request.query_params.get("about", ""), "due_week": week}
        return await _form(request, values)
    sent = typed_fields(await request.form(), ("about", *FIELDS))
    values = {"about": sent["about"], **read_decision(sent)}
    about, problems = await found_about(values["about"]), await problems_of(values)
    if about is None:
        problems = {"about": _("Choose what it is about."), **problems}
    if about is None or problems:
        return await _form(request, values, problems)
    decision = await write(about, values, request.scope["user"])
    return see_other(f"/decisions#decision-{decision.id}")


@requires(Role.MANAGER)
async def change_decision(request: Request) -> Response:
    """The form that changes a decision, and what it sends."""
    user = request.scope["user"]
    decision = await access_decision(user, request.path_params["decision"])
    if request.method != "POST":
        values = {name: str(getattr(decision, name)) for name in FIELDS}
        return await _form(request, values, decision=decision)
    values = read_decision(typed_fields(await request.form(), FIELDS))
    problems = await problems_of(values, decision)
    if problems:
        return await _form(request, values, problems, decision)
    await change(decision, values, user)
    return see_other(f"/decisions#decision-{decision.id}")


async def _form(
    request: Request,
    values: dict[str, str],
    problems: dict[str, str] | None = None,
    decision: Decision | None = None,
) -> Response:
    weeks = due_weeks(await this_week())
    if decision and decision.due_week not in weeks:
        weeks.insert(0, decision.due_week)
    return app_page(
        request,
        "app/decisions/decision.html",
        status=422 if problems else 200,
        values={**dict.fromkeys(("about", *FIELDS), ""), **values},
        errors=problems or {},
        decision=decision,
        choices=[] if decision else await _choices(values["about"]),
        weeks=[(week, Week.parse(week).sunday) for week in weeks],
        states=[(state.value, state_name(state.value)) for state in DecisionState],
    )


async def _choices(about: str) -> list[tuple[str, str]]:
    """What a decision can be about: the pain point it was asked for at, else any theme."""
    themes = sorted((theme_name(code), f"theme:{code}") for code in themes_to_decide())
    found = await found_about(about)
    pain = found[1] if found else None
    if pain is None:
        return [(key, name) for name, key in themes]
    return [(f"pain:{pain}", str((await names_of([pain]))[pain])), *((key, name) for name, key in themes)]
