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
Bools = NDArray[np.bool_]

BEVEL = 0.3
"""Corners are cut this far, in cells: cells that only touch at a corner stay apart."""


class Outline(NamedTuple):
    """Polygons in the ragged form that shapely builds them from."""

    points: Floats
    """In cells, from the lower left corner of the grid: column, then row; shape `(n, 2)`."""
    rings: Longs
    """Where each ring begins among the points, and one past the last; no ring repeats its first point."""
    polygons: Longs
    """Where each polygon begins among the rings, and one past the last; its outer ring comes first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sides:
    """
    The sides of an area that run along rows, row by row from the west.

    The outline has the area on its left; between two such sides it follows a column.
    """

    row: Longs
    start: Longs
    """Column where the outline comes to the side."""
    end: Longs
    """Column where it leaves it."""
    following: Ints
    """The next side along the outline."""
    lower: Ints
    """By side along a column, column by column from below: the side along a row at its lower end."""
    lower_column: Longs


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
    padded = np.pad(marked, 1)
    upright = padded[:, 1:] ^ padded[:, :-1]
    sides = _sides(padded, upright)
    if not len(sides.row):
        return Outline(np.zeros((0, 2)), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    order, first = _in_rings(sides.following)
    parent = _parents(sides, upright, order, first)
    # The holes of each outer ring come after it.
    is_hole = parent != np.arange(len(parent))
    in_order = np.lexsort((is_hole, parent))
    count = np.diff(first)[in_order]
    begin = np.cumsum(count) - count
    turns = order[np.arange(len(order)) + np.repeat(first[in_order] - begin, count)]
    return Outline(
        points=_cut(sides, turns, begin, bevel=bevel),
        rings=4 * np.append(begin, len(order)),
        polygons=np.append(np.flatnonzero(~is_hole[in_order]), len(parent)),
    )


def _sides(padded: Bools, upright: Bools) -> _Sides:
    """
    Find the sides along rows of the marked cells.

    Parameters
    ----------
    padded
        Cells, with an unmarked rim.
    upright
        Whether one of two neighbours in a row is marked.
    """
    below, above = upright[:-1], upright[1:]
    touching = below & above & (padded[1:, 1:] ^ padded[:-1, 1:])
    at = np.flatnonzero((below ^ above) | touching)
    # Where two cells only touch, one corner ends the side to the west and one begins the side to the east.
    twice = touching.ravel()[at]
    at = np.repeat(at, 1 + twice)
    row, column = np.divmod(at, upright.shape[1])
    # Numbers of two bytes and less are sorted in one pass.
    by_column = np.argsort(column.astype(np.min_scalar_type(padded.shape[1])), kind="stable")
    # Such cells stay apart, so which of the two corners goes down depends on which cells are marked.
    goes_up = np.zeros(len(at), dtype=bool)
    goes_up[:-1] = at[1:] == at[:-1]
    goes_up &= ~padded[row, column]
    swapped = np.flatnonzero(goes_up[by_column])
    by_column[swapped], by_column[swapped + 1] = by_column[swapped + 1], by_column[swapped]
    lower, upper = by_column[::2].astype(np.int32), by_column[1::2].astype(np.int32)
    across = np.empty(len(at), dtype=np.int32)
    across[lower], across[upper] = upper, lower
    # In a row the first and the second corner are the ends of one side, the third and the fourth those
    # of the next, and so on.
    is_eastward = padded[row[::2] + 1, column[::2] + 1]
    west, east = column[::2], column[1::2]
    return _Sides(
        row=row[::2],
        start=np.where(is_eastward, west, east),
        end=np.where(is_eastward, east, west),
        following=np.where(is_eastward, across[1::2], across[::2]) >> 1,
        lower=lower >> 1,
        lower_column=column[lower],
    )


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


def _parents(sides: _Sides, upright: Bools, order: Ints, first: Longs) -> Longs:
    """
    Find the outer ring of each ring; an outer ring is its own.

    West of the westernmost side of a hole lies a run of marked cells. The side where that run
    begins belongs to the ring around the hole, or to another hole of the same polygon.
    """
    n, n_rings = len(order), len(first) - 1
    row, column = sides.row[order], sides.end[order]
    next_row = sides.row[sides.following[order]]
    area = np.add.reduceat(column * (next_row - row), first[:-1])
    parent = np.arange(n_rings)
    holes = np.flatnonzero(area < 0)
    if not len(holes):
        return parent
    westernmost = np.minimum.reduceat(column * n + np.arange(n), first[:-1])[holes] % n
    low = np.minimum(row, next_row)[westernmost]
    high, wide = upright.shape
    # Upright sides come row by row from the west, so the one before is where the run begins.
    unit = np.flatnonzero(upright)
    begins = unit[np.searchsorted(unit, (low + 1) * wide + column[westernmost]) - 1] % wide
    ring = np.empty(n, dtype=np.int64)
    ring[order] = np.repeat(parent, np.diff(first))
    key = sides.lower_column * high + sides.row[sides.lower]
    parent[holes] = ring[sides.lower[np.searchsorted(key, begins * high + low, side="right") - 1]]
    while (parent[parent] != parent).any():
        parent = parent[parent]
    return parent


def _cut(sides: _Sides, order: Ints, begin: Longs, *, bevel: float) -> Floats:
    """
    Give the points of the outline, with its corners cut: four at each side along a row.

    Parameters
    ----------
    sides
        The sides.
    order
        Their numbers along the rings.
    begin
        Where each ring begins among them.
    bevel
        How far corners are cut, in cells.
    """
    row, start, end = sides.row[order], sides.start[order], sides.end[order]
    leaving = bevel * np.sign(sides.row[sides.following[order]] - row)
    coming = np.roll(leaving, 1)
    coming[begin] = leaving[np.append(begin[1:], len(order)) - 1]
    along = bevel * np.sign(end - start)
    points = np.empty((len(order), 4, 2))
    for number, (x, y) in enumerate(
        ((start, row - coming), (start + along, row), (end - along, row), (end, row + leaving))
    ):
        points[:, number, 0], points[:, number, 1] = x, y
    return points.reshape(-1, 2)
