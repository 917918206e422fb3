"""Which cells of a grid lie within a time: those where most road is, and the roadside around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.layer import Layer
from geo.network import RoadNetwork
from geo.road_times import RoadTimes, Ruler
from geo.samples import Samples
from geo.snap import RoadIndex
from geo.travel_times import TravelTimes

Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
CELLS_M = (2.5, 5.0, 10.0, 20.0, 40.0)
"""Each is twice the one before, so that cells of one size make up cells of the next."""
_EXTENTS_M = (1200.0, 2500.0, 7000.0, 22000.0, np.inf)
"""Largest extent of an area for which each size of cells is used."""
_SAMPLED_WHOLE_M = 10.0
"""Smaller cells than this are sampled around an area, larger ones once for the whole network."""
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
        self._whole: dict[float, Samples] = {}

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
        low, high = self._extent_m(roads)
        inner = roads[road_times.latest_s[roads] <= limit_s]
        inner_low, inner_high = self._extent_m(inner) if len(inner) else (low, low)
        cell_m = max(least_m, _cell_m(float((inner_high - inner_low).max())))
        samples = self._samples(layer, near, low, high, cell_m)
        spare_s = (ROADSIDE_M - cell_m) / walking_mps
        # Most roads are in time from end to end: only the others are looked at point by point.
        count, points = samples.on(roads)
        latest = road_times.latest_s[roads]
        in_time = np.repeat(latest <= limit_s, count)
        to_spare = np.repeat(latest <= limit_s - spare_s, count)
        partly = np.flatnonzero(latest > limit_s - spare_s)
        some, at = roads[partly], np.flatnonzero(~to_spare)
        seconds = road_times.seconds(some, count[partly])
        in_time[at], to_spare[at] = seconds <= limit_s, seconds <= limit_s - spare_s
        if not in_time.any():
            return None
        inside = points[in_time]
        row = samples.row[inside].astype(np.int32) + samples.corner[0]
        column = samples.column[inside].astype(np.int32) + samples.corner[1]
        window = _window(row, column, cell_m)
        crowd = samples.crowd(layer.costs, window)
        flat = (row - window[0]).astype(np.int64) * crowd.shape[1] + (column - window[1])
        cells = _marked(flat, to_spare[in_time], crowd, rings=max(2, round(ROADSIDE_M / cell_m)))
        return Marked(cells=cells, row=window[0], column=window[1], cell_m=cell_m)

    def _extent_m(self, roads: Longs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        west, south, east, north = self._ruler.boxes_m
        low = np.array([west[roads].min(), south[roads].min()])
        return low, np.array([east[roads].max(), north[roads].max()])

    def _samples(
        self,
        layer: Layer,
        near: Bools,
        low: NDArray[np.float64],
        high: NDArray[np.float64],
        cell_m: float,
    ) -> Samples:
        if cell_m >= _SAMPLED_WHOLE_M:
            if cell_m not in self._whole:
                real = np.flatnonzero(self._is_real)
                self._whole[cell_m] = Samples.of(self._ruler, real, cell_m=cell_m)
            return self._whole[cell_m]
        west, south, east, north = self._ruler.boxes_m
        around = (west <= high[0] + _TELLING_M) & (east >= low[0] - _TELLING_M)
        around &= (south <= high[1] + _TELLING_M) & (north >= low[1] - _TELLING_M)
        around &= layer.costs.usable & self._is_real
        return Samples.of(self._ruler, np.flatnonzero(around | near), cell_m=cell_m)


def _cell_m(extent_m: float) -> float:
    fitting = (cell_m for cell_m, most_m in zip(CELLS_M, _EXTENTS_M, strict=True) if extent_m <= most_m)
    return next(fitting)


def _window(row: NDArray[np.int32], column: NDArray[np.int32], cell_m: float) -> tuple[int, int, int, int]:
    """First row and column and one past the last of an area with its roadside, whole in coarser cells."""
    step = round(CELLS_M[-1] / cell_m)
    margin = max(2, round(ROADSIDE_M / cell_m)) + 1
    low, left = ((int(some.min()) - margin) // step * step for some in (row, column))
    high, right = (-((-int(some.max()) - margin - 1) // step) * step for some in (row, column))
    return low, left, high, right


def _marked(flat: Longs, to_spare: Bools, crowd: NDArray[np.uint8], *, rings: int) -> Bools:
    """
    Mark the cells within a time.

    A cell with road is marked when at least half of its road is within the time. Cells without are
    marked up to the roadside, if there is time left to walk there; the ring next to the road is
    free, since the road may run along the edge of its cell.

    Parameters
    ----------
    flat
        Cells of the points in time.
    to_spare
        By point: there is time left to walk to the roadside.
    crowd
        Points on usable road by cell.
    rings
        Width of the roadside in cells.
    """
    beside = np.zeros(crowd.shape, dtype=bool)
    beside.ravel()[flat[to_spare]] = True
    for _ in range(rings - 1):
        beside = _grown(beside)
    beside.ravel()[flat] = True
    beside = _grown(beside)
    within = np.zeros_like(crowd)
    np.add.at(within.ravel(), flat, np.uint8(1))
    # Crews get to roads on foot that the vehicle cannot use, so there may be more in time than on the whole.
    most = np.maximum(crowd, within)
    beside |= within > 0
    beside &= most - within <= within
    return beside


def _grown(marked: Bools) -> Bools:
    """Mark the eight neighbours of every marked cell too."""
    across = marked.copy()
    across[:, 1:] |= marked[:, :-1]
    across[:, :-1] |= marked[:, 1:]
    grown = across.copy()
    grown[1:] |= across[:-1]
    grown[:-1] |= across[1:]
    return grown
