"""
How fast reach, isochrones and loading are on a real city, beside SciPy alone and pgRouting.

Usage: script/bench reach [--points N]. Needs `porto.osm.pbf` among the shared data; the last lines
are plain `name value`. What cannot be measured here is said to be missing and has no line.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psycopg
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geo.costs import costs_of  # noqa: E402 - the project may not be installed
from geo.isochrone import isochrones  # noqa: E402
from geo.network import RoadNetwork  # noqa: E402
from geo.osm import read_roads  # noqa: E402
from geo.place import LonLat  # noqa: E402
from geo.profiles import DEFAULT_PROFILES  # noqa: E402
from geo.reach import LONGEST_LIMIT_S, Origin, ReachModel  # noqa: E402
from responder.embedded import Cluster  # noqa: E402

EXTRACTS = ROOT.parent / "shared" / "data" / "osm"
LIMIT_S = 900.0
BANDS_S = (300.0, 600.0, 900.0)


def timed_ms(action: Callable[[], Any]) -> float:
    """Milliseconds that an action takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def arc_seconds(network: RoadNetwork, profile: str) -> np.ndarray[Any, Any]:
    """Seconds of every arc for a profile, infinity where it cannot go."""
    side_s = costs_of(network, DEFAULT_PROFILES[profile]).at_peak(1.0)
    return side_s[network.arc_backward.astype(int), network.arc_road]


def rows_of(network: RoadNetwork, profile: str) -> csr_array:
    """One layer as SciPy searches it: arcs of the profile only."""
    seconds = arc_seconds(network, profile)
    passable = np.isfinite(seconds)
    # Arcs are sorted by head; rows are put together by hand, for SciPy would add parallel arcs up.
    first = np.searchsorted(network.arc_head[passable], np.arange(network.n_nodes + 1)).astype(np.int32)
    n = network.n_nodes
    return csr_array((seconds[passable], network.arc_tail[passable], first), shape=(n, n))


def road_spots(network: RoadNetwork, count: int, seed: int) -> tuple[np.ndarray[Any, Any], list[LonLat]]:
    """First nodes of random roads that a car can use, and where they are."""
    usable = costs_of(network, DEFAULT_PROFILES["car"]).usable & network.is_real_road
    roads = np.random.default_rng(seed).choice(np.flatnonzero(usable), count)
    nodes = network.road_from[roads]
    return nodes, [LonLat(*network.node_lonlat(int(node))) for node in nodes]


def measure_searches(name: str, model: ReachModel, points: int) -> dict[str, float]:
    """Reach of all profiles, SciPy alone, and bands; medians in milliseconds."""
    network = model.network
    nodes, places = road_spots(network, points, seed=1)
    _, posts = road_spots(network, 1000, seed=2)
    profiles = list(DEFAULT_PROFILES)
    origins = [
        Origin(id=str(i), place=post, profile=profiles[i % len(profiles)], turnout_s=0.0)
        for i, post in enumerate(posts)
    ]
    graphs = [rows_of(network, profile) for profile in profiles]
    model.reach(places[:1], origins, limit_s=LIMIT_S, explain=20)
    isochrones(model, places[:1], profile="car", limits_s=BANDS_S)
    reach, floor, bands = [], [], []
    for node, place in zip(nodes.tolist(), places, strict=True):
        reach.append(timed_ms(lambda p=place: model.reach([p], origins, limit_s=LIMIT_S, explain=20)))
        floor.append(timed_ms(lambda n=node: [dijkstra(g, indices=n, limit=LIMIT_S) for g in graphs]))
        bands.append(timed_ms(lambda p=place: isochrones(model, [p], profile="car", limits_s=BANDS_S)))
    found = {"reach": median(reach), "scipy": median(floor), "bands": median(bands)}
    print(f"{name}, medians of {points} points, 15 minutes, 6 profiles, 1,000 origins:")
    for what, value in found.items():
        print(f"  {what:8s} {value:8.1f} ms")
    return found


def isochrone_shares(model: ReachModel, points: int) -> tuple[float, float]:
    """Share of road points inside that are in time, and of those in time that are inside."""
    network, rng = model.network, np.random.default_rng(4)
    usable = model.ground.layers.costs(DEFAULT_PROFILES["car"]).usable & network.is_real_road
    weight = network.road_length_m * usable
    both = inside = in_time = 0
    for place in road_spots(network, points, seed=3)[1]:
        [drawn] = isochrones(model, [place], profile="car", limits_s=[LIMIT_S])
        roads = rng.choice(network.n_roads, 4000, p=weight / weight.sum())
        lines = np.array([shapely.LineString(network.coordinates(road)) for road in roads.tolist()])
        spots = shapely.get_coordinates(
            shapely.line_interpolate_point(lines, rng.random(len(roads)), normalized=True)
        )
        times = model.travel_times([place], profile="car", limit_s=LIMIT_S + 300)
        on_time = times.seconds_from([LonLat(*spot) for spot in spots.tolist()]) <= LIMIT_S
        held = shapely.contains_xy(drawn.geometry, spots[:, 0], spots[:, 1])
        both += int((held & on_time).sum())
        inside += int(held.sum())
        in_time += int(on_time.sum())
    return both / max(inside, 1), both / max(in_time, 1)


