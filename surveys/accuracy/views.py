"""How accurate the machine is, language by language: what people see before they decide by it."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.accuracy import page
from surveys.accuracy_card import accuracy_card
from surveys.calibration import kept_calibration
from surveys.web.page import app_page


@requires(Role.ANALYST)
async def accuracy(request: Request) -> Response:
    """The card of the model in use."""
    card = accuracy_card()
    return app_page(
        request,
        "app/accuracy/card.html",
        title=page.title(card),
        model_version=card.model_version if card else None,
        parts=page.parts(card) if card else (),
        calibrated=page.calibrated(kept_calibration(), card.model_version if card else None),
    )
