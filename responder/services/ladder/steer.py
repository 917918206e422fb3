"""Take or stop steps of the ladder by hand."""

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import IncidentEndedError, NotFoundError, StepDecidedError
from responder.domain.ids import IncidentId
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import Ladder, LadderStep, StepReason, StepState
from responder.domain.ladder.profile import StepKind
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.next_channel import NextChannel
from responder.services.incidents.queries import visible_incident
from responder.services.ladder.record import StepBatch, record_ladder
from responder.services.ladder.take_step import take_step
from responder.services.security_context import as_system


async def take_step_now(
    database: Database,
    *,
    viewer: Viewer,
    incident_id: IncidentId,
    number: int,
    next_channel: NextChannel,
    clock: Clock,
) -> IncidentDetail:
    """
    Take a step now, whatever it waits for; also one that was skipped, stopped or has expired.

    Raises
    ------
    NotFoundError
        There is no such incident, the viewer may not see it, or its ladder has no such step.
    NotAllowedError
        The role may not call people.
    IncidentEndedError
        The incident has ended.
    StepDecidedError
        The step was taken already.
    """
    now = moment(clock)
    async with database.begin() as transaction:
        _, _, step = await _takeable(transaction, viewer, incident_id, number)
    # Neighbouring circles are asked by rows of theirs, which no member of this one may write.
    asks_others = step.rung.kind is StepKind.NEIGHBOURS
    with as_system() if asks_others else nullcontext():
        return await _take(database, viewer, incident_id, number, next_channel=next_channel, now=now)


async def _take(
    database: Database,
    viewer: Viewer,
    incident_id: IncidentId,
    number: int,
    *,
    next_channel: NextChannel,
    now: datetime,
) -> IncidentDetail:
    async with database.begin() as transaction:
        detail, _, step = await _takeable(transaction, viewer, incident_id, number)
        by_hand = step.by_hand(viewer.account_id, viewer.name)
        batch = StepBatch(transaction, viewer.circle_id, now=now)
        after = await take_step(transaction, batch, detail, by_hand, next_channel=next_channel, now=now)
        await batch.write()
        await _audit(transaction, viewer, AuditAction.LADDER_STEP_TAKEN, detail, step, now=now)
    return after


async def stop_steps(
    database: Database, *, viewer: Viewer, incident_id: IncidentId, number: int | None, clock: Clock
) -> IncidentDetail:
    """
    Stop a planned step, or all of them with `number` None. It can still be taken by hand.

    Raises
    ------
    NotFoundError
        There is no such incident, the viewer may not see it, or its ladder has no such step.
    NotAllowedError
        The role may not call people.
    IncidentEndedError
        The incident has ended.
    StepDecidedError
        The step is not planned any more.
    """
    now = moment(clock)
    async with database.begin() as transaction:
        detail, ladder = await _steerable(transaction, viewer, incident_id)
        # What was skipped would be planned again when a person withdraws.
        waiting = [step for step in ladder.steps if step.state in {StepState.PLANNED, StepState.SKIPPED}]
        if number is not None:
            waiting = _only(number, ladder, waiting)
        stopped = [
            step.put_aside(StepState.STOPPED, StepReason.BY_HAND, at=now).by_hand(
                viewer.account_id, viewer.name
            )
            for step in waiting
        ]
        if not stopped:
            return detail
        await transaction.ladders.put_steps(viewer.circle_id, incident_id, stopped)
        after = await record_ladder(transaction, detail, stopped, now=now)
        for step in stopped:
            await _audit(transaction, viewer, AuditAction.LADDER_STEP_STOPPED, detail, step, now=now)
    return after


async def _takeable(
    transaction: Transaction, viewer: Viewer, incident_id: IncidentId, number: int
) -> tuple[IncidentDetail, Ladder, LadderStep]:
    detail, ladder = await _steerable(transaction, viewer, incident_id)
    step = ladder.step(number)
    if step is None:
        raise NotFoundError
    if step.state is StepState.TAKEN:
        raise StepDecidedError(state=step.state.value)
    return detail, ladder, step


async def _steerable(
    transaction: Transaction, viewer: Viewer, incident_id: IncidentId
) -> tuple[IncidentDetail, Ladder]:
    await transaction.circles.lock(viewer.circle_id)
    detail = await visible_incident(transaction, viewer, incident_id)
    viewer.must(Action.RAISE_EXERCISE if detail.incident.exercise else Action.RAISE_ALERT)
    if not detail.incident.is_open:
        raise IncidentEndedError
    if detail.ladder is None:
        raise NotFoundError
    return detail, detail.ladder


def _only(number: int, ladder: Ladder, waiting: Iterable[LadderStep]) -> list[LadderStep]:
    step = ladder.step(number)
    if step is None:
        raise NotFoundError
    if step not in waiting:
        raise StepDecidedError(state=step.state.value)
    return [step]


async def _audit(
    transaction: Transaction,
    viewer: Viewer,
    action: AuditAction,
    detail: IncidentDetail,
    step: LadderStep,
    *,
    now: datetime,
) -> None:
    incident = detail.incident
    act = audit_entry(
        viewer,
        action,
        subject=Subject(kind="incident", id=incident.id),
        detail={"step": step.number, "kind": step.rung.kind.value, "exercise": incident.exercise},
    )
    await transaction.audit.append(viewer.circle_id, act, at=now)
