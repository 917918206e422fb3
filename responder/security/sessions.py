"""Look through one's own sessions, and end those that should not be."""

from uuid import UUID

from responder.domain.audit import PLATFORM, AuditAction, AuditEntry
from responder.domain.errors import NotFoundError
from responder.domain.people.account import Account, Session
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.security.sign_in import hash_token


async def list_sessions(
    database: Database, *, account: Account, token: str, clock: Clock
) -> tuple[Session, ...]:
    """Return the account's open sessions, the last used first; the one of `token` is marked."""
    async with database.begin() as transaction:
        return await transaction.sessions.of_account(
            account.id, current_hash=hash_token(token), now=moment(clock)
        )


async def end_session(
    database: Database,
    *,
    account: Account,
    session_id: UUID,
    clock: Clock,
    origin: ClientInfo = UNKNOWN_CLIENT,
) -> None:
    """
    End one of the account's sessions; its sockets close within seconds.

    Raises
    ------
    NotFoundError
        The account has no such session; another account may have it.
    """
    async with database.begin() as transaction:
        if not await transaction.sessions.end(account.id, session_id):
            raise NotFoundError
        act = AuditEntry(action=AuditAction.SESSION_ENDED, actor=account.id, origin=origin)
        await transaction.audit.append(PLATFORM, act, at=moment(clock))


async def end_other_sessions(
    database: Database, *, account: Account, token: str, clock: Clock, origin: ClientInfo = UNKNOWN_CLIENT
) -> None:
    """End all sessions of the account but the one of `token`."""
    async with database.begin() as transaction:
        ended = await transaction.sessions.end_others(account.id, kept_hash=hash_token(token))
        act = AuditEntry(
            action=AuditAction.SESSION_ENDED, actor=account.id, origin=origin, detail={"others": ended}
        )
        await transaction.audit.append(PLATFORM, act, at=moment(clock))
