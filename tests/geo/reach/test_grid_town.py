"""Travel times in a town where each can be counted on the map."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from pytest import approx  # noqa: PT013 - reads better

from geo.errors import InvalidLimitError, NoRoadNearbyError, OutsideNetworkError, UnknownProfileError
from geo.network.profiles import MobilityProfile
from geo.reach.model import ReachModel
from geo.reach.results import Missing, Origin, Reached
from geo.testing import at, town

STREET = {"highway": "residential", "width": "6"}
Point = tuple[float, float]


def reach(
    model: ReachModel, profile: str, *, start: Point, end: Point, limit_s: float = 1800
) -> Reached | Missing:
    origin = Origin(id="unit", place=at(*start), profile=profile, turnout_s=0)
    result = model.reach([at(*end)], [origin], limit_s=limit_s)
    return result.reached[0] if result.reached else result.not_reached["unit"]


def travel_s(model: ReachModel, profile: str, *, start: Point, end: Point) -> float:
    found = reach(model, profile, start=start, end=end)
    assert isinstance(found, Reached)
    assert sum(leg.duration_s for leg in found.legs) == approx(found.travel_s, abs=0.2)
    return found.travel_s


@pytest.mark.parametrize(
    ("profile", "start", "end", "seconds"),
    [
        pytest.param("car", (0, 0), (400, 0), 40, id="400 m of Main Street"),
        pytest.param("foot", (0, 0), (400, 0), 400, id="the same on foot"),
        pytest.param("ebike", (0, 0), (400, 0), 80, id="the same by e-bike"),
        pytest.param("car", (50, 0), (350, 0), 30, id="from the middle of a block to the middle of one"),
        pytest.param("car", (20, 0), (80, 0), 6, id="within one block"),
        pytest.param("car", (80, 0), (20, 0), 6, id="within one block, the other way"),
        pytest.param("car", (0, 100), (400, 100), 40, id="along the one-way"),
        pytest.param("car", (400, 100), (0, 100), 60, id="round the one-way: 100 + 400 + 100 m"),
        pytest.param("foot", (400, 100), (0, 100), 400, id="a one-way does not bind people"),
        pytest.param("fire_engine", (400, 100), (0, 100), 48, id="against it at 1.2 times the time"),
        pytest.param("foot", (80, 100), (20, 100), 60, id="within a one-way block on foot"),
        pytest.param("car", (180, 100), (20, 100), 2 + 10 + 20 + 10 + 2, id="round the block it stands in"),
        pytest.param("car", (0, 0), (200, 180), 38, id="a car fits into the alley"),
        pytest.param("fire_engine", (0, 0), (200, 180), 30 + 30 + 80, id="an engine does not"),
        pytest.param("car", (400, 0), (400, 140), 10 + 30 + 80, id="up the steps at half a metre a second"),
        pytest.param("foot", (400, 140), (400, 100), 80, id="and down"),
        pytest.param("car", (0, 0), (0, -100), 20 + 10 + 20 + 20, id="over the bridge and through the gate"),
        pytest.param("foot", (0, -100), (200, -100), 200 + 5, id="the gate costs 5 s on foot"),
        pytest.param("car", (0, -100), (200, -100), 20 + 20, id="and 20 s by car"),
        pytest.param("fire_engine", (200, 0), (200, -100), 100, id="too heavy: walks all"),
        pytest.param("fire_engine", (0, 0), (200, -100), 20 + 30 + 100, id="too heavy: stops at the bridge"),
    ],
)
def test_a_time_counted_on_the_map(
    grid_town: ReachModel, profile: str, start: Point, end: Point, seconds: float
) -> None:
    assert travel_s(grid_town, profile, start=start, end=end) == approx(seconds, abs=0.05)


def test_a_wide_engine_stops_at_the_alley_mouth_and_the_crew_walks(grid_town: ReachModel) -> None:
    found = reach(grid_town, "fire_engine", start=(0, 0), end=(200, 180))
    assert isinstance(found, Reached)
    drive, walk = found.legs
    assert (drive.mode, drive.distance_m, drive.duration_s) == (
        "drive",
        approx(300, abs=0.1),
        approx(30, abs=0.1),
    )
    assert (walk.mode, walk.distance_m, walk.duration_s) == (
        "walk",
        approx(80, abs=0.1),
        approx(110, abs=0.1),
    )
    assert walk.street_names == ("脑科巷",)
    assert found.stop is not None
    assert (found.stop.reason, found.stop.have, found.stop.need) == ("width", 2.5, 3.5)
    mouth = at(200, 100)
    assert (found.stop.lon, found.stop.lat) == (approx(mouth.lon, abs=1e-6), approx(mouth.lat, abs=1e-6))


def test_the_route_is_drawn_from_the_origin_to_the_door(grid_town: ReachModel) -> None:
    found = reach(grid_town, "car", start=(50, 0), end=(200, 50))
    assert isinstance(found, Reached)
    [leg] = found.legs
    expected = [at(50, 0), at(100, 0), at(200, 0), at(200, 50)]
    drawn = [leg.coordinates[0], *[c for c in leg.coordinates[1:] if c != leg.coordinates[0]]]
    for place in expected:
        assert any(c == (approx(place.lon, abs=2e-7), approx(place.lat, abs=2e-7)) for c in drawn)
    assert leg.distance_m == approx(200, abs=0.1)


@pytest.mark.parametrize("profile", ["car", "foot"])
def test_a_winding_way_is_drawn_in_the_order_of_travel(
    countable: Mapping[str, MobilityProfile], profile: str
) -> None:
    bends = [(0.0, 0.0), (40.0, 30.0), (80.0, 0.0), (120.0, 60.0), (160.0, 0.0), (200.0, 10.0)]
    lane = [(200.0, 10.0), (230.0, 50.0), (260.0, 10.0)]
    model = ReachModel(
        town([(bends, STREET), (lane, STREET), ([(200.0, 10.0), (200.0, 90.0)], STREET)]), countable
    )
    corners = [at(*corner) for corner in [(20.0, 15.0), *bends[1:], lane[1], (245.0, 30.0)]]
    for places in (corners, corners[::-1]):
        origin = Origin(id="unit", place=places[0], profile=profile, turnout_s=0)
        [reached] = model.reach([places[-1]], [origin], limit_s=1800).reached
        [leg] = reached.legs
        # Both ends are drawn twice at most: where they are, and where that is on the road.
        drawn = [c for i, c in enumerate(leg.coordinates) if i == 0 or not close(c, leg.coordinates[i - 1])]
        assert len(drawn) == len(places)
        assert all(close(c, (place.lon, place.lat)) for c, place in zip(drawn, places, strict=True))
        assert len(leg.coordinates) <= len(places) + 2


def test_the_share_that_rests_on_defaults_counts_driven_and_walked_metres(
    countable: Mapping[str, MobilityProfile],
) -> None:
    streets = [
        ([(0.0, 0.0), (100.0, 0.0)], STREET),
        ([(100.0, 0.0), (200.0, 0.0)], {"highway": "residential"}),
        # On a road of unknown class every speed is unknown, even on foot.
        ([(200.0, 0.0), (400.0, 0.0)], {"highway": "road", "width": "1.5"}),
    ]
    model = ReachModel(town(streets), countable)
    by_car = reach(model, "car", start=(0, 0), end=(400, 0))
    on_foot = reach(model, "foot", start=(0, 0), end=(400, 0))
    assert isinstance(by_car, Reached)
    assert isinstance(on_foot, Reached)
    assert [leg.mode for leg in by_car.legs] == ["drive", "walk"]
    assert by_car.default_share == approx(0.75, abs=0.001)
    assert on_foot.default_share == approx(0.5, abs=0.001)


def close(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < 2e-7 and abs(one[1] - other[1]) < 2e-7


@pytest.mark.parametrize(
    ("end", "reason", "have", "need"),
    [
        pytest.param((200, 180), "width", 2.5, 3.5, id="alley"),
        pytest.param((200, -100), "weight", 10.0, 16.0, id="bridge"),
        pytest.param((400, 140), "no_access", None, None, id="steps"),
    ],
)
def test_the_stop_says_why(
    grid_town: ReachModel, end: Point, reason: str, have: float | None, need: float | None
) -> None:
    found = reach(grid_town, "fire_engine", start=(0, 0), end=end)
    assert isinstance(found, Reached)
    assert found.stop is not None
    assert (found.stop.reason, found.stop.have, found.stop.need) == (reason, have, need)


def test_the_nearer_entrance_counts(grid_town: ReachModel) -> None:
    origin = Origin(id="car", place=at(0, 0), profile="car", turnout_s=0)
    [reached] = grid_town.reach([at(400, 0), at(100, 0)], [origin], limit_s=900).reached
    assert (reached.travel_s, reached.place_index) == (approx(10, abs=0.05), 1)


def test_turnout_counts_towards_the_limit(grid_town: ReachModel) -> None:
    prompt = Origin(id="prompt", place=at(0, 0), profile="car", turnout_s=20)
    slow = Origin(id="slow", place=at(0, 0), profile="car", turnout_s=21)
    result = grid_town.reach([at(400, 0)], [prompt, slow], limit_s=60.5)
    assert [one.origin_id for one in result.reached] == ["prompt"]
    assert result.not_reached == {"slow": "beyond_limit"}


def test_the_soonest_comes_first(grid_town: ReachModel) -> None:
    origins = [
        Origin(id=name, place=at(x, 0), profile="car", turnout_s=turnout)
        for name, x, turnout in (("far", 0, 0), ("near but slow", 380, 60), ("near", 300, 0))
    ]
    result = grid_town.reach([at(400, 0)], origins, limit_s=900)
    assert [one.origin_id for one in result.reached] == ["near", "far", "near but slow"]


@pytest.mark.parametrize(
    ("oneway", "start", "end"),
    [
        pytest.param("-1", (-300, 0), (0, 0.5), id="to a place just inside a street that leads out"),
        pytest.param("yes", (0, 0.5), (-300, 0), id="from a place just inside a street that leads in"),
    ],
)
def test_a_person_who_stands_at_a_crossing_has_all_its_roads(
    countable: Mapping[str, MobilityProfile], oneway: str, start: Point, end: Point
) -> None:
    main = ([(-300.0, 0.0), (0.0, 0.0), (300.0, 0.0)], STREET)
    side = ([(0.0, 0.0), (0.0, 100.0)], {**STREET, "oneway": oneway})
    # The crew stays in: it is the vehicle that is to arrive.
    seated = {"foot": countable["foot"], "car": replace(countable["car"], dismount_s=9000.0)}
    assert travel_s(ReachModel(town([main, side]), seated), "car", start=start, end=end) == approx(
        30, abs=0.1
    )


@pytest.mark.parametrize("profile", ["car", "fire_engine", "foot"])
@pytest.mark.parametrize(
    ("start", "end"), [((400, 100), (0, 100)), ((0, 50), (300, 100)), ((20, 100), (300, 0))]
)
def test_the_reversed_town_is_the_town_run_backwards(
    grid_town: ReachModel, profile: str, start: Point, end: Point
) -> None:
    turned = ReachModel(grid_town.network.reversed(), grid_town.profiles)
    there = travel_s(grid_town, profile, start=start, end=end)
    assert travel_s(turned, profile, start=end, end=start) == approx(there, abs=0.05)


def test_an_island_is_cut_off() -> None:
    model = ReachModel(town([([(0, 0), (900, 0)], STREET), ([(0, 400), (900, 400)], STREET)]))
    assert reach(model, "car", start=(0, 0), end=(0, 400)) == "cut_off"


def test_roads_that_only_cross_do_not_join() -> None:
    below = ([(-100.0, 0.0), (100.0, 0.0)], STREET)
    above = ([(0.0, -100.0), (0.0, 100.0)], {**STREET, "bridge": "yes", "layer": "1"})
    ramp = ([(100.0, 0.0), (100.0, 100.0), (0.0, 100.0)], STREET)
    model = ReachModel(town([below, above, ramp]))
    assert travel_s(model, "foot", start=(-100, 0), end=(0, -100)) == approx((200 + 200 + 200) / 1.2, abs=0.2)


def test_the_way_from_the_road_to_the_door_is_walked(
    grid_town: ReachModel, countable: Mapping[str, MobilityProfile]
) -> None:
    assert countable["foot"].speed_kph("default") == 3.6
    found = reach(grid_town, "car", start=(0, 0), end=(300, -30))
    assert isinstance(found, Reached)
    assert found.travel_s == approx(30 + 30, abs=0.1)
    assert [(leg.mode, round(leg.distance_m)) for leg in found.legs] == [("drive", 300), ("walk", 30)]


def test_a_place_away_from_any_road_is_refused(grid_town: ReachModel) -> None:
    with pytest.raises(NoRoadNearbyError):
        grid_town.travel_times([at(200, 435)], profile="foot", limit_s=900)
    with pytest.raises(OutsideNetworkError):
        grid_town.travel_times([at(5000, 0)], profile="foot", limit_s=900)


def test_an_origin_away_from_any_road_is_told(grid_town: ReachModel) -> None:
    origin = Origin(id="lost", place=at(0, 2000), profile="car", turnout_s=0)
    result = grid_town.reach([at(0, 0)], [origin], limit_s=900)
    assert result.not_reached == {"lost": "no_road_nearby"}


@pytest.mark.parametrize("limit_s", [0, -1, 7201, float("nan"), float("inf"), True])
def test_a_limit_that_cannot_be_is_refused(grid_town: ReachModel, limit_s: float) -> None:
    with pytest.raises(InvalidLimitError):
        grid_town.reach([at(0, 0)], [], limit_s=limit_s)


def test_an_unknown_profile_is_refused(grid_town: ReachModel) -> None:
    origin = Origin(id="x", place=at(0, 0), profile="hovercraft", turnout_s=0)
    with pytest.raises(UnknownProfileError):
        grid_town.reach([at(0, 0)], [origin], limit_s=900)


def test_without_explanation_the_times_are_the_same(grid_town: ReachModel) -> None:
    origins = [Origin(id=p, place=at(0, 0), profile=p, turnout_s=0) for p in grid_town.profiles]
    told = grid_town.reach([at(200, 180)], origins, limit_s=900)
    untold = grid_town.reach([at(200, 180)], origins, limit_s=900, explain=False)
    first_only = grid_town.reach([at(200, 180)], origins, limit_s=900, explain=1)
    assert [r.travel_s for r in told.reached] == [r.travel_s for r in untold.reached]
    assert [bool(r.legs) for r in first_only.reached] == [True, False, False, False]
    assert not any(r.legs for r in untold.reached)
