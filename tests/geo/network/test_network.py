"""Contraction, packing and hashing of networks."""

import base64
import io
import pickle
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.errors import UnreadableFileError
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES
from geo.network.weighting import costs_of
from geo.osm.roads import OsmRoads
from geo.testing import straight_street, town
from tests import examples

STREET = {"highway": "residential", "name": "大街"}


def test_points_where_nothing_changes_vanish_and_stay_on_the_map() -> None:
    bent = town([([(0, 0), (50, 10), (100, 0), (150, 10)], STREET), ([(150, 10), (200, 0)], STREET)])
    assert (bent.n_nodes, bent.n_roads, bent.n_edges) == (2, 1, 2)
    [road] = bent.display_lines()
    assert len(road.coordinates) == 5
    assert road.name == "大街"


@pytest.mark.parametrize(
    "other",
    [
        {"name": "小街"},
        {"width": "3"},
        {"highway": "service"},
        {"oneway": "yes"},
        {"maxheight": "3"},
        {"maxspeed": "30"},
        {"layer": "1"},
    ],
)
def test_a_point_where_something_changes_stays(other: dict[str, str]) -> None:
    changing = town([([(0, 0), (100, 0)], STREET), ([(100, 0), (200, 0)], {**STREET, **other})])
    assert (changing.n_nodes, changing.n_roads) == (3, 2)


def test_a_street_drawn_in_two_directions_is_one_road() -> None:
    opposed = town([([(0, 0), (100, 0)], STREET), ([(200, 0), (100, 0)], STREET)])
    assert opposed.n_roads == 1


def test_two_one_ways_drawn_against_each_other_are_two() -> None:
    oneway = {**STREET, "oneway": "yes"}
    opposed = town([([(0, 0), (100, 0)], oneway), ([(200, 0), (100, 0)], oneway)])
    assert opposed.n_roads == 2
    reverse = town([([(0, 0), (100, 0)], oneway), ([(200, 0), (100, 0)], {**STREET, "oneway": "-1"})])
    assert reverse.n_roads == 1


def test_a_ring_without_junctions_is_a_road() -> None:
    ring = town([([(0, 0), (100, 0), (100, 100), (0, 0)], STREET)])
    assert (ring.n_roads, ring.n_nodes) == (1, 1)
    assert ring.length_km == pytest.approx(0.3414, abs=1e-3)


def test_lengths_are_those_of_the_ellipsoid() -> None:
    street = straight_street(length_m=1234)
    (lon, lat), (to_lon, to_lat) = street.coordinates(0)
    _, _, geodesic_m = Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)
    assert street.road_length_m[0] == pytest.approx(geodesic_m, abs=1e-6)
    assert street.road_length_m[0] == pytest.approx(1234, abs=0.1)


def test_unpacking_gives_back_the_same_network(grid: RoadNetwork) -> None:
    again = RoadNetwork.from_bytes(grid.to_bytes())
    assert again.content_hash == grid.content_hash
    assert again.names == grid.names
    assert list(again.display_lines()) == list(grid.display_lines())
    assert again.to_bytes() == grid.to_bytes()


def test_networks_that_differ_anywhere_have_different_hashes() -> None:
    plain = straight_street(length_m=100)
    others = [
        straight_street(length_m=101),
        straight_street(length_m=100, name="大街"),
        straight_street(length_m=100, width="3"),
        straight_street(length_m=100, oneway="yes"),
    ]
    assert len({plain.content_hash, *(other.content_hash for other in others)}) == 5
    assert plain.content_hash == straight_street(length_m=100).content_hash


