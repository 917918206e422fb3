"""
Write down that a try failed: a line in the log for each, and a record in the chain when it locks an account.

Not each attempt is chained: a flood would fill the chain. A lock is recorded in the platform's chain and
never in a circle's, because an alert waits for that one's lock, and no stranger may make an alert wait.
"""

import hmac
import logging
import secrets
from datetime import datetime
from hashlib import sha256

from responder.domain.audit import PERSON, PLATFORM, AuditAction, AuditEntry, Subject
from responder.domain.backoff import Lockout
from responder.domain.ids import AccountId
from responder.domain.people.client_info import ClientInfo
from responder.ports import Transaction

_log = logging.getLogger(__name__)
_KEY = secrets.token_bytes(32)


def log_failure(
    what: str, *, why: str, origin: ClientInfo, name: str | None = None, account_id: AccountId | None = None
) -> None:
    """
    Log one line without a name.

    A name that was typed, which may be a password, and the address are marks: alike for the same word as long
    as the process runs, and nothing that leads back to it.
    """
    _log.warning(
        "%s_failed why=%s account=%s name=%s address=%s",
        what,
        why,
        account_id or "-",
        _mark(name) if name is not None else "-",
        _mark(origin.address),
    )


async def record_lock(
    transaction: Transaction, lock: Lockout, *, account_id: AccountId, origin: ClientInfo, at: datetime
) -> None:
    """Record that tries in an account's name have to wait from now on."""
    act = AuditEntry(
        action=AuditAction.ACCOUNT_LOCKED,
        # The client is not authenticated: the entry is in the account's name.
        actor=account_id,
        origin=origin,
        subject=Subject(kind=PERSON, id=account_id),
        detail={"failures": lock.failures, "everywhere": lock.everywhere},
    )
    await transaction.audit.append(PLATFORM, act, at=at)


def _mark(word: str) -> str:
    return hmac.new(_KEY, word.encode("utf-8", "surrogatepass"), sha256).hexdigest()[:12]
