"""Commands about surveys. What they need is imported when they run: `--help` must be quick."""

from typing import Annotated

import typer

from surveys.terminal import print_json, run, say

Slug = Annotated[str, typer.Argument(help="The survey's short name.")]


def add(
    metric: Annotated[str, typer.Option(help="nps, csat, ces or exit.")],
    slug: Annotated[str, typer.Option(help="The short name in its address: small letters, digits, hyphens.")],
    name: Annotated[str, typer.Option(help="What you call it.")],
    locale: Annotated[str, typer.Option(help="Its language when a respondent's own is not served.")] = "",
    basis: Annotated[str, typer.Option(help="legitimate_interest or consent.")] = "legitimate_interest",
) -> None:
    """Add a survey, open from now on, and print its address."""
    from surveys.organisation.models import the_organisation  # noqa: PLC0415 - see above
    from surveys.questionnaires import open as opening  # noqa: PLC0415 - see above
    from surveys.settings import settings  # noqa: PLC0415 - see above

    async def work() -> str:
        chosen = locale or (await the_organisation()).default_locale
        survey = await opening.add_survey(metric=metric, slug=slug, name=name, locale=chosen, basis=basis)
        return f"{settings().base_url}/s/{survey.slug}"

    typer.echo(run(work()))


def close(slug: Slug) -> None:
    """Close a survey: nobody can answer it any more; what was answered stays."""
    from surveys.questionnaires import open as opening  # noqa: PLC0415 - see above

    run(opening.set_open(slug, is_open=False))
    say(f"The survey {slug} is closed.")


def reopen(slug: Slug) -> None:
    """Open a closed survey again."""
    from surveys.questionnaires import open as opening  # noqa: PLC0415 - see above

    run(opening.set_open(slug, is_open=True))
    say(f"The survey {slug} is open.")


def list_surveys(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the surveys."""
    from surveys.questionnaires.models import Survey  # noqa: PLC0415 - see above

    async def work() -> list[Survey]:
        return await Survey.all().order_by("slug")

    surveys = run(work())
    if as_json:
        print_json(
            [
                {
                    "slug": survey.slug,
                    "name": survey.name,
                    "metric": survey.metric.value,
                    "locale": survey.default_locale,
                    "basis": survey.basis.value,
                    "open": survey.is_open,
                    "imported": survey.is_imported,
                }
                for survey in surveys
            ]
        )
        return
    for survey in surveys:
        state = "open" if survey.is_open else "closed"
        typer.echo(f"{survey.slug}\t{survey.metric.value}\t{state}\t{survey.name}")
