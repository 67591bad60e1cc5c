"""Every route with an address that leads somewhere, and what all tables hold."""

from datetime import timedelta
from typing import Any

from starlette.routing import Route
from tortoise import Tortoise

from surveys.accounts.models import Role, User
from surveys.decisions.models import Decision
from surveys.digests.models import Edition, Report, Subscription
from surveys.digests.unsubscribe import unsubscribe_address
from surveys.due import now
from surveys.mentions.models import Feed
from surveys.organisation.models import the_organisation
from surveys.pains.models import ChangeKind, PainPoint, PainPointChange
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import Response, State
from surveys.routes import ROUTES
from surveys.themes.models import Action, SiteTheme, ThemeChange, ThemeState
from surveys.verbatims.models import Correction, Verbatim
from surveys.verbatims.write import Words, masked, write_response_verbatim

WEEK = "2026-W40"


async def fill() -> dict[str, str]:
    """One row for every address; returns what stands for each parameter of a route."""
    organisation = await the_organisation()
    organisation.logo, organisation.logo_type = b"<svg/>", "image/svg+xml"
    organisation.contact = "privacy@parcel.example"
    await organisation.save()
    survey = await Survey.create(slug="spring", name="Spring", metric=Metric.NPS)
    response = await Response.create(
        survey=survey, state=State.COMPLETE, score=2, submitted_at=now() - timedelta(days=1), locale="lv"
    )
    verbatim = await write_response_verbatim(response, survey, masked(Words("Kurjers kavējās."), "LV"))
    await Verbatim.filter(id=verbatim.id).update(due_at=None, sentiment="negative", language="lv")
    user = await User.create(email="zane@polyvox.test", name="Zane", password_hash="-", role=Role.ANALYST)
    correction = await Correction.create(
        verbatim=verbatim,
        user=user,
        field="sentiment",
        before={"value": "neutral"},
        after={"value": "negative"},
    )
    # It shares its number with the verbatim: both addresses call theirs `id`.
    pain = await PainPoint.create(theme="delivery", first_week=WEEK)
    assert pain.id == verbatim.id
    other = await PainPoint.create(theme="delivery", first_week=WEEK)
    merger = await PainPointChange.create(
        pain=other, other=pain, kind=ChangeKind.MERGED, week=WEEK, is_by_hand=True, user=user
    )
    decision = await Decision.create(
        theme="delivery", pain=other, sentence="A second van", owner="Otto", week=WEEK, due_week=WEEK
    )
    feed = await Feed.create(url="https://news.example/feed", name="News")
    subscription = await Subscription.create(address="ieva@parcel.example", locale="lv")
    another = await Subscription.create(address="otto@parcel.example", locale="lv")
    await Edition.create(week=WEEK, locale="lv", pdf=b"%PDF-", figures={}, due_at=None)
    await Report.create(
        key=WEEK, first_week=WEEK, last_week=WEEK, locale="lv", pdf=b"%PDF-", figures={}, due_at=None
    )
    theme = await SiteTheme.create(code="delivery", names={"en": "Transport"})
    draft = await SiteTheme.create(is_own=True, state=ThemeState.DRAFT)
    before: dict[str, object] = {"names": {}, "state": "active", "merged_into": None, "examples": []}
    change = await ThemeChange.create(
        theme=theme, action=Action.RENAME, before=before, after={**before, "names": {"en": "Transport"}}
    )
    assert change.id == merger.id
    return {
        "locale": "lv",
        "slug": survey.slug,
        "page": "thanks",
        "week": WEEK,
        "key": WEEK,
        "token": unsubscribe_address(another).rpartition("/")[2],
        "id": str(verbatim.id),
        "correction": str(correction.id),
        "change": str(merger.id),
        "user_id": str(user.id),
        "feed_id": str(feed.id),
        "subscription_id": str(subscription.id),
        "code": theme.code or "",
        "decision": str(decision.id),
        "draft": str(draft.id),
    }


def every_route() -> list[tuple[str, str]]:
    """Method and path of every route, as surveys/routes.py says them; static files apart."""
    return [
        (method, route.path)
        for route in ROUTES
        if isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def address(path: str, parameters: dict[str, str]) -> str:
    """A path with its parameters filled in."""
    return path.replace(":int", "").format_map(parameters)


async def rows() -> dict[str, list[Any]]:
    """All that the database holds, but for who is signed in."""
    return {
        model.__name__: await model.all().order_by(model._meta.pk_attr).values()
        for model in Tortoise.apps["surveys"].values()
        if model.__name__ != "UserSession"
    }
