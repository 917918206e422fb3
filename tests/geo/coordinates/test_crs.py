"""Reference systems: known places in known systems, and refusal of what is not known well enough."""

import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod
from pytest import approx  # noqa: PT013 - reads as the sentence it is
from shapely.geometry import Point

from geo.coordinates.crs import SourceCrs, named_crs, pyproj_crs
from geo.errors import UnknownCrsError
from geo.formats.crs_prompt import CrsNeededError, crs_candidates
from geo.lonlat import LonLat

HOME = LonLat(112.985, 28.158)
GRS80 = Geod(ellps="GRS80")


def place(crs: SourceCrs, x: float, y: float) -> tuple[float, float]:
    [moved] = crs.to_wgs84(np.array([Point(x, y)], dtype=object))
    lon, lat = shapely.get_coordinates(moved)[0].tolist()
    return lon, lat


def test_a_point_on_the_central_meridian_of_cgcs2000_lies_its_northing_from_the_equator() -> None:
    lon, lat = place(named_crs("EPSG:4547"), 500_000, 3_116_000)
    assert lon == approx(114, abs=1e-9)
    assert GRS80.inv(114, 0, lon, lat)[2] == approx(3_116_000, abs=0.01)  # counted along the ellipsoid


def test_an_easting_with_its_zone_is_the_same_place_as_one_without() -> None:
    assert place(named_crs("EPSG:4526"), 38_400_293, 3_116_290) == approx(
        place(named_crs("EPSG:4547"), 400_293, 3_116_290), abs=1e-12
    )


def test_cgcs2000_degrees_are_taken_as_wgs84() -> None:
    assert place(named_crs("CGCS2000"), 112.985, 28.158) == (112.985, 28.158)


def test_web_mercator_by_its_own_formula() -> None:
    lon, lat = place(named_crs("3857"), 12_577_432.0, 3_269_000.0)
    assert lon == approx(np.degrees(12_577_432.0 / 6_378_137), abs=1e-9)
    assert lat == approx(np.degrees(np.arctan(np.sinh(3_269_000.0 / 6_378_137))), abs=1e-9)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("wgs 84", "EPSG:4326"),
        ("WGS-84", "EPSG:4326"),
        ("epsg:4547", "EPSG:4547"),
        ("4547", "EPSG:4547"),
        ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("CGCS2000", "EPSG:4490"),
        ("GCJ-02", "GCJ-02"),
        ("gcj02", "GCJ-02"),
        ("bd09ll", "BD-09"),
    ],
)
def test_names_as_people_write_them(written: str, name: str) -> None:
    assert named_crs(written).name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Changsha",
        "EPSG:999999",
        "EPSG:4978",
        "+proj=longlat +nadgrids=@secret",
        "EPSG:4326 ",
        "x" * 10_000,
    ],
)
def test_other_names_are_refused(text: str) -> None:
    if text == "EPSG:4326 ":
        assert named_crs(text).name == "EPSG:4326"  # a stray blank asks nothing
        return
    with pytest.raises(UnknownCrsError) as refused:
        named_crs(text)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "datum", ["EPSG:2383", "EPSG:4214"]
)  # Xi'an 1980; Beijing 1954, whose shift is known in Tarim
def test_a_datum_whose_shift_is_not_known_here_is_refused_rather_than_taken_as_it_is(datum: str) -> None:
    crs = named_crs(datum)
    x, y = (400_293.0, 3_116_290.0) if crs.crs and crs.crs.is_projected else (112.985, 28.158)
    with pytest.raises(UnknownCrsError, match="CGCS2000"):
        place(crs, x, y)


def test_a_datum_whose_shift_is_known_is_shifted() -> None:
    lon, lat = place(named_crs("EPSG:4214"), 80.0, 39.0)  # Beijing 1954 in the Tarim basin: tens of metres
    assert 20 < Geod(ellps="WGS84").inv(80.0, 39.0, lon, lat)[2] < 200


def test_a_system_that_does_not_say_where_it_is_is_unknown() -> None:
    local = CRS.from_wkt('LOCAL_CS["Undefined Cartesian SRS",UNIT["Meter",1]]')
    anywhere = CRS.from_wkt(
        'GEOGCS["GCS_unknown",DATUM["D_Unknown_based_on_GRS80_ellipsoid",SPHEROID["GRS_1980",6378137,298.257222101]],'
        'PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]'
    )
    for crs in (local, anywhere):
        with pytest.raises(UnknownCrsError):
            pyproj_crs(crs)


def test_degrees_could_be_four_things_each_elsewhere() -> None:
    candidates = crs_candidates((112.98, 28.15, 112.99, 28.166))
    assert [candidate.name for candidate in candidates] == ["EPSG:4326", "EPSG:4490", "GCJ-02", "BD-09"]
    wgs84, _, gcj02, bd09 = (candidate.centre for candidate in candidates)
    assert wgs84 == (112.985, 28.158)
    assert 100 < Geod(ellps="WGS84").inv(*wgs84, *gcj02)[2] < Geod(ellps="WGS84").inv(*wgs84, *bd09)[2]


def test_an_easting_without_its_zone_fits_every_zone_and_the_nearest_comes_first() -> None:
    bounds = (400_000.0, 3_116_000.0, 401_000.0, 3_117_000.0)
    everywhere = crs_candidates(bounds)
    assert {"EPSG:4546", "EPSG:4547"} <= {candidate.name for candidate in everywhere}
    near = crs_candidates(bounds, near=HOME)
    assert near[0].name == "EPSG:4547"
    assert near[0].centre == approx((112.98, 28.16), abs=0.02)
    assert set(near) == set(everywhere)


@pytest.mark.parametrize(
    ("x", "name"), [(38_400_000, "EPSG:4526"), (37_600_000, "EPSG:4525"), (19_690_000, "EPSG:4497")]
)
def test_an_easting_with_its_zone_fits_only_that(x: float, name: str) -> None:
    assert [candidate.name for candidate in crs_candidates((x, 3_116_000, x, 3_116_000))] == [name]


def test_a_citys_own_system_fits_nothing_and_the_question_says_so() -> None:
    assert crs_candidates((50_000, 100_000, 51_000, 101_000)) == ()
    assert "no system known" in str(CrsNeededError(()))
