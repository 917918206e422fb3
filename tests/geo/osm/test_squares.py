"""People cross squares, and walk along corridors and platforms; no one takes a ferry."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from pytest import approx  # noqa: PT013 - reads better

from geo.network.closures import RoadClosure
from geo.network.snap import RoadIndex
from geo.osm.roads import OsmRoads, read_roads
from geo.reach.model import Origin, ReachModel
from geo.tags.attributes import Trait
from geo.testing import at
from tests.geo.conftest import COUNTABLE

Metres = tuple[float, float]
Drawn = tuple[Sequence[Metres], Mapping[str, str]]
ROAD = {"highway": "residential"}
SIDE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)]
WEST: Drawn = ([(-50.0, 0.0), (0.0, 0.0)], ROAD)
EAST: Drawn = ([(100.0, 100.0), (150.0, 100.0)], ROAD)
ACROSS_M = math.hypot(100, 100)


def read(path: Path, ways: Sequence[Drawn], *relations: str) -> OsmRoads:
    """Write ways drawn in metres to a file and read it; way and relation numbers count from 1."""
    number: dict[Metres, int] = {}
    made = []
    for way, (points, tags) in enumerate(ways, 1):
        refs = "".join(f'<nd ref="{number.setdefault(point, len(number) + 1)}"/>' for point in points)
        made.append(f'<way id="{way}">{refs}{written(tags)}</way>')
    places = {node: at(*point) for point, node in number.items()}
    nodes = [f'<node id="{node}" lat="{place.lat}" lon="{place.lon}"/>' for node, place in places.items()]
    file = path / "town.osm"
    file.write_text('<osm version="0.6">' + "".join([*nodes, *made, *relations]) + "</osm>", encoding="utf-8")
    return read_roads(file)


def written(tags: Mapping[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def area(tags: Mapping[str, str], **roles: str) -> str:
    members = "".join(
        f'<member type="way" ref="{ref.lstrip("w")}" role="{role}"/>' for ref, role in roles.items()
    )
    return f'<relation id="1">{members}{written({"type": "multipolygon", **tags})}</relation>'


def walk_m(
    found: OsmRoads, start: Metres = (-50, 0), end: Metres = (150, 100), profile: str = "foot"
) -> float:
    """Metres on foot, which are as many seconds."""
    model = ReachModel(found.network, COUNTABLE)
    unit = Origin(id="unit", place=at(*start), profile=profile, turnout_s=0)
    return model.reach([at(*end)], [unit], limit_s=3600).reached[0].travel_s


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "pedestrian", "area": "yes"},
        {"highway": "footway", "area": "yes"},
        {"place": "square"},
        {"place": "square", "highway": "pedestrian"},
        {"railway": "platform"},
        {"public_transport": "platform"},
        {"highway": "platform"},
    ],
)
def test_a_square_is_crossed_from_corner_to_corner(tmp_path: Path, tags: dict[str, str]) -> None:
    assert walk_m(read(tmp_path, [WEST, EAST, (SIDE, tags)])) == approx(100 + ACROSS_M, abs=0.5)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "pedestrian"},
        {"highway": "pedestrian", "area": "no"},
        {"highway": "residential", "area": "yes"},
        {"place": "square", "area": "no"},
    ],
)
def test_a_ring_that_is_no_square_is_gone_round(tmp_path: Path, tags: dict[str, str]) -> None:
    assert walk_m(read(tmp_path, [WEST, EAST, (SIDE, tags)])) == approx(300, abs=0.5)


@pytest.mark.parametrize("tags", [{"place": "square", "access": "no"}, {"place": "square", "foot": "no"}])
def test_a_square_that_is_shut_is_not_crossed(tmp_path: Path, tags: dict[str, str]) -> None:
    round_about: Drawn = ([(0.0, 0.0), (0.0, -300.0), (100.0, -300.0), (100.0, 100.0)], ROAD)
    assert walk_m(read(tmp_path, [WEST, EAST, round_about, (SIDE, tags)])) == approx(900, abs=0.5)


def test_a_square_of_two_halves_with_a_pond_is_crossed_beside_it(tmp_path: Path) -> None:
    half, other = SIDE[:3], SIDE[2:]
    pond = [(40.0, 40.0), (60.0, 40.0), (60.0, 60.0), (40.0, 60.0), (40.0, 40.0)]
    ways = [WEST, EAST, (half, {}), (other, {}), (pond, {"natural": "water"})]
    relation = area({"highway": "pedestrian"}, w3="outer", w4="outer", w5="inner")
    beside_m = 2 * math.hypot(40, 60)
    assert walk_m(read(tmp_path, ways, relation)) == approx(100 + beside_m, abs=0.5)
    whole = area({"highway": "pedestrian"}, w3="outer", w4="outer")
    assert walk_m(read(tmp_path, ways, whole)) == approx(100 + ACROSS_M, abs=0.5)


def test_a_square_whose_edge_is_not_in_the_file_is_counted(tmp_path: Path) -> None:
    found = read(tmp_path, [WEST, EAST, (SIDE[:3], {})], area({"place": "square"}, w3="outer", w9="outer"))
    assert found.summary.ways_skipped == {"square that is not whole": 1}


def test_the_way_over_a_square_bends_where_a_corner_juts_in(tmp_path: Path) -> None:
    angle = [(0.0, 0.0), (100.0, 0.0), (100.0, 20.0), (20.0, 20.0), (20.0, 100.0), (0.0, 100.0), (0.0, 0.0)]
    south: Drawn = ([(100.0, 0.0), (150.0, 0.0)], ROAD)
    north: Drawn = ([(0.0, 100.0), (0.0, 150.0)], ROAD)
    found = read(tmp_path, [south, north, (angle, {"place": "square"})])
    bent_m = math.hypot(80, 20) * 2
    assert walk_m(found, (150, 0), (0, 150)) == approx(100 + bent_m, abs=0.5)


def test_no_way_over_a_square_of_many_entrances_is_much_longer_than_it_must_be(tmp_path: Path) -> None:
    rim = [(100 * math.cos(a), 100 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 31)[:-1].tolist()]
    roads: list[Drawn] = [([point, (point[0] * 2, point[1] * 2)], ROAD) for point in rim]
    found = read(tmp_path, [*roads, ([*rim, rim[0]], {"place": "square"})])
    for start in range(0, 30, 7):
        for end in range(0, 30, 4):
            straight_m = math.dist(rim[start], rim[end])
            around = [(x * 2, y * 2) for x, y in (rim[start], rim[end])]
            if start != end:
                assert straight_m * 0.999 <= walk_m(found, *around) - 200 <= straight_m * 1.101 + 0.5
    lines = (found.network.road_traits & Trait.SIGHT_LINE) != 0
    assert 0 < lines.sum() < 30 * 29 / 4


def test_a_square_too_intricate_is_gone_round_and_counted(tmp_path: Path) -> None:
    rim = [(100 * math.cos(a), 100 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 81)[:-1].tolist()]
    roads: list[Drawn] = [([point, (point[0] * 2, point[1] * 2)], ROAD) for point in rim]
    found = read(tmp_path, [*roads, ([*rim, rim[0]], {"place": "square"})])
    assert found.summary.ways_skipped == {"square too intricate to cross": 1}
    assert walk_m(found, (200, 0), (-200, 0)) == approx(200 + 100 * math.pi, rel=0.01)


def test_only_people_on_foot_cross_and_nothing_is_drawn(tmp_path: Path) -> None:
    tags = {"highway": "pedestrian", "area": "yes", "motor_vehicle": "yes", "width": "8"}
    found = read(tmp_path, [WEST, EAST, (SIDE, tags)])
    assert walk_m(found, profile="fire_engine") == approx(30, abs=0.1)
    assert walk_m(found, profile="car") == approx(30, abs=0.1)
    assert sorted(len(road.coordinates) for road in found.network.display_lines()) == [2, 2, 3, 3]


def test_a_door_belongs_to_the_edge_of_a_square_and_not_to_a_line_over_it(tmp_path: Path) -> None:
    found = read(tmp_path, [WEST, EAST, (SIDE, {"highway": "pedestrian", "area": "yes"})])
    snap = RoadIndex(found.network).snap([at(52, 50)]).one(0)
    assert snap is not None
    assert not found.network.road_traits[snap.road] & Trait.SIGHT_LINE
    assert snap.distance_m == approx(48, abs=0.5)


def test_a_closure_on_a_square_stops_the_way_over_it(tmp_path: Path) -> None:
    found = read(tmp_path, [WEST, EAST, (SIDE, {"place": "square"})])
    model = ReachModel(found.network, COUNTABLE)
    corners = [at(x, y) for x, y in ((40, 40), (60, 40), (60, 60), (40, 60))]
    shut = RoadClosure(id="1", geometry=shapely.Polygon([(place.lon, place.lat) for place in corners]))
    unit = Origin(id="unit", place=at(-50, 0), profile="foot", turnout_s=0)
    [reached] = model.reach([at(150, 100)], [unit], limit_s=3600, closures=[shut]).reached
    assert reached.travel_s == approx(300, abs=0.5)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "corridor", "indoor": "yes"},
        {"railway": "platform"},
        {"public_transport": "platform"},
        {"highway": "platform"},
    ],
)
def test_corridors_and_platforms_are_walked_and_not_driven(tmp_path: Path, tags: dict[str, str]) -> None:
    through: Drawn = ([(0.0, 0.0), (100.0, 100.0)], tags)
    round_about: Drawn = ([(0.0, 0.0), (0.0, -300.0), (100.0, -300.0), (100.0, 100.0)], ROAD)
    found = read(tmp_path, [WEST, EAST, round_about, through])
    assert walk_m(found) == approx(100 + ACROSS_M, abs=0.5)
    assert walk_m(found, profile="fire_engine") == approx(90, abs=0.1)


def test_a_ferry_is_no_road_and_counted(tmp_path: Path) -> None:
    ferry: Drawn = ([(0.0, 0.0), (100.0, 100.0)], {"route": "ferry", "foot": "yes"})
    found = read(tmp_path, [WEST, EAST, ferry])
    assert found.summary.ways_skipped == {"ferry": 1}
    assert ReachModel(found.network).reach(
        [at(150, 100)], [Origin(id="u", place=at(-50, 0), profile="foot", turnout_s=0)], limit_s=3600
    ).not_reached == {"u": "cut_off"}
