"""Isochrones against the travel times of road points."""

import tracemalloc
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geo.errors import InvalidLimitError, NoRoadNearbyError
from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.network.network import RoadNetwork
from geo.osm.roads import OsmRoads
from geo.reach.isochrones import Isochrone, isochrones
from geo.reach.model import ReachModel
from geo.search.travel_times import TravelTimes
from geo.testing import at, town

LIMITS_S = (300.0, 600.0, 900.0)
Points = NDArray[np.float64]
Bools = NDArray[np.bool_]
STREET = {"highway": "residential", "width": "6"}


def road_points(
    network: RoadNetwork, usable: Bools, count: int, *, seed: int, near: LonLat | None = None
) -> Points:
    """
    Points spread evenly over the length of the usable roads, found without the library's own sampling.

    `near` takes only roads that come within 3 km of a place at one of their vertices.
    """
    rng = np.random.default_rng(seed)
    weight = network.road_length_m * network.is_real_road * usable
    if near is not None:
        east, north = ((network.vertices / 1e7 - (near.lon, near.lat)) * (90_000.0, 111_000.0)).T
        nearest_m = np.minimum.reduceat(np.hypot(east, north), network.road_start[:-1])
        weight = weight * (nearest_m < 3000.0)
    roads = rng.choice(network.n_roads, count, p=weight / weight.sum())
    lines = [shapely.LineString(network.coordinates(road)) for road in roads.tolist()]
    points = shapely.line_interpolate_point(np.array(lines), rng.random(count), normalized=True)
    return shapely.get_coordinates(points)


def inside(found: Isochrone, points: Points) -> Bools:
    shapely.prepare(found.geometry)
    return shapely.contains_xy(found.geometry, points[:, 0], points[:, 1])


def seconds_of(times: TravelTimes, points: Points) -> Points:
    return times.seconds_from([LonLat(float(lon), float(lat)) for lon, lat in points])


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "profile", "share"),
    [
        ("bengbu-2017", "fire_engine", 0.98),
        ("bengbu-2017", "foot", 0.98),
        ("changsha-roads-2019", "car", 0.98),
        ("changsha-roads-2019", "ebike", 0.98),
        # Monaco's paths lie on top of one another on lifts, terraces and roofs; a map is flat. With cells
        # of 2.5 m five minutes from 12 places come to 0.995 and 0.974, ten and fifteen to 0.982 and more.
        ("monaco-2021", "foot", 0.97),
    ],
)
def test_what_is_inside_is_in_time_and_what_is_in_time_is_inside(
    extract: Callable[[str], OsmRoads], name: str, profile: str, share: float
) -> None:
    network = extract(name).network
    model = ReachModel(network)
    usable = model.ground.layers.costs(model.profiles[profile]).usable
    places = [LonLat(*map(float, point)) for point in road_points(network, usable, 4, seed=1)]
    hits = {limit: np.zeros(3, dtype=int) for limit in LIMITS_S}
    for number, place in enumerate(places):
        found = isochrones(model, [place], profile=profile, limits_s=LIMITS_S)
        times = model.travel_times([place], profile=profile, limit_s=1800)
        near = place if profile in {"foot", "ebike"} else None
        points = road_points(network, usable, 4000, seed=10 + number, near=near)
        seconds = seconds_of(times, points)
        for one in found:
            assert one.geometry.is_valid
            within, in_time = inside(one, points), seconds <= one.limit_s
            hits[one.limit_s] += ((within & in_time).sum(), within.sum(), in_time.sum())
    for limit, (both, within, in_time) in hits.items():
        assert in_time > 40
        assert both / within >= share, limit
        assert both / in_time >= share, limit


def assert_nested(bands: Sequence[Isochrone]) -> None:
    for smaller, larger in pairwise(bands):
        assert smaller.geometry.area < larger.geometry.area
        # A millionth of a square metre is what rounding to degrees may leave.
        assert smaller.geometry.difference(larger.geometry).area < 1e-16


def test_each_band_lies_in_the_next(grid_town: ReachModel) -> None:
    assert_nested(isochrones(grid_town, [at(0, 0)], profile="foot", limits_s=[100, 200, 400]))


@pytest.mark.shared_data
@pytest.mark.parametrize("profile", ["car", "ebike"])
def test_each_band_lies_in_the_next_though_its_cells_are_smaller(
    extract: Callable[[str], OsmRoads], profile: str
) -> None:
    network = extract("changsha-roads-2019").network
    model = ReachModel(network)
    usable = model.ground.layers.costs(model.profiles[profile]).usable
    for lon, lat in road_points(network, usable, 2, seed=2):
        place = LonLat(float(lon), float(lat))
        assert_nested(isochrones(model, [place], profile=profile, limits_s=[200, 300, 600, 620]))


