"""`polyvox organisation`. What it needs is imported when it runs: `--help` must be quick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from surveys.importing import read_file
from surveys.terminal import print_json, run, say

if TYPE_CHECKING:
    from surveys.organisation.models import Organisation


def show() -> None:
    """Print what respondents and readers are told about the organisation, as JSON."""
    from surveys.organisation.models import the_organisation  # noqa: PLC0415 - see above

    print_json(_facts(run(the_organisation())))


def change(
    name: Annotated[str | None, typer.Option(help="What respondents know it by.")] = None,
    contact: Annotated[str | None, typer.Option(help="The address to ask for erasure.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="The zone that weeks are counted in.")] = None,
    default_locale: Annotated[str | None, typer.Option(help="The language of new surveys.")] = None,
    smallest_group: Annotated[
        str | None, typer.Option(help="Groups with fewer answers are not shown.")
    ] = None,
    retention_months: Annotated[
        str | None, typer.Option(help="How long the notice says answers are kept.")
    ] = None,
    logo: Annotated[Path | None, typer.Option(help="A PNG, JPEG or WebP file of at most 512 kB.")] = None,
) -> None:
    """Set facts of the organisation; those not given stay as they are."""
    from surveys.organisation import change as changing  # noqa: PLC0415 - see above

    given = {
        "name": name,
        "contact": contact,
        "time_zone": time_zone,
        "default_locale": default_locale,
        "smallest_group": smallest_group,
        "retention_months": retention_months,
    }
    values = {column: value for column, value in given.items() if value is not None}
    picture = changing.logo_of(read_file(logo)) if logo else None
    run(changing.change_organisation(values, picture))
    say("The organisation is changed.")


def look(
    title_colour: Annotated[str | None, typer.Option(help="Of titles, such as #0f6b66; '' for ours.")] = None,
    line_colour: Annotated[str | None, typer.Option(help="Of lines and circles; '' for ours.")] = None,
    footer: Annotated[str | None, typer.Option(help="A line at the foot of each page; '' for none.")] = None,
) -> None:
    """Set the look of the digest; what is not given stays as it is."""
    from surveys.organisation import change as changing  # noqa: PLC0415 - see above

    given = {"title_colour": title_colour, "line_colour": line_colour, "digest_footer": footer}
    run(changing.change_organisation({column: value for column, value in given.items() if value is not None}))
    say("The look of the digest is changed.")


def _facts(organisation: "Organisation") -> dict[str, object]:
    return {
        "name": organisation.name,
        "contact": organisation.contact,
        "time_zone": organisation.time_zone,
        "default_locale": organisation.default_locale,
        "smallest_group": organisation.smallest_group,
        "retention_months": organisation.retention_months,
        "title_colour": organisation.title_colour,
        "line_colour": organisation.line_colour,
        "digest_footer": organisation.digest_footer,
        "logo": organisation.logo_type,
    }
