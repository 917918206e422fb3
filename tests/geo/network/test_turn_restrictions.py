"""
Turn restrictions bind cars, and e-bikes unless they are excepted.

They bind neither vehicles on a call nor people on foot.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest import approx  # noqa: PT013 - reads better

from geo.network.network import RoadNetwork
from geo.osm.roads import OsmRoads
from geo.reach.model import ReachModel
from geo.reach.results import Origin
from geo.tags.attributes import RoadAccess
from geo.testing import at, town

STREET = {"highway": "residential", "width": "6"}
WEST, EAST, NORTH, LOOP = range(4)
Turn = tuple[int, tuple[float, float], int, bool]


def crossroads(*turns: Turn, exempt: RoadAccess = RoadAccess.NONE) -> RoadNetwork:
    """
    A street from west to east, one to the north at its middle, and a loop to turn round in the east.

    From the west to the north: 100 + 100 m. Past the junction and round the loop it is
    100 + 100 + 300 + 100 m before the same turn comes from the other side.
    """
    return town(
        [
            ([(-100.0, 0.0), (0.0, 0.0)], STREET),
            ([(0.0, 0.0), (100.0, 0.0)], STREET),
            ([(0.0, 0.0), (0.0, 100.0)], STREET),
            ([(100.0, 0.0), (200.0, 0.0), (200.0, -50.0), (100.0, -50.0), (100.0, 0.0)], STREET),
        ],
        turns=turns,
        exempt=exempt,
    )


NO_LEFT: Turn = (WEST, (0.0, 0.0), NORTH, False)
ONLY_STRAIGHT: Turn = (WEST, (0.0, 0.0), EAST, True)
NO_U_TURN: Turn = (EAST, (100.0, 0.0), EAST, False)


@pytest.fixture
def travel(grid_town: ReachModel) -> Callable[..., float]:
    def ask(profile: str, *turns: Turn) -> float:
        model = ReachModel(crossroads(*turns), grid_town.profiles)
        origin = Origin(id="unit", place=at(-100, 0), profile=profile, turnout_s=0)
        [reached] = model.reach([at(0, 100)], [origin], limit_s=3600).reached
        assert sum(leg.duration_s for leg in reached.legs) == approx(reached.travel_s, abs=0.2)
        return reached.travel_s

    return ask


@pytest.mark.parametrize("rule", [NO_LEFT, ONLY_STRAIGHT], ids=["forbidden", "another is compulsory"])
@pytest.mark.parametrize(
    ("profile", "free_s", "bound_s"),
    [("car", 20, 40), ("ebike", 40, 80), ("fire_engine", 20, 20), ("foot", 200, 200)],
)
def test_a_forbidden_turn_sends_a_car_on_to_turn_back(
    travel: Callable[..., float], rule: Turn, profile: str, free_s: float, bound_s: float
) -> None:
    assert travel(profile) == approx(free_s, abs=0.05)
    # The car goes 100 m past the junction, turns at the end of the street and comes back.
    assert travel(profile, rule) == approx(bound_s, abs=0.05)


def test_with_u_turns_forbidden_too_the_car_goes_round_the_loop(travel: Callable[..., float]) -> None:
    assert travel("car", NO_LEFT, NO_U_TURN) == approx(10 + 10 + 30 + 10 + 10, abs=0.05)


@pytest.mark.parametrize(("profile", "seconds"), [("ebike", 40), ("car", 40)])
def test_an_exception_frees_cycles_only(grid_town: ReachModel, profile: str, seconds: float) -> None:
    model = ReachModel(crossroads(NO_LEFT, exempt=RoadAccess.CYCLE), grid_town.profiles)
    origin = Origin(id="unit", place=at(-100, 0), profile=profile, turnout_s=0)
    [reached] = model.reach([at(0, 100)], [origin], limit_s=3600).reached
    assert reached.travel_s == approx(seconds, abs=0.05)


def test_a_place_just_behind_a_forbidden_turn_is_no_short_cut(grid_town: ReachModel) -> None:
    model = ReachModel(crossroads(NO_LEFT), grid_town.profiles)
    origin = Origin(id="unit", place=at(-50, 0), profile="car", turnout_s=0)
    [reached] = model.reach([at(0, 10)], [origin], limit_s=3600).reached
    # Straight on and back 5 + 10 + 10 + 1 s; to get out and walk the ten metres takes 5 + 30 + 10 s.
    assert reached.travel_s == approx(26, abs=0.05)


@pytest.mark.parametrize(
    ("turning_s", "seconds"),
    # Nearer to the junction than the loop's 30 s a car turns; where that takes longer it goes round.
    [(0, 20), (12, 32), (29, 49), (30, 50)],
)
def test_turning_round_on_the_spot_takes_its_time(
    grid_town: ReachModel, turning_s: float, seconds: float
) -> None:
    turning = {**grid_town.profiles, "car": replace(grid_town.profiles["car"], u_turn_s=turning_s)}
    model = ReachModel(crossroads(NO_LEFT), turning)
    origin = Origin(id="unit", place=at(-100, 0), profile="car", turnout_s=0)
    [reached] = model.reach([at(0, 100)], [origin], limit_s=3600).reached
    assert reached.travel_s == approx(20 + seconds, abs=0.05)
    assert sum(leg.duration_s for leg in reached.legs) == approx(reached.travel_s, abs=0.2)


@pytest.mark.parametrize(("profile", "seconds"), [("fire_engine", 20), ("foot", 200)])
def test_those_not_bound_never_have_to_turn_round(
    grid_town: ReachModel, profile: str, seconds: float
) -> None:
    slow = replace(grid_town.profiles[profile], u_turn_s=30)
    model = ReachModel(crossroads(NO_LEFT), {**grid_town.profiles, profile: slow})
    origin = Origin(id="unit", place=at(-100, 0), profile=profile, turnout_s=0)
    [reached] = model.reach([at(0, 100)], [origin], limit_s=3600).reached
    assert reached.travel_s == approx(seconds, abs=0.05)


def test_at_the_end_of_a_road_all_turn_and_no_figure_is_added(grid_town: ReachModel) -> None:
    turning = {**grid_town.profiles, "car": replace(grid_town.profiles["car"], u_turn_s=30)}
    streets = [
        ([(-100.0, 0.0), (0.0, 0.0)], STREET),
        ([(0.0, 0.0), (100.0, 0.0)], STREET),
        ([(0.0, 0.0), (0.0, 100.0)], STREET),
    ]
    model = ReachModel(town(streets, turns=[NO_LEFT]), turning)
    origin = Origin(id="unit", place=at(-100, 0), profile="car", turnout_s=0)
    [reached] = model.reach([at(0, 100)], [origin], limit_s=3600).reached
    assert reached.travel_s == approx(40, abs=0.05)


def test_a_stretch_farther_on_is_no_free_place_to_turn(grid_town: ReachModel) -> None:
    """A side street 20 m behind the junction: turning there, or at the next one, takes 15 s."""
    turning = {**grid_town.profiles, "car": replace(grid_town.profiles["car"], u_turn_s=15)}
    streets = [
        ([(-100.0, 0.0), (0.0, 0.0)], STREET),
        ([(0.0, 0.0), (20.0, 0.0), (40.0, 0.0), (400.0, 0.0)], STREET),
        ([(0.0, 0.0), (0.0, 100.0)], STREET),
        ([(20.0, 0.0), (20.0, -400.0)], STREET),
        ([(40.0, 0.0), (40.0, -400.0)], STREET),
    ]
    model = ReachModel(town(streets, turns=[NO_LEFT]), turning)
    origin = Origin(id="unit", place=at(-100, 0), profile="car", turnout_s=0)
    [reached] = model.reach([at(0, 100)], [origin], limit_s=3600).reached
    assert reached.travel_s == approx(10 + 2 + 15 + 2 + 10, abs=0.05)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "applied", "held"),
    [("monaco-2021", 41, 45), pytest.param("porto", 329, 357, marks=pytest.mark.nightly)],
)
def test_restrictions_of_real_cities(
    extract: Callable[[str], OsmRoads], name: str, applied: int, held: int
) -> None:
    outcome = extract(name).summary.turns
    assert outcome["applied"] >= applied
    assert sum(outcome.values()) == held
