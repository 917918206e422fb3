"""Agreement with pgRouting, an independent router, on identical edge costs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray

from benchmarks.routers.turn_graph import agreement
from geo.lonlat import LonLat
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES, MobilityProfile
from geo.network.weighting import costs_of
from geo.osm.roads import OsmRoads
from geo.reach.model import ReachModel
from responder.embedded import Cluster

LIMIT_S = 7200.0
STARTS, ENDS = 25, 40
Edges = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]

PORTO = pytest.param("porto", marks=pytest.mark.nightly)
"""Thirty times as many roads, which take a minute and a half and are no other promise."""

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def routing(cluster: Cluster) -> Iterator[psycopg.Connection]:
    url = cluster.create_database("routing").replace("postgresql+psycopg", "postgresql")
    # Only a superuser may make the extension.
    with psycopg.connect(url, user="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_available_extensions WHERE name = 'pgrouting'")
        if known.fetchone() is None:
            pytest.skip("pgRouting is not installed with this PostgreSQL")
        connection.execute("CREATE EXTENSION pgrouting CASCADE")
        yield connection
    cluster.drop_database("routing")


def store(connection: psycopg.Connection, edges: Edges) -> None:
    connection.execute("DROP TABLE IF EXISTS edge")
    connection.execute("CREATE TABLE edge (id serial, source bigint, target bigint, cost float8)")
    with connection.cursor().copy("COPY edge (source, target, cost) FROM STDIN") as copy:
        for row in zip(*(column.tolist() for column in edges), strict=True):
            copy.write_row(row)
    connection.execute("ANALYZE edge")


def costs_by_pgrouting(
    connection: psycopg.Connection, pairs: set[tuple[int, int]]
) -> dict[tuple[int, int], float]:
    connection.execute("DROP TABLE IF EXISTS pair")
    connection.execute("CREATE TABLE pair (source bigint, target bigint)")
    connection.cursor().executemany("INSERT INTO pair VALUES (%s, %s)", sorted(pairs))
    rows = connection.execute(
        "SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost("
        "'SELECT id, source, target, cost FROM edge', 'SELECT source, target FROM pair', directed => true)"
    )
    return {(start, end): cost for start, end, cost in rows}


def arcs(network: RoadNetwork, profile: MobilityProfile) -> Edges:
    seconds = costs_of(network, profile).at_peak(1.0)[network.arc_backward.astype(int), network.arc_road]
    passable = np.isfinite(seconds)
    tail, head = network.arc_tail[passable], network.arc_head[passable]
    return tail.astype(np.int64), head.astype(np.int64), seconds[passable]


def random_pairs(model: ReachModel, passable: Edges, seed: int) -> set[tuple[int, int]]:
    """
    A thousand pairs of junctions the profile can be at.

    Left out are junctions that are one place and several nodes: those under a gate or a turn
    restriction. So are those of a fragment joined to nothing, for a place there joins the nearest
    road that leads somewhere.
    """
    network = model.network
    pointlike = ~network.is_real_road
    several = np.union1d(network.road_from[pointlike], network.road_to[pointlike])
    nodes = np.setdiff1d(np.union1d(passable[0], passable[1]), several)
    lonlat = network.node_vertices[nodes] / 1e7
    nodes = nodes[model.ground.index.snap_lonlat(lonlat).distance_m < 1.0]
    rng = np.random.default_rng(seed)
    starts, ends = rng.choice(nodes, STARTS, replace=False), rng.choice(nodes, ENDS, replace=False)
    return {(int(start), int(end)) for start in starts for end in ends}


def place_of(network: RoadNetwork, node: int) -> LonLat:
    return LonLat(*network.node_lonlat(node))


@pytest.mark.parametrize("profile", ["car", "foot"])
@pytest.mark.parametrize("name", ["bengbu-2017", PORTO])
def test_one_layer_agrees_with_pgrouting(
    extract: Callable[[str], OsmRoads], routing: psycopg.Connection, name: str, profile: str
) -> None:
    network = extract(name).network
    alone = replace(DEFAULT_PROFILES[profile], dismount_s=1e9 * (profile != "foot"))
    model = ReachModel(network, {"foot": DEFAULT_PROFILES["foot"], profile: alone})
    edges = arcs(network, alone)
    store(routing, edges)
    pairs = random_pairs(model, edges, seed=2026)
    expected = costs_by_pgrouting(routing, pairs)
    agreeing = reachable = 0
    for end in {end for _, end in pairs}:
        times = model.travel_times([place_of(network, end)], profile=profile, limit_s=LIMIT_S)
        found = times.foot_s if profile == "foot" else times.vehicle_s
        for start in {start for start, other in pairs if other == end}:
            theirs = expected.get((start, end), np.inf) if start != end else 0.0
            theirs = theirs if theirs <= LIMIT_S else np.inf
            agreeing += bool(found[start] == theirs or abs(found[start] - theirs) <= 1.0)
            reachable += bool(np.isfinite(theirs))
    assert len(pairs) == STARTS * ENDS
    assert reachable >= 0.1 * len(pairs)
    assert agreeing >= 0.99 * len(pairs)


@pytest.mark.parametrize("profile", ["fire_engine", "ambulance", "ebike"])
@pytest.mark.parametrize("name", ["monaco-2021", "bengbu-2017"])
def test_two_layers_agree_with_pgrouting_on_a_graph_of_both(
    extract: Callable[[str], OsmRoads], routing: psycopg.Connection, name: str, profile: str
) -> None:
    """Vehicle nodes as they are numbered, people's nodes above them, and getting out between the two."""
    network = extract(name).network
    model = ReachModel(network)
    vehicle, foot = arcs(network, DEFAULT_PROFILES[profile]), arcs(network, DEFAULT_PROFILES["foot"])
    above = network.n_nodes
    out = np.intersect1d(np.union1d(vehicle[0], vehicle[1]), np.union1d(foot[0], foot[1]))
    edges = (
        np.concatenate([vehicle[0], foot[0] + above, out]),
        np.concatenate([vehicle[1], foot[1] + above, out + above]),
        np.concatenate([vehicle[2], foot[2], np.full(len(out), DEFAULT_PROFILES[profile].dismount_s)]),
    )
    store(routing, edges)
    pairs = random_pairs(model, foot, seed=7)
    both = {(a + up, b + above * to) for a, b in pairs for up in (0, above) for to in (0, 1)}
    theirs = costs_by_pgrouting(routing, both)
    agreeing = 0
    for end in {end for _, end in pairs}:
        times = model.travel_times([place_of(network, end)], profile=profile, limit_s=LIMIT_S)
        for start in {start for start, other in pairs if other == end}:
            ways = [theirs.get((start + up, end + to), np.inf) for up in (0, above) for to in (0, above)]
            best = min(ways) if start != end else 0.0
            best = best if best <= LIMIT_S else np.inf
            ours = min(times.foot_s[start], times.vehicle_s[start])
            agreeing += bool(ours == best or abs(ours - best) <= 1.0)
    assert agreeing >= 0.99 * len(pairs)


@pytest.mark.parametrize(
    ("name", "profile", "by_rules", "by_turning"),
    [
        ("monaco-2021", "car", 80, 50),
        ("monaco-2021", "ebike", 40, 30),
        pytest.param("porto", "car", 150, 120, marks=pytest.mark.nightly),
    ],
)
def test_turns_agree_with_pgrouting_on_a_graph_of_directed_roads(  # noqa: PLR0917 - by fixtures
    shared_data: Path, routing: psycopg.Connection, name: str, profile: str, by_rules: int, by_turning: int
) -> None:
    found = agreement(shared_data / "osm" / f"{name}.osm.pbf", routing, profile=profile)
    assert found.pairs >= STARTS * ENDS
    # Enough of the pairs are such that a rule left out, or turning for nothing, would be seen.
    assert found.differ_by_rules >= by_rules
    assert found.differ_by_turning >= by_turning
    assert found.share >= 0.99
