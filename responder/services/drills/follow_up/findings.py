"""Findings of drills: write them down, change them, settle them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import uuid4, uuid5

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.drills.finding import Finding, FindingState
from responder.domain.errors import EditConflictError, IdempotencyConflictError, InvalidValueError
from responder.domain.ids import FindingId, PartnerId
from responder.domain.incidents.event import FindingsChanged
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.drills.follow_up.sources import FindingLinks, FindingSource, with_links, with_source
from responder.services.incidents.recompute import model_if_any
from responder.services.map.closures import lift
from responder.services.map.hazards import settle_hazard
from responder.services.validation.text import checked_text

TEXT_LENGTH: Final = 500
NAME_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWork:
    """What is to be done, by whom, until when."""

    text: str
    owner_id: PartnerId | None = None
    owner_name: str = ""
    due_on: date | None = None


async def create_finding(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    work: FindingWork,
    source: FindingSource,
    idempotency_key: str | None = None,
    clock: Clock,
) -> Finding:
    """
    Write a finding down. What the same account sent with the same `idempotency_key` is not added again.

    A finding without words takes those of its observation.

    Raises
    ------
    NotAllowedError
        The role may not plan drills, or not edit the map that a hazard is put on.
    NotFoundError
        The circle has no such drill, hazard or closure.
    InvalidValueError
        A field cannot be; `field` names it.
    IdempotencyConflictError
        The key was used before for another finding.
    """
    viewer.must(Action.PLAN_DRILL)
    now = moment(clock)
    key = uuid4() if idempotency_key is None else uuid5(viewer.account_id, f"finding {idempotency_key}")
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        blank = Finding(
            id=FindingId(key),
            circle_id=viewer.circle_id,
            text=work.text,
            state=FindingState.OPEN,
            version=1,
            created_at=now,
            created_by=viewer.account_id,
            created_by_name=viewer.name,
            changed_at=now,
            changed_by=viewer.account_id,
            changed_by_name=viewer.name,
        )
        known = await transaction.findings.find(viewer.circle_id, blank.id)
        finding = await with_source(transaction, blank, source)
        finding = await _with_work(transaction, finding, replace(work, text=finding.text))
        if known is not None:
            if _says(known) != _says(finding):
                raise IdempotencyConflictError
            return known
        finding = await with_links(transaction, roads, finding, source.links, viewer=viewer, at=now)
        await _keep(transaction, viewer, AuditAction.FINDING_CREATED, finding, at=now)
    return finding


async def change_finding(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    finding_id: FindingId,
    work: FindingWork,
    state: FindingState,
    links: FindingLinks | None = None,
    expected_version: int | None = None,
    clock: Clock,
) -> Finding:
    """
    Change what is to be done, and whether that is in hand; a settled finding is open again by this.

    Without `links` those of the finding stay.

    Raises
    ------
    NotAllowedError
        The role may not plan drills, or not edit the map that a hazard is put on.
    NotFoundError
        The circle has no such finding, hazard or closure.
    EditConflictError
        It has another version than `expected_version`. Nothing is changed then.
    InvalidValueError
        A field cannot be, or the state is one that only closing gives.
    """
    viewer.must(Action.PLAN_DRILL)
    if state not in {FindingState.OPEN, FindingState.DOING}:
        message = "a finding is settled by closing it"
        raise InvalidValueError(message, field="state")
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        before = await transaction.findings.get(viewer.circle_id, finding_id)
        if expected_version not in {None, before.version}:
            raise EditConflictError(by=before.changed_by_name)
        action = AuditAction.FINDING_REOPENED if before.is_settled else AuditAction.FINDING_CHANGED
        asked = replace(before.reopen() if before.is_settled else before, state=state)
        finding = await _with_work(transaction, asked, work)
        if links is not None:
            finding = await with_links(transaction, roads, finding, links, viewer=viewer, at=now)
        if finding == before:
            return before
        finding = finding.touch(at=now, by=viewer.account_id, by_name=viewer.name)
        await _keep(transaction, viewer, action, finding, at=now)
    return finding


async def close_finding(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    finding_id: FindingId,
    note: str,
    settle: bool = False,
    drop: bool = False,
    clock: Clock,
) -> Finding:
    """
    Close a finding, or with `drop` say that nothing will be done.

    With `settle` its hazard is closed and its closures are lifted; what is so already, or is not on the
    map any more, stays as it is. What the same account closed in the same words is not closed again.

    Raises
    ------
    NotAllowedError
        The role may not plan drills, or with `settle` not lift the closure.
    NotFoundError
        The circle has no such finding.
    EditConflictError
        It is settled already. Nothing is changed then.
    InvalidValueError
        The note cannot be stored, or a dropped finding has none, or is to settle something.
    """
    viewer.must(Action.PLAN_DRILL)
    note = checked_text(note.strip(), field="note", longest=TEXT_LENGTH, may_be_empty=not drop)
    if drop and settle:
        message = "what is dropped settles nothing"
        raise InvalidValueError(message, field="settle")
    state = FindingState.DROPPED if drop else FindingState.CLOSED
    now = moment(clock)
    model = await model_if_any(roads, viewer.circle_id) if settle else None
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        before = await transaction.findings.get(viewer.circle_id, finding_id)
        if before.is_settled:
            if (before.state, before.note, before.closed_by) == (state, note, viewer.account_id):
                return before
            raise EditConflictError(by=before.closed_by_name)
        if settle and before.hazard_id is not None:
            for hazard in await transaction.layer(Hazard).among(viewer.circle_id, [before.hazard_id]):
                if not hazard.is_closed:
                    await settle_hazard(
                        transaction, roads, hazard, viewer=viewer, model=model, note=note, at=now
                    )
        if settle and before.closure_id is not None:
            for closure in await transaction.layer(Closure).among(viewer.circle_id, [before.closure_id]):
                if closure.lifted_at is None:
                    await lift(transaction, roads, closure, viewer=viewer, model=model, now=now)
        finding = before.settle(state, note=note, at=now, by=viewer.account_id, by_name=viewer.name)
        await _keep(transaction, viewer, AuditAction.FINDING_CLOSED, finding, at=now)
    return finding


async def _with_work(transaction: Transaction, finding: Finding, work: FindingWork) -> Finding:
    if work.owner_id not in {None, finding.owner_id}:
        partners = await transaction.partners.of_circle(finding.circle_id)
        if all(each.id != work.owner_id for each in partners):
            message = "the circle has no such partner"
            raise InvalidValueError(message, field="owner_id")
    return replace(
        finding,
        text=checked_text(work.text.strip(), field="text", longest=TEXT_LENGTH, may_be_empty=False),
        owner_id=work.owner_id,
        owner_name=checked_text(work.owner_name.strip(), field="owner_name", longest=NAME_LENGTH),
        due_on=work.due_on,
    )


def _says(finding: Finding) -> tuple[object, ...]:
    """Return what tells a finding from another that is written down."""
    return finding.text, finding.drill_id, finding.objective, finding.observation_id


async def _keep(
    transaction: Transaction, viewer: Viewer, action: AuditAction, finding: Finding, *, at: datetime
) -> None:
    await transaction.findings.put(finding)
    await transaction.record(viewer.circle_id, FindingsChanged(), at=at)
    act = audit_entry(viewer, action, subject=Subject(kind="finding", id=finding.id))
    await transaction.audit.append(viewer.circle_id, act, at=at)
