"""Which cells of a grid lie within a time: those where most road is, and the roadside around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo.arrays import Bools, Bytes, Floats, Ints, Longs
from geo.isochrone.grid_roads import GridRoads
from geo.isochrone.kernels import NEVER_S, add_shares, box_of, mark_blocks, pieces_within, roads_within
from geo.isochrone.plane_roads import PlaneRoads
from geo.isochrone.road_times import RoadTimes
from geo.network.network import RoadNetwork
from geo.network.snap import RoadIndex
from geo.network.weighting import Costs
from geo.search.travel_times import TravelTimes
from geo.search.weighted_graph import WeightedGraph

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
    def _roads(self) -> PlaneRoads:
        return PlaneRoads.of(self._network, self._index)

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
        near = np.flatnonzero((road_times.soonest_s < NEVER_S) & self._is_real)
        found: dict[float, Marked | None] = {}
        inner: Marked | None = None
        for limit in sorted(set(limits_s)):
            roads, extents_m = roads_within(
                near, road_times.soonest_s, road_times.latest_s, self._roads.boxes_m, limit
            )
            if not len(roads):
                found[limit] = None
                continue
            cell_m = max(inner.cell_m if inner else CELLS_M[0], _cell_m(*extents_m))
            grid = self._grid_roads(layer, roads, extents_m[0], cell_m)
            early, late = _pieces_within(
                road_times, grid, roads, walking_mps=times.walking_mps, limit_s=limit
            )
            marked = _drawn(grid, layer.costs, early, late) if len(early) + len(late) else None
            if marked is not None and inner is not None:
                marked = marked.with_all_of(inner)
            inner = found[limit] = marked or inner
        return found

    def _grid_roads(self, layer: WeightedGraph, roads: Longs, extent_m: Floats, cell_m: float) -> GridRoads:
        if cell_m >= _CUT_WHOLE_M:
            if cell_m not in self._whole:
                self._whole[cell_m] = GridRoads.of(self._roads, self._is_real, cell_m=cell_m)
            return self._whole[cell_m]
        left, low, right, high = extent_m
        west, south, east, north = self._roads.boxes_m
        around = (west <= right + _TELLING_M) & (east >= left - _TELLING_M)
        around &= (south <= high + _TELLING_M) & (north >= low - _TELLING_M)
        around &= layer.costs.usable & self._is_real
        around[roads] = True
        return GridRoads.of(self._roads, around, cell_m=cell_m)


def _cell_m(extent_m: Floats, inner_m: Floats) -> float:
    """
    Choose the size of cells for an area.

    Parameters
    ----------
    extent_m
        West, south, east and north of all roads that have a part in it.
    inner_m
        Those of the roads that lie in it from end to end, infinite when there are none. The size goes by
        these: others may be long and hardly in it. But they are cut from end to end too, so that they
        must not be very much longer.
    """
    extent, inner = (float((some[2:] - some[:2]).max()) for some in (extent_m, inner_m))
    side_m = max(inner, extent / _TOO_LONG)
    return next(cell for cell, most in zip(CELLS_M, _EXTENTS_M, strict=True) if side_m <= most)


def _pieces_within(
    road_times: RoadTimes, grid: GridRoads, roads: Longs, *, walking_mps: float, limit_s: float
) -> tuple[Ints, Ints]:
    """Find the pieces from which even the outermost roadside is in time, and all others in time."""
    early_s = limit_s - 2 * grid.cell_m * (_rings(grid.cell_m) - 1) / walking_mps
    early, late = pieces_within(
        roads,
        grid.first,
        grid.middle,
        road_times.latest_s,
        road_times.ends_s,
        *road_times.side_s,
        early_s,
        limit_s,
    )
    for number, road in enumerate(road_times.special.tolist()):
        # The roads rise.
        if roads[min(int(np.searchsorted(roads, road)), len(roads) - 1)] == road:
            pieces = np.arange(grid.first[road], grid.first[road + 1], dtype=np.int32)
            seconds = road_times.seconds(number, grid.middle[pieces])
            early = np.append(early, pieces[seconds <= early_s])
            late = np.append(late, pieces[(seconds > early_s) & (seconds <= limit_s)])
    return early, late


def _drawn(grid: GridRoads, costs: Costs, early: Ints, late: Ints) -> Marked:
    """Mark the cells of pieces in time, at least one, and the roadside; `early` ones let all of it count."""
    inside = np.append(early, late)
    bottom, side = grid.corner
    low, left, high, right = box_of(grid.row, grid.column, inside)
    window = _window(low + bottom, left + side, high + bottom, right + side, cell_m=grid.cell_m)
    low, left = window[0] - bottom, window[1] - side
    crowd = grid.crowd(costs, window)
    blocks = np.zeros((crowd.shape[0] // 2, crowd.shape[1] // 2), dtype=np.uint8)
    if _rings(grid.cell_m) > 1:
        mark_blocks(blocks, grid.row, grid.column, early, low, left)
        for _ in range(_rings(grid.cell_m) - 1):
            blocks = _grown(blocks)
    within = np.zeros_like(crowd)
    add_shares(within, blocks, grid.row, grid.column, grid.share, inside, low, left)
    cells = _marked(_grown(blocks), within=within, crowd=crowd)
    return Marked(cells=cells, row=window[0], column=window[1], cell_m=grid.cell_m)


def _rings(cell_m: float) -> int:
    """Width of the roadside in pairs of cells."""
    return max(1, int(ROADSIDE_M // (2 * cell_m)))


def _window(low: int, left: int, high: int, right: int, *, cell_m: float) -> tuple[int, int, int, int]:
    """First row and column and one past the last of an area with its roadside, whole in coarser cells."""
    step = 2 * round(CELLS_M[-1] / cell_m)
    margin = 2 * _rings(cell_m) + 1
    low, left = ((at - margin) // step * step for at in (low, left))
    high, right = (-((-at - margin - 1) // step) * step for at in (high, right))
    return low, left, high, right


def _marked(blocks: Bytes, *, within: Bytes, crowd: Bytes) -> Bools:
    """
    Mark the cells more than half of whose road is in time, and blocks without road that is late.

    Parameters
    ----------
    blocks
        Of two by two cells: 1 where there may be time to walk to.
    within, crowd
        Length of road in time and of all usable road by cell.
    """
    # Crews get to roads on foot that the vehicle cannot use, so there may be more in time than on the whole.
    mostly = within > crowd >> 1
    late = (crowd > 0) & ~mostly
    # Of two cells side by side, two bytes, one number is made and back.
    free = blocks.view(np.bool_) & ((late[::2] | late[1::2]).view(np.uint16) == 0)
    cells: Bools = (free * np.uint16(0x0101)).view(np.bool_).repeat(2, axis=0)
    cells |= mostly
    return cells


def _grown(marked: Bytes) -> Bytes:
    """Mark the eight neighbours of every marked cell too."""
    across = marked.copy()
    across[:, 1:] |= marked[:, :-1]
    across[:, :-1] |= marked[:, 1:]
    grown = across.copy()
    grown[1:] |= across[:-1]
    grown[:-1] |= across[1:]
    return grown
