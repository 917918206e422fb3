"""Keep what became of a drill that runs, with all that follows from it, in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from responder.domain.audit import AuditAction, Detail, Subject, audit_entry
from responder.domain.drills.injects import begin_waiting, next_due_s
from responder.domain.drills.plan import Drill, DrillState
from responder.domain.drills.run import DrillRun
from responder.domain.errors import DrillNotRunningError, RealAlertOpenError
from responder.domain.ids import CircleId, DrillId, IncidentId
from responder.domain.incidents.event import DrillRunChanged, DrillsChanged
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Viewer
from responder.ports import Roads, Transaction
from responder.services.drills.running.facts import facts_of
from responder.services.incidents.recompute import recompute_open_incidents

if TYPE_CHECKING:
    from geo.reach.model import ReachModel


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInHand:
    """A drill with its run and its exercise, read under the circle's lock."""

    drill: Drill
    run: DrillRun
    detail: IncidentDetail | None
    """The exercise; None of a tabletop."""


async def take_in_hand(transaction: Transaction, circle_id: CircleId, drill_id: DrillId) -> RunInHand:
    """
    Return the drill as it runs, with its circle locked until the transaction ends.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    DrillNotRunningError
        It was not started, or has ended.
    """
    await transaction.circles.lock(circle_id)
    drill = await transaction.drills.get(circle_id, drill_id)
    run = await transaction.drill_runs.find(circle_id, drill_id)
    if run is None or run.ended_at is not None:
        raise DrillNotRunningError(state=drill.state.value)
    return RunInHand(drill=drill, run=run, detail=await exercise_of(transaction, run))


async def exercise_of(transaction: Transaction, run: DrillRun) -> IncidentDetail | None:
    """Return the exercise by which people are called; None of a tabletop."""
    if run.incident_id is None:
        return None
    return await transaction.incidents.detail(run.circle_id, run.incident_id)


async def with_begun(transaction: Transaction, in_hand: RunInHand) -> DrillRun:
    """Return the run in which injects that waited for what people did by now have their time."""
    run = in_hand.run
    if not any(each.awaits for each in run.injects):
        return run
    partners = await transaction.partners.of_circle(run.circle_id)
    return begin_waiting(in_hand.drill.plan, run, facts_of(run, in_hand.detail, partners))


async def keep(
    transaction: Transaction,
    in_hand: RunInHand,
    run: DrillRun,
    *,
    roads: Roads,
    model: "ReachModel | None",
    now: datetime,
) -> RunInHand:
    """
    Keep the run as it is now, tell the circle, and find again who can be there in time if that changed.

    Without a `model`, `recompute_due` finds that within a second: roads take longer to prepare than
    injects of others may wait.
    Injects that wait for what people did, and did by now, get their time.
    """
    drill = in_hand.drill
    run = await with_begun(transaction, replace(in_hand, run=run))
    if drill.state is not run.state:
        drill = replace(drill, state=run.state)
        await transaction.drills.put(drill)
        await transaction.record(run.circle_id, DrillsChanged(), at=now)
    if run != in_hand.run:
        await transaction.record(run.circle_id, DrillRunChanged(run=run), at=now)
    await put(transaction, run)
    # The exercise of one that has ended ends with it: no one is called any more.
    if run.ended_at is None and (run.closures, run.units_out) != (
        in_hand.run.closures,
        in_hand.run.units_out,
    ):
        if model is not None:
            await recompute_open_incidents(transaction, roads, model, circle_id=run.circle_id, now=now)
        elif run.incident_id is not None:
            await transaction.incidents.outdate(run.circle_id, run.incident_id)
    return RunInHand(drill=drill, run=run, detail=in_hand.detail)


async def put(transaction: Transaction, run: DrillRun) -> None:
    """Keep the run with the times at which it has to be looked after."""
    due_s = next_due_s(run)
    is_running = run.state is DrillState.RUNNING
    await transaction.drill_runs.put(
        run,
        next_due_at=None if due_s is None else run.moment(due_s),
        awaits_facts=is_running and any(each.awaits for each in run.injects),
    )


def must_know_of(
    alerts: Collection[IncidentId], *, known: Collection[IncidentId] = (), goes_on: bool
) -> None:
    """
    Refuse to go on beside a real incident, unless a person says that it does.

    Raises
    ------
    RealAlertOpenError
        A real incident is open that is not among `known`; `count` says how many.
    """
    count = len(set(alerts) - set(known))
    if count and not goes_on:
        raise RealAlertOpenError(count=count)


async def note(
    transaction: Transaction,
    viewer: Viewer,
    action: AuditAction,
    drill_id: DrillId,
    detail: Detail | None = None,
    *,
    at: datetime,
) -> None:
    """Put what the viewer did with a drill into the audit log."""
    act = audit_entry(viewer, action, subject=Subject(kind="drill", id=drill_id), detail=detail)
    await transaction.audit.append(viewer.circle_id, act, at=at)
