"""Points along all roads in one size of cells, made once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.costs import Costs
from geo.recent import Recent
from geo.road_times import Ruler

Longs = NDArray[np.int64]
Numbers = NDArray[Any]
Counts = NDArray[np.uint8]
_SAMPLES_A_CELL = 2.5
_MOST_CROWDS = 2
_AT_ONCE = 1 << 13
"""Roads whose points are worked out together, so that this takes little memory."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Points along some roads, in the middles of equal parts, and the cells they lie in."""

    cell_m: float
    first: Longs
    """By road: its first point, and one past the last of all; shape `(n_roads + 1,)`."""
    row: Numbers
    column: Numbers
    """Counted from `corner`, in whole numbers no larger than needed."""
    corner: tuple[int, int]
    """Row and column of a cell south-west of all, counted from the origin of the index's plane."""
    shape: tuple[int, int]
    _crowds: Recent[Costs, Counts] = field(default_factory=lambda: Recent(_MOST_CROWDS))

    @classmethod
    def of(cls, ruler: Ruler, roads: Longs, *, cell_m: float) -> "Samples":
        """Put points along some roads, two or three in a cell."""
        count = ruler.counts(roads, spacing_m=cell_m / _SAMPLES_A_CELL)
        by_road = np.zeros(len(ruler.begin_m) + 1, dtype=np.int64)
        by_road[roads + 1] = count
        # Callers give at least one road: there is no area without.
        cells = np.floor(ruler.boxes_m[:, roads] / cell_m).astype(np.int64)
        (left, bottom), (right, top) = cells[:2].min(axis=1).tolist(), cells[2:].max(axis=1).tolist()
        fitting = np.min_scalar_type(max(right - left, top - bottom))
        row = np.empty(int(count.sum()), dtype=fitting)
        column = np.empty_like(row)
        done = 0
        for some in _batches(len(roads)):
            east_m, north_m = ruler.middles(roads[some], count[some])
            row[done : done + len(north_m)] = np.floor(north_m / cell_m) - bottom
            column[done : done + len(east_m)] = np.floor(east_m / cell_m) - left
            done += len(north_m)
        return cls(
            cell_m=cell_m,
            first=np.cumsum(by_road),
            row=row,
            column=column,
            corner=(bottom, left),
            shape=(top - bottom + 1, right - left + 1),
        )

    def on(self, roads: Longs) -> tuple[Longs, Longs]:
        """Points on some roads: how many on each, and their positions."""
        start = self.first[roads]
        count = self.first[roads + 1] - start
        offset = np.cumsum(count) - count
        return count, np.arange(int(count.sum())) + np.repeat(start - offset, count)

    def crowd(self, costs: Costs, window: tuple[int, int, int, int]) -> Counts:
        """
        Count the points on roads that a profile can use, by cell.

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
                _, points = self.on(usable)
                flat = self.row[points].astype(np.int64) * self.shape[1] + self.column[points]
                np.add.at(whole.ravel(), flat, np.uint8(1))
            self._crowds.put(costs, whole)
        low, left, high, right = window
        top, side = self.corner
        found = np.zeros((high - low, right - left), dtype=np.uint8)
        inner = whole[max(low - top, 0) : max(high - top, 0), max(left - side, 0) : max(right - side, 0)]
        at_row, at_column = max(top - low, 0), max(side - left, 0)
        found[at_row : at_row + inner.shape[0], at_column : at_column + inner.shape[1]] = inner
        return found


def _batches(n: int) -> Iterator[slice]:
    return (slice(start, start + _AT_ONCE) for start in range(0, n, _AT_ONCE))
