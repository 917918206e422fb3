"""Export what is stored about a person: everything but secrets, in one answer."""

from typing import Any

from responder.domain.audit import IN_NAME_OF, PERSON, PLATFORM, AuditAction, AuditEntry, Subject
from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId
from responder.domain.people.access import OPERATOR
from responder.ports import Clock, Database
from responder.ports.audit import FoundRecord
from responder.ports.clock import moment


async def export_person(database: Database, *, username: str, clock: Clock) -> dict[str, Any]:
    """
    Return everything that is stored about the account, as the operator.

    Raises
    ------
    NotFoundError
        The user name is unknown.
    """
    now = moment(clock)
    async with database.begin() as transaction:
        stored = await transaction.accounts.find(username)
        if stored is None:
            raise NotFoundError
        account_id = stored.account.id
        kept = await transaction.personal_data.of_account(account_id)
        kept["audit"] = [
            {"circle_id": circle_id, **_told(record, account_id)}
            for circle_id, record in await transaction.audit.about(account_id)
        ]
        act = AuditEntry(
            action=AuditAction.ACCOUNT_EXPORTED, actor=OPERATOR, subject=Subject(kind=PERSON, id=account_id)
        )
        await transaction.audit.append(PLATFORM, act, at=now)
    return {"exported_at": now, **kept}


def _told(record: FoundRecord, account_id: AccountId) -> dict[str, Any]:
    """
    Return what a record says of the account, and nothing about others.

    What was done to the account is its own to know. Who did it, from where, and to whom the account did
    something is about others: of them only their presence is told.
    """
    by = _by(record, account_id)
    others = record.subject_kind == PERSON and record.subject_id != account_id
    return {
        "seq": record.seq,
        "at": record.at,
        "action": record.action,
        "by": by,
        "subject_kind": record.subject_kind,
        "subject_id": None if others else record.subject_id,
        "detail": dict(record.detail),
        "address": record.address if by == "self" else None,
        "device": record.device if by == "self" else None,
    }


def _by(record: FoundRecord, account_id: AccountId) -> str:
    if record.action in IN_NAME_OF:
        return "nobody_known"
    if record.actor_id == account_id:
        return "self"
    return "operator" if record.by_operator else "somebody_else"
