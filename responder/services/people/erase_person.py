"""Erase a person: account and name. Records of what happened stay, without the name."""

from typing import Final

from responder.domain.audit import PERSON, PLATFORM, AuditAction, AuditEntry, Subject
from responder.domain.errors import LastCoordinatorError, NotFoundError
from responder.domain.people.access import OPERATOR
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.circles.create import new_epoch
from responder.services.incidents.withdraw_calls import withdraw_calls

ERASED_NAME: Final = "（已删除）"
_MINUTES = 5


async def require_person(database: Database, *, username: str) -> None:
    """Raise NotFoundError for an unknown user name, before asking for a confirmation."""
    async with database.snapshot() as transaction:
        if await transaction.accounts.find(username) is None:
            raise NotFoundError


async def erase_person(database: Database, *, username: str, clock: Clock) -> dict[str, int]:
    """
    Erase the account, as the operator, and return how much was changed of each kind.

    The audit log keeps that something was done, but no longer by whom. Its chains hold. Calls of
    open incidents are withdrawn: the person can no longer come.

    Raises
    ------
    NotFoundError
        The user name is unknown.
    LastCoordinatorError
        A circle would have no coordinator.
    """
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.allow_minutes(_MINUTES)
        stored = await transaction.accounts.find(username)
        if stored is None:
            raise NotFoundError
        account_id = stored.account.id
        memberships = {each.id: each for each in await transaction.memberships.of_account(account_id)}
        circle_ids = sorted(await transaction.personal_data.circles_of(account_id))
        for circle_id in circle_ids:
            await transaction.circles.lock(circle_id)
            if circle_id not in memberships:
                continue
            if await transaction.people.coordinators(circle_id) == {account_id}:
                raise LastCoordinatorError(circle=memberships[circle_id].name)
            await withdraw_calls(transaction, circle_id, account_id, but=(), now=now)
        done = await transaction.personal_data.erase(account_id, name=ERASED_NAME)
        for circle_id in circle_ids:
            # Names were removed from the log: clients with an old snapshot start afresh.
            await transaction.circles.begin_epoch(circle_id, new_epoch())
        act = AuditEntry(
            action=AuditAction.ACCOUNT_ERASED, actor=OPERATOR, subject=Subject(kind=PERSON, id=account_id)
        )
        await transaction.audit.append(PLATFORM, act, at=now)
        done["audit"] = await transaction.audit.delete_person(account_id)
    return done
