"""Readers of the digest: who gets it, of what, when and how; a look before it goes, one now, and an end."""

from typing import Any
from zoneinfo import available_timezones

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.accounts.users import disabled_addresses
from surveys.digests import archive, resend
from surveys.digests.letter import letter, page_one
from surveys.digests.models import Channel, Delivery, Subscription
from surveys.digests.scope import Scope, scope_of
from surveys.digests.subscribe import PLAN, address_of, change, plan_of, plan_problems, subscribe
from surveys.digests.told import regions_offered, scope_name, segments_offered, surveys_offered, weekdays
from surveys.digests.webhook import secret_of
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.i18n import gettext as _
from surveys.web.forms import typed_fields
from surveys.web.page import app_page, see_other

LISTED = "/settings/subscriptions"
# When people begin to work.
FIRST_HOUR = "7"


async def access_subscription(request: Request) -> Subscription:
    """The subscription of an address, for an administrator; raises NotFound for none and for one that ended."""
    found = await Subscription.get_or_none(id=request.path_params["subscription_id"], ended_at=None)
    if found is None:
        raise NotFound(_("There is no such subscription."))
    return found


@requires(Role.ADMINISTRATOR)
async def subscriptions(request: Request) -> Response:
    """Who gets the digest, and a form for one more."""
    if request.method != "POST":
        begin = {"channel": "mail", "address": "", "time_zone": "", "weekday": "1", "hour": FIRST_HOUR}
        return await _list_page(request, {**begin, "locale": request.scope["app_locale"]}, Scope())
    form = await request.form()
    values = typed_fields(form, ("channel", "address", *PLAN))
    scope, problems = await _scope(form)
    problems = {**await _address_problems(values), **plan_problems(values), **problems}
    if problems:
        return await _list_page(request, values, scope, problems)
    made = await subscribe(values["address"], plan_of(values, scope), Channel(values["channel"]))
    return see_other(f"{LISTED}/{made.id}" if made.channel == Channel.WEBHOOK else LISTED)


async def _scope(form: FormData) -> tuple[Scope, dict[str, str]]:
    chosen = [[str(value) for value in form.getlist(name)] for name in ("region", "survey", "segment")]
    try:
        return await scope_of(*chosen), {}
    except Refused as refusal:
        return Scope(), {"region": str(refusal)}


async def _address_problems(values: dict[str, str]) -> dict[str, str]:
    if values["channel"] not in {channel.value for channel in Channel}:
        return {"channel": _("Choose how the digest is sent.")}
    try:
        address = address_of(Channel(values["channel"]), values["address"])
    except Refused as refusal:
        return {"address": str(refusal)}
    if await Subscription.exists(address=address, ended_at=None):
        return {"address": _("This address gets the digest already.")}
    return {}


async def _list_page(
    request: Request, values: dict[str, str], scope: Scope, problems: dict[str, str] | None = None
) -> Response:
    rows = await Subscription.filter(ended_at=None).order_by("address")
    parked = Delivery.filter(parked_at__not_isnull=True, subscription_id__in=[row.id for row in rows])
    return app_page(
        request,
        "app/settings/subscriptions.html",
        status=422 if problems else 200,
        subscriptions=[(row, scope_name(row.scope)) for row in rows],
        disabled=await disabled_addresses(),
        failed={delivery.subscription_id for delivery in await parked.only("id", "subscription_id")},
        values=values,
        errors=problems or {},
        **await _choices(scope),
    )


async def _choices(scope: Scope) -> dict[str, Any]:
    """What the fields of a plan offer."""
    return {
        "locales": DIGEST_LOCALES,
        "zones": sorted(available_timezones()),
        "weekdays": weekdays(),
        "scope": scope,
        "regions": regions_offered(),
        "surveys": await surveys_offered(),
        "segments": await segments_offered(scope),
    }


@requires(Role.ADMINISTRATOR)
async def subscription(request: Request) -> Response:
    """One reader: language, day, hour and scope, and what was sent."""
    reader = await access_subscription(request)
    if request.method != "POST":
        values = {name: str(getattr(reader, name) or "") for name in PLAN}
        return await _reader_page(
            request, reader, {**values, "hour": str(reader.hour)}, Scope.parse(reader.scope)
        )
    form = await request.form()
    values = typed_fields(form, PLAN)
    scope, problems = await _scope(form)
    problems = {**plan_problems(values), **problems}
    if problems:
        return await _reader_page(request, reader, values, scope, problems)
    await change(reader, plan_of(values, scope))
    return see_other(f"{LISTED}/{reader.id}?saved=1")


async def _reader_page(
    request: Request,
    reader: Subscription,
    values: dict[str, str],
    scope: Scope,
    problems: dict[str, str] | None = None,
) -> Response:
    return app_page(
        request,
        "app/settings/subscription.html",
        status=422 if problems else 200,
        reader=reader,
        disabled=reader.address in await disabled_addresses(),
        secret=secret_of(reader) if reader.channel == Channel.WEBHOOK else None,
        deliveries=await Delivery.filter(subscription_id=reader.id).order_by("-week").limit(8),
        values=values,
        errors=problems or {},
        saved="saved" in request.query_params,
        **await _choices(scope),
    )


@requires(Role.ADMINISTRATOR)
async def preview(request: Request) -> Response:
    """Page one as this reader would get it now; a post has its edition made first."""
    reader, organisation = await access_subscription(request), request.scope["organisation"]
    if request.method == "POST":
        await resend.ask_for_preview(reader, organisation)
        return see_other(f"{LISTED}/{reader.id}/preview")
    week, edition = await resend.latest_edition(reader, organisation)
    made = edition if edition is not None and edition.pdf is not None else None
    return app_page(
        request,
        "app/settings/preview.html",
        block="state",
        reader=reader,
        week=week,
        state=archive.state(edition) if edition else "none",
        stage=edition.stage if edition else None,
        page=page_one(letter(reader, made, organisation)) if made else None,
    )


@requires(Role.ADMINISTRATOR)
async def preview_html(request: Request) -> Response:
    """The HTML of the mail, as a mail program shows it."""
    reader, organisation = await access_subscription(request), request.scope["organisation"]
    _week, edition = await resend.latest_edition(reader, organisation)
    if edition is None or edition.pdf is None:
        return see_other(f"{LISTED}/{reader.id}/preview")
    html = page_one(letter(reader, edition, organisation)).html
    return HTMLResponse(html, headers={"Cache-Control": "no-store", "Content-Language": reader.locale})


@requires(Role.ADMINISTRATOR)
async def send_one(request: Request) -> Response:
    """Send the digest of the last full week now."""
    reader = await access_subscription(request)
    await resend.send_now(reader, request.scope["organisation"])
    return see_other(f"{LISTED}/{reader.id}")


@requires(Role.ADMINISTRATOR)
async def resume(request: Request) -> Response:
    """End a pause without waiting for an answer."""
    reader = await access_subscription(request)
    await Subscription.filter(id=reader.id).update(paused_at=None)
    return see_other(f"{LISTED}/{reader.id}")


@requires(Role.ADMINISTRATOR)
async def end_subscription(request: Request) -> Response:
    """No more digests for this address."""
    reader = await access_subscription(request)
    await Subscription.filter(id=reader.id).update(ended_at=now())
    return see_other(LISTED)
