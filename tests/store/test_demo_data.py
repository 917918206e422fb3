"""The shipped demo circle is consistent in itself: what its README promises is checked here."""

import json
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
from pyproj import Transformer
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely import STRtree, transform
from shapely.geometry import LineString, MultiLineString, Point, Polygon, shape

from responder.domain.map.facility import FacilityKind

DEMO = Path(__file__).parents[2] / "responder" / "demo" / "data"
ON_WHEELS = {"primary", "secondary", "tertiary", "residential", "living_street", "service"}
TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)

Lane = tuple[list[int], dict[str, str]]


def features(name: str) -> list[dict[str, Any]]:
    return list(json.loads((DEMO / name).read_text(encoding="utf-8"))["features"])


def in_metres(geometry: dict[str, Any]) -> Any:  # noqa: ANN401 - shapely's geometries share no useful base
    return transform(shape(geometry), lambda xy: np.column_stack(TO_METRES.transform(*xy.T)))


def metres(lon: float, lat: float) -> Point:
    return Point(*TO_METRES.transform(lon, lat))


class Lanes:
    def __init__(self) -> None:
        self.nodes: dict[int, tuple[float, float]] = {}
        self.ways: dict[int, Lane] = {}
        for thing in osmium.FileProcessor(DEMO / "lanes.osm"):
            if isinstance(thing, osmium.osm.Node):
                self.nodes[thing.id] = TO_METRES.transform(thing.lon, thing.lat)
            elif isinstance(thing, osmium.osm.Way) and "highway" in thing.tags:
                self.ways[thing.id] = ([node.ref for node in thing.nodes], dict(thing.tags))

    def line(self, way: int) -> LineString:
        return LineString([self.nodes[ref] for ref in self.ways[way][0]])

    def named(self, name: str) -> list[Lane]:
        return [lane for lane in self.ways.values() if lane[1].get("name") == name]

    def parts(self, *, classes: set[str] | None, directed: bool) -> int:
        index = {ref: number for number, ref in enumerate(self.nodes)}
        edges = [
            edge
            for refs, tags in self.ways.values()
            if classes is None or tags["highway"] in classes
            for a, b in pairwise(index[ref] for ref in refs)
            for edge in _directions(a, b, oneway=tags.get("oneway") if directed else None)
        ]
        rows, columns = np.array(edges).T
        graph = coo_matrix((np.ones(len(edges)), (rows, columns)), shape=(len(index),) * 2)
        labels = connected_components(graph, directed=directed, connection="strong")[1]
        return len(set(labels[np.unique(edges)]))


def _directions(a: int, b: int, *, oneway: str | None) -> list[tuple[int, int]]:
    return {"yes": [(a, b)], "-1": [(b, a)]}.get(oneway or "", [(a, b), (b, a)])


@pytest.fixture(scope="module")
def lanes() -> Lanes:
    return Lanes()


@pytest.fixture(scope="module")
def outlines() -> dict[str, Polygon]:
    return {feature["id"]: in_metres(feature["geometry"]) for feature in features("buildings.geojson")}


@pytest.fixture(scope="module")
def people() -> dict[str, Any]:
    return dict(json.loads((DEMO / "partners.json").read_text(encoding="utf-8")))


def test_the_households_of_the_25_blocks_add_up_to_323() -> None:
    lived_in = [f["properties"] for f in features("buildings.geojson") if f["properties"]["households"]]
    assert len(lived_in) == 25
    assert sum(block["households"] for block in lived_in) == 323


@pytest.mark.parametrize("file", ["buildings", "facilities", "hazards", "units"])
def test_every_feature_has_one_identity_and_a_place_in_seven_decimals(file: str) -> None:
    found = features(f"{file}.geojson")
    ids = [feature["properties"]["id"] for feature in found]
    assert len(set(ids)) == len(ids)
    for feature in found:
        assert feature["id"] == feature["properties"]["id"]
        assert feature["properties"]["name"]
        assert feature["properties"]["name_en"]
        flat = np.array(shape(feature["geometry"]).bounds)
        assert np.array_equal(flat, flat.round(7))
        assert np.all(flat > [112.9, 28.1, 112.9, 28.1])
        assert np.all(flat < [113.1, 28.2, 113.1, 28.2])


