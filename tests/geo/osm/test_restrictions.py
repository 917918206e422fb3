"""Turn restrictions as OpenStreetMap writes them, put to a crossing whose times can be counted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytest import approx  # noqa: PT013 - reads better

from geo.lonlat import LonLat
from geo.network.profiles import DEFAULT_PROFILES
from geo.osm.roads import read_roads
from geo.reach.model import ReachModel
from geo.reach.results import Origin

WEST, NORTH, EAST, SOUTH = 1, 2, 3, 4
PLACES = {
    WEST: LonLat(112.98, 28.15),
    NORTH: LonLat(112.983, 28.153),
    EAST: LonLat(112.986, 28.15),
    SOUTH: LonLat(112.983, 28.147),
}
STREETS = {WEST: 101, NORTH: 102, EAST: 103, SOUTH: 104}
ACROSS_S, DOWN_S = 44.2, 49.9
"""From the west or the east, and from the north or the south, to the middle at 24 km/h."""
Asked = Callable[..., float]


def turn(start: int, end: int, /, type: str = "restriction", **tags: str) -> str:  # noqa: A002 - the tag
    """Write a relation from one street over the middle to another."""
    pairs = {"type": type, **{key.replace("__", ":"): value for key, value in tags.items()}}
    return (
        f'<relation id="{10 * start + end}"><member type="way" ref="{STREETS[start]}" role="from"/>'
        f'<member type="node" ref="5" role="via"/><member type="way" ref="{STREETS[end]}" role="to"/>'
        + "".join(f'<tag k="{key}" v="{value}"/>' for key, value in pairs.items())
        + "</relation>"
    )


def crossing(*relations: str) -> str:
    """Write four streets that meet at node 5, one drawn towards it and three away from it."""
    nodes = {**PLACES, 5: LonLat(112.983, 28.15)}
    made = [f'<node id="{n}" lat="{place.lat}" lon="{place.lon}"/>' for n, place in nodes.items()]
    for start, street in STREETS.items():
        ends = (start, 5) if start == WEST else (5, start)
        points = "".join(f'<nd ref="{node}"/>' for node in ends)
        made.append(f'<way id="{street}">{points}<tag k="highway" v="residential"/></way>')
    return '<osm version="0.6">' + "".join([*made, *relations]) + "</osm>"


@pytest.fixture
def seconds(tmp_path: Path) -> Asked:
    """Seconds of a person who never gets out, from the west to the end of another street."""

    def ask(end: int, *relations: str, profile: str = "car") -> float:
        path = tmp_path / "crossing.osm"
        path.write_text(crossing(*relations), encoding="utf-8")
        seated = replace(DEFAULT_PROFILES[profile], dismount_s=1e6)
        model = ReachModel(read_roads(path).network, {"foot": DEFAULT_PROFILES["foot"], profile: seated})
        origin = Origin(id="unit", place=PLACES[WEST], profile=profile, turnout_s=0)
        return model.reach([PLACES[end]], [origin], limit_s=3600).reached[0].travel_s

    return ask


def outcome(tmp_path: Path, *relations: str) -> dict[str, int]:
    path = tmp_path / "crossing.osm"
    path.write_text(crossing(*relations), encoding="utf-8")
    return dict(read_roads(path).summary.turns)


def test_two_compulsory_turns_at_one_point_are_alternatives(seconds: Asked) -> None:
    rules = turn(WEST, EAST, restriction="only_straight_on"), turn(WEST, SOUTH, restriction="only_right_turn")
    assert seconds(EAST, *rules) == approx(2 * ACROSS_S, abs=0.2)
    assert seconds(SOUTH, *rules) == approx(ACROSS_S + DOWN_S, abs=0.2)
    # On to the end of the street in the east, where there is nothing but to turn, and back.
    assert seconds(NORTH, *rules) == approx(3 * ACROSS_S + DOWN_S, abs=0.3)


@pytest.mark.parametrize(
    ("tags", "binds_car", "binds_ebike"),
    [
        ({"restriction": "no_left_turn"}, True, True),
        ({"restriction__vehicle": "no_left_turn"}, True, True),
        ({"restriction__motor_vehicle": "no_left_turn"}, True, False),
        ({"restriction__motorcar": "no_left_turn"}, True, False),
        ({"restriction__bicycle": "no_left_turn"}, False, True),
        ({"restriction": "no_left_turn", "restriction__motorcar": "no_right_turn"}, True, True),
        ({"restriction": "no_left_turn", "restriction__bicycle": "none"}, True, False),
        ({"restriction": "no_left_turn", "except": "bicycle"}, True, False),
        ({"restriction": "no_left_turn", "except": "psv; motorcar"}, False, True),
        ({"restriction": "no_left_turn", "except": "motor_vehicle;bicycle"}, False, False),
        ({"restriction": "no_left_turn", "except": "motorcycle"}, True, True),
        ({"restriction__hgv": "no_left_turn"}, False, False),
    ],
)
def test_a_restriction_binds_those_whom_it_names(
    seconds: Asked, tags: dict[str, str], *, binds_car: bool, binds_ebike: bool
) -> None:
    for profile, binds in (("car", binds_car), ("ebike", binds_ebike)):
        free, bound = (
            seconds(NORTH, profile=profile),
            seconds(NORTH, turn(WEST, NORTH, **tags), profile=profile),
        )
        assert (bound > free + 1) == binds, profile
    rule = turn(WEST, NORTH, **tags)
    for profile in ("foot", "ambulance"):
        assert seconds(NORTH, rule, profile=profile) == approx(seconds(NORTH, profile=profile))


def test_each_mode_keeps_to_its_own_rules_where_both_have_some(seconds: Asked) -> None:
    rules = (
        turn(WEST, NORTH, restriction__motorcar="no_left_turn"),
        turn(WEST, SOUTH, restriction__bicycle="no_right_turn"),
    )
    for profile, free, bound in (("car", SOUTH, NORTH), ("ebike", NORTH, SOUTH)):
        assert seconds(free, *rules, profile=profile) == approx(seconds(free, profile=profile))
        assert seconds(bound, *rules, profile=profile) > seconds(bound, profile=profile) + 1


@pytest.mark.parametrize(
    ("relation", "why"),
    [
        (turn(WEST, NORTH, type="was:restriction", restriction="no_left_turn"), "not in force"),
        (turn(WEST, NORTH, type="abandoned:restriction", restriction="no_left_turn"), "not in force"),
        (
            turn(WEST, NORTH, restriction="no_left_turn", hour_on="07:00", hour_off="09:00"),
            "at certain hours",
        ),
        (turn(WEST, NORTH, restriction="no_left_turn", day_on="Monday"), "at certain hours"),
        (turn(WEST, NORTH, restriction="reversible"), "unknown kind"),
        (turn(WEST, NORTH, restriction__hgv="no_left_turn"), "binds no car"),
        (turn(WEST, NORTH, restriction="no_left_turn", **{"except": "vehicle"}), "binds no car"),
    ],
)
def test_what_does_not_hold_for_all_hours_and_cars_is_counted(
    seconds: Asked, tmp_path: Path, relation: str, why: str
) -> None:
    assert seconds(NORTH, relation) == approx(seconds(NORTH))
    assert outcome(tmp_path, relation) == {why: 1}


def test_no_entry_names_several_ways_to_come_from(seconds: Asked, tmp_path: Path) -> None:
    more = f'<member type="way" ref="{STREETS[EAST]}" role="from"/>'
    relation = turn(WEST, NORTH, restriction="no_entry").replace("<tag", more + "<tag", 1)
    assert seconds(NORTH, relation) > seconds(NORTH) + 1
    assert outcome(tmp_path, relation) == {"applied": 2}
