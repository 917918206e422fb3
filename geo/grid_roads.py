"""All roads cut at the lines of a grid: how much of which road lies in which cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.costs import Costs
from geo.layer import Floats
from geo.recent import Recent
from geo.road_times import Ruler, Singles, ragged

Longs = NDArray[np.int64]
Numbers = NDArray[Any]
Counts = NDArray[np.uint8]
_SHARES_A_CELL = 8
_MOST_CROWDS = 2
_AT_ONCE = 1 << 13
"""Roads that are cut together, so that this takes little memory."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridRoads:
    """Some roads as pieces, each from where its road enters a cell to where it leaves it."""

    cell_m: float
    first: Longs
    """By road: its first piece, and one past the last of all; shape `(n_roads + 1,)`."""
    row: Numbers
    column: Numbers
    """Counted from `corner`, in whole numbers no larger than needed."""
    middle: Singles
    """Where on its road the middle of each piece lies, 0 to 1."""
    share: Counts
    """Length in eighths of a cell's side, at least one."""
    corner: tuple[int, int]
    """Row and column of a cell south-west of all, counted from the origin of the index's plane."""
    shape: tuple[int, int]
    _crowds: Recent[Costs, Counts] = field(default_factory=lambda: Recent(_MOST_CROWDS))

    @classmethod
    def of(cls, ruler: Ruler, roads: Longs, *, cell_m: float) -> "GridRoads":
        """Cut some roads, at least one, given by rising numbers."""
        cells = np.floor(ruler.boxes_m[:, roads] / cell_m).astype(np.int64)
        (left, bottom), (right, top) = cells[:2].min(axis=1).tolist(), cells[2:].max(axis=1).tolist()
        fitting = np.min_scalar_type(max(right - left, top - bottom))
        count = np.zeros(len(ruler.begin_m) + 1, dtype=np.int64)
        columns: list[tuple[Numbers, ...]] = []
        for some in _batches(len(roads)):
            road, middle_m, length_m = _pieces(ruler, roads[some], cell_m)
            east_m, north_m = ruler.at(middle_m)
            count[1:] += np.bincount(road, minlength=len(count) - 1)
            share = np.rint(length_m * (_SHARES_A_CELL / cell_m))
            columns.append(
                (
                    (np.floor(north_m / cell_m) - bottom).astype(fitting),
                    (np.floor(east_m / cell_m) - left).astype(fitting),
                    ((middle_m - ruler.begin_m[road]) / ruler.whole_m[road]).astype(np.float32),
                    np.maximum(share, 1).astype(np.uint8),
                )
            )
        row, column, middle, share = (np.concatenate(parts) for parts in zip(*columns, strict=True))
        return cls(
            cell_m=cell_m,
            first=np.cumsum(count),
            row=row,
            column=column,
            middle=middle,
            share=share,
            corner=(bottom, left),
            shape=(top - bottom + 1, right - left + 1),
        )

    def on(self, roads: Longs) -> tuple[Longs, Longs]:
        """Pieces of some roads: how many of each, and their positions."""
        count = self.first[roads + 1] - self.first[roads]
        return count, ragged(self.first[roads], count)

    def crowd(self, costs: Costs, window: tuple[int, int, int, int]) -> Counts:
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
            for some in _batches(len(self.first) - 1):
                usable = np.flatnonzero(costs.usable[some]) + some.start
                _, pieces = self.on(usable)
                flat = self.row[pieces].astype(np.int64) * self.shape[1] + self.column[pieces]
                np.add.at(whole.ravel(), flat, self.share[pieces])
            self._crowds.put(costs, whole)
        low, left, high, right = window
        top, side = self.corner
        found = np.zeros((high - low, right - left), dtype=np.uint8)
        inner = whole[max(low - top, 0) : max(high - top, 0), max(left - side, 0) : max(right - side, 0)]
        at_row, at_column = max(top - low, 0), max(side - left, 0)
        found[at_row : at_row + inner.shape[0], at_column : at_column + inner.shape[1]] = inner
        return found


def _pieces(ruler: Ruler, roads: Longs, cell_m: float) -> tuple[Longs, Floats, Floats]:
    """Cut roads where they cross lines of the grid: roads of the pieces, middles on the ruler, metres."""
    count = ruler.first[roads + 1] - ruler.first[roads] - 1
    start = ragged(ruler.first[roads], count)
    cuts = [ruler.begin_m[roads], ruler.begin_m[roads] + ruler.whole_m[roads]]
    for axis in (0, 1):
        here, there = ruler.metres[start, axis] / cell_m, ruler.metres[start + 1, axis] / cell_m
        low, high = np.floor(np.minimum(here, there)), np.floor(np.maximum(here, there))
        crossed = np.flatnonzero(high > low)
        n_lines = (high - low)[crossed].astype(np.int64)
        step = np.repeat(crossed, n_lines)
        line = ragged(low[crossed].astype(np.int64) + 1, n_lines)
        part = (line - here[step]) / (there - here)[step]
        cuts.append(ruler.mark_m[start[step]] + part * np.diff(ruler.mark_m)[start[step]])
    mark_m = np.sort(np.concatenate(cuts))
    length_m, middle_m = np.diff(mark_m), (mark_m[1:] + mark_m[:-1]) / 2
    road = roads[np.searchsorted(cuts[0], middle_m, side="right") - 1]
    # What lies between the end of a road and the beginning of the next is none.
    real = np.flatnonzero((length_m > 0) & (middle_m < (ruler.begin_m + ruler.whole_m)[road]))
    return road[real], middle_m[real], length_m[real]


def _batches(n: int) -> Iterator[slice]:
    return (slice(start, start + _AT_ONCE) for start in range(0, n, _AT_ONCE))
