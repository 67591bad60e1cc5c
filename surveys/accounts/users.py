"""Users come, change and go; there is always an administrator left."""

import secrets

from tortoise.transactions import in_transaction

from surveys.accounts.models import Role, User
from surveys.accounts.session import authenticate, end_all_sessions, password_hash
from surveys.addresses import email_address
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import APP_LOCALES
from surveys.i18n import gettext as _

SHORTEST_PASSWORD = 12
# argon2 reads every byte; nobody types more than this.
LONGEST_PASSWORD = 1000
LONGEST_NAME = 120


def new_password() -> str:
    """A password to be handed over once, about 108 bits."""
    return secrets.token_urlsafe(14)[:18]


def password_problem(password: str) -> str | None:
    """Why this cannot be a password: only its length says how hard it is to guess."""
    if len(password) < SHORTEST_PASSWORD:
        return _("A password has at least %(count)s characters.") % {"count": SHORTEST_PASSWORD}
    if len(password) > LONGEST_PASSWORD:
        return _("A password has at most %(count)s characters.") % {"count": LONGEST_PASSWORD}
    return None


async def user_problems(email: str, role: str, name: str) -> dict[str, str]:
    """What is wrong with a user to be added, by field; nothing when it can be."""
    problems: dict[str, str] = {}
    address = email_address(email)
    if address is None:
        problems["email"] = _("This is not an e-mail address.")
    elif await User.exists(email=address):
        problems["email"] = _("There is a user with this address already.")
    if role not in {known.value for known in Role}:
        problems["role"] = _("The role is one of analyst, manager and administrator.")
    if len(name.strip()) > LONGEST_NAME:
        problems["name"] = _("The name has more than %(limit)s characters.") % {"limit": LONGEST_NAME}
    return problems


async def add_user(email: str, *, role: str, name: str, password: str) -> User:
    """A new user.

    Raises Refused when the address is taken or not one, or the role or password is none.
    """
    problems = await user_problems(email, role, name)
    weak = password_problem(password)
    if weak:
        problems["password"] = weak
    if problems:
        raise Refused(" ".join(problems.values()))
    return await User.create(
        email=email_address(email),
        name=name.strip(),
        role=Role(role),
        password_hash=await password_hash(password),
    )


async def user_with_email(email: str) -> User:
    """The user of this address.

    Raises NotFound.
    """
    user = await User.get_or_none(email=email.strip().lower())
    if user is None:
        raise NotFound(_("There is no user with this address."))
    return user


async def access_user(user_id: int) -> User:
    """A user, for an administrator.

    Raises NotFound.
    """
    user = await User.get_or_none(id=user_id)
    if user is None:
        raise NotFound(_("There is no such user."))
    return user


async def set_role(user: User, role: Role) -> None:
    """Another role; whoever loses rights signs in anew.

    Raises Refused for the last administrator.
    """
    async with in_transaction():
        if role is not Role.ADMINISTRATOR:
            await _keep_one_administrator(user)
        user.role = role
        await user.save(update_fields=["role"])
        await end_all_sessions(user)


async def disable(user: User) -> None:
    """This person cannot sign in any more.

    Raises Refused for the last administrator.
    """
    async with in_transaction():
        await _keep_one_administrator(user)
        user.disabled_at = user.disabled_at or now()
        await user.save(update_fields=["disabled_at"])
        await end_all_sessions(user)


async def enable(user: User) -> None:
    """This person can sign in again, with the password they had."""
    user.disabled_at = None
    await user.save(update_fields=["disabled_at"])


async def disabled_addresses() -> frozenset[str]:
    """Addresses of those who cannot sign in any more."""
    found = await User.filter(disabled_at__isnull=False).values_list("email", flat=True)
    return frozenset(str(email) for email in found)


async def _keep_one_administrator(user: User) -> None:
    # The rows are locked on PostgreSQL, so that two administrators cannot disable each other at the same moment.
    able = await User.filter(role=Role.ADMINISTRATOR, disabled_at=None).order_by("id").select_for_update()
    if [row.id for row in able] == [user.id]:
        raise Refused(_("This is the last administrator; there must be one who can sign in."))


async def set_password(user: User, password: str) -> None:
    """A new password; every session ends.

    Raises Refused when it is none.
    """
    weak = password_problem(password)
    if weak:
        raise Refused(weak)
    user.password_hash = await password_hash(password)
    await user.save(update_fields=["password_hash"])
    await end_all_sessions(user)


async def password_problems(user: User, current: str, wanted: str, again: str) -> dict[str, str]:
    """What is wrong with a password to be changed by its owner, by field."""
    problems: dict[str, str] = {}
    weak = password_problem(wanted)
    if weak:
        problems["wanted"] = weak
    elif wanted != again:
        problems["again"] = _("The two new passwords differ.")
    if await authenticate(user.email, current) is None:
        problems["current"] = _("This is not your password.")
    return problems


async def set_own_facts(user: User, name: str, locale: str) -> None:
    """How a user is called and in which language the pages speak to them; any other locale means the browser's."""
    user.name = name.strip()[:LONGEST_NAME]
    user.locale = locale if locale in APP_LOCALES else None
    await user.save(update_fields=["name", "locale"])
