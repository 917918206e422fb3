"""Change the own password; all other sessions end."""

from responder.domain.audit import PLATFORM, AuditAction, AuditEntry
from responder.domain.backoff import password_counters
from responder.domain.errors import NotSignedInError, WrongPasswordError
from responder.domain.people.account import Account
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.security.hasher import hash_password, matches
from responder.security.login_failures import log_failure
from responder.security.login_throttle import LoginThrottle
from responder.security.password_policy import checked_password
from responder.security.sign_in import hash_token


async def change_password(
    database: Database,
    *,
    account: Account,
    token: str,
    current: str,
    new: str,
    clock: Clock,
    origin: ClientInfo = UNKNOWN_CLIENT,
    attempts: LoginThrottle | None = None,
) -> None:
    """
    Give the account a new password, and end all of its sessions but the one of `token`.

    Raises
    ------
    WeakPasswordError
        The new password is too easy to guess.
    WrongPasswordError
        `current` is not the account's password.
    TooManyAttemptsError
        It was wrong too often.
    """
    checked_password(new, username=account.username)
    counters = password_counters(str(account.id))
    async with (attempts or LoginThrottle()).attempt(
        database, counters, what="change_password", origin=origin, clock=clock
    ):
        async with database.begin() as transaction:
            stored = await transaction.accounts.find(account.username)
        if stored is None:
            raise NotSignedInError
        if not await matches(current, stored.password_hash):
            log_failure("change_password", why=WrongPasswordError.code, origin=origin, account_id=account.id)
            raise WrongPasswordError
        new_hash = await hash_password(new)
    async with database.begin() as transaction:
        await transaction.login_failures.succeeded(counters)
        await transaction.accounts.put_password(account.id, new_hash)
        ended = await transaction.sessions.end_others(account.id, kept_hash=hash_token(token))
        act = AuditEntry(
            action=AuditAction.PASSWORD_CHANGED, actor=account.id, origin=origin, detail={"ended": ended}
        )
        await transaction.audit.append(PLATFORM, act, at=moment(clock))
