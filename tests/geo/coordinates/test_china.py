"""Offset coordinates against pairs that map services and other implementations have published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pyproj import Geod

from geo.coordinates.china import (
    EAST,
    LICENCE_NOTE,
    NORTH,
    SOUTH,
    WEST,
    LonLats,
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from geo.errors import InvalidCoordinatesError

in_china = st.tuples(st.floats(WEST + 0.1, EAST - 0.1), st.floats(SOUTH + 0.1, NORTH - 0.1))


def apart_m(a: LonLats, b: LonLats) -> float:
    return float(Geod(ellps="WGS84").inv(*a, *b)[2])


@pytest.mark.parametrize(
    ("lonlat", "shown"),
    [
        ((116.481499, 39.990475), (116.487585177952, 39.991754014757)),
        ((116.481499, 39.990375), (116.487585177952, 39.991653917101)),
    ],
)
def test_amap_shows_a_gps_place_where_its_own_manual_says(
    lonlat: tuple[float, float], shown: tuple[float, float]
) -> None:
    assert apart_m(wgs84_to_gcj02(np.array(lonlat)), np.array(shown)) < 0.05


@pytest.mark.parametrize(
    ("lonlat", "shown"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ],
)
def test_published_pairs_of_gcj02(lonlat: tuple[float, float], shown: tuple[float, float]) -> None:
    assert_allclose(wgs84_to_gcj02(np.array(lonlat)), shown, rtol=0, atol=1e-9)
    assert apart_m(gcj02_to_wgs84(np.array(shown)), np.array(lonlat)) < 0.001


def test_published_pairs_of_bd09() -> None:
    assert_allclose(
        gcj02_to_bd09(np.array([116.404, 39.915])), [116.41036949371029, 39.92133699351022], rtol=0, atol=1e-9
    )
    # The published way back is one approximate step, good to a few centimetres.
    assert (
        apart_m(bd09_to_gcj02(np.array([116.404, 39.915])), np.array([116.39762729119315, 39.90865673957631]))
        < 0.1
    )


def test_baidu_shows_a_gps_place_where_its_own_manual_says() -> None:
    shown = np.array([114.2307519546763, 29.57908428837437])
    assert apart_m(wgs84_to_bd09(np.array([114.21892734521, 29.575429778924])), shown) < 1


@given(in_china)
def test_there_and_back_ends_where_it_began(place: tuple[float, float]) -> None:
    lonlat = np.array(place)
    assert apart_m(gcj02_to_wgs84(wgs84_to_gcj02(lonlat)), lonlat) < 0.001
    assert apart_m(bd09_to_wgs84(wgs84_to_bd09(lonlat)), lonlat) < 0.001


def test_the_offset_of_the_home_city_is_hundreds_of_metres() -> None:
    home = np.array([112.985, 28.158])
    assert 100 < apart_m(home, wgs84_to_gcj02(home)) < 1_000
    assert 500 < apart_m(home, wgs84_to_bd09(home)) < 2_000


@pytest.mark.parametrize("place", [(7.42, 43.73), (-8.61, 41.15), (151.2, -33.9), (-104.9903, 39.7392)])
def test_nothing_moves_outside_china(place: tuple[float, float]) -> None:
    for convert in (
        wgs84_to_gcj02,
        gcj02_to_wgs84,
        gcj02_to_bd09,
        bd09_to_gcj02,
        wgs84_to_bd09,
        bd09_to_wgs84,
    ):
        assert tuple(convert(np.array(place))) == place


def test_many_places_at_once_give_what_each_gives_alone_and_the_input_is_left_alone() -> None:
    places = np.array([[[112.985, 28.158], [7.42, 43.73]], [[116.4, 39.9], [121.5, 31.2]]])
    before = places.copy()
    together = wgs84_to_bd09(places)
    assert together.shape == places.shape
    for index in np.ndindex(2, 2):
        assert_allclose(together[index], wgs84_to_bd09(places[index]), rtol=0, atol=1e-12)
    assert_allclose(places, before, rtol=0, atol=0)
    assert wgs84_to_gcj02(np.empty((0, 2))).shape == (0, 2)
    assert gcj02_to_wgs84(np.empty((0, 2))).shape == (0, 2)


@pytest.mark.parametrize(
    "bad", [[np.nan, 28.0], [113.0, np.inf], [181.0, 0.0], [28.0, 113.0], [1.0], [1.0, 2.0, 3.0]]
)
def test_what_is_no_longitude_and_latitude_is_refused(bad: list[float]) -> None:
    with pytest.raises(InvalidCoordinatesError):
        wgs84_to_gcj02(np.array(bad))
    with pytest.raises(InvalidCoordinatesError):
        bd09_to_wgs84(np.array(bad))


def test_the_licence_note_speaks_both_languages() -> None:
    assert "WGS 84" in LICENCE_NOTE.zh_cn
    assert "unlawful" in LICENCE_NOTE.en
