"""Roads cut at the lines of a grid, against shapely's own cutting."""

from collections import Counter

import numpy as np
import pytest
import shapely

from geo.isochrone.grid_roads import GridRoads
from geo.isochrone.plane_roads import PlaneRoads
from geo.network.network import RoadNetwork
from geo.reach.model import ReachModel
from geo.testing import town

STREET = {"highway": "residential"}


def crooked_town(seed: int) -> RoadNetwork:
    """Three streets of twelve corners each, some of them on lines of the grid or along them."""
    rng = np.random.default_rng(seed)
    streets = []
    for _ in range(3):
        corners = rng.integers(-400, 400, (12, 2)) / 2.0
        corners[3:6] = np.round(corners[3:6], -1)
        corners[5, 0] = corners[4, 0]
        streets.append(([(x, y) for x, y in corners.tolist()], STREET))
    return town(streets)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("cell_m", [2.5, 10.0, 40.0])
def test_every_cell_has_the_length_of_road_that_lies_in_it(seed: int, cell_m: float) -> None:
    network = crooked_town(seed)
    plane = PlaneRoads.of(network, ReachModel(network).ground.index)
    cut = GridRoads.of(plane, np.ones(network.n_roads, dtype=bool), cell_m=cell_m)
    for road in range(network.n_roads):
        line = shapely.LineString(plane.metres[plane.first[road] : plane.first[road + 1]])
        pieces = range(int(cut.first[road]), int(cut.first[road + 1]))
        eighths: Counter[tuple[int, int]] = Counter()
        number: Counter[tuple[int, int]] = Counter()
        for piece in pieces:
            cell = (int(cut.row[piece]) + cut.corner[0], int(cut.column[piece]) + cut.corner[1])
            eighths[cell] += int(cut.share[piece])
            number[cell] += 1
            middle = line.interpolate(float(cut.middle[piece]), normalized=True)
            assert square(cell, cell_m).distance(middle) < 0.01
        for cell, share in eighths.items():
            inside_m = line.intersection(square(cell, cell_m)).length
            # Each piece is rounded to an eighth, and to one when it is shorter.
            assert share / 8 * cell_m == pytest.approx(inside_m, abs=cell_m / 8 * number[cell])
        begin = 0.0
        for piece in pieces:
            end = 2 * float(cut.middle[piece]) - begin
            length_m = (end - begin) * line.length
            assert max(length_m, cell_m / 8) == pytest.approx(cut.share[piece] / 8 * cell_m, abs=cell_m / 15)
            begin = end
        assert begin == pytest.approx(1.0, abs=1e-4)
        held = shapely.union_all([square(cell, cell_m) for cell in eighths])
        assert line.difference(held.buffer(0.001)).is_empty


def square(cell: tuple[int, int], cell_m: float) -> shapely.Polygon:
    row, column = cell
    return shapely.box(column * cell_m, row * cell_m, (column + 1) * cell_m, (row + 1) * cell_m)
