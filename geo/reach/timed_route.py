"""Where one is on the way at any moment."""

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geo.arrays import Floats
from geo.lonlat import LonLat
from geo.reach.legs import Trip
from geo.reach.results import Stop
from geo.search.road_shapes import RoadShapes
from geo.search.steps import Step


class RouteStep(NamedTuple):
    """A road or part of one on the way, and when it is travelled, in seconds since setting out."""

    road: int
    start: float
    end: float
    """Fractions of the length of the road."""
    begins_s: float
    ends_s: float
    on_foot: bool


class RoadPoint(NamedTuple):
    """Where one stands on a road, or comes to stand in `wait_s`."""

    road: int
    fraction: float
    on_foot: bool
    wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimedRoute:
    """A way to a place with the time of each step. The gaps between steps are spent standing."""

    start: LonLat
    end: LonLat
    profile: str
    travel_s: float
    walk_s: float
    """Of it after the vehicle was left; all of it for people on foot."""
    steps: tuple[RouteStep, ...]
    stop: Stop | None

    def ahead(self, at_s: float) -> tuple[RouteStep, ...]:
        """Return the steps that are not done yet, the first from where one is then."""
        first = bisect.bisect_right(self.steps, at_s, key=lambda step: step.ends_s)
        rest = self.steps[first:]
        if not rest or at_s <= rest[0].begins_s:
            return rest
        begun = rest[0]
        share = (at_s - begun.begins_s) / (begun.ends_s - begun.begins_s)
        spot = begun.start + share * (begun.end - begun.start)
        return (begun._replace(start=spot, begins_s=at_s), *rest[1:])

    def road_point(self, at_s: float, shapes: RoadShapes) -> RoadPoint | None:
        """Return where one can go on from by another way; None once no road lies ahead."""
        for step in self.ahead(at_s):
            # What links roads at a junction is no place to be.
            if shapes.is_drawn(step.road):
                return RoadPoint(step.road, step.start, step.on_foot, max(0.0, step.begins_s - at_s))
        return None

    def drawn(self, shapes: RoadShapes) -> list[tuple[float, float, float]]:
        """Return seconds since setting out, longitude and latitude of each point of the way, in order."""
        real = [step for step in self.steps if shapes.is_drawn(step.road)]
        found = [(0.0, self.start.lon, self.start.lat)]
        if real:
            columns = zip(*((step.road, step.start, step.end) for step in real), strict=True)
            road, start, end = (np.array(column) for column in columns)
            points, first = shapes.drawn(road, start.astype(np.float64), end.astype(np.float64))
            for step, low, high in zip(real, first[:-1].tolist(), first[1:].tolist(), strict=True):
                found += _along(points[low:high], step)
        found.append((self.travel_s, self.end.lon, self.end.lat))
        return found


def _along(points: Floats, step: RouteStep) -> list[tuple[float, float, float]]:
    """Give each point of a step its time, by its share of the length."""
    lonlat: list[list[float]] = points.tolist()
    # One factor for the ratio of the degrees is enough on a single road.
    east = math.cos(math.radians(lonlat[0][1]))
    done = [0.0]
    for (lon, lat), (before_lon, before_lat) in zip(lonlat[1:], lonlat, strict=False):
        done.append(done[-1] + math.hypot((lon - before_lon) * east, lat - before_lat))
    lasts_s = step.ends_s - step.begins_s
    whole = done[-1] or 1.0
    return [
        (step.begins_s + lasts_s * part / whole, lon, lat)
        for part, (lon, lat) in zip(done, lonlat, strict=True)
    ]


def timed_steps(
    trip: Trip, *, gap_s: float, dismount_s: float, vehicle_s: Floats, walking_s: Floats
) -> tuple[RouteStep, ...]:
    """
    Return the steps of a trip with their times.

    Parameters
    ----------
    gap_s
        From the start to the road.
    dismount_s
        Leaving the vehicle takes so long.
    vehicle_s, walking_s
        Seconds by direction and road, shape `(2, n_roads)`.
    """
    journey = trip.journey
    arrives_s = trip.travel_s - journey.connector_s
    if not journey.driven:
        return _timed(journey.walked, walking_s, from_s=gap_s, until_s=arrives_s, on_foot=True)
    if not journey.walked:
        return _timed(journey.driven, vehicle_s, from_s=gap_s, until_s=arrives_s, on_foot=False)
    stops_s = trip.travel_s - journey.walk_s
    driven = _timed(journey.driven, vehicle_s, from_s=gap_s, until_s=stops_s, on_foot=False)
    walks_s = stops_s + dismount_s
    return driven + _timed(journey.walked, walking_s, from_s=walks_s, until_s=arrives_s, on_foot=True)


def _timed(
    steps: Sequence[Step], side_s: Floats, *, from_s: float, until_s: float, on_foot: bool
) -> tuple[RouteStep, ...]:
    """Spread the time between two moments over steps by what each costs."""
    # Numbers come out of a memoryview several times as fast as out of an array.
    cost_s = side_s.data
    whole, done = 0.0, []
    for road, start, end in steps:
        seconds = cost_s[1 if end < start else 0, road]
        # At a junction one may set out along a road that cannot be taken from there: it is no way.
        whole += seconds * abs(end - start) if math.isfinite(seconds) else 0.0
        done.append(whole)
    # Points within a metre of a junction count as on it, so that the sum may be a little too long.
    scale = (until_s - from_s) / whole if whole > 0 else 0.0
    found, begins_s = [], from_s
    for (road, start, end), so_far in zip(steps, done, strict=True):
        ends_s = from_s + so_far * scale
        found.append(RouteStep(road, start, end, begins_s, ends_s, on_foot))
        begins_s = ends_s
    return tuple(found)
