"""Rehearse a plan: once in full, or many times for the chances of its objectives."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from geo.errors import NoRoadNearbyError, OutsideNetworkError
from geo.lonlat import LonLat
from geo.reach.model import LONGEST_LIMIT_S, ReachModel
from geo.reach.results import Origin
from responder.domain.drills.plan import InjectKind
from responder.domain.drills.rehearsal.chances import chances_of
from responder.domain.drills.rehearsal.crew import Absent, Participant
from responder.domain.drills.rehearsal.findings import NearestAed, find_breaks
from responder.domain.drills.rehearsal.happenings import Course, Ride
from responder.domain.drills.rehearsal.rehearsal import Keyframe, Rehearsal, RehearsedUnit
from responder.domain.drills.rehearsal.simulate import Simulation
from responder.domain.drills.rehearsal.spread import Chance, Spread
from responder.services.drills.rehearsal.inputs import RehearsalInputs
from responder.services.drills.rehearsal.road_routes import RoadRoutes
from responder.services.incidents.response_circle import road_closures

_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The clock of a rehearsal runs from zero; of a drill without a date the day does not matter."""


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
    told = troupe.run(Chance(seed, spread))
    outcomes = [told.outcomes]
    for number in range(1, runs):
        if not may_go_on():
            break
        outcomes.append(troupe.run(Chance(seed + number, spread)).outcomes)
    chances = chances_of(outcomes) if len(outcomes) > 1 else ()
    return Rehearsal(
        seed=seed,
        spread=spread,
        units=tuple(troupe.units(told)),
        absent=troupe.absent,
        happenings=told.happenings,
        outcomes=told.outcomes,
        chances=chances,
        findings=find_breaks(
            inputs.plan,
            told,
            crew=troupe.crew,
            absent=troupe.absent,
            partners=inputs.partners,
            from_posts=troupe.routes.from_posts(()),
            aeds=tuple(troupe.nearest_aeds()),
            chances=chances,
        ),
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
        origins = {
            each.id: Origin(
                id=str(each.id), place=LonLat(*each.post), profile=each.profile, turnout_s=each.turnout_s
            )
            for each in units
            if each.on_duty
        }
        found = model.reach(
            inputs.doors,
            list(origins.values()),
            limit_s=inputs.reach.limit_s,
            closures=self._closures,
            at=inputs.at,
            explain=False,
        )
        in_time = {each.origin_id for each in found.reached}
        self.crew = tuple(
            Participant(unit=each, partner=partners[each.partner_id])
            for each in units
            if str(each.id) in in_time
        )
        self.absent = tuple(
            Absent(
                unit_id=each.id,
                partner_id=each.partner_id,
                reason=found.not_reached.get(str(each.id), "off_duty"),
            )
            for each in units
            if str(each.id) not in in_time
        )
        self.routes = RoadRoutes(
            model,
            inputs.doors,
            [origins[each.unit.id] for each in self.crew],
            closures=self._closures,
            plan=inputs.plan,
            drill_id=inputs.drill_id,
            circle_id=inputs.circle_id,
            at=inputs.at,
        )

    def run(self, chance: Chance) -> Course:
        inputs = self._inputs
        return Simulation(
            inputs.plan,
            self.crew,
            self.routes,
            chance,
            drill_id=inputs.drill_id,
            circle_id=inputs.circle_id,
            at=inputs.at or _SOME_DAY,
        ).course()

    def units(self, course: Course) -> Iterator[RehearsedUnit]:
        for number, who in enumerate(self.crew):
            unit = who.unit
            route = self.routes.from_posts(())[number]
            travel_ms = 0 if route is None else route.travel_ms
            yield RehearsedUnit(
                unit_id=unit.id,
                partner_id=who.partner.id,
                expected_ms=round(unit.turnout_s * 1000) + travel_ms,
                arrived_ms=course.arrivals_ms.get(unit.id),
                track=tuple(self._track(course.rides[number])),
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
