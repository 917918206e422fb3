"""Which stretches of which roads a closure's geometry covers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.network.snap import RoadIndex

LINE_REACH_M = 8.0
"""A line closes roads it runs along within this distance: about the width of a street."""
POINT_REACH_M = 25.0
_STEEPEST_COS = 0.866
_STEP_M = 2.0
_MOST_STEPS = 20_000
_LEVEL_M = 0.5
_BEYOND_M = 2.0
_GAP_M = 6.0

Stretch = tuple[int, float, float]
"""A road and the part of it from one fraction to another; the two are equal for a mere spot."""


@dataclass(frozen=True, slots=True)
class _Segments:
    """Straight segments of some roads."""

    road: NDArray[np.int64]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    before_m: NDArray[np.float64]
    """Length of the road before the segment."""

    @property
    def length_m(self) -> NDArray[np.float64]:
        return np.asarray(np.hypot(*(self.b - self.a).T))


def closed_stretches(index: RoadIndex, geometry: BaseGeometry) -> list[Stretch]:
    """
    Find the stretches of road that a geometry closes.

    Parameters
    ----------
    index
        The roads of the network.
    geometry
        Point, line or polygon or several, WGS 84.

    Returns
    -------
    stretches
        By road in ascending order, not overlapping; see `RoadClosure` for what each kind of
        geometry closes.
    """
    flat = shapely.transform(geometry, index.plane.to_metres)
    stretches: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for part in shapely.get_parts(flat):
        found: Iterable[Stretch]
        if part.geom_type == "Point":
            found = _at_point(index, part)
        elif part.geom_type == "Polygon":
            found = _inside(index, part)
        else:
            found = _at_line(index, part)
        for road, start, end in found:
            stretches[road].append((start, end))
    return [
        (road, start, end)
        for road in sorted(stretches)
        for start, end in _merged(stretches[road], gap=_GAP_M / max(index.lines[road].length, _GAP_M))
    ]


def _at_point(index: RoadIndex, point: BaseGeometry) -> Iterator[Stretch]:
    roads = index.roads_near(point, distance_m=POINT_REACH_M)
    if not len(roads):
        return
    lines = index.lines[roads]
    distance_m = shapely.distance(lines, point)
    # Standing on a junction it closes every road that ends there.
    for road in roads[distance_m <= distance_m.min() + _LEVEL_M / 2]:
        spot = float(shapely.line_locate_point(index.lines[road], point, normalized=True))
        yield int(road), spot, spot


def _inside(index: RoadIndex, polygon: BaseGeometry) -> Iterator[Stretch]:
    for road in index.roads_near(polygon, distance_m=0.0):
        line = index.lines[road]
        for part in shapely.get_parts(shapely.intersection(line, polygon)):
            if part.geom_type != "LineString" or part.length == 0:
                continue
            # A stretch that passes its own start is told by where its middle lies.
            ends = shapely.line_locate_point(line, shapely.points(part.coords), normalized=True)
            yield int(road), float(np.min(ends)), float(np.max(ends))


def _at_line(index: RoadIndex, line: BaseGeometry) -> list[Stretch]:
    roads = index.roads_near(line, distance_m=LINE_REACH_M)
    if not len(roads):
        return []
    segments = _segments_of(index, roads)
    along = list(_along(index, line, segments))
    covered = defaultdict(list)
    for road, start, end in along:
        covered[road].append((start, end))
    run_along = shapely.union_all(
        [
            shapely.ops.substring(index.lines[road], start, end, normalized=True)
            for road in covered
            for start, end in _merged(covered[road], gap=0.0)
        ]
    )
    return along + list(_across(index, line, roads, run_along))


def _segments_of(index: RoadIndex, roads: NDArray[np.int64]) -> _Segments:
    points, owner = shapely.get_coordinates(index.lines[roads], return_index=True)
    inner = owner[:-1] == owner[1:]
    step_m = np.hypot(*np.diff(points, axis=0).T) * inner
    total = np.concatenate([[0.0], np.cumsum(step_m)])
    first = np.searchsorted(owner, owner)
    return _Segments(
        road=roads[owner[:-1][inner]],
        a=points[:-1][inner],
        b=points[1:][inner],
        before_m=(total - total[first])[:-1][inner],
    )


def _along(index: RoadIndex, line: BaseGeometry, segments: _Segments) -> Iterator[Stretch]:
    """
    Match the line, step by step, to the nearest road that runs the same way.

    Each step belongs to the road nearest to its middle, so that a parallel lane stays open, and
    only roads within 30 degrees of the line's direction count, so that side streets do.
    """
    step_m = max(_STEP_M, line.length / _MOST_STEPS)
    dense = shapely.get_coordinates(shapely.segmentize(line, step_m))
    a, b = dense[:-1], dense[1:]
    length_m = np.hypot(*(b - a).T)
    pieces = np.asarray(shapely.linestrings(np.stack([segments.a, segments.b], axis=1)), dtype=object)
    tree = shapely.STRtree(pieces)
    middles = np.asarray(shapely.points((a + b) / 2), dtype=object)
    step, seg = tree.query(middles, predicate="dwithin", distance=LINE_REACH_M)
    across = (segments.b - segments.a)[seg]
    cosine = np.abs(((b - a)[step] * across).sum(axis=1))
    fits = cosine >= _STEEPEST_COS * length_m[step] * np.hypot(*across.T)
    step, seg = step[fits], seg[fits]
    distance_m = shapely.distance(pieces[seg], middles[step])
    nearest = np.full(len(a), np.inf)
    np.minimum.at(nearest, step, distance_m)
    best = distance_m <= nearest[step] + _LEVEL_M * 0.1
    for s, g in zip(step[best], seg[best], strict=True):
        road = int(segments.road[g])
        total = index.lines[road].length
        ends = sorted(segments.before_m[g] + _projected(segments, g, point) for point in (a[s], b[s]))
        yield road, float(ends[0] / total), float(ends[1] / total)


def _projected(segments: _Segments, which: int, point: NDArray[np.float64]) -> float:
    """Metres from the start of a segment to the point of it nearest to another point."""
    direction = segments.b[which] - segments.a[which]
    length_m = float(np.hypot(*direction))
    along = float(((point - segments.a[which]) * direction).sum()) / length_m
    return min(max(along, 0.0), length_m)


def _across(
    index: RoadIndex, line: BaseGeometry, roads: NDArray[np.int64], run_along: BaseGeometry
) -> Iterator[Stretch]:
    """Find spots where the line passes from one side of a road to the other."""
    for road in roads:
        other = index.lines[road]
        for spot in shapely.get_parts(shapely.intersection(line, other)):
            if not isinstance(spot, shapely.Point):
                continue
            # Where the line runs along a street it only meets the roads that join there.
            if shapely.distance(spot, run_along) <= LINE_REACH_M:
                continue
            at_m = shapely.line_locate_point(shapely.LineString(line.coords), spot)
            if not _BEYOND_M <= at_m <= line.length - _BEYOND_M:
                continue
            fraction = float(shapely.line_locate_point(other, spot, normalized=True))
            yield int(road), fraction, fraction


def _merged(stretches: list[tuple[float, float]], *, gap: float) -> list[tuple[float, float]]:
    """Join stretches that overlap or lie closer together than `gap`, which is a part of the road."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1] + gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
