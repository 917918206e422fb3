"""Help neighbouring circles: call people, pass on what changes, and tell the circle that asked who comes."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from responder.domain.incidents.incident import EndReason, Incident
from responder.domain.ladder.ladder import HelpState, StepState
from responder.domain.ladder.neighbour import NeighbourCall
from responder.domain.ladder.profile import StepKind
from responder.ports import Clock, Database, DatabaseAwayError, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.neighbours import OpenCall
from responder.services.concurrency import all_of
from responder.services.directing.end_incident import end_with
from responder.services.incidents.recompute import model_if_any
from responder.services.ladder.ask_neighbours import call_people, shown_help
from responder.services.ladder.pass_on import follow_merge, incident_that_goes_on, pass_on
from responder.services.ladder.record import record_ladder

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

CALLS_AT_ONCE = 4
"""Calls for help that are looked at side by side: a circle that is busy holds up no other."""

_log = logging.getLogger(__name__)


async def help_neighbours(database: Database, roads: Roads, *, clock: Clock) -> int:
    """
    Bring every call for help one step further; return how many moved. Safe in any number of processes.

    The people of the circle that helps are called by an incident of their own circle, which holds kind,
    severity and place and nothing else of the other. They are told what the people of the other are told. It
    ends with the one that it helps.
    """
    async with database.snapshot() as transaction:
        waiting = await transaction.neighbours.open_calls()
    slots = asyncio.Semaphore(CALLS_AT_ONCE)

    async def in_turn(found: OpenCall) -> int:
        async with slots:
            try:
                return await _move(database, roads, found, now=moment(clock))
            except DatabaseAwayError:
                raise
            except Exception:  # noqa: BLE001 - one circle may be at fault: the others go on
                _log.exception("a neighbouring circle could not be helped, circle=%s", found.call.circle_id)
                return 0

    return sum(await all_of(map(in_turn, waiting)))


async def _move(database: Database, roads: Roads, found: OpenCall, *, now: datetime) -> int:
    call = found.call
    has_moved = False
    if call.state is HelpState.ASKED or found.is_over or found.is_behind:
        model = await model_if_any(roads, call.circle_id)
        async with database.begin() as transaction:
            # The circle that helps; the other is locked by a transaction of its own, below.
            await transaction.circles.lock(call.circle_id)
            again = await _again(transaction, call)
            if again is None:
                return 0
            call = await _act(transaction, again, model, now=now)
            await transaction.neighbours.put_call(call)
        has_moved = call != again.call
    async with database.begin() as transaction:
        await transaction.circles.lock(call.from_circle_id)
        again = await _again(transaction, call) if call.state is HelpState.CALLED else None
        counted = (call.called, call.coming) if again is None else (again.called_now, again.coming_now)
        if not has_moved and counted == (call.called, call.coming):
            return 0
        call = replace(call, called=counted[0], coming=counted[1])
        await transaction.neighbours.put_call(call)
        await _tell(transaction, call, now=now)
    return 1


async def _again(transaction: Transaction, call: NeighbourCall) -> OpenCall | None:
    """Return the call as it stands now, with the lock held; None when it is over."""
    for found in await transaction.neighbours.open_calls(only=[call.circle_id]):
        if (found.call.from_circle_id, found.call.from_incident_id) == (
            call.from_circle_id,
            call.from_incident_id,
        ):
            return found
    return None


async def _act(
    transaction: Transaction, found: OpenCall, model: "ReachModel | None", *, now: datetime
) -> NeighbourCall:
    call = found.call
    asked = await transaction.incidents.detail(call.from_circle_id, call.from_incident_id)
    goes_on = await incident_that_goes_on(transaction, asked)
    if goes_on is not None and goes_on.incident.id != asked.incident.id:
        return await follow_merge(transaction, call, goes_on, model, now=now)
    if call.state is HelpState.ASKED:
        if goes_on is None or now > call.expires_at:
            return replace(call, state=HelpState.EXPIRED)
        detail = await call_people(transaction, call, model, now=now)
        return replace(call, state=HelpState.CALLED, incident_id=detail.incident.id, passed=len(asked.alerts))
    if call.incident_id is None:
        return call
    own = await transaction.incidents.detail(call.circle_id, call.incident_id)
    if goes_on is not None:
        return await pass_on(transaction, call, own, asked, model, now=now)
    if own.incident.is_open:
        asking = await transaction.circles.get(call.from_circle_id)
        await end_with(transaction, own, reason=_reason(asked.incident), by_name=asking.name, now=now)
    return replace(call, state=HelpState.ENDED)


def _reason(asked: Incident) -> EndReason:
    """Return why help is no longer needed; that it was merged with one that has ended says no more."""
    if asked.end_reason is None or asked.end_reason is EndReason.MERGED:
        return EndReason.RESOLVED
    return asked.end_reason


async def _tell(transaction: Transaction, call: NeighbourCall, *, now: datetime) -> None:
    """Tell the staff of the circle that asked how the call stands."""
    detail = await transaction.incidents.detail(call.from_circle_id, call.from_incident_id)
    steps = () if detail.ladder is None else detail.ladder.steps
    asking = [step for step in steps if step.rung.kind is StepKind.NEIGHBOURS]
    circle = await transaction.circles.get(call.circle_id)
    shown = shown_help(circle, call)
    changed = [
        replace(
            step,
            circles=tuple(shown if each.circle_id == call.circle_id else each for each in step.circles),
        )
        for step in asking
        if any(each.circle_id == call.circle_id for each in step.circles)
    ]
    if not changed and asking and call.state in {HelpState.ASKED, HelpState.CALLED}:
        # Asked for by an incident that was merged into this one: its step is taken with that.
        first = asking[0]
        taken = first if first.state is StepState.TAKEN else first.taken(at=now, called=0)
        changed = [replace(taken, circles=(*first.circles, shown))]
    if changed:
        await transaction.ladders.put_steps(call.from_circle_id, call.from_incident_id, changed)
        await record_ladder(transaction, detail, changed, now=now)