@pytest.fixture(scope="module")
def grid() -> RoadNetwork:
    return town(
        [
            ([(0, 0), (100, 0), (200, 0)], STREET),
            ([(100, -50), (100, 0), (100, 80)], {"highway": "service", "width": "2.5"}),
        ],
        obstacles={(100.0, 80.0): {"barrier": "gate"}},
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"ROADNET1", id="magic only"),
        pytest.param(b"ROADNET1" + (10).to_bytes(8, "little"), id="no body"),
        pytest.param(b"ROADNET1" + (2**62).to_bytes(8, "little") + zlib.compress(b"x"), id="huge"),
        pytest.param(b"ROADNET1" + (1).to_bytes(8, "little") + zlib.compress(b"xx"), id="too long"),
        pytest.param(b"ROADNET1" + (20).to_bytes(8, "little") + zlib.compress(b"\xff" * 20), id="no header"),
        pytest.param(pickle.dumps({"a": 1}), id="pickle"),
        pytest.param(b"PK\x03\x04" + b"\0" * 100, id="zip"),
    ],
)
def test_bytes_that_are_no_network_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        RoadNetwork.from_bytes(data)


def test_a_network_cut_short_anywhere_is_refused(grid: RoadNetwork) -> None:
    data = grid.to_bytes()
    for size in range(0, len(data), 7):
        with pytest.raises(UnreadableFileError):
            RoadNetwork.from_bytes(data[:size])


@settings(max_examples=examples.number(100))
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_network_with_a_bit_turned_is_refused_or_the_same(where: float, bit: int) -> None:
    packed = GRID.to_bytes()
    data = bytearray(packed)
    data[int(where * len(data))] ^= 1 << bit
    try:
        found = RoadNetwork.from_bytes(bytes(data))
    except UnreadableFileError:
        return
    assert found.content_hash == GRID.content_hash


GRID = straight_street(length_m=100, name="大街")


STORED_BEFORE = base64.b64decode(
    "Uk9BRE5FVDGxBQAAAAAAAHgBrVTNbhMxEHb4E1CiVjxB5HMv+6PdDarUleDSOwcgqhbv2u4uTXYrr2ka0ao9c+QAFy5ISHBCfQEO"
    "vAQvgJDgwIUXCB5v3DjtJidGGtnjb77x+Mtstq8jba8wEYJMavygNxjgQyZkkbEab/bwVuGrZeC4mz13d1ftcFlRlrSkhBcZoiI0"
    "qSUR0qoQNmyNcVGNLCiwIFktAYas3JN50vB4BE3ZvLzYy8dkAuTjl85llFdiTARdgqYk218Bjws6v1irYV88IkdJztTt0vTWmjJu"
    "UhpFeGtKfcAYTWatJvsHObS7tSrXNL4iuSqZkaW4IsuQTJjQolzFpCCF1CPQomeqxqVYSi3JiOnem9mZqUVElkhSDC3EmY0UQDkj"
    "+ve5GLhmKACCmVnCMgroR6T6gVBUDSqGLvRAYwB/fvz068M7DEBWlZKVMslJnauBxyEPPcppkDGPRD51oigkbhqlPvMcN/OjwGNu"
    "GLgO5yn3id+nrO9loZf2WRD5QeDik7Py2UN0eL4Rvp2vz+lifBlvi/98nfMN7r0537Drr6pr84EH3/Y15TeU31J+W/ld5feUg3WU"
    "A24c8mAP/wrgEN9UDtzXL/zfO+hpvP7l/vcI7cTqaMH+/tj+9nn6JH4/PHl0Bz2O17rd7lp33TKEzk4R6sXNCvu22Jz/z3WhURVM"
    "p+DwettMbBQAzFbBVgsUgTxQCMzG4NzUMHxbSZMPq8kD3NQADqhuOJ0O6ijXCf8Apypc5A=="
)
"""Two streets and a gate as the first form of stored networks had them, without surfaces and parked cars."""


def test_a_network_stored_by_an_earlier_version_is_read_and_keeps_its_hash() -> None:
    found = RoadNetwork.from_bytes(STORED_BEFORE)
    assert found.content_hash == "7f73dfd6ce3a84d1887a2b8b4e312c4863e27621ffbf4a49de93c73b9e684662"
    assert sorted(road.width_m or 0 for road in found.display_lines()) == [0, 0, 2.5, 2.5]
    for profile in DEFAULT_PROFILES.values():
        wide_enough = profile.on_foot or profile.clear_width_m <= 2.5
        assert costs_of(found, profile).usable.all() == wide_enough
    again = RoadNetwork.from_bytes(found.to_bytes())
    assert again.content_hash == found.content_hash