def measure_pgrouting(model: ReachModel, points: int) -> tuple[float, float] | None:
    """Milliseconds of driving distance, and share of 1,000 pairs within a second; `None` without it."""
    network = model.network
    seconds = arc_seconds(network, "car")
    passable = np.flatnonzero(np.isfinite(seconds))
    folder = Path(tempfile.mkdtemp(prefix="reach-"))
    folder.chmod(0o755)
    cluster = Cluster(folder)
    cluster.ensure()
    try:
        url = cluster.create_database("routing").replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(url, user="postgres", autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_available_extensions WHERE name = 'pgrouting'")
            if known.fetchone() is None:
                return None
            connection.execute("CREATE EXTENSION pgrouting CASCADE")
            connection.execute("CREATE TABLE edge (id serial, source bigint, target bigint, cost float8)")
            with connection.cursor().copy("COPY edge (source, target, cost) FROM STDIN") as copy:
                for arc in passable.tolist():
                    copy.write_row((network.arc_tail[arc].item(), network.arc_head[arc].item(), seconds[arc]))
            connection.execute("ANALYZE edge")
            nodes, _ = road_spots(network, points, seed=1)
            took = [
                timed_ms(
                    lambda n=node: connection.execute(
                        "SELECT count(*) FROM pgr_drivingDistance("
                        "'SELECT id, target AS source, source AS target, cost FROM edge', %s, %s)",
                        (n, LIMIT_S),
                    ).fetchone()
                )
                for node in nodes.tolist()
            ]
            return median(took), agreement(model, connection)
    finally:
        cluster.stop()


def agreement(model: ReachModel, connection: psycopg.Connection) -> float:
    """Share of 1,000 pairs of junctions with the same time within a second."""
    network = model.network
    seconds = arc_seconds(network, "car")
    pointlike = ~network.is_real_road
    several = np.union1d(network.road_from[pointlike], network.road_to[pointlike])
    passable = np.isfinite(seconds)
    nodes = np.setdiff1d(np.union1d(network.arc_tail[passable], network.arc_head[passable]), several)
    nodes = nodes[model.ground.index.snap_lonlat(network.node_vertices[nodes] / 1e7).distance_m < 1.0]
    rng = np.random.default_rng(9)
    starts, ends = rng.choice(nodes, 25, replace=False), rng.choice(nodes, 40, replace=False)
    rows = connection.execute(
        "SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost("
        "'SELECT id, source, target, cost FROM edge', %s::bigint[], %s::bigint[], true)",
        (starts.tolist(), ends.tolist()),
    )
    theirs = {(start, end): cost for start, end, cost in rows}
    # A crew that never gets out leaves the vehicle's layer alone, as pgRouting sees it.
    seated = {**DEFAULT_PROFILES, "car": replace(DEFAULT_PROFILES["car"], dismount_s=1e9)}
    alone = ReachModel(network, seated)
    same = 0
    for end in ends.tolist():
        place = LonLat(*network.node_lonlat(end))
        ours = alone.travel_times([place], profile="car", limit_s=LONGEST_LIMIT_S).vehicle_s
        for start in starts.tolist():
            cost = 0.0 if start == end else theirs.get((start, end), np.inf)
            cost = cost if cost <= LONGEST_LIMIT_S else np.inf
            same += bool(ours[start] == cost or abs(ours[start] - cost) <= 1.0)
    return same / (len(starts) * len(ends))


def main(arguments: Sequence[str]) -> int:
    """Measure, then print the plain lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=25)
    points = parser.parse_args(arguments).points
    path = EXTRACTS / "porto.osm.pbf"
    if not path.exists():
        print("porto.osm.pbf is not among the shared data: nothing can be measured")
        return 1
    packed = read_roads(path).network.to_bytes()
    start = time.perf_counter()
    model = ReachModel(RoadNetwork.from_bytes(packed))
    model.ground.snap_places([LonLat(-8.61, 41.15)])
    load_ms = (time.perf_counter() - start) * 1000
    porto = measure_searches("Porto", model, points)
    changsha = EXTRACTS / "changsha-roads-2019.osm.pbf"
    if changsha.exists():
        measure_searches("Changsha", ReachModel(read_roads(changsha).network), points)
    precision, recall = isochrone_shares(model, min(points, 5))
    routed = measure_pgrouting(model, points)
    print("Valhalla: not measured by this version")
    lines = {
        "reach_ms": porto["reach"],
        "reach_vs_scipy": porto["reach"] / porto["scipy"],
        "bands_ms": porto["bands"],
        "network_load_ms": load_ms,
        "network_mib": model.network.n_bytes / 2**20,
        "isochrone_precision": precision,
        "isochrone_recall": recall,
    }
    if routed is None:
        print("pgRouting: not installed, so not measured")
    else:
        lines |= {"reach_vs_pgrouting": routed[0] / porto["reach"], "agreement_pgrouting": routed[1]}
    for name, value in lines.items():
        print(f"{name} {value:.4g}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
