"""Accept an invitation, with a new account or an existing one."""

import re
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from responder.domain.audit import PERSON, PLATFORM, AuditAction, AuditEntry, Subject
from responder.domain.backoff import invitation_counters
from responder.domain.errors import (
    AlreadyMemberError,
    InvalidValueError,
    InvitationRefusedError,
    NotFoundError,
)
from responder.domain.ids import AccountId
from responder.domain.people.account import Account, OpenedSession, Person
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo
from responder.domain.people.invitation import InvitationCard, InvitationState, ListedInvitation
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.security.hasher import hash_password
from responder.security.login_failures import log_failure
from responder.security.login_throttle import LoginThrottle
from responder.security.password_policy import checked_password
from responder.security.sign_in import hash_token, open_session
from responder.services.incidents.extend_alert import call_joined
from responder.services.people.change_person import join_units
from responder.services.security_context import as_system
from responder.services.validation.text import checked_text

USERNAME = re.compile(r"[\w.\-]{2,32}")
NAME_LENGTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Input of a new account."""

    username: str
    name: str
    password: str


async def preview_invitation(
    database: Database,
    *,
    token: str,
    clock: Clock,
    origin: ClientInfo = UNKNOWN_CLIENT,
    attempts: LoginThrottle | None = None,
) -> InvitationCard:
    """
    Tell what an invitation is for, before it is accepted.

    Raises
    ------
    InvitationRefusedError
        It is unknown, used, withdrawn or too old.
    TooManyAttemptsError
        Too many that were not valid came from this address.
    """
    counters = invitation_counters(origin.address)
    # The token proves the right to look; its holder belongs to no circle yet.
    with as_system():
        async with (
            (attempts or LoginThrottle()).attempt(
                database, counters, what="invitation", origin=origin, clock=clock
            ),
            database.begin() as transaction,
        ):
            found = await _open_invitation(transaction, token, now=moment(clock), to_use=False)
            if found is None:
                log_failure("invitation", why=InvitationRefusedError.code, origin=origin)
                raise InvitationRefusedError
            await transaction.login_failures.succeeded(counters)
            circle = await transaction.circles.get(found.invitation.circle_id)
    return InvitationCard(
        circle_name=circle.name,
        circle_name_en=circle.name_en,
        role=found.invitation.role,
        partner_name=found.partner_name,
        expires_at=found.invitation.expires_at,
    )


async def accept_as_new(
    database: Database,
    *,
    token: str,
    new: NewAccount,
    clock: Clock,
    origin: ClientInfo = UNKNOWN_CLIENT,
    attempts: LoginThrottle | None = None,
) -> OpenedSession:
    """
    Use an invitation to make an account that belongs to the circle, and sign it in.

    Of two who use one invitation at once, one is refused.

    Raises
    ------
    InvitationRefusedError
        It is unknown, used, withdrawn or too old.
    WeakPasswordError, InvalidValueError
        The password, the user name or the name may not be.
    NameTakenError
        The user name is taken.
    """
    account = checked_account(username=new.username, name=new.name)
    checked_password(new.password, username=new.username)
    # Before the password is hashed: a request without an invitation costs little.
    await preview_invitation(database, token=token, clock=clock, origin=origin, attempts=attempts)
    password_hash = await hash_password(new.password)
    now = moment(clock)
    async with _using(database, token, now=now) as (transaction, found):
        await transaction.accounts.add(account, password_hash)
        await _join(transaction, found, account, origin=origin, now=now)
        act = AuditEntry(action=AuditAction.ACCOUNT_CREATED, actor=account.id, origin=origin)
        await transaction.audit.append(PLATFORM, act, at=now)
        return await open_session(transaction, account, origin=origin, now=now)


async def accept_as(
    database: Database,
    *,
    token: str,
    account: Account,
    clock: Clock,
    origin: ClientInfo = UNKNOWN_CLIENT,
    attempts: LoginThrottle | None = None,
) -> None:
    """
    Use an invitation with an account that there is.

    Raises
    ------
    InvitationRefusedError
        It is unknown, used, withdrawn or too old.
    AlreadyMemberError
        The account belongs to the circle; the invitation stays open for another person.
    """
    await preview_invitation(database, token=token, clock=clock, origin=origin, attempts=attempts)
    now = moment(clock)
    async with _using(database, token, now=now) as (transaction, found):
        await _join(transaction, found, account, origin=origin, now=now)


def checked_account(*, username: str, name: str) -> Account:
    """Return a new account, or raise what is wrong with its names."""
    plain = unicodedata.normalize("NFKC", username)
    if plain != username or username != username.lower() or not USERNAME.fullmatch(username):
        message = "a user name is 2 to 32 small letters, digits, dots, dashes or underscores"
        raise InvalidValueError(message, field="username")
    shown = checked_text(name.strip(), field="name", longest=NAME_LENGTH, may_be_empty=False)
    return Account(id=AccountId(uuid4()), username=username, name=shown)


@asynccontextmanager
async def _using(
    database: Database, token: str, *, now: datetime
) -> AsyncIterator[tuple[Transaction, ListedInvitation]]:
    """
    Begin a transaction that locks the circle and the invitation, so that it is used once.

    The circle comes first, as in every other transaction. An alert that is raised at the same time
    is open when the person joins, or finds them in their unit.
    """
    # The token proves the right to join; its holder belongs to no circle yet.
    with as_system():
        async with database.begin() as transaction:
            found = await _open_invitation(transaction, token, now=now, to_use=False)
            if found is not None:
                await transaction.circles.lock(found.invitation.circle_id)
                found = await _open_invitation(transaction, token, now=now, to_use=True)
            if found is None:
                raise InvitationRefusedError
            yield transaction, found


async def _open_invitation(
    transaction: Transaction, token: str, *, now: datetime, to_use: bool
) -> ListedInvitation | None:
    found = await transaction.invitations.by_token(hash_token(token), to_use=to_use)
    if found is None or found.invitation.state(now=now) is not InvitationState.OPEN:
        return None
    return found


async def _join(
    transaction: Transaction, found: ListedInvitation, account: Account, *, origin: ClientInfo, now: datetime
) -> None:
    invitation = found.invitation
    circle_id = invitation.circle_id
    try:
        await transaction.people.get(circle_id, account.id, now=now)
    except NotFoundError:
        pass
    else:
        raise AlreadyMemberError
    await transaction.memberships.add(
        circle_id, account.id, role=invitation.role, partner_id=invitation.partner_id
    )
    called = 0
    if invitation.unit_id is not None:
        person: Person = await transaction.people.get(circle_id, account.id, now=now)
        await join_units(
            transaction, circle_id, person, unit_ids=[invitation.unit_id], partner_id=invitation.partner_id
        )
        called = await call_joined(transaction, circle_id, account.id, now=now)
    await transaction.invitations.put_used(replace(invitation, used_at=now, used_by=account.id))
    act = AuditEntry(
        action=AuditAction.INVITATION_USED,
        actor=account.id,
        origin=origin,
        subject=Subject(kind=PERSON, id=account.id),
        detail={"invitation_id": str(invitation.id), "role": invitation.role.value, "calls": called},
    )
    await transaction.audit.append(circle_id, act, at=now)
