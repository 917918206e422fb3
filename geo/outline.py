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

_EAST, _NORTH, _WEST, _SOUTH = np.arange(4, dtype=np.int8)
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
class _Corners:
    """
    Corners of an area, row by row from the west; one where two cells only touch is there twice.

    From each, one side runs along its row and one along its column. In a row the first and the
    second corner are the ends of one side, the third and the fourth those of the next, and so on.
    """

    row: Ints
    column: Ints
    across: Ints
    """The corner at the other end of the side along the column."""
    is_upper: Bools
    """That corner lies below."""
    by_column: Longs
    """Corners column by column; in each, two and two are the ends of a side, too."""
    out_along_row: Bools
    """With the area on the left, the outline goes on along the row, not along the column."""

    @property
    def following(self) -> Ints:
        """The corner after each along the outline."""
        number = np.arange(len(self.row), dtype=np.int32)
        return np.where(self.out_along_row, number ^ 1, self.across)

    @property
    def headings(self) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """Where the outline comes from at each corner, and where it goes."""
        onward = self.out_along_row
        along_row = np.where(onward, _EAST, _WEST)
        along_row[1::2] = np.where(onward[1::2], _WEST, _EAST)
        along_column = np.where(onward == self.is_upper, _NORTH, _SOUTH)
        return np.where(onward, along_column, along_row), np.where(onward, along_row, along_column)


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
    corners = _corners(padded, upright)
    if not len(corners.row):
        return Outline(np.zeros((0, 2)), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    order, first = _in_rings(corners.following)
    parent = _parents(corners, upright, order, first)
    return _assembled(corners, order, first, parent, bevel=bevel)


def _corners(padded: Bools, upright: Bools) -> _Corners:
    """
    Find the corners of marked cells.

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
    twice = touching.ravel()[at]
    at = np.repeat(at, 1 + twice)
    row, column = (part.astype(np.int32) for part in np.divmod(at, upright.shape[1]))
    # Of two corners in one place the first goes west and the second east: cells that only touch stay
    # apart, so which of them goes down depends on which cells are marked.
    second = np.zeros(len(at), dtype=bool)
    second[1:] = at[1:] == at[:-1]
    is_double = np.repeat(twice, 1 + twice)
    goes_up = is_double & (second == padded[row, column])
    # Numbers of two bytes and less are sorted in one pass.
    by_column = np.argsort(column.astype(np.min_scalar_type(padded.shape[1])), kind="stable")
    swapped = np.flatnonzero((goes_up & ~second)[by_column])
    by_column[swapped], by_column[swapped + 1] = by_column[swapped + 1], by_column[swapped]
    lower, upper = by_column[::2].astype(np.int32), by_column[1::2].astype(np.int32)
    across = np.empty(len(at), dtype=np.int32)
    across[lower], across[upper] = upper, lower
    is_upper = np.zeros(len(at), dtype=bool)
    is_upper[upper] = True
    runs_east = padded[row[::2] + 1, column[::2] + 1]
    out_along_row = np.stack([runs_east, ~runs_east], axis=1).ravel()
    return _Corners(
        row=row,
        column=column,
        across=across,
        is_upper=is_upper,
        by_column=by_column,
        out_along_row=out_along_row,
    )


def _in_rings(following: Ints) -> tuple[Ints, Longs]:
    """Order the corners ring by ring; where each ring begins, and one past the last."""
    n = len(following)
    # SciPy sorts and copies what is not of its own kind of number.
    ones = np.ones(n)
    links = csr_array((ones, following, np.arange(n + 1, dtype=np.int32)), shape=(n, n))
    # Every corner has one before and one after, so whatever hangs together is a ring.
    n_rings, ring = connected_components(links, directed=True, connection="strong")
    head = np.empty(n_rings, dtype=np.int64)
    head[ring] = np.arange(n)
    # One walk over all rings: a node above them leads to the first corner of each, in reverse, since
    # the walk takes the last branch first.
    tails = np.concatenate([following, head[::-1]]).astype(np.int32)
    starts = np.append(np.arange(n + 1), n + len(head)).astype(np.int32)
    tree = csr_array((np.ones(len(tails)), tails, starts), shape=(n + 1, n + 1))
    order = depth_first_order(tree, n, directed=True, return_predecessors=False)[1:]
    new = np.flatnonzero(np.diff(ring[order], prepend=-1))
    return order, np.append(new, n)


def _parents(corners: _Corners, upright: Bools, order: Ints, first: Longs) -> Longs:
    """
    Find the outer ring of each ring; an outer ring is its own.

    West of the westernmost side of a hole lies a run of marked cells. The side where that run
    begins belongs to the ring around the hole, or to another hole of the same polygon.
    """
    n, n_rings = len(order), len(first) - 1
    ring = np.empty(n, dtype=np.int64)
    ring[order] = np.repeat(np.arange(n_rings), np.diff(first))
    row, column = corners.row.astype(np.int64), corners.column.astype(np.int64)
    # Only upright sides have area to their west.
    rise = np.where(corners.out_along_row, 0, row[corners.across] - row)
    area = np.add.reduceat((column * rise)[order], first[:-1])
    parent = np.arange(n_rings)
    holes = np.flatnonzero(area < 0)
    if not len(holes):
        return parent
    westernmost = np.minimum.reduceat((column * n + np.arange(n))[order], first[:-1])[holes] % n
    low = np.minimum(row[westernmost], row[corners.across[westernmost]])
    wide, high = upright.shape[1], upright.shape[0]
    # Upright sides come row by row from the west, so the one before is where the run begins.
    sides = np.flatnonzero(upright)
    begins = sides[np.searchsorted(sides, (low + 1) * wide + column[westernmost]) - 1] % wide
    key = (column * high + row)[corners.by_column]
    parent[holes] = ring[corners.by_column[np.searchsorted(key, begins * high + low, side="right") - 1]]
    while (parent[parent] != parent).any():
        parent = parent[parent]
    return parent


def _assembled(corners: _Corners, order: Ints, first: Longs, parent: Longs, *, bevel: float) -> Outline:
    """Put the corners of each ring together, cut, with the holes after their outer ring."""
    n_rings = len(parent)
    is_hole = parent != np.arange(n_rings)
    in_order = np.lexsort((is_hole, parent))
    of_ring = np.diff(first)
    count = of_ring[in_order]
    begin = first[:-1][in_order]
    turns = order[np.arange(len(order)) + np.repeat(begin - np.cumsum(count) + count, count)]
    corner = np.stack([corners.column[turns], corners.row[turns]], axis=1).astype(np.float64)
    away = bevel * _STEP
    coming, going = corners.headings
    # Of whole rows `take` is ten times as fast as an index.
    ends = corner - away.take(coming[turns], axis=0), corner + away.take(going[turns], axis=0)
    cut = np.concatenate(ends, axis=1).reshape(-1, 2)
    # Each ring is closed by its first point once more.
    opened = np.concatenate([[0], np.cumsum(2 * count)])
    rings = opened + np.arange(n_rings + 1)
    source = np.arange(int(rings[-1])) - np.repeat(np.arange(n_rings), 2 * count + 1)
    source[rings[1:] - 1] = opened[:-1]
    points = cut.take(source, axis=0)
    outer = np.flatnonzero(~is_hole[in_order])
    return Outline(points=points, rings=rings, polygons=np.append(outer, n_rings))
