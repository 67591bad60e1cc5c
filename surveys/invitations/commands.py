"""Commands about invitations. What they need is imported when they run: `--help` must be quick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from surveys.importing import check_writable, print_report, read_file, write_file
from surveys.terminal import DONE, REFUSED, WITH_REJECTIONS, run, say

if TYPE_CHECKING:
    from surveys.delimited import Report
    from surveys.invitations.issue import Issued


def invite(
    survey: Annotated[str, typer.Option(help="The survey's short name.")],
    customers: Annotated[Path, typer.Option(help="A CSV file of customers; it is imported first.")],
    out: Annotated[Path, typer.Option(help="Where to write customer_id,email,locale,link.")],
    days: Annotated[int, typer.Option(min=1, max=365, help="For how many days a link can be answered.")] = 30,
) -> None:
    """Make a signed link for each customer of a file, to be answered once.

    Who was invited before and has not answered gets the same link again; who has answered is listed as rejected.
    """
    from surveys.invitations.issue import links_csv  # noqa: PLC0415 - see above

    content = read_file(customers)
    check_writable(out)
    report, issued = run(_work(survey, content, str(customers), days))
    print_report(report)
    if issued is None:
        raise typer.Exit(REFUSED)
    write_file(out, links_csv(issued.links))
    for customer_id in issued.answered:
        say(f"Customer {customer_id} has answered this survey already.")
    say(f"{len(issued.links)} links are in {out}.")
    raise typer.Exit(WITH_REJECTIONS if report.rejected or issued.answered else DONE)


async def _work(slug: str, content: bytes, name: str, days: int) -> "tuple[Report, Issued | None]":
    from surveys.customers.imports import import_customers  # noqa: PLC0415 - see above
    from surveys.invitations.issue import issue_invitations  # noqa: PLC0415 - see above
    from surveys.questionnaires.open import survey_to_answer  # noqa: PLC0415 - see above

    survey = await survey_to_answer(slug)
    imported = await import_customers(content, name)
    if imported.report.refused is not None:
        return imported.report, None
    return imported.report, await issue_invitations(survey, imported.customer_ids, days=days)
