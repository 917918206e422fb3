"""Take the steps of ladders when they are due: once, not too late, and only while they are needed."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from responder.domain.ids import CircleId, IncidentId
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import LadderStep, StepReason, StepState, why_not
from responder.ports import Clock, Database, DatabaseAwayError, Transaction
from responder.ports.clock import moment
from responder.ports.ladder import DueStep
from responder.ports.next_channel import NextChannel
from responder.services.incidents.waves import answers_of
from responder.services.ladder.record import StepBatch, record_ladder
from responder.services.ladder.take_step import take_step

AT_ONCE: Final = 10
"""Steps in one transaction: a correction waits no longer for the circle's lock than these take."""
_PASSED_OVER: Final = frozenset({StepReason.ENOUGH, StepReason.SOMEBODY_COMES})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedStep:
    """What became of a step that was due."""

    circle_id: CircleId
    incident_id: IncidentId
    number: int
    state: StepState
    late_s: float
    called: int


async def run_due_steps(
    database: Database, circle_id: CircleId, *, clock: Clock, next_channel: NextChannel
) -> list[DecidedStep]:
    """
    Decide what is due in one circle. Safe in any number of processes, and after any of them was killed.

    A step is decided in one transaction with all its effects, under the circle's lock, after its state and
    that of the incident were read again. Whatever ends before the commit leaves the step planned. A step that
    fails keeps no other waiting: it is put off, longer each time.
    """
    decided: list[DecidedStep] = []
    while True:
        try:
            some = await _decide_some(database, circle_id, clock=clock, next_channel=next_channel)
        except DatabaseAwayError:
            raise
        except Exception:  # noqa: BLE001 - one step may be at fault: the others go on
            _log.exception("steps of ladders could not be taken together, circle=%s", circle_id)
            return decided + await _one_by_one(database, circle_id, clock=clock, next_channel=next_channel)
        decided += some
        if len(some) < AT_ONCE:
            return decided


async def _one_by_one(
    database: Database, circle_id: CircleId, *, clock: Clock, next_channel: NextChannel
) -> list[DecidedStep]:
    async with database.snapshot() as transaction:
        due = await transaction.ladders.due(circle_id, now=moment(clock), at_most=1000)
    decided: list[DecidedStep] = []
    for step in due:
        try:
            decided += await _decide_some(
                database, circle_id, clock=clock, next_channel=next_channel, only=step
            )
        except DatabaseAwayError:
            raise
        except Exception:  # noqa: BLE001 - as above
            _log.exception("a step could not be taken, circle=%s %s", circle_id, step)
            await put_off(database, circle_id, step, clock=clock)
    return decided


async def put_off(database: Database, circle_id: CircleId, step: DueStep, *, clock: Clock) -> None:
    """Have a step that is due and could not be taken tried again later, and show staff that it failed."""
    try:
        async with database.begin() as transaction:
            await transaction.circles.lock(circle_id)
            now = moment(clock)
            if await transaction.ladders.put_off(circle_id, step, now=now):
                details = await _details(transaction, circle_id, [step.incident_id])
                await record_ladder(transaction, details[step.incident_id], [], now=now)
    except DatabaseAwayError:
        raise
    except Exception:  # noqa: BLE001 - what the step cannot do, its event may not be able to do either
        _log.exception("that a step failed could not be shown, circle=%s %s", circle_id, step)
        async with database.begin() as transaction:
            await transaction.ladders.put_off(circle_id, step, now=moment(clock))


async def _decide_some(
    database: Database,
    circle_id: CircleId,
    *,
    clock: Clock,
    next_channel: NextChannel,
    only: DueStep | None = None,
) -> list[DecidedStep]:
    decided: list[DecidedStep] = []
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        # Not before: there may have been others in front of us.
        now = moment(clock)
        due = await transaction.ladders.due(circle_id, now=now, at_most=AT_ONCE, only=only)
        details = await _details(transaction, circle_id, (step.incident_id for step in due))
        batch = StepBatch(transaction, circle_id, now=now)
        for incident_id, number in due:
            detail = details[incident_id]
            step = None if detail.ladder is None else detail.ladder.step(number)
            if step is None:
                continue
            after = await _decide(transaction, batch, detail, step, next_channel=next_channel, now=now)
            details[incident_id] = after
            decided.append(_described(after, number, step, now=now))
        await batch.write()
    return decided


async def _decide(
    transaction: Transaction,
    batch: StepBatch,
    detail: IncidentDetail,
    step: LadderStep,
    *,
    next_channel: NextChannel,
    now: datetime,
) -> IncidentDetail:
    if now > step.expires_at:
        expired = step.put_aside(StepState.EXPIRED, StepReason.NONE, at=now)
        return await batch.put(detail, expired)
    if not detail.incident.is_open:
        stopped = step.put_aside(StepState.STOPPED, StepReason.ENDED, at=now)
        return await batch.put(detail, stopped)
    enough = 0 if detail.ladder is None else detail.ladder.enough
    reason = why_not(step, await answers_of(transaction, detail), enough=enough)
    if reason is not None:
        skipped = step.put_aside(StepState.SKIPPED, reason, at=now)
        return await batch.put(detail, skipped)
    return await take_step(transaction, batch, detail, step, next_channel=next_channel, now=now)


async def plan_again(database: Database, *, clock: Clock) -> int:
    """
    Plan steps once more that were skipped for people who have withdrawn since; return how many.

    They are due at once: people who stayed at home because enough came have to be called now.
    """
    async with database.snapshot() as transaction:
        left_alone = await transaction.ladders.left_alone()
    planned = 0
    for circle_id, incident_ids in left_alone.items():
        try:
            async with database.begin() as transaction:
                await transaction.circles.lock(circle_id)
                now = moment(clock)
                for detail in (await _details(transaction, circle_id, incident_ids)).values():
                    planned += await _plan_again(transaction, detail, now=now)
        except DatabaseAwayError:
            raise
        except Exception:  # noqa: BLE001 - one circle may be at fault: the others go on
            _log.exception("steps of ladders could not be planned again, circle=%s", circle_id)
    return planned


async def _plan_again(transaction: Transaction, detail: IncidentDetail, *, now: datetime) -> int:
    ladder = detail.ladder
    if ladder is None or not detail.incident.is_open:
        return 0
    answers = await answers_of(transaction, detail)
    changed = []
    for step in ladder.steps:
        if step.state is StepState.SKIPPED and step.reason in _PASSED_OVER:
            reason = why_not(step, answers, enough=ladder.enough)
            # Of one that is still not needed it is kept that it was looked at.
            changed.append(
                step.again(at=now) if reason is None else step.put_aside(StepState.SKIPPED, reason, at=now)
            )
    await transaction.ladders.put_steps(detail.incident.circle_id, detail.incident.id, changed)
    if changed:
        await record_ladder(transaction, detail, changed, now=now)
    return sum(step.is_planned for step in changed)


async def _details(
    transaction: Transaction, circle_id: CircleId, incident_ids: Iterable[IncidentId]
) -> dict[IncidentId, IncidentDetail]:
    found = await transaction.incidents.details(circle_id, frozenset(incident_ids))
    return {detail.incident.id: detail for detail in found}


def _described(detail: IncidentDetail, number: int, before: LadderStep, *, now: datetime) -> DecidedStep:
    step = before if detail.ladder is None else detail.ladder.step(number) or before
    return DecidedStep(
        circle_id=detail.incident.circle_id,
        incident_id=detail.incident.id,
        number=number,
        state=step.state,
        late_s=max(0.0, (now - before.due_at).total_seconds()),
        called=step.called,
    )