@pytest.mark.parametrize("more", [{"surface": "mud"}, {"parking:left": "lane"}, {"maxwidth": "4"}])
def test_what_was_added_to_networks_changes_their_hash(more: dict[str, str]) -> None:
    assert (
        straight_street(length_m=100, width="6").content_hash
        != straight_street(length_m=100, width="6", **more).content_hash
    )


def test_arrays_cannot_be_written(grid: RoadNetwork) -> None:
    with pytest.raises(ValueError, match="read-only"):
        grid.road_length_m[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        RoadNetwork.from_bytes(grid.to_bytes()).arc_head[0] = 0


def test_packing_is_no_pickle(grid: RoadNetwork) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the unpickler says
        pickle.load(io.BytesIO(grid.to_bytes()[16:]))  # noqa: S301 - that it cannot be loaded is the point


def test_a_gate_at_a_dead_end_is_in_no_way(grid: RoadNetwork) -> None:
    assert not (grid.road_barrier >= 0).any()


def test_a_gate_on_a_junction_bars_the_lesser_road() -> None:
    streets = [
        ([(0.0, 0.0), (100.0, 0.0)], STREET),
        ([(100.0, 0.0), (200.0, 0.0)], {**STREET, "name": "小街"}),
        ([(100.0, 0.0), (100.0, 80.0)], {"highway": "service"}),
    ]
    guarded = town(streets, obstacles={(100.0, 0.0): {"barrier": "bollard"}})
    assert (guarded.road_barrier >= 0).sum() == 1
    through = set(guarded.road_from[guarded.road_name > 0]) | set(guarded.road_to[guarded.road_name > 0])
    drive = np.flatnonzero(guarded.is_real_road & (guarded.road_name == 0))[0]
    assert {guarded.road_from[drive], guarded.road_to[drive]} & through == set()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "nodes", "length_km"),
    [
        ("changsha-roads-2019", 66_928, 5_830),
        pytest.param("porto", 347_182, None, marks=pytest.mark.nightly),
        ("monaco-2021", 10_191, None),
        ("bengbu-2017", 11_518, None),
        ("changsha-hnu-2021", 387, None),
    ],
)
def test_real_extracts_are_read_whole(
    extract: Callable[[str], OsmRoads], name: str, nodes: int, length_km: float | None
) -> None:
    found = extract(name)
    # The data's own description counts ways that are no roads, and no platforms or squares without `highway`.
    assert 0.98 * nodes <= found.summary.nodes <= 1.02 * nodes
    assert found.summary.missing_references == 0
    assert found.network.n_nodes < 0.36 * nodes
    if length_km is not None:
        assert found.network.length_km == pytest.approx(length_km, rel=0.002)
    again = RoadNetwork.from_bytes(found.network.to_bytes())
    assert again.content_hash == found.network.content_hash


@pytest.mark.shared_data
def test_nothing_is_lost_or_moved_by_contraction(extract: Callable[[str], OsmRoads]) -> None:
    """Every vertex and the whole length of the ways are still there, counted from the file itself."""
    import osmium  # noqa: PLC0415 - only this test reads the file again

    from tests.geo.conftest import EXTRACTS  # noqa: PLC0415

    network = extract("changsha-roads-2019").network
    geod, length_m, points = Geod(ellps="WGS84"), 0.0, set()
    path = str(EXTRACTS / "changsha-roads-2019.osm.pbf")
    for way in osmium.FileProcessor(path).with_locations().with_filter(osmium.filter.KeyFilter("highway")):
        if way.is_way():
            lons, lats = [n.lon for n in way.nodes], [n.lat for n in way.nodes]
            length_m += geod.line_length(lons, lats)
            points.update((n.location.x, n.location.y) for n in way.nodes)
    assert network.length_km * 1000 == pytest.approx(length_m, rel=1e-9)
    assert points == set(map(tuple, network.vertices.tolist()))
