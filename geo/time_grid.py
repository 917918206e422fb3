"""Which cells of a grid lie within a time: those where most road is, and the roadside around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.network import RoadNetwork
from geo.profiles import MobilityProfile
from geo.road_times import RoadTimes, Ruler, Samples
from geo.snap import RoadIndex
from geo.travel_times import TravelTimes

Singles = NDArray[np.float32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
COARSE_CELL_M = 20.0
_FINER = ((5.0, 3500.0), (10.0, 8000.0))
"""Smaller cells, and the extent up to which they are used."""
_MIDDLING_M = 5000.0
_SLOW_KPH = 20.0
_SAMPLES_A_CELL = 3.0
ROADSIDE_M = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """All usable road on a grid."""

    cell_m: float
    row: int
    column: int
    """Of the first cell, counted from the origin of the index's plane."""
    crowd: NDArray[np.uint16]
    """Samples of usable road by cell, shape `(rows, columns)`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marked:
    """Cells within a time."""

    cells: Bools
    corner_m: tuple[float, float]
    """South-west corner of the first cell, east and north on the index's plane."""
    cell_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeGrid:
    """The road in reach on a grid: a row and column of `grid`, and the seconds, of each sample."""

    grid: Grid
    row: Longs
    column: Longs
    seconds: Singles
    walking_mps: float

    def within(self, limit_s: float) -> Marked | None:
        """
        Mark the cells within a time, `None` when there are none.

        A cell with road is marked when at least half of its road is within the time. Cells without are
        marked up to the roadside, if there is time left to walk there; the ring next to the road is
        free, since the road may run along the edge of its cell.
        """
        near = self.seconds <= limit_s
        if not near.any():
            return None
        row, column, seconds = self.row[near], self.column[near], self.seconds[near]
        cell_m, (rows, columns) = self.grid.cell_m, self.grid.crowd.shape
        rings = max(2, round(ROADSIDE_M / cell_m))
        low, left = max(int(row.min()) - rings, 0), max(int(column.min()) - rings, 0)
        high, right = min(int(row.max()) + rings, rows - 1), min(int(column.max()) + rings, columns - 1)
        crowd = self.grid.crowd[low : high + 1, left : right + 1]
        flat = (row - low) * crowd.shape[1] + (column - left)
        marked = np.zeros(crowd.shape, dtype=bool)
        for ring in range(rings - 1, -1, -1):
            marked.ravel()[flat[seconds <= limit_s - ring * cell_m / self.walking_mps]] = True
            marked = _grown(marked)
        within = np.zeros(crowd.shape, dtype=np.uint16)
        np.add.at(within.ravel(), flat, np.uint16(1))
        marked &= crowd == 0
        marked |= (within > 0) & (2 * within >= crowd)
        corner_m = (self.grid.column + left) * cell_m, (self.grid.row + low) * cell_m
        return Marked(cells=marked, corner_m=corner_m, cell_m=cell_m)


