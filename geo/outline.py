"""The outline of the marked cells of a grid, as polygons with holes."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

_EAST, _NORTH, _WEST, _SOUTH = range(4)
_STEP = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)], dtype=np.int32)
BEVEL = 0.3
"""Corners are cut this far, in cells: cells that only touch at a corner stay apart."""


class Outline(NamedTuple):
    """Polygons in the ragged form that shapely builds them from."""

    points: Floats
    """In cells, from the lower left corner of the grid: column, then row; shape `(n, 2)`."""
    rings: Longs
    """Where each ring begins among the points, and one past the last."""
    polygons: Longs
    """Where each polygon begins among the rings, and one past the last; its outer ring comes first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sides:
    """Sides between a marked cell and one that is not; the marked cell is on the left."""

    start: Ints
    """Corner of the grid where the side starts."""
    heading: NDArray[np.int8]
    wide: int
    """Corners in a row of the grid."""

    @property
    def end(self) -> Ints:
        """Corner where each side ends."""
        step = np.array([1, self.wide, -1, -self.wide], dtype=np.int32)
        return np.asarray(self.start + step[self.heading])


def outline(marked: NDArray[np.bool_], *, bevel: float = BEVEL) -> Outline:
    """
    Draw round the marked cells of a grid.

    Cells belong together when they share a side. The polygons are valid, whatever the cells: outer
    rings run anticlockwise, holes clockwise, and no ring touches itself or another.

    Parameters
    ----------
    marked
        By row and column.
    bevel
        How far corners are cut, in cells, above 0 and below 0.5.

    Examples
    --------
    >>> ring = outline(np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=bool))
    >>> ring.polygons.tolist(), len(ring.rings) - 1
    ([0, 2], 2)
    """
    sides = _sides(np.pad(marked, 1))
    if not len(sides.start):
        return Outline(np.zeros((0, 2)), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    order, first = _in_rings(_following(sides))
    parent = _parents(sides, order, first)
    return _assembled(sides, order, first, parent, bevel=bevel)


def _sides(marked: NDArray[np.bool_]) -> _Sides:
    wide = marked.shape[1] + 1
    starts: list[Ints] = []
    headings: list[NDArray[np.int8]] = []
    # Upright sides first, row by row from the west: in each row entering and leaving alternate.
    row, column = _places(marked[:, 1:] != marked[:, :-1])
    entering = marked[row, column + 1]
    starts.append((row + entering) * wide + column + 1)
    headings.append(np.where(entering, _SOUTH, _NORTH).astype(np.int8))
    row, column = _places(marked[1:] != marked[:-1])
    entering = marked[row + 1, column]
    starts.append((row + 1) * wide + column + ~entering)
    headings.append(np.where(entering, _EAST, _WEST).astype(np.int8))
    return _Sides(start=np.concatenate(starts), heading=np.concatenate(headings), wide=wide)


def _places(found: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Rows and columns of what is found; whole numbers of half the size take half the time."""
    at = np.flatnonzero(found).astype(np.int32)
    row = at // np.int32(found.shape[1])
    return row, at - row * np.int32(found.shape[1])


def _following(sides: _Sides) -> Ints:
    """Find the side after each; where two go on from a corner, the one to the left is taken."""
    number = np.arange(len(sides.start), dtype=np.int32)
    last, first = np.empty((2, int(sides.start.max()) + 1), dtype=np.int32)
    # At most two go on from a corner: of those written to one place the last one stays.
    last[sides.start] = number
    first[sides.start[::-1]] = number[::-1]
    end = sides.end
    following, other = last[end], first[end]
    to_the_left = (sides.heading + 1) % 4
    # At a plain corner both candidates are the same side, whichever way it turns.
    return np.where(sides.heading[following] == to_the_left, following, other)


def _in_rings(following: Ints) -> tuple[Ints, Longs]:
    """Order the sides ring by ring; where each ring begins, and one past the last."""
    n = len(following)
    # SciPy sorts and copies what is not of its own kind of number.
    ones = np.ones(n)
    links = csr_array((ones, following, np.arange(n + 1, dtype=np.int32)), shape=(n, n))
    # Every side has one before and one after, so whatever hangs together is a ring.
    n_rings, ring = connected_components(links, directed=True, connection="strong")
    head = np.empty(n_rings, dtype=np.int64)
    head[ring] = np.arange(n)
    # One walk over all rings: a node above them leads to the first side of each, in reverse, since
    # the walk takes the last branch first.
    tails = np.concatenate([following, head[::-1]]).astype(np.int32)
    starts = np.append(np.arange(n + 1), n + len(head)).astype(np.int32)
    tree = csr_array((np.ones(len(tails)), tails, starts), shape=(n + 1, n + 1))
    order = depth_first_order(tree, n, directed=True, return_predecessors=False)[1:]
    new = np.flatnonzero(np.diff(ring[order], prepend=-1))
    return order, np.append(new, n)


def _parents(sides: _Sides, order: Ints, first: Longs) -> Longs:
    """
    Find the outer ring of each ring; an outer ring is its own.

    West of the westernmost side of a hole lies a run of marked cells. The side where that run
    begins belongs to the ring around the hole, or to another hole of the same polygon.
    """
    n_rings = len(first) - 1
    ring = np.empty(len(order), dtype=np.int64)
    ring[order] = np.repeat(np.arange(n_rings), np.diff(first))
    column = sides.start % np.int32(sides.wide)
    # Only upright sides have area to their west.
    across = (column * _STEP[:, 1][sides.heading])[order]
    area = np.add.reduceat(across, first[:-1], dtype=np.int64)
    parent = np.arange(n_rings)
    holes = np.flatnonzero(area < 0)
    if not len(holes):
        return parent
    leaving = sides.heading == _NORTH
    key = np.where(
        leaving, column.astype(np.int64) * len(order) + np.arange(len(order)), np.iinfo(np.int64).max
    )
    westernmost = np.minimum.reduceat(key[order], first[:-1])[holes] % len(order)
    # Upright sides come row by row from the west, so the one before is where the run begins.
    parent[holes] = ring[westernmost - 1]
    while (parent[parent] != parent).any():
        parent = parent[parent]
    return parent


def _assembled(sides: _Sides, order: Ints, first: Longs, parent: Longs, *, bevel: float) -> Outline:
    """Put the corners of each ring together, cut, with the holes after their outer ring."""
    n_rings = len(parent)
    heading = sides.heading[order]
    before = np.empty_like(heading)
    before[1:] = heading[:-1]
    before[first[:-1]] = heading[first[1:] - 1]
    is_turn = heading != before
    turns = np.flatnonzero(is_turn)
    is_hole = parent != np.arange(n_rings)
    in_order = np.lexsort((is_hole, parent))
    of_ring = np.add.reduceat(is_turn, first[:-1], dtype=np.int64)
    count = of_ring[in_order]
    begin = (np.cumsum(of_ring) - of_ring)[in_order]
    turns = turns[np.arange(len(turns)) + np.repeat(begin - np.cumsum(count) + count, count)]
    at = sides.start[order[turns]]
    row = at // np.int32(sides.wide)
    corner = np.stack([at - row * np.int32(sides.wide), row], axis=1) - 1.0
    away = bevel * _STEP
    # Of whole rows `take` is ten times as fast as an index.
    ends = corner - away.take(before[turns], axis=0), corner + away.take(heading[turns], axis=0)
    cut = np.concatenate(ends, axis=1).reshape(-1, 2)
    # Each ring is closed by its first point once more.
    opened = np.concatenate([[0], np.cumsum(2 * count)])
    rings = opened + np.arange(n_rings + 1)
    source = np.arange(int(rings[-1])) - np.repeat(np.arange(n_rings), 2 * count + 1)
    source[rings[1:] - 1] = opened[:-1]
    points = cut.take(source, axis=0)
    outer = np.flatnonzero(~is_hole[in_order])
    return Outline(points=points, rings=rings, polygons=np.append(outer, n_rings))