def test_building_outlines_are_valid_anticlockwise_and_apart(outlines: dict[str, Polygon]) -> None:
    for name, outline in outlines.items():
        assert outline.is_valid, name
        assert outline.exterior.is_ccw, name
    for a, b in combinations(outlines, 2):
        assert outlines[a].distance(outlines[b]) > 2, (a, b)


def test_no_lane_runs_through_a_building(lanes: Lanes, outlines: dict[str, Polygon]) -> None:
    for way, (_, tags) in lanes.ways.items():
        half_width = float(tags.get("width", "0")) / 2
        for name, outline in outlines.items():
            assert lanes.line(way).distance(outline) > half_width, (name, tags)


def test_every_entrance_is_on_its_building_and_within_30_m_of_a_lane(
    lanes: Lanes, outlines: dict[str, Polygon]
) -> None:
    roads = MultiLineString([lanes.line(way) for way in lanes.ways])
    for feature in features("buildings.geojson"):
        assert feature["properties"]["entrances"], feature["id"]
        for door in feature["properties"]["entrances"]:
            place = metres(door["lon"], door["lat"])
            assert place.distance(outlines[feature["id"]].exterior) < 1, (feature["id"], door)
            assert place.distance(roads) < 30, (feature["id"], door)


def test_every_post_is_within_250_m_of_a_road_its_unit_can_use(lanes: Lanes) -> None:
    on_wheels = [lanes.line(way) for way, (_, tags) in lanes.ways.items() if tags["highway"] in ON_WHEELS]
    for feature in features("units.geojson"):
        assert in_metres(feature["geometry"]).distance(MultiLineString(on_wheels)) < 250, feature["id"]


def test_the_alley_is_a_y_whose_branches_meet_and_reach_the_streets(lanes: Lanes) -> None:
    branches = {name: lanes.named(f"脑科巷{name}") for name in ("南支", "北支", "西支")}
    refs = {name: {ref for way, _ in ways for ref in way} for name, ways in branches.items()}
    [fork] = refs["南支"] & refs["北支"] & refs["西支"]
    neighbours = {
        other
        for ways in branches.values()
        for way, _ in ways
        for pair in pairwise(way)
        for other in pair
        if fork in pair and other != fork
    }
    assert len(neighbours) == 3
    for name, beyond in {"南支": "新荷街", "北支": "听松街", "西支": "医院东门通道"}.items():
        assert refs[name] & {ref for way, _ in lanes.named(beyond) for ref in way}, name
    widths = [float(tags["width"]) for ways in branches.values() for _, tags in ways]
    assert (min(widths), max(widths)) == (2.0, 3.8)


def test_everyone_can_walk_everywhere(lanes: Lanes) -> None:
    assert lanes.parts(classes=None, directed=False) == 1


def test_a_vehicle_is_never_trapped_by_one_way_streets(lanes: Lanes) -> None:
    assert lanes.parts(classes=ON_WHEELS, directed=True) == 1


def test_ways_that_cross_share_a_node_unless_one_is_on_a_bridge_or_below(lanes: Lanes) -> None:
    ways = list(lanes.ways)
    lines = [lanes.line(way) for way in ways]
    for a, b in STRtree(lines).query(lines, predicate="intersects").T:
        if a == b or lanes.ways[ways[a]][1].get("layer") != lanes.ways[ways[b]][1].get("layer"):
            continue
        assert set(lanes.ways[ways[a]][0]) & set(lanes.ways[ways[b]][0]), (ways[a], ways[b])


def test_streets_carry_both_names_and_enough_of_them_for_15_minutes(lanes: Lanes) -> None:
    assert all({"name", "name:en"} <= set(tags) for _, tags in lanes.ways.values())
    assert 120 <= len({tags["name"] for _, tags in lanes.ways.values()}) <= 250
    corners = np.array(list(lanes.nodes.values()))
    assert np.all(np.ptp(corners, axis=0) > 4_900)


