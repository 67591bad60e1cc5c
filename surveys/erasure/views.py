"""The page where a person's data is erased: first what would go, then, confirmed, it goes.

Ids and addresses travel in the body of a post and never in an address, which logs would keep.
"""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.erasure.erase import Erased, Person, erase, look_up
from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.web.forms import typed
from surveys.web.page import app_page


@requires(Role.ADMINISTRATOR)
async def erase_view(request: Request) -> Response:
    """Whom to erase; what is theirs; done."""
    if request.method != "POST":
        return _page(request, Person())
    form = await request.form()
    person = Person(typed(form, "customer"), typed(form, "email"))
    if not (person.customer_id or person.email):
        return _page(request, person, error=_("Please name a customer id or an e-mail address."))
    try:
        if typed(form, "confirmed") == "yes":
            # Sent again by a reload it finds nothing more; so the answer needs no redirect, and no address names it.
            return _page(request, Person(), done=await erase(person))
        return _page(request, person, found=await look_up(person))
    except Refused as refusal:
        return _page(request, person, error=str(refusal))


def _page(
    request: Request,
    person: Person,
    *,
    found: Erased | None = None,
    done: Erased | None = None,
    error: str | None = None,
) -> Response:
    return app_page(
        request,
        "app/settings/erase.html",
        status=422 if error else 200,
        person=person,
        found=found,
        done=done,
        errors={"customer": error} if error else {},
    )
