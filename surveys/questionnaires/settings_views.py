"""Our own users' pages about surveys: list, add, close, open again."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.i18n import RESPONDENT_LOCALES
from surveys.names import METRICS
from surveys.questionnaires.models import Basis, Survey
from surveys.questionnaires.open import add_survey, set_open, survey_problems
from surveys.settings import settings
from surveys.web.forms import typed_fields
from surveys.web.page import app_page, see_other

FIELDS = ("metric", "slug", "name", "locale", "basis")


@requires(Role.MANAGER)
async def surveys(request: Request) -> Response:
    """Every survey, open ones first, each with its address and how many answered."""
    rows = await Survey.all().order_by("-is_open", "name", "id")
    return app_page(request, "app/surveys.html", surveys=rows, base_url=settings().base_url, metrics=METRICS)


@requires(Role.MANAGER)
async def new_survey(request: Request) -> Response:
    """The form for a survey, and what it sends."""
    if request.method != "POST":
        locale = request.scope["organisation"].default_locale
        return _form(request, {"metric": "nps", "locale": locale, "basis": Basis.INTEREST.value})
    values = typed_fields(await request.form(), FIELDS)
    problems = await survey_problems(**values)
    if problems:
        return _form(request, values, problems)
    survey = await add_survey(**values)
    return see_other(f"/surveys#{survey.slug}")


def _form(request: Request, values: dict[str, str], problems: dict[str, str] | None = None) -> Response:
    return app_page(
        request,
        "app/survey_new.html",
        status=422 if problems else 200,
        values={**dict.fromkeys(FIELDS, ""), **values},
        errors=problems or {},
        all_locales=RESPONDENT_LOCALES,
        metrics=METRICS,
        base_url=settings().base_url,
    )


@requires(Role.MANAGER)
async def close_survey(request: Request) -> Response:
    """Nobody can answer from now on."""
    survey = await set_open(request.path_params["slug"], is_open=False)
    return see_other(f"/surveys#{survey.slug}")


@requires(Role.MANAGER)
async def reopen_survey(request: Request) -> Response:
    """People can answer again."""
    survey = await set_open(request.path_params["slug"], is_open=True)
    return see_other(f"/surveys#{survey.slug}")
