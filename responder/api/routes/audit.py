"""The audit log of a circle: who did what, and whether anything was changed since."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from responder.api.deps.auth import Overseer
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Moment
from responder.api.json_body import StrictRoute
from responder.domain.audit import AuditAction
from responder.domain.canonical import LARGEST_INTEGER
from responder.domain.ids import AccountId
from responder.domain.people.access import OPERATOR
from responder.ports.audit import AuditQuery, FoundRecord
from responder.services.audit.read_audit import MOST, read_audit
from responder.services.audit.verify_audit import Flaw, verify_audit

router = APIRouter(prefix="/circles/{circle_id}/audit", tags=["audit"], route_class=StrictRoute)

OPERATOR_NAME = "命令行"


class Actor(BaseModel):
    """Who did it."""

    account_id: UUID
    name: str | None


class SubjectAnswer(BaseModel):
    """What it was done to; a person who was erased has no id any more."""

    kind: str
    id: UUID | None
    name: str | None
    """Of a person."""


class RecordAnswer(BaseModel):
    """One record. `actor` is null when the person was erased."""

    seq: int
    at: datetime
    actor: Actor | None
    action: str
    subject: SubjectAnswer | None
    detail: dict[str, Any]
    address: str | None
    device: str | None
    hash: str


class Page(BaseModel):
    """Records, the newest first."""

    records: list[RecordAnswer]
    next: int | None
    """Ask again with `before` this for the older ones; null when there are none."""


class Head(BaseModel):
    """Head of the chain. A copy kept elsewhere proves later that the chain was not rewritten."""

    seq: int
    hash: str


class VerificationAnswer(BaseModel):
    """Whether the chain holds, and where not."""

    rows: int
    first_bad: int | None
    reason: Flaw | None
    head: Head | None
    checked_at: datetime


@router.get("", responses=answers(401, 403, 404))
async def searched(
    viewer: Overseer,
    context: ContextDep,
    *,
    actor: AccountId | None = None,
    action: AuditAction | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    before: Annotated[int, Query(ge=1, le=LARGEST_INTEGER)] | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Page:
    """Look through the audit log of the circle, the newest first."""
    query = AuditQuery(actor=actor, action=action, since=since, until=until, before=before, limit=limit)
    records, following = await read_audit(context.database, viewer=viewer, query=query, clock=context.clock)
    return Page(records=[_told(record) for record in records], next=following)


@router.get("/verification", responses=answers(401, 403, 404))
async def verified(viewer: Overseer, context: ContextDep) -> VerificationAnswer:
    """Check the whole chain, and name the first record that does not hold."""
    found = await verify_audit(context.database, viewer=viewer, clock=context.clock)
    return VerificationAnswer(
        rows=found.rows,
        first_bad=found.first_bad,
        reason=found.flaw,
        head=None if found.head is None else Head(seq=found.head.seq, hash=found.head.hash),
        checked_at=found.checked_at,
    )


def _told(record: FoundRecord) -> RecordAnswer:
    subject = None
    if record.subject_kind is not None:
        subject = SubjectAnswer(kind=record.subject_kind, id=record.subject_id, name=record.subject_name)
    return RecordAnswer(
        seq=record.seq,
        at=record.at,
        actor=_actor(record),
        action=record.action,
        subject=subject,
        detail=dict(record.detail),
        address=record.address,
        device=record.device,
        hash=record.hash,
    )


def _actor(record: FoundRecord) -> Actor | None:
    if record.by_operator:
        return Actor(account_id=OPERATOR, name=OPERATOR_NAME)
    return None if record.actor_id is None else Actor(account_id=record.actor_id, name=record.actor_name)
