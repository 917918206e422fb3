"""Make an account without an invitation: the first administrator's, at the machine itself."""

from dataclasses import replace

from responder.domain.audit import PERSON, PLATFORM, AuditAction, AuditEntry, Subject
from responder.domain.people.access import OPERATOR
from responder.domain.people.account import Account
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.security.hasher import hash_password
from responder.security.password_policy import checked_password
from responder.services.people.accept_invitation import checked_account


async def make_administrator(
    database: Database, *, username: str, name: str, password: str, clock: Clock
) -> Account:
    """
    Create an administrator's account, as the operator of the machine.

    Raises
    ------
    InvalidValueError, WeakPasswordError
        The user name, the name or the password may not be.
    NameTakenError
        The user name is taken.
    """
    account = replace(checked_account(username=username, name=name), admin=True)
    checked_password(password, username=username)
    password_hash = await hash_password(password)
    async with database.begin() as transaction:
        await transaction.accounts.add(account, password_hash)
        act = AuditEntry(
            action=AuditAction.ACCOUNT_CREATED,
            actor=OPERATOR,
            subject=Subject(kind=PERSON, id=account.id),
            detail={"admin": True},
        )
        await transaction.audit.append(PLATFORM, act, at=moment(clock))
    return account
