"""Every address there is, by who may use it."""

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from surveys.accounts import user_views as users
from surveys.accounts import views as accounts
from surveys.accuracy import views as accuracy
from surveys.administration import brand
from surveys.administration import views as administration
from surveys.customers import views as customers
from surveys.dashboard import views as dashboards
from surveys.decisions import views as decisions
from surveys.digests import reader_views as readers
from surveys.digests import report_views as reports
from surveys.digests import views as digests
from surveys.erasure import views as erasure
from surveys.mentions import list_views as mention_sources
from surveys.mentions import views as mentions
from surveys.pains import views as pains
from surveys.questionnaires import settings_views as surveys
from surveys.responses import import_views as responses_import
from surveys.responses import views as responses
from surveys.templating import STATIC
from surveys.themes import draft_views as theme_drafts
from surveys.themes import views as themes
from surveys.verbatims import views as verbatims
from surveys.web.health import healthz


class RowNumber(IntegerConvertor):
    """The number of a row: one with more digits than any row has is in no address of ours."""

    regex = "[0-9]{1,9}"


register_url_convertor("int", RowNumber())

# A respondent, not signed in.
RESPONDENT: list[BaseRoute] = [
    Route("/{locale}/s/{slug}", responses.first, methods=["GET", "POST"]),
    Route("/s/{slug}", responses.start),
    Route("/s/{slug}/reason", responses.reason_in_language, methods=["POST"]),
    Route("/s/{slug}/{page}", responses.start),
    Route("/{locale}/s/{slug}/reason", responses.reason, methods=["GET", "POST"]),
    Route("/{locale}/s/{slug}/thanks", responses.thanks),
    Route("/{locale}/s/{slug}/privacy", responses.privacy),
    Route("/logo", responses.logo),
    Route("/digests/unsubscribe/{token}", digests.end_subscription, methods=["GET", "POST"]),
]

# Nobody yet, and then an analyst.
ANALYST: list[BaseRoute] = [
    Route("/sign-in", accounts.sign_in, methods=["GET", "POST"]),
    Route("/sign-out", accounts.sign_out, methods=["POST"]),
    Route("/account", users.account, methods=["GET", "POST"]),
    Route("/dashboard", dashboards.dashboard),
    Route("/digests", digests.digests, methods=["GET", "POST"]),
    Route("/digests/reports", reports.reports, methods=["GET", "POST"]),
    Route("/digests/reports/{key}/{locale}.pdf", reports.pdf),
    Route("/digests/{week}/{locale}.pdf", digests.pdf),
    Route("/digests/{week}/{locale}", digests.edition, methods=["GET", "POST"]),
    Route("/inbox", verbatims.inbox),
    Route("/inbox.csv", verbatims.inbox_csv),
    Route("/inbox.xlsx", verbatims.inbox_xlsx),
    Route("/inbox/waiting", verbatims.inbox_waiting),
    Route("/inbox/{id:int}", verbatims.inbox_verbatim),
    Route("/inbox/{id:int}/correct", verbatims.correct_verbatim, methods=["POST"]),
    Route("/inbox/{id:int}/corrections/{correction:int}/undo", verbatims.undo_correction, methods=["POST"]),
    Route("/mentions", mention_sources.mentions),
    Route("/pains", pains.pains),
    Route("/decisions", decisions.decisions),
    Route("/accuracy", accuracy.accuracy),
]

# A manager: digests, subscriptions.
MANAGER: list[BaseRoute] = [
    Route("/surveys", surveys.surveys),
    Route("/surveys/new", surveys.new_survey, methods=["GET", "POST"]),
    Route("/surveys/import", responses_import.import_view, methods=["GET", "POST"]),
    Route("/surveys/import/rejected", responses_import.rejected_view, methods=["POST"]),
    Route("/surveys/{slug}/close", surveys.close_survey, methods=["POST"]),
    Route("/surveys/{slug}/reopen", surveys.reopen_survey, methods=["POST"]),
    Route("/decisions/new", decisions.new_decision, methods=["GET", "POST"]),
    Route("/decisions/{decision:int}", decisions.change_decision, methods=["GET", "POST"]),
    Route("/pains/{id:int}/rename", pains.rename_pain, methods=["POST"]),
    Route("/pains/{id:int}/merge", pains.merge_pain, methods=["POST"]),
    Route("/pains/changes/{change:int}/undo", pains.undo_pain_merger, methods=["POST"]),
    Route("/mentions/import", mentions.import_view, methods=["GET", "POST"]),
    Route("/mentions/import/rejected", mentions.rejected_view, methods=["POST"]),
    Route("/customers", customers.customers),
    Route("/customers/import", customers.import_view, methods=["GET", "POST"]),
    Route("/customers/import/rejected", customers.rejected_view, methods=["POST"]),
]

# An administrator: settings, users, originals.
ADMINISTRATOR: list[BaseRoute] = [
    Route("/inbox/{id:int}/original", verbatims.show_original, methods=["POST"]),
    Route("/settings", administration.overview),
    Route("/settings/organisation", administration.organisation, methods=["GET", "POST"]),
    Route("/settings/brand", brand.brand, methods=["GET", "POST"]),
    Route("/settings/brand.css", brand.brand_css),
    Route("/settings/users", users.users, methods=["GET", "POST"]),
    Route("/settings/users/{user_id:int}", users.change_user, methods=["POST"]),
    Route("/settings/feeds", mentions.feeds, methods=["GET", "POST"]),
    Route("/settings/feeds/{feed_id:int}", mentions.change_feed, methods=["POST"]),
    Route("/settings/subscriptions", readers.subscriptions, methods=["GET", "POST"]),
    Route("/settings/subscriptions/{subscription_id:int}", readers.subscription, methods=["GET", "POST"]),
    Route("/settings/subscriptions/{subscription_id:int}/preview", readers.preview, methods=["GET", "POST"]),
    Route("/settings/subscriptions/{subscription_id:int}/preview.html", readers.preview_html),
    Route("/settings/subscriptions/{subscription_id:int}/send", readers.send_one, methods=["POST"]),
    Route("/settings/subscriptions/{subscription_id:int}/resume", readers.resume, methods=["POST"]),
    Route("/settings/subscriptions/{subscription_id:int}/end", readers.end_subscription, methods=["POST"]),
    Route("/settings/themes", themes.themes),
    Route("/settings/themes/new", theme_drafts.new_theme, methods=["GET", "POST"]),
    Route("/settings/themes/drafts/{draft:int}", theme_drafts.draft, methods=["GET", "POST"]),
    Route("/settings/themes/changes/{change:int}/undo", themes.undo_change, methods=["POST"]),
    Route("/settings/themes/{code}", themes.theme, methods=["GET", "POST"]),
    Route("/settings/analysis", administration.analysis, methods=["GET", "POST"]),
    Route("/settings/erase", erasure.erase_view, methods=["GET", "POST"]),
]

PLAIN: list[BaseRoute] = [
    Route("/healthz", healthz),
    Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
]

# Addresses whose posts may be long: they carry a file, or examples of a theme in any script.
UPLOADS = (
    "/settings/organisation",
    "/settings/themes",
    "/customers/import",
    "/surveys/import",
    "/mentions/import",
)

# The address asked for most comes first.
ROUTES = [*RESPONDENT, *PLAIN, *ANALYST, *MANAGER, *ADMINISTRATOR]
