"""Every address there is, by who may use it."""

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from surveys.responses import views as responses
from surveys.templating import STATIC
from surveys.web.health import healthz

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
]

# Nobody yet, and then an analyst.
ANALYST: list[BaseRoute] = []

# A manager: digests, subscriptions.
MANAGER: list[BaseRoute] = []

# An administrator: settings, users, originals.
ADMINISTRATOR: list[BaseRoute] = []

PLAIN: list[BaseRoute] = [
    Route("/healthz", healthz),
    Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
]

# Addresses whose posts may carry a file.
UPLOADS = ("/settings/organisation", "/customers/import", "/surveys/import", "/mentions/import")

# The address asked for most comes first.
ROUTES = [*RESPONDENT, *PLAIN, *ANALYST, *MANAGER, *ADMINISTRATOR]