def test_the_limits_come_back_in_the_order_asked(grid_town: ReachModel) -> None:
    bands = isochrones(grid_town, [at(0, 0)], profile="car", limits_s=[60, 20, 40])
    assert [band.limit_s for band in bands] == [60, 20, 40]
    assert isochrones(grid_town, [at(0, 0)], profile="car", limits_s=[]) == ()


def test_the_middle_of_a_large_block_is_a_hole() -> None:
    block = town([([(0, 0), (1200, 0), (1200, 1200), (0, 1200), (0, 0)], STREET)])
    [band] = isochrones(ReachModel(block), [at(0, 0)], profile="car", limits_s=[900])
    assert len(band.geometry.geoms) == 1
    assert len(band.geometry.geoms[0].interiors) == 1
    assert not band.geometry.covers(shapely.Point(at(600, 600).lon, at(600, 600).lat))
    assert band.geometry.covers(shapely.Point(at(600, 1200).lon, at(600, 1200).lat))


@pytest.mark.parametrize(("side_roads", "covered"), [(0, True), (3, False)])
def test_a_cell_belongs_to_the_area_when_most_of_its_road_is_in_time(
    side_roads: int,
    covered: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    trunk = ([(0, 0), (20_000, 0)], {"highway": "trunk", "maxspeed": "90"})
    # They lead from the far end back along the trunk, a few metres from it, and are late.
    late = [([(0, 0), (0, -2 * i), (3000, -2 * i)], STREET) for i in range(1, side_roads + 1)]
    # It shifts the grid, whose middle is that of the roads, so that all of them lie in one row of cells.
    across = ([(20_000, 0), (20_000, 30)], STREET)
    model = ReachModel(town([trunk, across, *late]))
    [band] = isochrones(model, [at(20_000, 30)], profile="car", limits_s=[1230])
    seconds = model.travel_times([at(20_000, 30)], profile="car", limit_s=2000).seconds_from(
        [at(1500, 0), *(at(1500, -2 * i) for i in range(1, side_roads + 1))]
    )
    assert seconds[0] < 1230
    assert (seconds[1:] > 1230).all()
    beside = shapely.Point(at(1500, 0).lon, at(1500, 0).lat)
    assert band.geometry.covers(beside) == covered


def test_a_one_way_makes_the_way_out_differ_from_the_way_in() -> None:
    street = town([([(0, 0), (3000, 0)], {**STREET, "oneway": "yes"})])
    model = ReachModel(street)
    [towards] = isochrones(model, [at(1500, 0)], profile="car", limits_s=[120])
    [away] = isochrones(model, [at(1500, 0)], profile="car", limits_s=[120], outbound=True)
    west, east = (shapely.Point(at(x, 0).lon, 28.0) for x in (1000, 2000))
    assert (towards.geometry.covers(west), towards.geometry.covers(east)) == (True, False)
    assert (away.geometry.covers(west), away.geometry.covers(east)) == (False, True)


def test_going_out_the_crew_walks_on_from_where_the_engine_stops(grid_town: ReachModel) -> None:
    alley_end = shapely.Point(at(200, 175).lon, at(200, 175).lat)
    soon, late = isochrones(grid_town, [at(0, 0)], profile="fire_engine", limits_s=[100, 160], outbound=True)
    assert not soon.geometry.covers(alley_end)
    assert late.geometry.covers(alley_end)


def test_a_closure_changes_the_picture() -> None:
    model = ReachModel(town([([(0, 0), (2000, 0)], STREET)]))
    closure = RoadClosure(id="c", geometry=shapely.Point(at(1000, 0).lon, 28.0))
    [open_] = isochrones(model, [at(0, 0)], profile="car", limits_s=[600])
    [shut] = isochrones(model, [at(0, 0)], profile="car", limits_s=[600], closures=[closure])
    here, beyond = (shapely.Point(at(x, 0).lon, 28.0) for x in (900, 1100))
    assert open_.geometry.covers(beyond)
    assert shut.geometry.covers(here)
    assert not shut.geometry.covers(beyond)


def test_an_area_on_a_very_long_road_takes_little_memory() -> None:
    diagonal = [(x, x) for x in range(-7_000, 7_001, 50)]
    model = ReachModel(town([(diagonal, {"highway": "residential"})]))
    tracemalloc.start()
    try:
        [drawn] = isochrones(model, [at(0, 0)], profile="foot", limits_s=[300])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 300 < 111_000 * (drawn.geometry.bounds[3] - drawn.geometry.bounds[1]) < 1200
    assert peak < 20e6


def test_nothing_in_reach_is_an_empty_area(grid_town: ReachModel) -> None:
    [band] = isochrones(grid_town, [at(200, 250)], profile="foot", limits_s=[1])
    assert band.geometry.is_empty


def test_nonsense_is_refused(grid_town: ReachModel) -> None:
    with pytest.raises(InvalidLimitError):
        isochrones(grid_town, [at(0, 0)], profile="car", limits_s=[300, 0])
    with pytest.raises(NoRoadNearbyError):
        isochrones(grid_town, [at(200, 435)], profile="car", limits_s=[300])
