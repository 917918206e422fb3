"""Rehearse a plan: once in full, or many times for the chances of its objectives."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise

from geo.errors import NoRoadNearbyError, OutsideNetworkError
from geo.lonlat import LonLat
from geo.reach.model import LONGEST_LIMIT_S, ReachModel
from geo.reach.results import Origin
from responder.domain.drills.plan import InjectKind
from responder.domain.drills.rehearsal.chances import chances_of
from responder.domain.drills.rehearsal.crew import Absent, CrewFound, InTime, Participant
from responder.domain.drills.rehearsal.findings import BreakCounter, NearestAed
from responder.domain.drills.rehearsal.happenings import Course, Ride
from responder.domain.drills.rehearsal.rehearsal import Keyframe, Rehearsal, RehearsedUnit
from responder.domain.drills.rehearsal.simulate import Simulation
from responder.domain.drills.rehearsal.spread import Chance, Spread
from responder.domain.drills.rehearsal.start import UnitStage
from responder.domain.ids import UnitId
from responder.domain.ladder.waves import OFF_DUTY, UnitsFound
from responder.domain.map.unit import Unit
from responder.services.drills.rehearsal.inputs import SOME_DAY, RehearsalInputs
from responder.services.drills.rehearsal.road_routes import RoadRoutes
from responder.services.incidents.response_circle import road_closures


def rehearse(
    model: ReachModel,
    inputs: RehearsalInputs,
    *,
    seed: int,
    runs: int = 1,
    spread: Spread | None = None,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Rehearsal:
    """
    Rehearse a plan, the same for the same seed. It takes a core for milliseconds a run.

    Parameters
    ----------
    seed
        From 0. The rehearsal told is that of the seed; the others are those of the seeds that follow it.
    runs
        Of more than one, chances are told.
    may_go_on
        Asked between two runs; when it says no, chances are those of the runs until then.

    Raises
    ------
    NoRoadNearbyError, OutsideNetworkError
        No road lies near the place.
    """
    spread = spread or Spread()
    troupe = _Troupe(model, inputs)
    breaks = BreakCounter(
        inputs.plan,
        crew=troupe.crew,
        from_posts=troupe.routes.from_posts(()),
        goes_on=inputs.start is not None,
    )
    told = troupe.run(Chance(seed, spread))
    breaks.add(seed, told)
    outcomes = [told.outcomes]
    for number in range(1, runs):
        if not may_go_on():
            break
        other = troupe.run(Chance(seed + number, spread))
        breaks.add(seed + number, other)
        outcomes.append(other.outcomes)
    chances = chances_of(outcomes) if len(outcomes) > 1 else ()
    return Rehearsal(
        seed=seed,
        from_ms=0 if inputs.start is None else inputs.start.at_ms,
        spread=spread,
        units=tuple(troupe.units(told)),
        absent=troupe.absent,
        happenings=told.happenings,
        outcomes=told.outcomes,
        chances=chances,
        findings=breaks.told(found=troupe.found, partners=inputs.partners, aeds=tuple(troupe.nearest_aeds())),
    ).sealed()


class _Troupe:
    """Those who take part in all rehearsals of a plan, with their ways."""

    def __init__(self, model: ReachModel, inputs: RehearsalInputs) -> None:
        self._model, self._inputs = model, inputs
        self._closures = road_closures(inputs.reach.closures)
        partners = {each.id: each for each in inputs.partners}
        # By id, so that it does not matter in which order they were read.
        units = sorted(
            (each for each in inputs.reach.units if each.partner_id in partners), key=lambda each: each.id
        )
        self.crew = tuple(Participant(unit=each, partner=partners[each.partner_id]) for each in units)
        origins = [self._origin(each) for each in units]
        self.found: UnitsFound = inputs.found or self._found(units, origins)
        self.absent = tuple(
            Absent(unit_id=each.unit_id, partner_id=each.partner_id, reason=each.reason)
            for each in self.found.non_members
        )
        self.routes = RoadRoutes(
            model,
            inputs.doors,
            origins,
            closures=self._closures,
            plan=inputs.plan,
            drill_id=inputs.drill_id,
            circle_id=inputs.circle_id,
            at=inputs.at,
        )

    def _origin(self, unit: Unit) -> Origin:
        """Return where the way of a unit begins."""
        start = self._inputs.start
        stood = None if start is None or start.units is None else start.units.get(unit.id)
        place = LonLat(*(unit.post if stood is None else stood.place))
        return Origin(id=str(unit.id), place=place, profile=unit.profile, turnout_s=unit.turnout_s)

    def _found(self, units: Sequence[Unit], origins: Sequence[Origin]) -> CrewFound:
        """Return who can be there in time, soonest first."""
        inputs = self._inputs
        on_duty = {str(each.id) for each in units if each.on_duty}
        found = self._model.reach(
            inputs.doors,
            [each for each in origins if each.id in on_duty],
            limit_s=inputs.reach.limit_s,
            closures=self._closures,
            at=inputs.at,
            explain=False,
        )
        # To the millisecond, so that a wave is in one order on every machine.
        response_s = {each.origin_id: round(each.response_s, 3) for each in found.reached}
        in_time = [
            InTime(unit_id=each.id, partner_id=each.partner_id, response_s=response_s[str(each.id)])
            for each in units
            if str(each.id) in response_s
        ]
        return CrewFound(
            members=tuple(sorted(in_time, key=lambda each: (each.response_s, each.unit_id))),
            non_members=tuple(
                Absent(
                    unit_id=each.id,
                    partner_id=each.partner_id,
                    reason=found.not_reached.get(str(each.id), OFF_DUTY),
                )
                for each in units
                if str(each.id) not in response_s
            ),
        )

    def run(self, chance: Chance) -> Course:
        inputs = self._inputs
        return Simulation(
            inputs.plan,
            self.crew,
            self.routes,
            chance,
            found=self.found,
            ladder=inputs.ladder,
            drill_id=inputs.drill_id,
            circle_id=inputs.circle_id,
            at=inputs.at or SOME_DAY,
            start=inputs.start,
        ).course()

    def units(self, course: Course) -> Iterator[RehearsedUnit]:
        for number, who in enumerate(self.crew):
            unit = who.unit
            if unit.id not in course.called_ms:
                continue
            route = self.routes.from_posts(())[number]
            travel_ms = 0 if route is None else route.travel_ms
            yield RehearsedUnit(
                unit_id=unit.id,
                partner_id=who.partner.id,
                called_ms=course.called_ms[unit.id],
                expected_ms=round(unit.turnout_s * 1000) + travel_ms,
                arrived_ms=course.arrivals_ms.get(unit.id),
                track=(*self._stood(unit.id), *self._track(course.rides[number])),
            )

    def nearest_aeds(self) -> Iterator[NearestAed]:
        """Return how far the nearest AED is from the place and from each casualty."""
        plan = self._inputs.plan
        yield self._nearest_aed(None, plan.place.lonlat, self._inputs.doors)
        for inject in plan.injects:
            if inject.kind is InjectKind.CASUALTY and inject.lon is not None and inject.lat is not None:
                place = LonLat(inject.lon, inject.lat)
                yield self._nearest_aed(inject.number, place, (place,))

    def _nearest_aed(self, inject: int | None, place: LonLat, doors: Sequence[LonLat]) -> NearestAed:
        walk_s = math.inf
        # A casualty may lie where no road is.
        with suppress(NoRoadNearbyError, OutsideNetworkError):
            times = self._model.travel_times(
                doors,
                profile=self._model.ground.walker.name,
                limit_s=LONGEST_LIMIT_S,
                closures=self._closures,
                at=self._inputs.at,
            )
            walk_s = min(times.seconds_from(self._inputs.aeds).tolist(), default=math.inf)
        walk_ms = round(walk_s * 1000) if math.isfinite(walk_s) else None
        return NearestAed(inject=inject, lon=round(place.lon, 6), lat=round(place.lat, 6), walk_ms=walk_ms)

    def _stood(self, unit_id: UnitId) -> Iterator[Keyframe]:
        """Return where a unit is that was on scene when the rehearsal goes on."""
        start = self._inputs.start
        stood = None if start is None or start.units is None else start.units.get(unit_id)
        if stood is not None and stood.stage is UnitStage.ON_SCENE:
            yield Keyframe(stood.since_ms, round(stood.place[0], 6), round(stood.place[1], 6))

    def _track(self, rides: Sequence[Ride]) -> Iterator[Keyframe]:
        before = None
        for ride in rides:
            for keyframe in _keyframes(ride, self.routes.drawn(ride.route)):
                if keyframe != before:
                    yield keyframe
                before = keyframe


def _keyframes(ride: Ride, points: Sequence[tuple[float, float, float]]) -> Iterator[Keyframe]:
    """Return the points of a way that a ride comes by, the last where it ends."""
    lasts_ms = ride.ends_ms - ride.begins_ms

    def keyframe(at_ms: float, lon: float, lat: float) -> Keyframe:
        share = at_ms / ride.until_ms if ride.until_ms else 0.0
        return Keyframe(ride.begins_ms + round(share * lasts_ms), round(lon, 6), round(lat, 6))

    yield keyframe(*points[0])
    for (low_ms, low_lon, low_lat), (at_ms, lon, lat) in pairwise(points):
        if round(at_ms) <= ride.until_ms:
            yield keyframe(at_ms, lon, lat)
            continue
        share = (ride.until_ms - low_ms) / (at_ms - low_ms) if at_ms > low_ms else 1.0
        spot = (low_lon + share * (lon - low_lon), low_lat + share * (lat - low_lat))
        yield Keyframe(ride.ends_ms, round(spot[0], 6), round(spot[1], 6))
        return
