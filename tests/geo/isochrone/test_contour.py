"""Outlines of cells, whatever the cells."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray
from scipy.ndimage import label

from geo.isochrone.contour import outline
from tests import examples

Cells = NDArray[np.bool_]


def drawn(cells: Cells) -> shapely.MultiPolygon:
    found = outline(cells)
    polygons = np.array([0, len(found.polygons) - 1])
    kind = shapely.GeometryType.MULTIPOLYGON
    [made] = shapely.from_ragged_array(kind, found.points, (found.rings, found.polygons, polygons))
    return made


@settings(max_examples=examples.number(120))
@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9)))
def test_the_outline_of_any_cells_is_valid_and_holds_exactly_them(cells: Cells) -> None:
    found = drawn(cells)
    assert found.is_valid
    rows, columns = np.mgrid[: cells.shape[0], : cells.shape[1]]
    held = shapely.contains_xy(found, columns + 0.5, rows + 0.5)
    assert np.array_equal(held, cells)
    assert len(found.geoms) == label(cells)[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_large_ragged_area_with_islands_in_its_lakes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = np.kron(rng.random((40, 40)) < 0.6, np.ones((3, 3))).astype(bool) & (rng.random((120, 120)) < 0.9)
    found = drawn(cells)
    assert found.is_valid
    assert len(found.geoms) == label(cells)[1]
    holes = sum(len(polygon.interiors) for polygon in found.geoms)
    around = np.pad(~cells, 1, constant_values=True)
    assert holes == label(around, structure=np.ones((3, 3)))[1] - 1


def test_an_island_in_a_lake_is_a_polygon_of_its_own() -> None:
    cells = np.ones((7, 7), dtype=bool)
    cells[1:6, 1:6] = False
    cells[3, 3] = True
    areas = sorted((polygon.area, len(polygon.interiors)) for polygon in drawn(cells).geoms)
    assert [holes for _, holes in areas] == [0, 1]
    assert areas[0][0] < 1 < areas[1][0]


def test_no_cells_have_no_outline() -> None:
    assert drawn(np.zeros((3, 3), dtype=bool)).is_empty


@given(st.integers(1, 6), st.integers(1, 6))
def test_only_the_corners_are_cut(rows: int, columns: int) -> None:
    [polygon] = drawn(np.ones((rows, columns), dtype=bool)).geoms
    assert polygon.area == pytest.approx(rows * columns - 4 * 0.3 * 0.3 / 2)
    assert polygon.bounds == (0, 0, columns, rows)
