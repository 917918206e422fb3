"""Ways to one place with the time of each step: searched once, asked often, also from the middle of a way."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

import numpy as np

from geo.lonlat import LonLat
from geo.lru import LruCache
from geo.network.closures import RoadClosure
from geo.network.profiles import profile_named
from geo.network.snap import Snaps
from geo.reach.itinerary import Itineraries
from geo.reach.legs import Trip
from geo.reach.model import ReachModel, checked_limit_s
from geo.reach.origins import OriginTimes
from geo.reach.results import Origin
from geo.reach.timed_route import RoadPoint, TimedRoute, timed_steps
from geo.search.origin_index import OriginIndex
from geo.search.query import Query
from geo.search.travel_times import TravelTimes
from geo.search.two_layer import LayerTimes

_MOST_ROUTES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheWay:
    """Who is where on which way."""

    id: str
    route: TimedRoute
    at_s: float
    """Since the start of the route."""


@dataclass(kw_only=True, eq=False)
class RouteFinder:
    """
    Finds ways to one place while the same roads are closed.

    Parameters
    ----------
    model
        The roads.
    places
        The entrances or the one point of the scene.
    closures, at
        As for `ReachModel.reach`.
    limit_s
        No way is longer.

    Raises
    ------
    InvalidLimitError, NoRoadNearbyError, OutsideNetworkError, UnknownProfileError
        As for `ReachModel.reach`.
    """

    model: ReachModel
    places: Sequence[LonLat]
    limit_s: float
    closures: Sequence[RoadClosure] = ()
    at: datetime | None = None
    _query: Query = field(init=False)
    _itineraries: Itineraries = field(init=False)
    _walking: LayerTimes = field(init=False)
    _times: dict[str, TravelTimes] = field(default_factory=dict, init=False)
    _blocked_until_s: LruCache[TimedRoute, float] = field(
        default_factory=lambda: LruCache(_MOST_ROUTES), init=False
    )

    def __post_init__(self) -> None:
        checked_limit_s(self.limit_s)
        self._query = self.model.query(self.places, closures=self.closures, at=self.at)
        self._itineraries = Itineraries(query=self._query, places=self.places)
        self._walking = self._query.walking(limit_s=self.limit_s)

    def routes(self, origins: Sequence[Origin]) -> list[TimedRoute | None]:
        """Return the way of each origin, None where there is none."""
        asked = [self.model.join(some, self._times_of(name)) for name, some in _by_profile(origins)]
        found = self._found(asked)
        return [found.get(origin.id) for origin in origins]

    def onward(self, travellers: Sequence[OnTheWay]) -> list[TimedRoute | None]:
        """
        Return the best way on for each of some who are on a way to this place.

        None stands where there is none, and at the end of a way, where no road lies ahead any more. Who has
        left the vehicle goes on on foot.
        """
        shapes = self.model.ground.shapes
        points: dict[str, RoadPoint] = {}
        origins = []
        for each in travellers:
            point = each.route.road_point(each.at_s, shapes)
            if point is not None:
                points[each.id] = point
                origins.append(self._origin(each, point))
        asked = [self._joined(some, points) for _, some in _by_profile(origins)]
        found = self._found(asked, wait_s={name: point.wait_s for name, point in points.items()})
        return [found.get(each.id) for each in travellers]

    def is_blocked(self, route: TimedRoute, *, at_s: float) -> bool:
        """Whether something is closed on the rest of a way."""
        kept = self._blocked_until_s.get(route)
        if kept is None:
            kept = self._blocked_until_s.put(route, self._last_shut_s(route))
        return at_s < kept

    def _last_shut_s(self, route: TimedRoute) -> float:
        """Find when the last closed stretch of a way is passed; before all time when none is on it."""
        search = self._times_of(route.profile).search
        walking = search.walking.layer
        vehicle = search.driving.layer if search.driving else walking
        cut = {} if walking.cuts is None else walking.cuts.roads
        for step in reversed(route.steps):
            if step.road not in cut:
                continue
            spot = (walking if step.on_foot else vehicle).last_shut(step.road, step.start, step.end)
            if spot is not None:
                length = step.end - step.start
                share = (spot - step.start) / length if length else 1.0
                return step.begins_s + share * (step.ends_s - step.begins_s)
        return -math.inf

    def _times_of(self, profile: str) -> TravelTimes:
        kept = self._times.get(profile)
        if kept is None:
            walker = self.model.ground.walker
            named = walker if profile == walker.name else profile_named(self.model.profiles, profile)
            kept = self._query.times(named, limit_s=self.limit_s, walking=self._walking)
            self._times[profile] = kept
        return kept

    def _origin(self, traveller: OnTheWay, point: RoadPoint) -> Origin:
        ground, route = self.model.ground, traveller.route
        drives = not point.on_foot or self._times_of(route.profile).search.driving is None
        lon, lat = ground.shapes.point_on(point.road, point.fraction)
        first_s = route.steps[0].begins_s
        if traveller.at_s < first_s:
            # Between the post and the road.
            share = traveller.at_s / first_s
            lon = route.start.lon + share * (lon - route.start.lon)
            lat = route.start.lat + share * (lat - route.start.lat)
        profile = route.profile if drives else ground.walker.name
        return Origin(id=traveller.id, place=LonLat(lon, lat), profile=profile, turnout_s=0.0)

    def _joined(self, origins: Sequence[Origin], at: Mapping[str, RoadPoint]) -> OriginTimes:
        """Join those who stand on a road to that very road."""
        points = [at[origin.id] for origin in origins]
        snaps = Snaps(
            road=np.array([point.road for point in points], dtype=np.int64),
            fraction=np.array([point.fraction for point in points], dtype=np.float64),
            distance_m=np.zeros(len(points)),
        )
        posts = OriginIndex(by_vehicle=snaps, on_foot=snaps)
        return OriginTimes.of(origins, self._times_of(origins[0].profile), posts)

    def _found(
        self, asked: Sequence[OriginTimes], *, wait_s: Mapping[str, float] = MappingProxyType({})
    ) -> dict[str, TimedRoute]:
        """Return the ways of those who come to the place, by id; they set out after `wait_s`."""
        rows = [
            (some, number)
            for some in asked
            for number, travel_s in enumerate(some.travel_s)
            if travel_s <= self.limit_s
        ]
        trips = self._itineraries.trips(rows)
        told = ((some.origins[number], some, trip) for (some, number), trip in zip(rows, trips, strict=True))
        return {origin.id: self._route(some, trip, wait_s.get(origin.id, 0.0)) for origin, some, trip in told}

    def _route(self, some: OriginTimes, trip: Trip, wait_s: float) -> TimedRoute:
        times, journey = some.times, trip.journey
        search = times.search
        walking = search.walking.layer
        builder = self._itineraries.builder(times)
        pace_mps = times.slow_mps if journey.driven else times.walking_mps
        later = replace(trip, travel_s=trip.travel_s + wait_s)
        steps = timed_steps(
            later,
            gap_s=wait_s + trip.start_gap_m / pace_mps,
            dismount_s=search.dismount_s,
            vehicle_s=(search.driving.layer if search.driving else walking).side_s,
            walking_s=walking.side_s,
        )
        return TimedRoute(
            start=trip.start,
            end=trip.end,
            profile=times.profile.name,
            travel_s=later.travel_s,
            walk_s=journey.walk_s,
            steps=steps,
            stop=builder.stop_of(journey) if journey.stopped else None,
        )


def _by_profile(origins: Sequence[Origin]) -> Iterable[tuple[str, list[Origin]]]:
    by_profile: dict[str, list[Origin]] = {}
    for origin in origins:
        by_profile.setdefault(origin.profile, []).append(origin)
    return by_profile.items()
