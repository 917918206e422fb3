"""Coordinates, names and lengths of the roads of journeys, for many journeys at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

import numpy as np

from geo.arrays import Floats, Longs
from geo.network.network import RoadNetwork
from geo.search.steps import Step

_SAME_UNITS = 0.01

Coordinates = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Some steps one behind the other, as they are drawn and told."""

    coordinates: Coordinates
    """Neighbouring doubles left out."""
    street_names: tuple[str, ...]
    """In the order they are met, each once, nameless ones left out."""
    roads: Longs
    step_m: Floats
    """Road and length of each step."""
    length_m: float


_NOWHERE = Shape(
    coordinates=(),
    street_names=(),
    roads=np.zeros(0, dtype=np.int64),
    step_m=np.zeros(0),
    length_m=0.0,
)


class RoadShapes:
    """
    Draws steps along the roads of a network.

    Parameters
    ----------
    network
        The roads.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network

    @cached_property
    def _mark(self) -> Floats:
        """By vertex: twice the number of its road and its fraction of it, so that all marks ascend."""
        network = self._network
        first, beyond = network.road_start[:-1], network.road_start[1:]
        # On a single road the ratio of degrees of longitude to latitude hardly changes, so one
        # factor for it is enough to know the share of each segment.
        stretch = np.repeat(np.cos(np.radians(network.vertices[first, 1] / 1e7)), beyond - first)
        step = np.zeros(len(network.vertices))
        east, north = np.diff(network.vertices.astype(np.float64), axis=0).T
        step[1:] = np.hypot(east * stretch[1:], north)
        step[first] = 0.0
        total = np.cumsum(step)
        whole = total[beyond - 1] - total[first]
        along = total - np.repeat(total[first], beyond - first)
        fraction = along / np.repeat(np.where(whole > 0, whole, 1.0), beyond - first)
        return np.asarray(2.0 * np.repeat(np.arange(network.n_roads), beyond - first) + fraction)

    def is_drawn(self, road: int) -> bool:
        """Whether a road is one on the ground, not a link at a junction or an obstacle."""
        return bool(self._network.is_real_road[road])

    def point_on(self, road: int, fraction: float) -> tuple[float, float]:
        """Longitude and latitude of a point of a road."""
        points = self._at(np.array([road]), np.array([fraction]))
        lon, lat = np.round(points[0] / 1e7, 9).tolist()
        return lon, lat

    def of(self, journeys: Sequence[Sequence[Step]]) -> Iterator[Shape]:
        """Draw many rows of steps."""
        network = self._network
        at_step = np.cumsum([0, *map(len, journeys)])
        numbers = chain.from_iterable(chain.from_iterable(journeys))
        road, start, end = np.fromiter(numbers, np.float64, 3 * int(at_step[-1])).reshape(-1, 3).T
        roads = road.astype(np.int64)
        step_m = network.road_length_m[roads] * np.abs(end - start)
        name = np.where(start != end, network.road_name[roads], 0).tolist()
        is_real = network.is_real_road[roads]
        points, first = self.drawn(roads[is_real], start[is_real], end[is_real])
        at_point = first[np.concatenate([[0], np.cumsum(is_real)])[at_step]]
        points, at_point = _without_doubles(points, at_point)
        until_m = np.concatenate([[0.0], np.cumsum(step_m)])[at_step].tolist()
        coordinates = tuple(zip(points[:, 0].tolist(), points[:, 1].tolist(), strict=True))
        spans = zip(pairwise(at_step.tolist()), pairwise(at_point.tolist()), pairwise(until_m), strict=True)
        for steps, ((begin, beyond), (low, high), (before_m, after_m)) in zip(journeys, spans, strict=True):
            if not steps:
                yield _NOWHERE
                continue
            drawn: Coordinates = coordinates[low:high]
            if not drawn:
                drawn = (self.point_on(steps[0].road, steps[0].start),)
            yield Shape(
                coordinates=drawn,
                street_names=tuple(network.names[n] for n in dict.fromkeys(name[begin:beyond]) if n),
                roads=roads[begin:beyond],
                step_m=step_m[begin:beyond],
                length_m=after_m - before_m,
            )

    def drawn(self, road: Longs, start: Floats, end: Floats) -> tuple[Floats, Longs]:
        """Points of steps in degrees, and where those of each step begin, and one past the last."""
        backward = start > end
        low, high = self._network.road_start[road] + 1, self._network.road_start[road + 1] - 1
        # Most steps are whole roads, of which nothing need be looked for.
        partly = np.flatnonzero(np.abs(end - start) != 1.0)
        low[partly], high[partly] = self._between(road[partly], start[partly], end[partly])
        inner = high - low
        first = np.concatenate([[0], np.cumsum(inner + 2)])
        points = np.empty((int(first[-1]), 2))
        points[first[:-1]] = self._at(road, start)
        points[first[1:] - 1] = self._at(road, end)
        within = np.arange(int(inner.sum())) - np.repeat(np.cumsum(inner) - inner, inner)
        back = np.repeat(backward, inner)
        vertex = np.where(back, np.repeat(high, inner) - 1 - within, np.repeat(low, inner) + within)
        points[np.repeat(first[:-1] + 1, inner) + within] = self._network.vertices[vertex]
        return np.round(points / 1e7, 7), first

    def _between(self, road: Longs, start: Floats, end: Floats) -> tuple[Longs, Longs]:
        """Find the first vertex between two points of roads, and one past the last."""
        low = np.searchsorted(self._mark, 2 * road + np.minimum(start, end), side="right")
        high = np.searchsorted(self._mark, 2 * road + np.maximum(start, end), side="left")
        return low, np.maximum(high, low)

    def _at(self, road: Longs, fraction: Floats) -> Floats:
        """Give points of roads in the unit of the vertices, shape `(n, 2)`."""
        starts = self._network.road_start
        first, last = starts[road].astype(np.int64), starts[road + 1].astype(np.int64) - 1
        points = self._network.vertices[np.where(fraction < 1.0, first, last)].astype(np.float64)
        inner = np.flatnonzero((fraction > 0.0) & (fraction < 1.0))
        points[inner] = self._inside(road[inner], fraction[inner], first[inner], last[inner])
        return points

    def _inside(self, road: Longs, fraction: Floats, first: Longs, last: Longs) -> Floats:
        """Give points between the first and the last vertex of roads."""
        mark, vertices = self._mark, self._network.vertices
        spot = 2 * road + fraction
        after = np.clip(np.searchsorted(mark, spot, side="right"), first + 1, last)
        gap = mark[after] - mark[after - 1]
        share = np.clip((spot - mark[after - 1]) / np.where(gap > 0, gap, 1.0), 0.0, 1.0)[:, None]
        return np.asarray(vertices[after - 1] * (1.0 - share) + vertices[after] * share)


def _without_doubles(points: Floats, first: Longs) -> tuple[Floats, Longs]:
    """Leave out points like the one before in the same row; `first` says where the rows begin."""
    kept = np.ones(len(points), dtype=bool)
    kept[1:] = (points[1:, 0] != points[:-1, 0]) | (points[1:, 1] != points[:-1, 1])
    kept[first[:-1][first[:-1] < len(points)]] = True
    return points[kept], np.concatenate([[0], np.cumsum(kept)])[first]
