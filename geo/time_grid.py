"""Travel times on a grid: the mean of the roads in a cell, and beside the roads the walk to them."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.network import RoadNetwork
from geo.road_times import Ruler, Samples, reached_roads, seconds_at
from geo.snap import RoadIndex
from geo.travel_times import TravelTimes

Singles = NDArray[np.float32]
COARSE_CELL_M = 20.0
FINE_CELL_M = 10.0
_FINE_EXTENT_M = 3500.0
ROADSIDE_M = 100.0


class Cells(NamedTuple):
    """Samples in the order of their cells, and where each cell's begin."""

    samples: Samples
    first: NDArray[np.int64]
    column: NDArray[np.int64]
    row: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeGrid:
    """Seconds by cell, row by row from the south-west corner."""

    seconds: Singles
    """Shape `(rows, columns)`; `never_s` where nothing is in reach."""
    corner_m: tuple[float, float]
    """Centre of the first cell, east and north on the index's plane."""
    cell_m: float
    never_s: float


class TimeGrids:
    """
    Lays the travel times of a search on a grid.

    Large areas use cells of 20 m whose samples are made once per profile; small ones cells of
    10 m sampled as needed.
    """

    def __init__(self, network: RoadNetwork, index: RoadIndex) -> None:
        self._network = network
        self._index = index
        self._coarse: dict[int, Cells] = {}

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

    def of(self, times: TravelTimes, *, limit_s: float) -> TimeGrid | None:
        """
        Lay out the times of a search, `None` when nothing is in reach.

        Parameters
        ----------
        times
            A search for at least `limit_s`.
        limit_s
            Times beyond this are told apart from each other no more.
        """
        search = times.search
        usable = (search.driving or search.walking).layer.costs.usable
        in_reach = reached_roads(search.walking)
        if search.driving is not None:
            in_reach |= reached_roads(search.driving)
        in_reach &= self._network.is_real_road
        if not in_reach.any():
            return None
        west, south, east, north = self._boxes_m
        low = np.array([west[in_reach].min(), south[in_reach].min()], dtype=np.float64)
        high = np.array([east[in_reach].max(), north[in_reach].max()], dtype=np.float64)
        if (high - low).max() > _FINE_EXTENT_M:
            cells, cell_m = (
                self._coarse_cells(usable, key=id((search.driving or search.walking).layer.costs)),
                COARSE_CELL_M,
            )
        else:
            nearby = (west <= high[0]) & (south <= high[1]) & (east >= low[0]) & (north >= low[1])
            chosen = np.flatnonzero((nearby & usable & self._network.is_real_road) | in_reach)
            cell_m = FINE_CELL_M
            cells = _in_cells(self._ruler.sampled(chosen, spacing_m=cell_m), cell_m)
        return _grid(cells, seconds_at(times, cells.samples), cell_m, limit_s, times.walking_mps)

    def _coarse_cells(self, usable: NDArray[np.bool_], *, key: int) -> Cells:
        if key not in self._coarse:
            chosen = np.flatnonzero(usable & self._network.is_real_road)
            samples = self._ruler.sampled(chosen, spacing_m=COARSE_CELL_M)
            self._coarse[key] = _in_cells(samples, COARSE_CELL_M)
        return self._coarse[key]


def _in_cells(samples: Samples, cell_m: float) -> Cells:
    at = np.floor(samples.points_m / cell_m).astype(np.int64)
    column, row = at.T
    order = np.lexsort((samples.road, column, row))
    column, row = column[order], row[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(column) != 0) | (np.diff(row) != 0)
    return Cells(
        samples=Samples(*(np.ascontiguousarray(array[order]) for array in samples)),
        first=np.flatnonzero(new),
        column=column[new],
        row=row[new],
    )


def _grid(
    cells: Cells, seconds: Singles, cell_m: float, limit_s: float, walking_mps: float
) -> TimeGrid | None:
    """Put the mean of each cell on a grid just large enough for what is in reach."""
    never_s = limit_s * 1.25 + 60.0
    known = np.minimum(seconds, np.float32(never_s))
    counts = np.diff(np.append(cells.first, len(known)))
    mean = np.add.reduceat(known, cells.first) / counts.astype(np.float32)
    near = mean <= limit_s
    if not near.any():
        return None
    margin = int(np.ceil(ROADSIDE_M / cell_m)) + 2
    left, low = int(cells.column[near].min()) - margin, int(cells.row[near].min()) - margin
    width = int(cells.column[near].max()) + margin + 1 - left
    height = int(cells.row[near].max()) + margin + 1 - low
    column, row = cells.column - left, cells.row - low
    inside = (column >= 0) & (row >= 0) & (column < width) & (row < height)
    field = np.full((height, width), np.float32(np.inf))
    field[row[inside], column[inside]] = mean[inside]
    return TimeGrid(
        seconds=np.minimum(_beside_roads(field, cell_m, walking_mps), np.float32(never_s)),
        corner_m=((left + 0.5) * cell_m, (low + 0.5) * cell_m),
        cell_m=cell_m,
        never_s=never_s,
    )


def _beside_roads(field: Singles, cell_m: float, walking_mps: float) -> Singles:
    """
    Spread times from cells with a road to those without, up to the roadside.

    The first ring is free, since the road may run along the edge of its cell; each further ring
    costs the walk across a cell.
    """
    empty = np.isinf(field)
    rings = max(2, round(ROADSIDE_M / cell_m))
    for ring in range(rings):
        across = field.copy()
        np.minimum(across[:, 1:], field[:, :-1], out=across[:, 1:])
        np.minimum(across[:, :-1], field[:, 1:], out=across[:, :-1])
        spread = across.copy()
        np.minimum(spread[1:], across[:-1], out=spread[1:])
        np.minimum(spread[:-1], across[1:], out=spread[:-1])
        cost = np.float32(0.0 if ring == 0 else cell_m / walking_mps)
        np.copyto(field, np.minimum(field, spread + cost), where=empty)
    return field