class TimeGrids:
    """
    Lays the travel times of searches on grids.

    Large areas use cells of 20 m, whose samples are made once; small ones cells of 5 or 10 m
    sampled as needed.
    """

    def __init__(self, network: RoadNetwork, index: RoadIndex) -> None:
        self._network = network
        self._index = index
        self._grids: dict[int, Grid] = {}

    @cached_property
    def _ruler(self) -> Ruler:
        return Ruler.of(self._network, self._index)

    @cached_property
    def _boxes_m(self) -> Singles:
        """West, south, east and north of every road, shape `(4, n_roads)`."""
        starts = self._network.road_start[:-1]
        metres = self._ruler.metres
        low, high = np.minimum.reduceat(metres, starts), np.maximum.reduceat(metres, starts)
        return np.ascontiguousarray(np.concatenate([low, high], axis=1).T.astype(np.float32))

    @cached_property
    def _coarse(self) -> Samples:
        real = np.flatnonzero(self._network.is_real_road)
        return self._ruler.sampled(real, spacing_m=COARSE_CELL_M / _SAMPLES_A_CELL)

    @cached_property
    def _coarse_first(self) -> Longs:
        """Where the samples of each road begin, and one past the last."""
        return np.searchsorted(self._coarse.road, np.arange(self._network.n_roads + 1))

    def of(self, times: TravelTimes, limits_s: Sequence[float]) -> dict[float, Marked | None]:
        """
        Mark what lies within each of some times.

        Parameters
        ----------
        times
            A search for at least the longest of `limits_s`.
        limits_s
            In seconds; `None` is given for those within which nothing lies.
        """
        search = times.search
        layer = (search.driving or search.walking).layer
        road_times = RoadTimes(times)
        in_reach = road_times.reached & self._network.is_real_road
        samples = self._coarse.some(_ragged(self._coarse_first, np.flatnonzero(in_reach)))
        seconds = road_times.seconds(samples)
        coarse = _laid_out(
            self._coarse_grid(layer.costs.usable, key=id(layer.costs)), samples, seconds, times.walking_mps
        )
        finer: TimeGrid | None = None
        found: dict[float, Marked | None] = {}
        for limit in sorted(limits_s, reverse=True):
            near = samples.points_m[seconds <= limit]
            cell_m = _cell_m(near, layer.costs.profile)
            if cell_m == COARSE_CELL_M:
                found[limit] = coarse.within(limit)
                continue
            # Shorter times lie inside the window of the longest, unless they call for smaller cells.
            if finer is None or finer.grid.cell_m != cell_m:
                usable = (layer.costs.usable | in_reach) & self._network.is_real_road
                around = self._around(near, usable, cell_m)
                reached = around.some(np.flatnonzero(in_reach[around.road]))
                grid = _grid_of(around.points_m, cell_m)
                finer = _laid_out(grid, reached, road_times.seconds(reached), times.walking_mps)
            found[limit] = finer.within(limit)
        return found

    def _around(self, points_m: Singles, usable: Bools, cell_m: float) -> Samples:
        """Sample the usable roads in a window around some points."""
        low, high = points_m.min(axis=0) - ROADSIDE_M, points_m.max(axis=0) + ROADSIDE_M
        west, south, east, north = self._boxes_m
        nearby = (west <= high[0]) & (south <= high[1]) & (east >= low[0]) & (north >= low[1])
        found = self._ruler.sampled(np.flatnonzero(nearby & usable), spacing_m=cell_m / _SAMPLES_A_CELL)
        inside = ((found.points_m >= low) & (found.points_m <= high)).all(axis=1)
        return found.some(np.flatnonzero(inside))

    def _coarse_grid(self, usable: Bools, *, key: int) -> Grid:
        if key not in self._grids:
            frame = _grid_of(self._coarse.points_m, COARSE_CELL_M)
            points = self._coarse.points_m[usable[self._coarse.road]]
            self._grids[key] = _grid_of(points, COARSE_CELL_M, frame=frame)
        return self._grids[key]


def _cell_m(points_m: Singles, profile: MobilityProfile) -> float:
    """
    Choose the size of cells: some two seconds of travel, larger where the area is large.

    The edge of what is in reach is only as sharp as a cell.
    """
    if not len(points_m):
        return COARSE_CELL_M
    extent_m = float((points_m.max(axis=0) - points_m.min(axis=0)).max())
    slow = profile.speed_kph("residential") <= _SLOW_KPH
    fitting = [cell_m for cell_m, most_m in _FINER if extent_m <= most_m and (slow or most_m < _MIDDLING_M)]
    return fitting[0] if fitting else COARSE_CELL_M


def _laid_out(grid: Grid, samples: Samples, seconds: Singles, walking_mps: float) -> TimeGrid:
    at = np.floor(samples.points_m / np.float32(grid.cell_m)).astype(np.int64)
    return TimeGrid(
        grid=grid,
        column=at[:, 0] - grid.column,
        row=at[:, 1] - grid.row,
        seconds=seconds,
        walking_mps=walking_mps,
    )


def _ragged(first: Longs, chosen: Longs) -> Longs:
    start, count = first[chosen], first[chosen + 1] - first[chosen]
    offset = np.cumsum(count) - count
    return np.asarray(np.arange(int(count.sum())) + np.repeat(start - offset, count))


def _grid_of(points_m: Singles, cell_m: float, *, frame: Grid | None = None) -> Grid:
    """Count samples by cell, on the grid that just holds them and the roadside or on a given one."""
    at = np.floor(points_m / np.float32(cell_m)).astype(np.int64)
    margin = round(ROADSIDE_M / cell_m) + 2
    if frame is None:
        column, row = (at.min(axis=0) - margin).tolist()
        columns, rows = (at.max(axis=0) + margin + 1 - (column, row)).tolist()
    else:
        column, row, (rows, columns) = frame.column, frame.row, frame.crowd.shape
    crowd = np.zeros((rows, columns), dtype=np.uint16)
    np.add.at(crowd.ravel(), (at[:, 1] - row) * columns + at[:, 0] - column, np.uint16(1))
    return Grid(cell_m=cell_m, row=row, column=column, crowd=crowd)


def _grown(marked: Bools) -> Bools:
    """Mark the eight neighbours of every marked cell too."""
    across = marked.copy()
    across[:, 1:] |= marked[:, :-1]
    across[:, :-1] |= marked[:, 1:]
    grown = across.copy()
    grown[1:] |= across[:-1]
    grown[:-1] |= across[1:]
    return grown
