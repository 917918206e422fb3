"""What a closure costs, before it is set or while it holds: households put out of reach, units delayed."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from geo.errors import NoRoadNearbyError, OutsideNetworkError
from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from responder.domain.ids import ClosureId, HazardId
from responder.domain.incidents.incident import Incident
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Action, Viewer
from responder.domain.people.partner import PartnerKind
from responder.domain.reach.criticality import ClosureCost, IncidentDelay, Loss, Slowed, UnitDelay, weight
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.incidents.response_circle import ReachInputs, origins_of, read_inputs, road_closures
from responder.services.incidents.scene import Scene, scene_of
from responder.services.map.closures import NewClosure, checked_closure, must_close_something
from responder.services.reach.critical_roads import shut_to_vehicles
from responder.services.reach.inputs import Study, read_study
from responder.services.reach.job_queue import JobQueue

if TYPE_CHECKING:
    from geo.reach.model import Origin, ReachModel

MOST_HOMES = 300
"""The nearest to the closure: each is computed twice, while a person waits for the answer."""
AT_LEAST_HOMES = 20
PATIENCE_S = 4.0
"""Seconds of a core. Where the roads are those of a city, fewer buildings are looked at, and it is said."""
FELT_S = 5.0
"""A smaller delay is not noticeable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A closure, and all that its cost rests on besides the prepared roads."""

    closure: RoadClosure
    study: Study
    others: tuple[RoadClosure, ...]
    """What else is closed."""
    inputs: ReachInputs
    incidents: tuple[tuple[Incident, Scene], ...]
    at: datetime


async def preview_closure(
    database: Database, roads: Roads, jobs: JobQueue, *, viewer: Viewer, new: NewClosure, clock: Clock
) -> ClosureCost:
    """
    Return what a closure would cost; nothing is set and no one is called.

    Raises
    ------
    InvalidGeometryError, GeometryTooLargeError, InvalidValueError
        The closure cannot be.
    NotFoundError
        The circle has no such hazard.
    OutsideNetworkError
        Nothing of it lies where the circle's roads are.
    NoRoadNetworkError
        The circle has no roads yet.
    """
    viewer.must(Action.SET_CLOSURE)
    now = moment(clock)
    closure = checked_closure(new, circle_id=viewer.circle_id, now=now)
    must_close_something(closure, await roads.model(viewer.circle_id))
    [shut] = road_closures([closure])
    at = now if closure.starts_at is None else max(now, closure.starts_at)
    async with database.snapshot() as transaction:
        if closure.hazard_id is not None:
            await transaction.layer(Hazard).get(viewer.circle_id, closure.hazard_id)
        question = await _question(transaction, viewer, shut, at=at)
    return await _answer(roads, jobs, viewer, question)


async def cost_of_closure(
    database: Database, roads: Roads, jobs: JobQueue, *, viewer: Viewer, closure_id: ClosureId, clock: Clock
) -> ClosureCost:
    """
    Return what a closure costs, against the same roads without it.

    Raises
    ------
    NotFoundError
        The circle has no such closure.
    NoRoadNetworkError
        The circle has no roads yet.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        closure = await transaction.layer(Closure).get(viewer.circle_id, closure_id)
        [shut] = road_closures([closure])
        question = await _question(transaction, viewer, shut, at=moment(clock))
    return await _answer(roads, jobs, viewer, question)


async def cost_of_hazard(
    database: Database, roads: Roads, jobs: JobQueue, *, viewer: Viewer, hazard_id: HazardId, clock: Clock
) -> ClosureCost:
    """
    Return what it would cost if a hazard shut the road where it is to whatever drives or rides.

    Raises
    ------
    NotFoundError
        The circle has no such hazard.
    InvalidGeometryError, GeometryTooLargeError
        The hazard's geometry cannot close anything.
    NoRoadNetworkError
        The circle has no roads yet.
    """
    viewer.must(Action.VIEW)
    model = await roads.model(viewer.circle_id)
    async with database.snapshot() as transaction:
        hazard = await transaction.layer(Hazard).get(viewer.circle_id, hazard_id)
        shut = shut_to_vehicles(hazard, model)
        question = await _question(transaction, viewer, shut, at=moment(clock))
    return await _answer(roads, jobs, viewer, question)


async def _question(
    transaction: Transaction, viewer: Viewer, closure: RoadClosure, *, at: datetime
) -> _Question:
    middle = closure.geometry.representative_point()
    circle_id = viewer.circle_id
    study = await read_study(transaction, circle_id, most_homes=MOST_HOMES, near=(middle.x, middle.y), now=at)
    details = await transaction.incidents.visible_details(viewer, ended_kept=0)
    incidents = [detail.incident for detail in details if detail.incident.is_open]
    inputs = await read_inputs(transaction, circle_id)
    return _Question(
        closure=closure,
        study=study,
        others=tuple(one for one in road_closures(inputs.closures) if one.id != closure.id),
        inputs=inputs,
        incidents=tuple(
            [(incident, await scene_of(transaction, circle_id, incident.place)) for incident in incidents]
        ),
        at=at,
    )


async def _answer(roads: Roads, jobs: JobQueue, viewer: Viewer, question: _Question) -> ClosureCost:
    model = await roads.model(viewer.circle_id)
    return await jobs.ask(lambda: _cost(model, question))


