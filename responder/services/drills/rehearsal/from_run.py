"""Go on from a run: the start of a rehearsal from the log, as the run stood at one second."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import accumulate
from typing import Final

from responder.domain.drills.rehearsal.start import RehearsalStart, UnitStage, UnitStart
from responder.domain.drills.run import DrillRun
from responder.domain.drills.track import TrackPoint
from responder.domain.errors import MomentOutsideRunError
from responder.domain.ids import UnitId
from responder.domain.incidents.delivery import COMING, RANK, Delivery, DeliveryState
from responder.domain.incidents.fold import apply
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.ladder.ladder import HELP, Ladder
from responder.domain.map.unit import FRESH_POSITION, Unit
from responder.services.drills.rehearsal.inputs import SOME_DAY, RehearsalInputs
from responder.services.drills.replay import Replay
from responder.services.drills.running.facts import facts_of
from responder.services.incidents.waves import current_calls

_STATES: Final = (
    (UnitStage.ON_SCENE, DeliveryState.ON_SCENE),
    (UnitStage.MOVING, DeliveryState.EN_ROUTE),
    (UnitStage.COMING, DeliveryState.ACCEPTED),
)


def moment_of(replay: Replay, from_s: int, *, now: datetime) -> datetime:
    """
    Return the moment of a replay, `from_s` seconds after the start of its run, pauses included.

    Raises
    ------
    MomentOutsideRunError
        The run had ended by then, or has not come so far.
    """
    run = replay.run
    ends_at = run.ended_at or now
    moment = run.started_at + timedelta(seconds=from_s)
    if moment > ends_at or moment == run.ended_at:
        raise MomentOutsideRunError(ends_s=int((ends_at - run.started_at).total_seconds()))
    return moment


def going_on(inputs: RehearsalInputs, replay: Replay, moment: datetime) -> RehearsalInputs:
    """
    Return the inputs of a rehearsal that goes on from a run as it stood at a moment.

    Units, partners, closures and the ladder are those of the moment; roads and AEDs those of now. In a
    tabletop no one is called: units come as in a rehearsal from the call on.

    Raises
    ------
    MomentOutsideRunError
        The run had ended by then.
    """
    snapshot = _at(replay, moment)
    stood = next((each for each in snapshot.drills if each.drill_id == replay.run.drill_id), None)
    if stood is None:
        raise MomentOutsideRunError(ends_s=int((moment - replay.run.started_at).total_seconds()))
    run = stood.resume(at=moment)
    detail = next((each for each in snapshot.incidents if each.incident.id == run.incident_id), None)
    at_ms = round(run.clock_s(moment) * 1000)
    reach = replace(
        inputs.reach,
        units=snapshot.units,
        partners=snapshot.partners,
        closures=snapshot.closures,
        limit_s=snapshot.circle.limit_s,
    )
    return replace(
        inputs,
        reach=reach,
        ladder=_from_zero(inputs, moment - timedelta(milliseconds=at_ms))
        if detail is None
        else detail.ladder or HELP,
        at=moment,
        start=RehearsalStart(
            at_ms=at_ms,
            run=run,
            facts=facts_of(run, detail, snapshot.partners),
            units=None if detail is None else _units(run, detail, snapshot.units, replay.track, moment),
        ),
        found=None if detail is None else detail.response_circle,
    )


def _from_zero(inputs: RehearsalInputs, zero: datetime) -> Ladder:
    """Return the ladder with its steps due since `zero`."""
    later = zero - (inputs.at or SOME_DAY)
    steps = inputs.ladder.steps
    return inputs.ladder.with_steps(replace(step, due_at=step.due_at + later) for step in steps)


def _at(replay: Replay, moment: datetime) -> CircleSnapshot:
    """Return the circle as it was shown at a moment."""
    # An event is dated when its command came; the order is that in which they took effect.
    times = list(accumulate((event.at for event in replay.events), max))
    return reduce(apply, replay.events[: bisect_right(times, moment)], replay.base)


def _units(
    run: DrillRun,
    detail: IncidentDetail,
    units: Iterable[Unit],
    track: Iterable[TrackPoint],
    moment: datetime,
) -> Mapping[UnitId, UnitStart]:
    """Return how each unit stood that was called; one whose people all go with others is away."""
    calls: dict[UnitId, list[Delivery]] = {}
    for delivery in current_calls(detail):
        for unit_id in delivery.unit_ids:
            goes = [delivery] if unit_id == delivery.unit_id else []
            calls.setdefault(unit_id, []).extend(goes)
    place = detail.incident.place
    latest: dict[UnitId, TrackPoint] = {}
    for point in track:
        if point.stored_at <= moment and (point.unit_id not in latest or latest[point.unit_id].at < point.at):
            latest[point.unit_id] = point
    return {
        unit.id: _unit(
            run, unit, calls[unit.id], point=latest.get(unit.id), scene=(place.lon, place.lat), moment=moment
        )
        for unit in units
        if unit.id in calls
    }


def _unit(
    run: DrillRun,
    unit: Unit,
    calls: Sequence[Delivery],
    *,
    point: TrackPoint | None,
    scene: tuple[float, float],
    moment: datetime,
) -> UnitStart:
    stage, since = _stage(calls, run)
    called = min(
        (each.times.get(DeliveryState.QUEUED, run.started_at) for each in calls), default=run.started_at
    )
    place, known_at = scene if stage is UnitStage.ON_SCENE else unit.post, since
    # Since it left it has not gone home; before, it may have.
    if point is not None and (
        moment - point.at <= FRESH_POSITION
        or (stage in {UnitStage.MOVING, UnitStage.ON_SCENE} and point.at >= since)
    ):
        place, known_at = (point.lon, point.lat), max(since, min(moment, point.at))

    def ms(at: datetime) -> int:
        return round(run.clock_s(at) * 1000)

    return UnitStart(
        stage=UnitStage.AWAY if unit.id in run.units_out else stage,
        called_ms=ms(called),
        since_ms=ms(since),
        place=place,
        place_ms=ms(known_at),
        people=sum(each.state in COMING for each in calls),
    )


def _stage(calls: Sequence[Delivery], run: DrillRun) -> tuple[UnitStage, datetime]:
    """Return how far the first of a unit's people had come, and since when."""
    for stage, state in _STATES:
        of_it = [each.times.get(state, run.started_at) for each in calls if each.state is state]
        if of_it:
            return stage, min(of_it)
    silent = any(RANK[each.state] < RANK[DeliveryState.DECLINED] for each in calls)
    return UnitStage.CALLED if silent else UnitStage.AWAY, run.started_at
