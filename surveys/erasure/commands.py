"""`polyvox erase`. What it needs is imported when it runs: `--help` must be quick."""

from typing import Annotated

import typer

from surveys.terminal import print_json, run, say


def erase(
    customer: Annotated[str, typer.Option(help="The customer's id in your records.")] = "",
    email: Annotated[str, typer.Option(help="An e-mail address.")] = "",
    owner: Annotated[str, typer.Option(help="A name in decisions: who sees to them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Erase what a person told us, everywhere: record, invitations, answers, words, originals, quotes in digests.

    An address also finds answers in which it was left or written, as long as their originals are kept. An owner's name is
    taken out of decisions, their history and the digests that tell of them.
    """
    from surveys.erasure import erase as erasing  # noqa: PLC0415 - see above
    from surveys.erasure.owners import erase_owner  # noqa: PLC0415 - see above
    from surveys.errors import Refused  # noqa: PLC0415 - see above

    if bool(owner.strip()) == bool(customer.strip() or email.strip()):
        msg = "Please name whom to erase: --customer ID or --email ADDRESS, or else --owner NAME."
        raise Refused(msg)
    if owner.strip():
        gone = vars(run(erase_owner(owner)))
        if as_json:
            print_json(gone)
        else:
            for name, value in gone.items():
                typer.echo(f"{name}: {value}")
        return
    erased = run(erasing.erase(erasing.Person(customer, email)))
    counts = {name: value for name, value in vars(erased).items() if name != "kept"}
    if as_json:
        print_json({**counts, "kept": list(erased.kept)})
    else:
        for name, value in counts.items():
            typer.echo(f"{name}: {value}")
    for sentence in erased.kept:
        say(sentence)
