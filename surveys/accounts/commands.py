"""Commands about users. What they need is imported when they run: `--help` must be quick."""

import sys
from typing import Annotated

import typer

from surveys.terminal import print_json, run, say

Email = Annotated[str, typer.Argument(help="The user's e-mail address.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


def _password(from_stdin: bool) -> tuple[str, bool]:
    """The password, and whether we made it ourselves."""
    from surveys.accounts.users import new_password  # noqa: PLC0415 - see above

    return (sys.stdin.readline().rstrip("\r\n"), False) if from_stdin else (new_password(), True)


def add(
    email: Email,
    role: Annotated[str, typer.Option(help="analyst, manager or administrator.")] = "analyst",
    name: Annotated[str, typer.Option(help="What to call them.")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Add a user; without --password-stdin a password is made and printed, once."""
    from surveys.accounts import users  # noqa: PLC0415 - see above

    password, ours = _password(password_stdin)
    run(users.add_user(email, role=role, name=name, password=password))
    if ours:
        typer.echo(password)
    say(f"{email} can sign in.")


def list_users(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the users."""
    from surveys.accounts.models import User  # noqa: PLC0415 - see above

    async def work() -> list[User]:
        return await User.all().order_by("email")

    found = run(work())
    if as_json:
        print_json(
            [
                {
                    "email": user.email,
                    "name": user.name,
                    "role": user.role.value,
                    "locale": user.locale,
                    "disabled": user.disabled_at is not None,
                }
                for user in found
            ]
        )
        return
    for user in found:
        state = "disabled" if user.disabled_at else "active"
        typer.echo(f"{user.email}\t{user.role.value}\t{state}\t{user.name}")


def disable(email: Email) -> None:
    """Keep a user from signing in; the last administrator stays."""
    from surveys.accounts import users  # noqa: PLC0415 - see above

    async def work() -> None:
        await users.disable(await users.user_with_email(email))

    run(work())
    say(f"{email} cannot sign in any more.")


def password(email: Email, password_stdin: FromStdin = False) -> None:
    """Give a user a new password and end their sessions."""
    from surveys.accounts import users  # noqa: PLC0415 - see above

    wanted, ours = _password(password_stdin)

    async def work() -> None:
        await users.set_password(await users.user_with_email(email), wanted)

    run(work())
    if ours:
        typer.echo(wanted)
    say(f"{email} has a new password; their sessions are ended.")
