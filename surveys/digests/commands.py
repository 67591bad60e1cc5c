"""`polyvox metrics`, `digest` and `subscribe`. What they need is imported when they run: `--help` must be quick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveys.terminal import print_json, run, say

if TYPE_CHECKING:
    from surveys.digests.asked import Asked
    from surveys.organisation.models import Organisation

Week = Annotated[str, typer.Option(help="The ISO week, such as 2026-W47.")]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AsJson = Annotated[bool, typer.Option("--json", help="Print every figure as JSON.")]


def metrics(
    week: Week,
    by: Annotated[str, typer.Option(help="all, continent, region, country, culture or language.")] = "all",
    as_json: AsJson = False,
) -> None:
    """Print NPS, CSAT, CES and reasons for leaving of a week, by group; small groups are hidden."""
    from surveys.digests.archive import week_of  # noqa: PLC0415 - see above
    from surveys.digests.metrics import grouping  # noqa: PLC0415 - see above
    from surveys.digests.metrics import metrics as counted  # noqa: PLC0415 - see above
    from surveys.organisation.models import the_organisation  # noqa: PLC0415 - see above

    wanted, groups = week_of(week), grouping(by)

    async def work() -> list[dict[str, Any]]:
        organisation = await the_organisation()
        return await counted(wanted, groups, zone=organisation.zone, k=organisation.smallest_group)

    rows = run(work())
    if as_json:
        print_json(rows)
    else:
        typer.echo(_table(rows))


def _table(rows: list[dict[str, Any]]) -> str:
    """Aligned columns for people; what is hidden or missing is a dash."""
    from surveys.i18n import rounded  # noqa: PLC0415 - see above

    def cell(row: dict[str, Any], metric: str, key: str) -> str:
        value = row[metric].get(key)
        return "-" if value is None else str(rounded(value, 1))

    def count(value: int | None) -> str:
        return "-" if value is None else str(value)

    heading = ("group", "name", "responses", "NPS", "n", "CSAT %", "n", "CES", "n", "exit n")
    lines = [
        heading,
        *(
            (
                row["group"],
                row["name"] + (" (suppressed)" if row["suppressed"] else ""),
                count(row["responses"]),
                cell(row, "nps", "score"),
                count(row["nps"].get("n")),
                cell(row, "csat", "percent"),
                count(row["csat"].get("n")),
                cell(row, "ces", "mean"),
                count(row["ces"].get("n")),
                count(row["exit"].get("n")),
            )
            for row in rows
        ),
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column < 2 else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def digest(  # noqa: PLR0913, PLR0917 - a command has as many options
    week: Annotated[str | None, typer.Option(help="The ISO week, such as 2026-W47.")] = None,
    month: Annotated[str | None, typer.Option(help="A month, such as 2026-10.")] = None,
    quarter: Annotated[str | None, typer.Option(help="A quarter, such as 2026-Q3.")] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Two periods: weeks, months, quarters or runs such as 2026-W40..2026-W43."),
    ] = None,
    survey: Annotated[str | None, typer.Option(help="One survey alone, by its slug.")] = None,
    theme: Annotated[str | None, typer.Option(help="One theme across all regions, by its code.")] = None,
    locale: Annotated[str, typer.Option(help="en, lv, lt, ro, de, fr, es, pl, uk, ar, ja or zh.")] = "en",
    out: Annotated[Path | None, typer.Option(help="Write the PDF to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make the digest of a week, a month, a quarter, a survey or a theme, or compare two periods: PDF, figures, or both."""
    from surveys.digests.archive import edition_locale  # noqa: PLC0415 - see above
    from surveys.digests.asked import asked_by_options  # noqa: PLC0415 - see above
    from surveys.digests.make import facts  # noqa: PLC0415 - see above
    from surveys.digests.render import render  # noqa: PLC0415 - see above
    from surveys.errors import Refused  # noqa: PLC0415 - see above
    from surveys.organisation.models import the_organisation  # noqa: PLC0415 - see above

    periods = [each for each in (week, month, quarter) if each is not None]
    chosen = edition_locale(locale)
    if out is None and not as_json:
        msg = "Please say where the PDF goes (--out FILE.pdf), or ask for the figures (--json)."
        raise Refused(msg)

    async def work() -> tuple[dict[str, Any], bytes | None]:
        organisation = await the_organisation()
        found = await _figures(
            asked_by_options(periods, compare, survey, theme, organisation.zone), organisation
        )
        return found, await render(found, facts(organisation), chosen) if out else None

    found, made = run(work())
    if out is not None and made is not None:
        _write(out, made)
        say(f"The digest of {found['week']} is in {out}.")
    if as_json:
        print_json({**found, "locale": chosen})


async def _figures(asked: "Asked", organisation: "Organisation") -> dict[str, Any]:
    from surveys.digests.archive import begun as begun_week  # noqa: PLC0415 - see above
    from surveys.digests.build import figures  # noqa: PLC0415 - see above
    from surveys.digests.report_shelf import begun  # noqa: PLC0415 - see above
    from surveys.digests.reports import report_figures  # noqa: PLC0415 - see above
    from surveys.due import now  # noqa: PLC0415 - see above

    if asked.kind == "week":
        return await figures(begun_week(asked.period.last, organisation), organisation, at=now())
    return await report_figures(begun(asked, organisation), organisation, at=now())


def _write(path: Path, content: bytes) -> None:
    from surveys.errors import Refused  # noqa: PLC0415 - see above

    try:
        path.write_bytes(content)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror})."
        raise Refused(msg) from error


def subscribe(
    address: Annotated[
        str, typer.Argument(help="An e-mail address, a webhook's address or a folder's name.")
    ],
    by: Annotated[str, typer.Option(help="mail, webhook or folder.")] = "mail",
    locale: Annotated[str, typer.Option(help="en, lv, lt, ro, de, fr, es, pl, uk, ar, ja or zh.")] = "en",
    zone: Annotated[str, typer.Option(help="An IANA time zone; the organisation's when empty.")] = "",
    day: Annotated[int, typer.Option(help="1 Monday to 7 Sunday.", min=1, max=7)] = 1,
    hour: Annotated[int, typer.Option(help="From this hour on.", min=0, max=23)] = 0,
    scope: Annotated[
        str,
        typer.Option(
            help="Only some regions, surveys or segments: region=154&survey=spring&segment=business."
        ),
    ] = "",
) -> None:
    """Send the digest of the week that is over, every week."""
    from surveys.digests.models import Channel  # noqa: PLC0415 - see above
    from surveys.digests.scope import Scope, scope_of  # noqa: PLC0415 - see above
    from surveys.digests.subscribe import plan_of  # noqa: PLC0415 - see above
    from surveys.digests.subscribe import subscribe as subscribing  # noqa: PLC0415 - see above
    from surveys.digests.webhook import secret_of  # noqa: PLC0415 - see above
    from surveys.errors import Refused  # noqa: PLC0415 - see above

    if by not in {channel.value for channel in Channel}:
        msg = "Please choose mail, webhook or folder."
        raise Refused(msg)
    values = {"locale": locale, "time_zone": zone, "weekday": str(day), "hour": str(hour)}

    async def work() -> tuple[str, str | None]:
        asked = Scope.parse(scope)
        chosen = await scope_of(asked.regions, asked.surveys, asked.segments)
        made = await subscribing(address, plan_of(values, chosen), Channel(by))
        return made.address, secret_of(made) if made.channel == Channel.WEBHOOK else None

    kept, secret = run(work())
    say(f"{kept} gets the digest every {DAYS[day - 1]}.")
    if secret:
        typer.echo(secret)