def test_one_hazard_closes_the_north_branch_to_anything_wider_than_2_m(lanes: Lanes) -> None:
    closures = [
        f["properties"]["closure"] for f in features("hazards.geojson") if "closure" in f["properties"]
    ]
    [closure] = closures
    assert closure["wider_than_m"] == 2.0
    north = MultiLineString(
        [LineString([lanes.nodes[ref] for ref in way]) for way, _ in lanes.named("脑科巷北支")]
    )
    assert in_metres(closure["geometry"]).hausdorff_distance(north) > 10  # a part of it …
    assert north.buffer(0.2).contains(in_metres(closure["geometry"]))  # … and nothing beside it


def test_hazards_show_every_state_and_both_grades() -> None:
    hazards = [feature["properties"] for feature in features("hazards.geojson")]
    assert len(hazards) == 6
    assert {hazard["state"] for hazard in hazards} == {"seen", "assigned", "mending", "closed"}
    assert {hazard["grade"] for hazard in hazards} == {"general", "major"}
    assert len({hazard["kind"] for hazard in hazards}) == 6


def test_facilities_are_of_every_kind() -> None:
    kinds = Counter(feature["properties"]["kind"] for feature in features("facilities.geojson"))
    assert set(kinds) == set(FacilityKind)
    assert kinds.total() >= 14


def test_references_resolve(people: dict[str, Any]) -> None:
    partners = {partner["id"] for partner in people["partners"]}
    units = {feature["id"]: feature["properties"] for feature in features("units.geojson")}
    facilities = {feature["id"]: feature["properties"] for feature in features("facilities.geojson")}
    responders = {responder["id"]: responder for responder in people["responders"]}
    accounts = {account["username"]: account for account in people["accounts"]}
    assert len(partners) == len(people["partners"])
    assert len(responders) == len(people["responders"])
    assert len(accounts) == len(people["accounts"])
    assert {
        thing["partner"] for thing in [*units.values(), *facilities.values(), *accounts.values()]
    } <= partners
    pact = people["pact"]
    assert {each["partner"] for each in pact["signatures"]} <= partners
    assert {each["owner"] for each in pact["duties"]} - {None} <= {
        each["partner"] for each in pact["signatures"]
    }
    assert {each["duty"] for each in pact["records"]} <= {each["id"] for each in pact["duties"]}
    assert {each["responder"] for each in people["roster"]} <= set(responders)
    assert {responder["unit"] for responder in responders.values()} == set(units)  # no unit is empty
    for responder in responders.values():
        account = accounts[responder["account"]]
        assert account["responder"] == responder["id"]
        assert account["partner"] == units[responder["unit"]]["partner"]


def test_accounts_cover_every_role_and_hold_no_secret(people: dict[str, Any]) -> None:
    roles = {account["role"] for account in people["accounts"]}
    assert roles == {"coordinator", "dispatcher", "responder", "planner", "observer"}
    dispatching = {account["partner"] for account in people["accounts"] if account["role"] == "dispatcher"}
    assert {"hospital", "police", "property", "mini-station"} <= dispatching
    allowed = {"username", "name", "name_en", "role", "partner", "responder"}
    assert all(set(account) == allowed for account in people["accounts"])


def test_units_move_in_every_way_that_a_profile_knows() -> None:
    units = [feature["properties"] for feature in features("units.geojson")]
    assert 8 <= len(units) <= 12
    assert {unit["profile"] for unit in units} == {
        "foot",
        "ebike",
        "car",
        "ambulance",
        "mini_engine",
        "fire_engine",
    }


def test_it_says_that_it_is_illustrative(people: dict[str, Any]) -> None:
    assert people["circle"]["illustrative"] is True
    assert "示例" in people["circle"]["name"]
    for name in ("buildings", "facilities", "hazards", "units"):
        collection = json.loads((DEMO / f"{name}.geojson").read_text(encoding="utf-8"))
        assert "示例数据" in collection["notice"]
        assert "llustrative" in collection["notice"]
    assert all("示例" in person["name"] for person in people["responders"])