def _cost(model: "ReachModel", question: _Question) -> ClosureCost:
    from geo.network.closed_stretches import closed_stretches  # noqa: PLC0415 - comes with SciPy

    study = question.study
    on_road = bool(closed_stretches(model.ground.index, question.closure.geometry))
    tally = _Tally(limits_s=study.limits_s)
    if on_road:
        _ask_homes(model, question, tally)
    return ClosureCost(
        on_road=on_road,
        limits_s=study.limits_s,
        counted=study.counted,
        buildings=tally.buildings,
        households=tally.households,
        excluded=len(study.homes) + study.excluded - tally.buildings if on_road else 0,
        lost=tally.lost,
        losses=tally.losses,
        slowed=tally.slowed,
        incidents=_delays(model, question) if on_road else (),
    )


@dataclass(slots=True, kw_only=True)
class _Tally:
    """Counts households that are lost or slowed, one building after the other."""

    limits_s: tuple[float, ...]
    buildings: int = 0
    households: int = 0
    lost: int = 0
    out: dict[tuple[str, float], int] = field(default_factory=dict)
    later: dict[str, tuple[int, float]] = field(default_factory=dict)

    def count(self, households: int, before: dict[str, float], after: dict[str, float]) -> None:
        """Count a building by the soonest of each kind, without and with the closure."""
        self.buildings += 1
        self.households += households
        drops = [
            (kind, limit_s)
            for kind, seconds in before.items()
            for limit_s in self.limits_s
            if seconds <= limit_s < after.get(kind, math.inf)
        ]
        for drop in drops:
            self.out[drop] = self.out.get(drop, 0) + households
        self.lost += households if drops else 0
        for kind, seconds in before.items():
            delay_s = after.get(kind, math.inf) - seconds
            if delay_s >= FELT_S:
                so_far, max_delay_s = self.later.get(kind, (0, 0.0))
                felt_s = delay_s if math.isfinite(delay_s) else 0.0
                self.later[kind] = (so_far + households, max(max_delay_s, felt_s))

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Those who dropped out, of the widest circle first."""
        losses = [
            Loss(kind=PartnerKind(kind), limit_s=limit_s, households=households)
            for (kind, limit_s), households in self.out.items()
        ]
        return tuple(sorted(losses, key=lambda loss: weight([loss])))

    @property
    def slowed(self) -> tuple[Slowed, ...]:
        """Those who are reached later, the most households first."""
        slowed = [
            Slowed(kind=PartnerKind(kind), households=households, max_delay_s=max_delay_s)
            for kind, (households, max_delay_s) in self.later.items()
        ]
        return tuple(sorted(slowed, key=lambda slow: (-slow.households, -slow.max_delay_s)))


def _ask_homes(model: "ReachModel", question: _Question, tally: _Tally) -> None:
    """Ask for each building with and without the closure, the nearest first, as far as the time allows."""
    units = question.study.origins()
    kind_of = {origin.id: kind for kind, origins in units.items() for origin in origins}
    origins = [origin for some in units.values() for origin in some]
    until_s = time.thread_time() + PATIENCE_S
    for home in question.study.homes:
        if tally.buildings >= AT_LEAST_HOMES and time.thread_time() > until_s:
            return
        doors = [LonLat(*door) for door in home.doors]
        before = _soonest(_times(model, doors, origins, question, shut=False), kind_of)
        after = _soonest(_times(model, doors, origins, question, shut=True), kind_of)
        tally.count(home.households, before, after)


def _delays(model: "ReachModel", question: _Question) -> tuple[IncidentDelay, ...]:
    """Ask for each open incident, with units where they are now."""
    inputs = question.inputs
    units = {str(unit.id): unit for unit in inputs.units}
    origins = origins_of(inputs, now=question.at)
    found = []
    for incident, scene in question.incidents:
        before = _times(model, scene.doors, origins, question, shut=False, limit_s=inputs.limit_s)
        after = _times(model, scene.doors, origins, question, shut=True, limit_s=inputs.limit_s)
        delays = [
            UnitDelay(
                unit_id=units[unit_id].id,
                unit_name=units[unit_id].name,
                unit_name_en=units[unit_id].name_en,
                before_s=seconds,
                after_s=after.get(unit_id),
            )
            for unit_id, seconds in sorted(before.items(), key=lambda one: one[1])
            if after.get(unit_id, math.inf) - seconds >= FELT_S
        ]
        found.append(
            IncidentDelay(
                incident_id=incident.id,
                kind=incident.kind,
                exercise=incident.exercise,
                label=incident.place.label,
                delays=tuple(delays),
            )
        )
    return tuple(found)


def _times(
    model: "ReachModel",
    doors: Sequence[LonLat],
    origins: "Sequence[Origin]",
    question: _Question,
    *,
    shut: bool,
    limit_s: float | None = None,
) -> dict[str, float]:
    """Return seconds by unit for those in time; nothing for a place that no road leads to."""
    try:
        found = model.reach(
            doors,
            origins,
            limit_s=limit_s or question.study.limits_s[-1],
            closures=(*question.others, question.closure) if shut else question.others,
            at=question.at,
            explain=False,
        )
    except (NoRoadNearbyError, OutsideNetworkError):
        return {}
    return {one.origin_id: one.response_s for one in found.reached}


def _soonest(times: dict[str, float], kind_of: dict[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for unit_id, seconds in times.items():
        kind = kind_of[unit_id]
        found[kind] = min(seconds, found.get(kind, math.inf))
    return found
