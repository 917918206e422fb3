"""Which cells of a grid lie within a time: those where most road is, and the roadside around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.grid_roads import GridRoads
from geo.layer import Layer
from geo.network import RoadNetwork
from geo.road_times import RoadTimes, Ruler
from geo.snap import RoadIndex
from geo.travel_times import TravelTimes

Longs = NDArray[np.int64]
Counts = NDArray[np.uint8]
Bools = NDArray[np.bool_]
CELLS_M = (2.5, 5.0, 10.0, 20.0, 40.0)
"""Each is twice the one before, so that cells of one size make up cells of the next."""
_EXTENTS_M = (1200.0, 2000.0, 6000.0, 16000.0, np.inf)
"""Largest extent of an area for which each size of cells is used."""
_TOO_LONG = 4.0
"""Roads that are only partly in an area may extend so many times as far as an area of this size."""
_CUT_WHOLE_M = 10.0
"""Roads are cut at the lines of smaller cells than this around an area, of larger ones once for all."""
ROADSIDE_M = 60.0
_TELLING_M = 150.0
"""What lies this far around an area can tell whether a cell at its edge is mostly in time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marked:
    """Cells within a time."""

    cells: Bools
    row: int
    column: int
    """Of the first cell, counted from the origin of the index's plane; even in every coarser size."""
    cell_m: float

    @property
    def corner_m(self) -> tuple[float, float]:
        """South-west corner of the first cell, east and north on the index's plane."""
        return self.column * self.cell_m, self.row * self.cell_m

    def coarser(self) -> "Marked":
        """Mark the cells of twice the size of which any part is marked."""
        across = self.cells[:, ::2] | self.cells[:, 1::2]
        cells = across[::2] | across[1::2]
        return Marked(cells=cells, row=self.row // 2, column=self.column // 2, cell_m=2 * self.cell_m)

    def with_all_of(self, inner: "Marked") -> "Marked":
        """Mark also what is marked in a smaller area, whose cells are no larger."""
        while inner.cell_m < self.cell_m:
            inner = inner.coarser()
        rows, columns = inner.cells.shape
        low, left = min(self.row, inner.row), min(self.column, inner.column)
        high = max(self.row + self.cells.shape[0], inner.row + rows)
        right = max(self.column + self.cells.shape[1], inner.column + columns)
        cells = np.zeros((high - low, right - left), dtype=bool)
        for one in (self, inner):
            part = cells[one.row - low :, one.column - left :]
            part[: one.cells.shape[0], : one.cells.shape[1]] |= one.cells
        return Marked(cells=cells, row=low, column=left, cell_m=self.cell_m)


class TimeGrids:
    """
    Lays the travel times of searches on grids.

    The larger an area, the larger its cells: its edge takes up less of it.
    """

    def __init__(self, network: RoadNetwork, index: RoadIndex) -> None:
        self._network = network
        self._index = index
        self._whole: dict[float, GridRoads] = {}

    @cached_property
    def _ruler(self) -> Ruler:
        return Ruler.of(self._network, self._index)

    @cached_property
    def _is_real(self) -> Bools:
        return self._network.is_real_road

    def of(self, times: TravelTimes, limits_s: Sequence[float]) -> dict[float, Marked | None]:
        """
        Mark what lies within each of some times; a longer time holds all that a shorter one does.

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
        found: dict[float, Marked | None] = {}
        inner: Marked | None = None
        for limit in sorted(set(limits_s)):
            least_m = inner.cell_m if inner else CELLS_M[0]
            marked = self._within(road_times, layer, limit, walking_mps=times.walking_mps, least_m=least_m)
            if marked is not None and inner is not None:
                marked = marked.with_all_of(inner)
            inner = found[limit] = marked or inner
        return found

    def _within(
        self, road_times: RoadTimes, layer: Layer, limit_s: float, *, walking_mps: float, least_m: float
    ) -> Marked | None:
        near = (road_times.soonest_s <= limit_s) & self._is_real
        roads = np.flatnonzero(near)
        if not len(roads):
            return None
        latest = road_times.latest_s[roads]
        cell_m = max(least_m, self._cell_m(roads, latest <= limit_s))
        grid = self._grid_roads(layer, near, roads, cell_m)
        # Most roads are in time from end to end: only the others are looked at piece by piece.
        early_s = limit_s - 2 * cell_m * (_rings(cell_m) - 1) / walking_mps
        _, early = grid.on(roads[latest <= early_s])
        others = roads[latest > early_s]
        count, pieces = grid.on(others)
        seconds = road_times.seconds(others, count, grid.middle[pieces])
        inside = np.concatenate([early, pieces[seconds <= early_s]])
        n_early = len(inside)
        inside = np.concatenate([inside, pieces[(seconds > early_s) & (seconds <= limit_s)]])
        if not len(inside):
            return None
        row = grid.row[inside].astype(np.int64) + grid.corner[0]
        column = grid.column[inside].astype(np.int64) + grid.corner[1]
        window = _window(row, column, cell_m)
        cells = _marked(
            row - window[0],
            column - window[1],
            grid.share[inside],
            n_early=n_early,
            crowd=grid.crowd(layer.costs, window),
            rings=_rings(cell_m),
        )
        return Marked(cells=cells, row=window[0], column=window[1], cell_m=cell_m)

    def _extent_m(self, roads: Longs) -> tuple[float, float, float, float]:
        west, south, east, north = self._ruler.boxes_m
        least = float(west[roads].min()), float(south[roads].min())
        return *least, float(east[roads].max()), float(north[roads].max())

    def _cell_m(self, roads: Longs, is_inner: Bools) -> float:
        """
        Choose the size of cells for an area.

        Parameters
        ----------
        roads
            All that have a part in it.
        is_inner
            Which of them lie in it from end to end. The size goes by these: others may be long and hardly
            in it. But they are cut from end to end too, so that they must not be very much longer.
        """
        inner = roads[is_inner]
        extent_m = self._larger_side_m(inner) if len(inner) else 0.0
        extent_m = max(extent_m, self._larger_side_m(roads) / _TOO_LONG)
        return next(cell for cell, most in zip(CELLS_M, _EXTENTS_M, strict=True) if extent_m <= most)

    def _larger_side_m(self, roads: Longs) -> float:
        left, low, right, high = self._extent_m(roads)
        return max(right - left, high - low)

    def _grid_roads(self, layer: Layer, near: Bools, roads: Longs, cell_m: float) -> GridRoads:
        if cell_m >= _CUT_WHOLE_M:
            if cell_m not in self._whole:
                real = np.flatnonzero(self._is_real)
                self._whole[cell_m] = GridRoads.of(self._ruler, real, cell_m=cell_m)
            return self._whole[cell_m]
        left, low, right, high = self._extent_m(roads)
        west, south, east, north = self._ruler.boxes_m
        around = (west <= right + _TELLING_M) & (east >= left - _TELLING_M)
        around &= (south <= high + _TELLING_M) & (north >= low - _TELLING_M)
        around &= layer.costs.usable & self._is_real
        return GridRoads.of(self._ruler, np.flatnonzero(around | near), cell_m=cell_m)


def _rings(cell_m: float) -> int:
    """Width of the roadside in pairs of cells."""
    return max(1, int(ROADSIDE_M // (2 * cell_m)))


def _window(row: Longs, column: Longs, cell_m: float) -> tuple[int, int, int, int]:
    """First row and column and one past the last of an area with its roadside, whole in coarser cells."""
    step = 2 * round(CELLS_M[-1] / cell_m)
    margin = 2 * _rings(cell_m) + 1
    low, left = ((int(some.min()) - margin) // step * step for some in (row, column))
    high, right = (-((-int(some.max()) - margin - 1) // step) * step for some in (row, column))
    return low, left, high, right


def _marked(  # noqa: PLR0913 - all by keyword
    row: Longs, column: Longs, share: Counts, *, n_early: int, crowd: Counts, rings: int
) -> Bools:
    """
    Mark the cells within a time.

    A cell with road is marked when more than half of its road is within the time. The roadside is
    marked in blocks of two by two cells without road that is late: as far as there is time left to
    walk, and always next to a road, since it may run along the edge of its cell.

    Parameters
    ----------
    row, column, share
        Pieces of road in time: their cells and lengths.
    n_early
        So many of them, the first, leave time to walk to the outermost ring.
    crowd
        Length of usable road by cell.
    rings
        Width of the roadside in blocks.
    """
    blocks = np.zeros((crowd.shape[0] // 2, crowd.shape[1] // 2), dtype=bool)
    block = (row >> 1) * blocks.shape[1] + (column >> 1)
    if rings > 1:
        blocks.ravel()[block[:n_early]] = True
        for _ in range(rings - 1):
            blocks = _grown(blocks)
    blocks.ravel()[block] = True
    blocks = _grown(blocks)
    within = np.zeros_like(crowd)
    cell = row * crowd.shape[1] + column
    np.add.at(within.ravel(), cell, share)
    # Crews get to roads on foot that the vehicle cannot use, so there may be more in time than on the whole.
    mostly = cell[within.ravel()[cell] > crowd.ravel()[cell] // 2]
    late = crowd > 0
    late.ravel()[mostly] = False
    # Of two cells side by side, two bytes, one number is made and back.
    blocks &= (late[::2] | late[1::2]).view(np.uint16) == 0
    cells = (blocks * np.uint16(0x0101)).view(np.bool_).repeat(2, axis=0)
    cells.ravel()[mostly] = True
    return cells


def _grown(marked: Bools) -> Bools:
    """Mark the eight neighbours of every marked cell too."""
    across = marked.copy()
    across[:, 1:] |= marked[:, :-1]
    across[:, :-1] |= marked[:, 1:]
    grown = across.copy()
    grown[1:] |= across[:-1]
    grown[:-1] |= across[1:]
    return grown
