"""All roads cut at the lines of a grid: how much of which road lies in which cell."""

from dataclasses import dataclass, field

import numpy as np

from geo.arrays import Bools, Bytes, Floats, Ints, Longs, Singles
from geo.isochrone.plane_roads import PlaneRoads
from geo.jit import compiled
from geo.lru import LruCache
from geo.network.weighting import Costs

_SHARES_A_CELL = 8
_LEAST_M = 1e-6
"""Shorter pieces are none: where a road crosses a corner of cells the two lines are met a hair apart."""
_MOST_CROWDS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridRoads:
    """Some roads as pieces, each from where its road enters a cell to where it leaves it."""

    cell_m: float
    first: Longs
    """By road: its first piece, and one past the last of all; shape `(n_roads + 1,)`."""
    row: Ints
    column: Ints
    """Counted from `corner`."""
    middle: Singles
    """Where on its road the middle of each piece lies, 0 to 1."""
    share: Bytes
    """Length in eighths of a cell's side, at least one."""
    corner: tuple[int, int]
    """Row and column of a cell south-west of all, counted from the origin of the index's plane."""
    shape: tuple[int, int]
    _crowds: LruCache[Costs, Bytes] = field(default_factory=lambda: LruCache(_MOST_CROWDS))

    @classmethod
    def of(cls, roads: PlaneRoads, chosen: Bools, *, cell_m: float) -> "GridRoads":
        """Cut some roads, at least one; shape of `chosen` is `(n_roads,)`."""
        west, south, east, north = roads.boxes_m[:, chosen]
        bottom, left = (int(np.floor(some.min() / cell_m)) for some in (south, west))
        top, right = (int(np.floor(some.max() / cell_m)) for some in (north, east))
        first, row, column, middle, share = _cut(
            roads.metres, roads.first, roads.length_m, chosen, cell_m, bottom, left
        )
        return cls(
            cell_m=cell_m,
            first=first,
            row=row,
            column=column,
            middle=middle,
            share=share,
            corner=(bottom, left),
            shape=(top - bottom + 1, right - left + 1),
        )

    def crowd(self, costs: Costs, window: tuple[int, int, int, int]) -> Bytes:
        """
        Add up the shares of the roads that a profile can use, by cell.

        Parameters
        ----------
        costs
            Of the profile.
        window
            First row and column, and one past the last ones.
        """
        whole = self._crowds.get(costs)
        if whole is None:
            whole = np.zeros(self.shape, dtype=np.uint8)
            _add_up(whole, self.first, self.row, self.column, self.share, costs.usable)
            self._crowds.put(costs, whole)
        low, left, high, right = window
        top, side = self.corner
        rows, columns = slice(low - top, high - top), slice(left - side, right - side)
        if (
            min(rows.start, columns.start) >= 0
            and rows.stop <= self.shape[0]
            and columns.stop <= self.shape[1]
        ):
            return whole[rows, columns]
        found = np.zeros((high - low, right - left), dtype=np.uint8)
        inner = whole[max(low - top, 0) : max(high - top, 0), max(left - side, 0) : max(right - side, 0)]
        at_row, at_column = max(top - low, 0), max(side - left, 0)
        found[at_row : at_row + inner.shape[0], at_column : at_column + inner.shape[1]] = inner
        return found


@compiled("void(uint8[:, ::1], int64[::1], int32[::1], int32[::1], uint8[::1], bool_[::1])")
def _add_up(crowd: Bytes, first: Longs, row: Ints, column: Ints, share: Bytes, usable: Bools) -> None:
    """Add the shares of the pieces of usable roads to their cells."""
    for road in range(len(usable)):
        if usable[road]:
            for piece in range(first[road], first[road + 1]):
                crowd[row[piece], column[piece]] += share[piece]


@compiled(
    "Tuple((int64[::1], int32[::1], int32[::1], float32[::1], uint8[::1]))"
    "(float64[:, ::1], int64[::1], float64[::1], bool_[::1], float64, int64, int64)"
)
def _cut(
    metres: Floats, start: Longs, length_m: Floats, chosen: Bools, cell_m: float, bottom: int, left: int
) -> tuple[Longs, Ints, Ints, Singles, Bytes]:
    """
    Cut roads where they cross lines of the grid.

    Parameters
    ----------
    metres, start, length_m
        Vertices, the first of each road and the lengths of roads: `PlaneRoads`.
    chosen
        By road.
    cell_m
        Side of a cell.
    bottom, left
        Row and column of the first cell.

    Returns
    -------
    first, row, column, middle, share
        Of the pieces: `GridRoads`.
    """
    n_roads, most = len(chosen), 0
    for road in range(n_roads):
        if chosen[road]:
            for vertex in range(start[road], start[road + 1] - 1):
                most += 3
                for axis in range(2):
                    most += int(abs(metres[vertex + 1, axis] - metres[vertex, axis]) / cell_m)
    first, n = np.zeros(n_roads + 1, np.int64), 0
    row, column = np.empty(most, np.int32), np.empty(most, np.int32)
    middle, share = np.empty(most, np.float32), np.empty(most, np.uint8)
    # By axis: where the step from one vertex to the next one crosses a line for the next time, and how far
    # the lines lie apart, as parts of the step.
    crossing, apart = np.empty(2), np.empty(2)
    for road in range(n_roads):
        first[road] = n
        if not chosen[road]:
            continue
        # From the road's beginning: where the piece begins, and how far one has come.
        piece_m, gone_m, piece_row, piece_column = 0.0, 0.0, -1, -1
        for vertex in range(start[road], start[road + 1] - 1):
            east_m, north_m = metres[vertex, 0], metres[vertex, 1]
            way_m = metres[vertex + 1, 0] - east_m, metres[vertex + 1, 1] - north_m
            step_m = np.hypot(way_m[0], way_m[1])
            for axis in range(2):
                at, way = metres[vertex, axis] / cell_m, way_m[axis] / cell_m
                line = np.floor(at) + 1.0 if way > 0.0 else np.ceil(at) - 1.0
                crossing[axis] = (line - at) / way if way != 0.0 else np.inf
                apart[axis] = abs(1.0 / way) if way != 0.0 else np.inf
            done = 0.0
            while done < 1.0:
                until = min(crossing[0], crossing[1], 1.0)
                for axis in range(2):
                    if crossing[axis] <= until:
                        crossing[axis] += apart[axis]
                if (until - done) * step_m > _LEAST_M:
                    half = (done + until) / 2.0
                    here_row = int(np.floor((north_m + half * way_m[1]) / cell_m)) - bottom
                    here_column = int(np.floor((east_m + half * way_m[0]) / cell_m)) - left
                    if here_row != piece_row or here_column != piece_column:
                        piece_m, piece_row, piece_column = gone_m + done * step_m, here_row, here_column
                        row[n], column[n] = here_row, here_column
                        n += 1
                    end_m = gone_m + until * step_m
                    middle[n - 1] = (piece_m + end_m) / 2.0 / length_m[road]
                    share[n - 1] = max(1, round((end_m - piece_m) * (_SHARES_A_CELL / cell_m)))
                done = until
            gone_m += step_m
    first[n_roads] = n
    return first, row[:n].copy(), column[:n].copy(), middle[:n].copy(), share[:n].copy()
