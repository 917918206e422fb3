"""What a closure covers, whom it stops, and what that does to reach."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
import shapely
from pytest import approx  # noqa: PT013 - reads better
from shapely.geometry.base import BaseGeometry

from geo.errors import GeometryTooLargeError, InvalidGeometryError
from geo.network.closed_stretches import closed_stretches
from geo.network.closures import RoadClosure
from geo.reach.model import ReachModel
from geo.reach.results import Missing, Origin, Reached
from geo.testing import at, town

Point = tuple[float, float]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STREET = {"highway": "residential", "width": "6"}


def line(*points: Point) -> shapely.LineString:
    return shapely.LineString([(at(*p).lon, at(*p).lat) for p in points])


def polygon(*points: Point) -> shapely.Polygon:
    return shapely.Polygon([(at(*p).lon, at(*p).lat) for p in points])


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return polygon((west, south), (east, south), (east, north), (west, north))


def spot(x: float, y: float) -> shapely.Point:
    return shapely.Point(at(x, y).lon, at(x, y).lat)


def closed(geometry: BaseGeometry, name: str = "c", **limits: object) -> RoadClosure:
    return RoadClosure(id=name, geometry=geometry, name=f"{name}路", **limits)  # type: ignore[arg-type]


def go(
    model: ReachModel,
    profile: str,
    *,
    start: Point,
    end: Point,
    closures: Sequence[RoadClosure] = (),
    moment: datetime | None = None,
) -> Reached | Missing:
    origin = Origin(id="unit", place=at(*start), profile=profile, turnout_s=0)
    result = model.reach([at(*end)], [origin], limit_s=3600, closures=closures, at=moment)
    return result.reached[0] if result.reached else result.not_reached["unit"]


def seconds(found: Reached | Missing) -> float:
    assert isinstance(found, Reached)
    return found.travel_s


EVERY_WAY_TO_CLOSE = [
    pytest.param(spot(100, 0), id="point"),
    pytest.param(line((100, -20), (100, 20)), id="line across"),
    pytest.param(line((95, 1), (105, -1)), id="line along"),
    pytest.param(box(98, -3, 102, 3), id="polygon"),
    pytest.param(shapely.MultiPoint([spot(100, 0), spot(100, 3)]), id="several points"),
]


@pytest.fixture(scope="module")
def ring(grid_town: ReachModel) -> ReachModel:
    """Two ways round: 200 m straight, or 600 m by three sides of a square."""
    straight = ([(0.0, 0.0), (200.0, 0.0)], {**STREET, "name": "直路"})
    round_it = ([(0.0, 0.0), (0.0, 200.0), (200.0, 200.0), (200.0, 0.0)], {**STREET, "name": "弯路"})
    tails = [([(-100.0, 0.0), (0.0, 0.0)], STREET), ([(200.0, 0.0), (300.0, 0.0)], STREET)]
    return ReachModel(town([straight, round_it, *tails]), grid_town.profiles)


@pytest.fixture(scope="module")
def street(grid_town: ReachModel) -> ReachModel:
    """One street of 400 m."""
    return ReachModel(town([([(0.0, 0.0), (400.0, 0.0)], STREET)]), grid_town.profiles)


@pytest.mark.parametrize("geometry", EVERY_WAY_TO_CLOSE)
def test_a_closed_road_is_driven_round(ring: ReachModel, geometry: BaseGeometry) -> None:
    found = go(ring, "car", start=(0, 0), end=(200, 0), closures=[closed(geometry)])
    assert isinstance(found, Reached)
    assert found.travel_s == approx(60, abs=0.05)
    assert found.legs[0].street_names == ("弯路",)
    [avoided] = found.avoided
    assert (avoided.closure_id, avoided.name, avoided.cost_s) == ("c", "c路", approx(40, abs=0.1))


@pytest.mark.parametrize("geometry", EVERY_WAY_TO_CLOSE)
def test_lifting_a_closure_restores_the_very_same_times(ring: ReachModel, geometry: BaseGeometry) -> None:
    before = go(ring, "car", start=(-50, 0), end=(250, 0))
    during = go(ring, "car", start=(-50, 0), end=(250, 0), closures=[closed(geometry)])
    after = go(ring, "car", start=(-50, 0), end=(250, 0))
    assert before == after
    assert seconds(during) > seconds(before)


def test_a_vehicle_drives_up_to_the_closure_and_the_crew_walks_on(street: ReachModel) -> None:
    for_engines = closed(spot(350, 0), profiles=frozenset({"fire_engine"}))
    found = go(street, "fire_engine", start=(0, 0), end=(370, 0), closures=[for_engines])
    assert isinstance(found, Reached)
    assert found.travel_s == approx(35 + 30 + 20, abs=0.05)
    assert [(leg.mode, round(leg.distance_m)) for leg in found.legs] == [("drive", 350), ("walk", 20)]
    assert found.stop is not None
    assert (found.stop.reason, found.stop.closure_id) == ("closed", "c")
    assert found.stop.lon == approx(at(350, 0).lon, abs=1e-6)
    assert found.avoided[0].cost_s == approx(85 - 37, abs=0.1)


def test_a_closure_for_all_traffic_stops_people_too(ring: ReachModel) -> None:
    both = [closed(spot(100, 0), "a"), closed(spot(100, 200), "b")]
    assert go(ring, "foot", start=(0, 0), end=(200, 0), closures=both) == "cut_off"


def test_two_closures_that_only_together_cost_time_share_the_blame(ring: ReachModel) -> None:
    both = [closed(spot(100, 0), "a"), closed(spot(150, 0), "b")]
    found = go(ring, "car", start=(0, 0), end=(200, 0), closures=both)
    assert isinstance(found, Reached)
    assert {a.closure_id: round(a.cost_s) for a in found.avoided} == {"a": 40, "b": 40}


def test_each_of_two_closures_costs_what_it_alone_adds(ring: ReachModel) -> None:
    for_cars = frozenset({"car"})
    both = [closed(spot(100, 0), "a", profiles=for_cars), closed(spot(100, 200), "b", profiles=for_cars)]
    found = go(ring, "car", start=(0, 0), end=(200, 0), closures=both)
    # Drives to the first closure, 10 s, walks on from there: 30 s to get out and 100 s on foot.
    assert seconds(found) == approx(140, abs=0.05)
    assert isinstance(found, Reached)
    assert {a.closure_id: round(a.cost_s) for a in found.avoided} == {"a": 120}


@pytest.mark.parametrize(
    ("limits", "stopped"),
    [
        pytest.param({"wider_than_m": 2.5}, {"fire_engine"}, id="wider"),
        pytest.param({"wider_than_m": 1.5}, {"fire_engine", "car"}, id="wider still"),
        pytest.param({"higher_than_m": 3.0}, {"fire_engine"}, id="higher"),
        pytest.param({"heavier_than_t": 1.0}, {"fire_engine", "car"}, id="heavier"),
        pytest.param({"profiles": frozenset({"ebike"})}, {"ebike"}, id="chosen profiles"),
        pytest.param(
            {"wider_than_m": 1.5, "profiles": frozenset({"car", "foot"})}, {"car"}, id="wide and chosen"
        ),
        pytest.param({}, {"foot", "ebike", "car", "fire_engine"}, id="all modes"),
    ],
)
def test_a_closure_stops_whom_it_says(ring: ReachModel, limits: dict[str, object], stopped: set[str]) -> None:
    barred = closed(spot(100, 0), **limits)
    slower = {
        profile
        for profile in ring.profiles
        if seconds(go(ring, profile, start=(0, 0), end=(200, 0), closures=[barred]))
        > seconds(go(ring, profile, start=(0, 0), end=(200, 0))) + 0.1
    }
    assert slower == stopped


def test_a_closure_for_wide_vehicles_reads_like_a_narrow_lane(street: ReachModel) -> None:
    narrowed = closed(spot(350, 0), wider_than_m=2.2)
    found = go(street, "fire_engine", start=(0, 0), end=(370, 0), closures=[narrowed])
    assert isinstance(found, Reached)
    assert found.stop is not None
    assert (found.stop.reason, found.stop.have, found.stop.need) == ("width", 2.2, 3.5)


@pytest.mark.parametrize(
    ("minutes", "in_force"), [(-1, False), (0, True), (59, True), (60, False), (None, True)]
)
def test_a_closure_holds_from_its_start_until_just_before_its_end(
    ring: ReachModel, minutes: int | None, in_force: object
) -> None:
    timed = closed(spot(100, 0), starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    moment = None if minutes is None else NOON + timedelta(minutes=minutes)
    found = go(ring, "car", start=(0, 0), end=(200, 0), closures=[timed], moment=moment)
    assert seconds(found) == approx(60 if in_force else 20, abs=0.05)


def test_times_in_other_zones_are_the_same_moments() -> None:
    in_china = NOON.astimezone(timezone(timedelta(hours=8)))
    timed = closed(spot(0, 0), starts_at=in_china, ends_at=in_china + timedelta(hours=1))
    assert timed.in_force(NOON)
    assert timed.in_force(NOON.replace(tzinfo=None))
    assert not timed.in_force(NOON - timedelta(seconds=1))


@pytest.fixture(scope="module")
def crossing() -> ReachModel:
    """
    A street from x=-300 to 300 and one across it at x=0, joined; a parallel lane 30 m north; and
    a bridge over the street at x=200 that does not join it.
    """
    return ReachModel(
        town(
            [
                ([(-300.0, 0.0), (0.0, 0.0), (300.0, 0.0)], {**STREET, "name": "大街"}),
                ([(0.0, -100.0), (0.0, 0.0), (0.0, 30.0), (0.0, 100.0)], {**STREET, "name": "横街"}),
                ([(0.0, 30.0), (300.0, 30.0)], {**STREET, "name": "巷"}),
                ([(200.0, -100.0), (200.0, 25.0)], {**STREET, "name": "桥", "bridge": "yes"}),
            ]
        )
    )


class TestWhatAGeometryCovers:
    """Stretches in metres of the road called 大街, which runs east from the corner."""

    def covered(self, model: ReachModel, geometry: BaseGeometry) -> dict[str, float]:
        network = model.network
        metres: dict[str, float] = {}
        for road, start, end in closed_stretches(model.ground.index, geometry):
            name = network.names[network.road_name[road]]
            metres[name] = round(metres.get(name, 0.0) + (end - start) * network.road_length_m[road], 1)
        return metres

    def test_a_line_along_a_street_leaves_side_streets_open(self, crossing: ReachModel) -> None:
        drawn = line((-200, 1), (-100, -1), (0, 1), (150, -1))
        assert self.covered(crossing, drawn) == {"大街": approx(350, abs=0.5)}

    def test_a_line_along_a_lane_stops_short_of_the_street_it_leaves(self, crossing: ReachModel) -> None:
        assert self.covered(crossing, line((0, 30), (100, 30))) == {"巷": approx(100, abs=0.2)}

    def test_a_line_across_closes_a_spot(self, crossing: ReachModel) -> None:
        assert self.covered(crossing, line((-100, -15), (-100, 15))) == {"大街": 0.0}

    def test_a_line_that_ends_at_a_street_does_not_close_it(self, crossing: ReachModel) -> None:
        assert self.covered(crossing, line((-100, 0), (-100, 15))) == {}

    def test_a_line_across_a_junction_closes_all_that_meet_there(self, crossing: ReachModel) -> None:
        covered = self.covered(crossing, line((-15, -15), (15, 15)))
        assert covered == {"大街": 0.0, "横街": 0.0}

    def test_a_polygon_closes_what_is_inside(self, crossing: ReachModel) -> None:
        covered = self.covered(crossing, box(-50, -10, 80, 10))
        assert covered == {"大街": approx(130, abs=0.1), "横街": approx(20, abs=0.1)}

    def test_a_polygon_with_a_hole_leaves_the_hole_open(self, crossing: ReachModel) -> None:
        shell, hole = box(-250, -10, -50, 10), box(-200, -5, -100, 5)
        covered = self.covered(crossing, shapely.Polygon(shell.exterior, [hole.exterior]))
        assert covered == {"大街": approx(100, abs=0.1)}

    def test_a_point_closes_the_nearest_road_only(self, crossing: ReachModel) -> None:
        assert self.covered(crossing, spot(100, 20)) == {"巷": 0.0}

    def test_a_point_on_a_junction_closes_all_that_meet_there(self, crossing: ReachModel) -> None:
        assert self.covered(crossing, spot(0, 0)) == {"大街": 0.0, "横街": 0.0}

    def test_a_point_away_from_roads_closes_nothing(self, crossing: ReachModel) -> None:
        assert self.covered(crossing, spot(-150, 90)) == {}


@pytest.mark.parametrize(
    "geometry",
    [
        pytest.param(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), id="crosses itself"),
        pytest.param(shapely.Point(), id="empty"),
        pytest.param(shapely.Point(181, 0), id="outside the world"),
        pytest.param(shapely.Point(float("inf"), 0), id="infinite"),
        pytest.param(shapely.LineString([(0, 0), (0, 0)]), id="line without length"),
        pytest.param(shapely.GeometryCollection([shapely.Point(0, 0)]), id="collection"),
        pytest.param("POINT (0 0)", id="text"),
        pytest.param(None, id="nothing"),
    ],
)
def test_a_geometry_that_cannot_be_is_refused(geometry: BaseGeometry) -> None:
    with pytest.raises(InvalidGeometryError):
        RoadClosure(id="c", geometry=geometry)


def test_a_huge_geometry_is_refused_before_it_is_looked_at() -> None:
    zigzag = shapely.Polygon([(i % 2 * 0.1, i * 1e-5) for i in range(2001)])
    with pytest.raises(GeometryTooLargeError):
        RoadClosure(id="c", geometry=zigzag)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_limit_that_cannot_be_is_refused(value: float) -> None:
    with pytest.raises(InvalidGeometryError):
        RoadClosure(id="c", geometry=shapely.Point(0, 0), wider_than_m=value)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(InvalidGeometryError):
        RoadClosure(id="c", geometry=shapely.Point(0, 0), starts_at=NOON, ends_at=NOON)
