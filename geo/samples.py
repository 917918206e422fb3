"""Points along all roads in one size of cells, made once."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.costs import Costs
from geo.recent import Recent
from geo.road_times import Ruler

Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
Counts = NDArray[np.uint8]
_SAMPLES_A_CELL = 2.5
_MOST_CROWDS = 2
_MOST_COUNTED = 255


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Points along some roads and the cells they lie in, counted from the origin of the index's plane."""

    cell_m: float
    first: Longs
    """By road: its first point, and one past the last of all; shape `(n_roads + 1,)`."""
    fraction: NDArray[np.float32]
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    corner: tuple[int, int]
    """Row and column of the first cell that holds any."""
    shape: tuple[int, int]
    _crowds: Recent[Costs, Counts] = field(default_factory=lambda: Recent(_MOST_CROWDS))

    @classmethod
    def of(cls, ruler: Ruler, roads: Longs, *, cell_m: float) -> "Samples":
        """Put points along some roads, two or three in a cell."""
        count, fraction, east_m, north_m = ruler.sampled(roads, spacing_m=cell_m / _SAMPLES_A_CELL)
        by_road = np.zeros(len(ruler.begin_m) + 1, dtype=np.int64)
        by_road[roads + 1] = count
        row = np.floor(north_m / cell_m).astype(np.int32)
        column = np.floor(east_m / cell_m).astype(np.int32)
        low, left = int(row.min(initial=0)), int(column.min(initial=0))
        return cls(
            cell_m=cell_m,
            first=np.cumsum(by_road),
            fraction=fraction,
            row=row,
            column=column,
            corner=(low, left),
            shape=(int(row.max(initial=0)) - low + 1, int(column.max(initial=0)) - left + 1),
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
            usable = np.repeat(costs.usable, np.diff(self.first))
            rows, columns = self.row[usable] - self.corner[0], self.column[usable] - self.corner[1]
            flat = rows.astype(np.int64) * self.shape[1] + columns
            counted = np.bincount(flat, minlength=self.shape[0] * self.shape[1])
            whole = np.minimum(counted, _MOST_COUNTED).astype(np.uint8).reshape(self.shape)
            self._crowds.put(costs, whole)
        low, left, high, right = window
        top, side = self.corner
        found = np.zeros((high - low, right - left), dtype=np.uint8)
        inner = whole[max(low - top, 0) : max(high - top, 0), max(left - side, 0) : max(right - side, 0)]
        at_row, at_column = max(top - low, 0), max(side - left, 0)
        found[at_row : at_row + inner.shape[0], at_column : at_column + inner.shape[1]] = inner
        return found
