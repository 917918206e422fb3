"""Sign in, sign out, and the account of a session."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from responder.domain.audit import PLATFORM, AuditAction, AuditEntry
from responder.domain.backoff import lockout_after, sign_in_counters
from responder.domain.errors import NotSignedInError, WrongCredentialsError
from responder.domain.ids import AccountId, CircleId
from responder.domain.people.access import Viewer
from responder.domain.people.account import SESSION_LASTS, Account, Membership, OpenedSession
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.people import StoredPassword
from responder.security.hasher import matches
from responder.security.login_failures import log_failure, record_lock
from responder.security.login_throttle import LoginThrottle

TOKEN_BYTES = 32


def hash_token(token: str) -> str:
    """Return what is stored in place of a token: the token is random, so one round is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def sign_in(
    database: Database,
    *,
    username: str,
    password: str,
    clock: Clock,
    origin: ClientInfo = UNKNOWN_CLIENT,
    attempts: LoginThrottle | None = None,
) -> OpenedSession:
    """
    Open a session.

    Raises
    ------
    WrongCredentialsError
        Name and password do not belong together.
    TooManyAttemptsError
        There were too many failures of this name or from this address, or too many wait for their turn.
    """
    counters = sign_in_counters(username, origin.address)
    async with (attempts or LoginThrottle()).attempt(
        database, counters, what="sign_in", origin=origin, clock=clock, name=username
    ) as failures:
        now = moment(clock)
        async with database.begin() as transaction:
            stored = await transaction.accounts.find(username)
        # An unknown name takes as long as a wrong password: time must not reveal which names exist.
        if not await matches(password, stored.password_hash if stored else None) or stored is None:
            await _write_down(database, username, stored, failures, origin=origin, now=now)
            raise WrongCredentialsError
        async with database.begin() as transaction:
            await transaction.login_failures.succeeded(counters)
            return await open_session(transaction, stored.account, origin=origin, now=now)


async def _write_down(
    database: Database,
    username: str,
    stored: StoredPassword | None,
    failures: Mapping[str, int],
    *,
    origin: ClientInfo,
    now: datetime,
) -> None:
    account_id = stored.account.id if stored else None
    log_failure("sign_in", why="wrong_credentials", origin=origin, name=username, account_id=account_id)
    lock = lockout_after(username, origin.address, failures)
    if account_id is not None and lock is not None:
        async with database.begin() as transaction:
            await record_lock(transaction, lock, account_id=account_id, origin=origin, at=now)


async def open_session(
    transaction: Transaction, account: Account, *, origin: ClientInfo, now: datetime
) -> OpenedSession:
    """Open a session for an account that was just authenticated."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    opened = OpenedSession(token=token, account=account, expires_at=now + SESSION_LASTS)
    await transaction.sessions.add(
        hash_token(token), account_id=account.id, opened_at=now, expires_at=opened.expires_at, origin=origin
    )
    act = AuditEntry(action=AuditAction.SESSION_OPENED, actor=account.id, origin=origin)
    await transaction.audit.append(PLATFORM, act, at=now)
    return opened


async def sign_out(
    database: Database, *, token: str, clock: Clock, origin: ClientInfo = UNKNOWN_CLIENT
) -> None:
    """End the session; nothing happens when it has ended before."""
    async with database.begin() as transaction:
        account_id = await transaction.sessions.remove(hash_token(token))
        if account_id is not None:
            act = AuditEntry(action=AuditAction.SESSION_ENDED, actor=account_id, origin=origin)
            await transaction.audit.append(PLATFORM, act, at=moment(clock))


async def whoami(database: Database, *, token: str, clock: Clock) -> Account:
    """
    Return whose session it is.

    Raises
    ------
    NotSignedInError
        The session is unknown, has ended or has expired.
    """
    async with database.begin() as transaction:
        account = await transaction.sessions.account(hash_token(token), now=moment(clock))
    if account is None:
        raise NotSignedInError
    return account


async def viewer(database: Database, *, account_id: AccountId, circle_id: CircleId) -> Viewer:
    """
    Return the account as it stands in the circle.

    Raises
    ------
    NotFoundError
        The account does not belong to the circle, or there is no such circle.
    """
    async with database.begin() as transaction:
        return await transaction.memberships.viewer(account_id, circle_id)


async def list_memberships(database: Database, *, account_id: AccountId) -> tuple[Membership, ...]:
    """Return the circles that the account belongs to, by name."""
    async with database.begin() as transaction:
        return await transaction.memberships.of_account(account_id)


async def living_sessions(
    database: Database, *, session_hashes: Collection[str], clock: Clock
) -> frozenset[str]:
    """Return those of the sessions that are still open, so that the sockets of the others can be closed."""
    async with database.begin() as transaction:
        return await transaction.sessions.living(session_hashes, now=moment(clock))
