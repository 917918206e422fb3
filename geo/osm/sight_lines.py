"""Straight ways over squares, from one entrance to another as far as people see."""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

MOST_CORNERS = 60
"""Of the entrances and inward corners of one square; with more people go round."""
_METRES_PER_UNIT = 0.0111195
_TOLERANCE_M = 0.05
_LONGER = 1.1
"""A way over a square is at most so many times as long as it must be: each line more is one to search."""

Ring = Sequence[int]


def sight_lines(
    lonlat_e7: NDArray[np.int32], outer: Ring, inner: Sequence[Ring], entrances: Collection[int]
) -> list[tuple[int, int]] | None:
    """
    Find the straight ways inside a square between its entrances and round its inward corners.

    With the corners that jut into the square, the shortest way from one entrance to another is made of
    such lines, whatever its shape. Lines that hardly shorten a way are left out.

    Parameters
    ----------
    lonlat_e7
        Longitude and latitude of every point in units of 1e-7 degrees.
    outer, inner
        Rings as numbers of points, the first one repeated at the end.
    entrances
        Points where another road meets the square.

    Returns
    -------
    lines
        Pairs of points that see each other and are no neighbours on a ring; `None` when the shape
        crosses itself or has too many corners.
    """
    rings = [list(ring) for ring in (outer, *inner)]
    points = list(dict.fromkeys(point for ring in rings for point in ring))
    metres = dict(zip(points, _metres(lonlat_e7[points]), strict=True))
    try:
        shape = shapely.Polygon(
            [metres[p] for p in rings[0]], [[metres[p] for p in ring] for ring in rings[1:]]
        )
    except ValueError:
        return None
    if not shape.is_valid:
        return None
    doors = [point for point in points if point in entrances]
    if len(doors) < 2:  # noqa: PLR2004 - nothing to go to
        return []
    corners = [point for ring in rings for point in _jutting(ring, metres, is_hole=ring is not rings[0])]
    chosen = list(dict.fromkeys([*doors, *corners]))
    if len(chosen) > MOST_CORNERS:
        return None
    pairs = np.array(list(combinations(range(len(chosen)), 2)))
    xy = np.array([metres[point] for point in chosen])
    room = shape.buffer(_TOLERANCE_M)
    shapely.prepare(room)
    pairs = pairs[shapely.covers(room, shapely.linestrings(xy[pairs]))]
    lines = _worth_drawing(xy, pairs, n_doors=len(doors), along_m=_along(rings, metres, chosen))
    neighbours = {frozenset(pair) for ring in rings for pair in pairwise(ring)}
    return [(chosen[a], chosen[b]) for a, b in lines if {chosen[a], chosen[b]} not in neighbours]


def _along(
    rings: Sequence[Ring], metres: Mapping[int, NDArray[np.float64]], chosen: Sequence[int]
) -> NDArray[np.float64]:
    """Metres from each chosen point to each other along the rings."""
    number = {point: i for i, point in enumerate(chosen)}
    found = np.full((len(chosen), len(chosen)), np.inf)
    np.fill_diagonal(found, 0.0)
    for ring in rings:
        at_m = np.cumsum([0.0, *(float(np.hypot(*(metres[a] - metres[b]))) for a, b in pairwise(ring))])
        where = [(number[point], m) for point, m in zip(ring[:-1], at_m, strict=False) if point in number]
        for (a, a_m), (b, b_m) in combinations(where, 2):
            way_m = min(abs(a_m - b_m), at_m[-1] - abs(a_m - b_m))
            found[a, b] = found[b, a] = min(found[a, b], way_m)
    return found


def _worth_drawing(
    xy: NDArray[np.float64], pairs: NDArray[np.int64], *, n_doors: int, along_m: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Choose lines until no way between two entrances is longer than it must be, the shortest first."""
    n = len(xy)
    length_m = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    seen = csr_array((np.maximum(length_m, 1e-6), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    best_m, before = dijkstra(seen, directed=False, indices=np.arange(n_doors), return_predecessors=True)
    drawn_m, drawn = along_m, dict[tuple[int, int], None]()
    for a, b in sorted(combinations(range(n_doors), 2), key=lambda pair: best_m[pair]):
        if not drawn_m[a, b] > _LONGER * best_m[a, b]:
            continue
        at = b
        while at != a:
            to = int(before[a, at])
            drawn[min(at, to), max(at, to)] = None
            way_m = float(np.hypot(*(xy[at] - xy[to])))
            for start, end in ((at, to), (to, at)):
                drawn_m = np.minimum(drawn_m, drawn_m[:, start, None] + way_m + drawn_m[None, end, :])
            at = to
    return list(drawn)


def _metres(lonlat_e7: NDArray[np.int32]) -> NDArray[np.float64]:
    """East and north of the first point, in metres."""
    away = (lonlat_e7.astype(np.float64) - lonlat_e7[0]) * _METRES_PER_UNIT
    away[:, 0] *= np.cos(np.radians(lonlat_e7[0, 1] / 1e7))
    return np.asarray(away)


def _jutting(ring: Ring, metres: dict[int, NDArray[np.float64]], *, is_hole: bool) -> list[int]:
    """List the corners of a ring that jut into the square."""
    open_ring = list(ring[:-1])
    xy = np.array([metres[point] for point in open_ring])
    into, out = xy - np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0) - xy
    turn = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0]
    is_left_turning = bool(shapely.LinearRing(xy).is_ccw)
    juts = turn < 0 if is_left_turning != is_hole else turn > 0
    return [point for point, found in zip(open_ring, juts.tolist(), strict=True) if found]
