"""Start a drill: call those who take part, and let its clock run."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from responder.domain.audit import AuditAction
from responder.domain.drills.plan import Drill, DrillMode, DrillState
from responder.domain.drills.run import DrillRun, begin
from responder.domain.errors import DrillNotPlannedError, DrillNotReadyError, OtherDrillRunningError
from responder.domain.ids import DrillId, IncidentId
from responder.domain.incidents.event import DrillRunChanged, DrillsChanged
from responder.domain.incidents.snapshot import ENDED_KEPT, IncidentDetail
from responder.domain.people.access import Action, Viewer, operator
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.circles.snapshot import load_snapshot
from responder.services.drills.plan_context import read_plan_context
from responder.services.drills.problems import problems_of
from responder.services.drills.running.keep_run import must_know_of, note, put
from responder.services.incidents.raise_alert import NewIncident, raise_alert

KEY: Final = "drill {}"
"""Idempotency key of the exercise that calls the people of a drill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """Beside what a person said that it starts."""

    real: bool
    drill: bool


async def start_drill(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    drill_id: DrillId,
    beside_real: bool = False,
    beside_drill: bool = False,
    clock: Clock,
) -> DrillRun:
    """
    Start a drill and return its run; one that was started already is returned as it is.

    A drill in the field raises an exercise, which calls the people of its partners; a tabletop calls no one.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    DrillNotPlannedError
        It has ended or was called off.
    DrillNotReadyError
        Something is missing in its plan; `problems` says what.
    RealAlertOpenError
        A real incident is open, and `beside_real` does not say that it starts all the same.
    OtherDrillRunningError
        Another drill of the circle has not ended, and `beside_drill` does not say that this one starts.
    NoRoadNetworkError, NoRoadNearbyError, OutsideNetworkError
        No way to the place can be found.
    """
    viewer.must(Action.RUN_DRILL)
    beside = _Beside(real=beside_real, drill=beside_drill)
    async with database.snapshot() as transaction:
        drill, run = await _startable(transaction, viewer, drill_id, beside=beside)
    if run is not None:
        return run
    plan = drill.plan
    if plan.mode is DrillMode.TABLETOP:
        async with database.begin() as transaction:
            await transaction.circles.lock(viewer.circle_id)
            return await _begin(transaction, viewer, drill_id, detail=None, beside=beside, now=moment(clock))
    begun: list[DrillRun] = []

    async def together(transaction: Transaction, detail: IncidentDetail) -> None:
        now = detail.incident.raised_at
        begun.append(await _begin(transaction, viewer, drill_id, detail=detail, beside=beside, now=now))

    place = plan.place
    new = NewIncident(
        kind=plan.kind,
        exercise=True,
        note=plan.name,
        building_id=place.building_id,
        entrance=place.entrance,
        lon=None if place.building_id else place.lon,
        lat=None if place.building_id else place.lat,
        label="" if place.building_id else place.label,
    )
    await raise_alert(
        database,
        roads,
        viewer=viewer,
        new=new,
        idempotency_key=KEY.format(drill_id),
        taking_part=plan.partner_ids,
        clock=clock,
        together_with=together,
    )
    if begun:
        return begun[0]
    async with database.snapshot() as transaction:
        _, run = await _startable(transaction, viewer, drill_id, beside=_Beside(real=True, drill=True))
    if run is None:
        raise DrillNotPlannedError(state=DrillState.ENDED.value)
    return run


async def _startable(
    transaction: Transaction, viewer: Viewer, drill_id: DrillId, *, beside: _Beside
) -> tuple[Drill, DrillRun | None]:
    """Return the drill, which may start, or its run if it was started already."""
    drill = await transaction.drills.get(viewer.circle_id, drill_id)
    run = await transaction.drill_runs.find(viewer.circle_id, drill_id)
    if run is not None and run.ended_at is None:
        return drill, run
    if drill.state is not DrillState.PLANNED:
        raise DrillNotPlannedError(state=drill.state.value)
    problems = problems_of(drill.plan, await read_plan_context(transaction, viewer.circle_id))
    if problems:
        raise DrillNotReadyError(
            problems=[{"code": each.code.value, "field": each.field} for each in problems]
        )
    must_know_of(await transaction.drill_runs.open_alerts(viewer.circle_id), goes_on=beside.real)
    others = await transaction.drill_runs.ongoing(viewer.circle_id)
    if others and not beside.drill:
        raise OtherDrillRunningError(count=len(others))
    return drill, None


async def _begin(
    transaction: Transaction,
    viewer: Viewer,
    drill_id: DrillId,
    *,
    detail: IncidentDetail | None,
    beside: _Beside,
    now: datetime,
) -> DrillRun:
    """Let the clock of the drill run, with its circle locked."""
    drill, known = await _startable(transaction, viewer, drill_id, beside=beside)
    if known is not None:
        return known
    alerts = await transaction.drill_runs.open_alerts(viewer.circle_id)
    incident_id: IncidentId | None = None if detail is None else detail.incident.id
    run = begin(
        drill.plan,
        drill_id,
        viewer.circle_id,
        at=now,
        by_name=viewer.name,
        incident_id=incident_id,
        despite=alerts,
    )
    await transaction.drills.put(replace(drill, state=DrillState.RUNNING))
    await transaction.record(viewer.circle_id, DrillsChanged(), at=now)
    await transaction.record(viewer.circle_id, DrillRunChanged(run=run), at=now)
    await put(transaction, run)
    base = await load_snapshot(transaction, operator(viewer.circle_id), ended_kept=ENDED_KEPT)
    await transaction.drill_replays.put_base(drill_id, base, partner_ids=run.partner_ids)
    await note(
        transaction, viewer, AuditAction.DRILL_STARTED, drill_id, {"mode": drill.plan.mode.value}, at=now
    )
    return run
