"""Responses from a file: good rows in, the others listed with their reason; the same file twice changes nothing."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import anyio.to_thread
from tortoise.transactions import in_transaction

from surveys import cells
from surveys.customers.models import Customer
from surveys.delimited import Rejection, Report, Row, RowError, read_table
from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.nudge import nudge
from surveys.questionnaires.models import SLUG, Metric, Survey
from surveys.quoting import name_of
from surveys.responses.models import Response, State
from surveys.scores import EXIT_REASONS, scale
from surveys.verbatims.write import BULK, MaskedWords, Words, masked, response_draft, write_many

COLUMNS = (
    "external_id",
    "survey",
    "metric",
    "submitted_at",
    "score",
    "comment",
    "locale",
    "country",
    "channel",
    "customer_id",
    "touchpoint",
    "segment",
    "exit_reason",
)
REQUIRED = ("external_id", "survey", "metric", "submitted_at")
LONGEST_COMMENT = 10_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Draft:
    """A row that can be taken."""

    row: Row
    external_id: str
    survey: str
    metric: Metric
    submitted_at: datetime
    score: int | None
    exit_reason: str | None
    comment: str | None
    locale: str | None
    country: str | None
    channel: str | None
    customer_id: str | None
    touchpoint: str | None
    segment: str | None

    @property
    def content_hash(self) -> str:
        """Equal for rows that say the same."""
        said = [str(value) for name, value in vars(self).items() if name != "row"]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


Prepared = tuple[Draft, MaskedWords | None]


async def import_responses(content: bytes, file: str, progress: Progress | None = None) -> Report:
    """Read, check, mask and store a whole file; everything is written in one transaction."""
    report = Report(file)
    # Reading and masking take seconds; other requests go on meanwhile.
    drafts = await anyio.to_thread.run_sync(_drafts, content, report)
    countries = await _countries(drafts)
    prepared = await anyio.to_thread.run_sync(_masked, drafts, countries, progress)
    if report.refused is None:
        async with in_transaction():
            await _store(prepared, report)
        report.rejected.sort(key=lambda rejection: rejection.row)
        await nudge()
    return report


def _drafts(content: bytes, report: Report) -> list[Draft]:
    try:
        table = read_table(content, required=REQUIRED, known=COLUMNS)
    except Refused as refusal:
        report.refused = str(refusal)
        return []
    report.ignored_columns = table.ignored_columns
    report.rejected.extend(table.broken)
    drafts: list[Draft] = []
    for row in table.rows:
        try:
            drafts.append(_draft(row))
        except RowError as error:
            reject(report, row, error)
    return drafts


def reject(report: Report, row: Row, error: RowError) -> None:
    """List a row as rejected."""
    report.rejected.append(Rejection(row.number, row.line, error.column, error.reason))


def _taken() -> RowError:
    return RowError(
        "external_id", _("Another row with this external_id says something else; the first stays.")
    )


def _draft(row: Row) -> Draft:
    metric = _metric(row)
    slug = cells.required_text(row, "survey", 80)
    if not SLUG.fullmatch(slug):
        sentence = _("“%(value)s” is not a survey's short name: use small letters, digits and hyphens.")
        raise RowError("survey", sentence % {"value": slug})
    score, exit_reason = _answer(row, metric)
    return Draft(
        row=row,
        external_id=cells.required_text(row, "external_id", 200),
        survey=slug,
        metric=metric,
        submitted_at=cells.instant(row, "submitted_at"),
        score=score,
        exit_reason=exit_reason,
        comment=cells.optional_text(row, "comment", LONGEST_COMMENT),
        locale=cells.locale(row),
        country=cells.country(row),
        channel=cells.optional_text(row, "channel", 40),
        customer_id=cells.optional_text(row, "customer_id", 120),
        touchpoint=cells.optional_text(row, "touchpoint", 80),
        segment=cells.optional_text(row, "segment", 80),
    )


def _metric(row: Row) -> Metric:
    value = cells.required_text(row, "metric", 20).lower()
    if value not in {metric.value for metric in Metric}:
        raise RowError("metric", _("The metric is one of nps, csat, ces and exit."))
    return Metric(value)


def _answer(row: Row, metric: Metric) -> tuple[int | None, str | None]:
    """A score on its scale, or for exit surveys a reason."""
    if metric is not Metric.EXIT:
        if row.text("exit_reason"):
            raise RowError("exit_reason", _("Only exit surveys have a reason for leaving."))
        return cells.whole_number(row, "score", scale(metric.value)), None
    if row.text("score"):
        raise RowError("score", _("Exit surveys have a reason, not a score."))
    reason = cells.required_text(row, "exit_reason", 40)
    if reason not in EXIT_REASONS:
        raise RowError(
            "exit_reason", _("“%(value)s” is not one of the reasons for leaving.") % {"value": reason}
        )
    return None, reason


async def _countries(drafts: Sequence[Draft]) -> dict[str, str | None]:
    """The countries on record of the customers whose rows say none."""
    wanted = sorted({draft.customer_id for draft in drafts if draft.customer_id and not draft.country})
    found: dict[str, str | None] = {}
    for start in range(0, len(wanted), BULK):
        rows = Customer.filter(customer_id__in=wanted[start : start + BULK])
        found.update(dict(await rows.values_list("customer_id", "country")))
    return found


def _masked(
    drafts: Sequence[Draft], countries: Mapping[str, str | None], progress: Progress | None
) -> list[Prepared]:
    prepared: list[Prepared] = []
    for count, draft in enumerate(drafts, 1):
        country = draft.country or countries.get(draft.customer_id or "")
        words = masked(Words(draft.comment), country, draft.locale) if draft.comment else None
        prepared.append((draft, words))
        if progress and (count % 50 == 0 or count == len(drafts)):
            progress(count, len(drafts))
    return prepared


async def _store(prepared: list[Prepared], report: Report) -> None:
    surveys = {
        survey.slug: survey for survey in await Survey.filter(slug__in={each.survey for each, _ in prepared})
    }
    known = await _known([draft.external_id for draft, _words in prepared])
    fresh: list[Prepared] = []
    for draft, words in prepared:
        if draft.external_id in known:
            if known[draft.external_id] == draft.content_hash:
                report.duplicates += 1
            else:
                reject(report, draft.row, _taken())
            continue
        survey = surveys.get(draft.survey) or await _imported_survey(draft)
        surveys[draft.survey] = survey
        if survey.metric is draft.metric:
            fresh.append((draft, words))
            known[draft.external_id] = draft.content_hash
        else:
            sentence = _("The survey “%(survey)s” measures %(metric)s.")
            values = {"survey": draft.survey, "metric": survey.metric.value}
            reject(report, draft.row, RowError("metric", sentence % values))
    customers = await _customers([draft for draft, _words in fresh])
    responses = [_response(draft, surveys[draft.survey], customers) for draft, _words in fresh]
    await Response.bulk_create(responses, batch_size=BULK)
    await _verbatims(fresh, surveys, customers)
    report.accepted = len(fresh)


async def _imported_survey(draft: Draft) -> Survey:
    """A survey that does not exist is made from its metric, closed and marked as imported."""
    return await Survey.create(
        slug=draft.survey, name=draft.survey, metric=draft.metric, is_open=False, is_imported=True
    )


async def _known(external_ids: Sequence[str]) -> dict[str, str | None]:
    known: dict[str, str | None] = {}
    for start in range(0, len(external_ids), BULK):
        rows = Response.filter(external_id__in=external_ids[start : start + BULK])
        known.update(dict(await rows.values_list("external_id", "content_hash")))
    return known


async def _customers(drafts: Sequence[Draft]) -> dict[str, Customer]:
    """The customers named; one we had no record of gets a bare one, so that its answers can be found and erased."""
    wanted = sorted({draft.customer_id for draft in drafts if draft.customer_id})
    found: dict[str, Customer] = {}
    for start in range(0, len(wanted), BULK):
        rows = await Customer.filter(customer_id__in=wanted[start : start + BULK])
        found.update({row.customer_id: row for row in rows})
    missing = [name for name in wanted if name not in found]
    await Customer.bulk_create([Customer(customer_id=name) for name in missing], batch_size=BULK)
    for start in range(0, len(missing), BULK):
        rows = await Customer.filter(customer_id__in=missing[start : start + BULK])
        found.update({row.customer_id: row for row in rows})
    return found


def _response(draft: Draft, survey: Survey, customers: dict[str, Customer]) -> Response:
    """The row to store; what it does not say of the country is taken from the customer record."""
    customer = customers.get(draft.customer_id or "")
    country = draft.country or (customer.country if customer else None)
    source = "declared" if draft.country else ("account" if country else None)
    return Response(
        survey_id=survey.id,
        state=State.COMPLETE,
        score=draft.score,
        exit_reason=draft.exit_reason,
        submitted_at=draft.submitted_at,
        locale=draft.locale,
        first_locale=draft.locale,
        country=country,
        country_source=source,
        channel=draft.channel,
        touchpoint=name_of(draft.touchpoint),
        segment=name_of(draft.segment),
        customer_id=customer.id if customer else None,
        external_id=draft.external_id,
        content_hash=draft.content_hash,
        wording_version=survey.wording_version,
    )


async def _verbatims(
    fresh: list[Prepared],
    surveys: dict[str, Survey],
    customers: dict[str, Customer],
) -> None:
    with_words = [(draft, words) for draft, words in fresh if words is not None]
    ids: dict[str, int] = {}
    names = [draft.external_id for draft, _words in with_words]
    for start in range(0, len(names), BULK):
        rows = Response.filter(external_id__in=names[start : start + BULK])
        ids.update(dict(await rows.values_list("external_id", "id")))
    drafts = []
    for draft, words in with_words:
        response = _response(draft, surveys[draft.survey], customers)
        response.id = ids[draft.external_id]
        drafts.append((response_draft(response, surveys[draft.survey], words), words))
    if drafts:
        await write_many(drafts)
