"""List the circles that an administrator of the platform sees to, without looking into any."""

from responder.domain.errors import NotAllowedError
from responder.domain.people.account import Account, AdministeredCircle
from responder.ports import Database
from responder.services.security_context import as_system


async def administered_circles(database: Database, *, account: Account) -> tuple[AdministeredCircle, ...]:
    """
    Return all circles of this installation, by name.

    Raises
    ------
    NotAllowedError
        The account is not an administrator.
    """
    if not account.admin:
        raise NotAllowedError(action="administer")
    # The administrator belongs to none of them, and the database shows a circle to its members.
    with as_system():
        async with database.begin() as transaction:
            return await transaction.memberships.administered()
