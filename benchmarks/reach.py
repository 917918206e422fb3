"""
How fast reach, isochrones and loading are on a real city, beside SciPy alone, pgRouting and Valhalla.

Usage: script/bench reach [--points N] [--quick]. Needs `porto.osm.pbf` among the shared data; the last
lines are plain `name value`. What cannot be measured here is said to be missing and has no line.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from routers import distances, ours, pgrouting, turn_graph, valhalla_runner  # noqa: E402 - the project may not be installed

from geo.lonlat import LonLat  # noqa: E402
from geo.network.network import RoadNetwork  # noqa: E402
from geo.osm.roads import read_roads  # noqa: E402
from geo.reach.model import ReachModel  # noqa: E402

EXTRACTS = ROOT.parent / "shared" / "data" / "osm"
KEPT = ROOT / "data" / "valhalla"
IN_PORTO = LonLat(-8.61, 41.15)
QUICK_POINTS = 5
MOST_SHARES = 12


def loaded(packed: bytes) -> tuple[ReachModel, float]:
    """Make a model ready to answer; give the milliseconds from bytes to there too."""
    start = time.perf_counter()
    model = ReachModel(RoadNetwork.from_bytes(packed))
    model.ground.snap_places([IN_PORTO])
    took_ms = (time.perf_counter() - start) * 1000
    # As the application does once it has loaded: what stays is not looked through for garbage again.
    gc.freeze()
    return model, took_ms


def measure_ours(model: ReachModel, packed: bytes, points: int) -> dict[str, float]:
    """Measure what needs nothing but this project."""
    porto = ours.measure("Porto", model, points)
    changsha = EXTRACTS / "changsha-roads-2019.osm.pbf"
    if changsha.exists():
        ours.measure("Changsha", ReachModel(read_roads(changsha).network), points)
    precision, recall = ours.isochrone_shares(model, min(points, MOST_SHARES))
    with tempfile.NamedTemporaryFile(suffix=".network") as file:
        file.write(packed)
        file.flush()
        before_mib, process_mib = ours.process_mib(Path(file.name))
    return {
        "reach_ms": porto["reach"],
        "reach_one_profile_ms": porto["one profile"],
        "reach_vs_scipy": porto["reach"] / porto["scipy"],
        "bands_ms": porto["bands"],
        "closure_ms": ours.closure_ms(model, points),
        "loop_blocked_ms": ours.loop_blocked_ms(model, points),
        "network_mib": model.network.n_bytes / 2**20,
        "process_mib": process_mib,
        "porto_mib": process_mib - before_mib,
        "isochrone_precision": precision,
        "isochrone_recall": recall,
    }


def measure_pgrouting(model: ReachModel, extract: Path, points: int, lines: dict[str, float]) -> None:
    """Ask pgRouting for one profile, as ours is asked for one and for six."""
    with pgrouting.pgrouting(model.network) as connection:
        if connection is None:
            print("pgRouting: not installed, so not measured")
            return
        print("pgRouting: pgr_drivingDistance for one profile, towards the same places, on the same seconds:")
        asked = {
            "segment": ("reach_vs_pgrouting", "every segment of every way an edge"),
            "edge": ("reach_vs_pgrouting_contracted", "our own arcs, from junction to junction"),
        }
        for table, (line, what) in asked.items():
            took = pgrouting.driving_distance_ms(model.network, connection, points, table=table)
            edges = pgrouting.count(connection, table)
            print(f"  {took:8.1f} ms on {edges:,} directed edges: {what} ({line})")
            lines[line] = took / lines["reach_one_profile_ms"]
            lines[line.replace("reach_", "reach_of_six_") + "_of_one"] = took / lines["reach_ms"]
        lines["agreement_pgrouting"] = pgrouting.agreement(model, connection)
        told = turn_graph.agreement(extract, connection, profile="car")
        lines["agreement_pgrouting_turns"] = told.share
        print(
            f"  {told.pairs:,} pairs on a graph of directed roads: {told.differ_by_rules} are other by a turn"
            f" restriction, {told.differ_by_turning} by the time of turning round"
        )


def measure_valhalla(model: ReachModel, extract: Path, points: int, lines: dict[str, float]) -> None:
    """Ask Valhalla for one profile, as ours is asked for all six."""
    matrices = 1 if points <= QUICK_POINTS else 3
    try:
        theirs = valhalla_runner.measure(
            model.network, extract, folder=KEPT, points=points, matrices=matrices
        )
    except valhalla_runner.MissingError as missing:
        print(f"Valhalla: missing, so not measured: {missing}")
        return
    print(f"Valhalla: isochrone {theirs.isochrone_ms:.1f} ms for one profile")
    print(f"Valhalla: sources_to_targets {theirs.matrix_ms:.1f} ms from 1,000 to one")
    lines["reach_vs_valhalla"] = theirs.isochrone_ms / lines["reach_ms"]
    told = distances.compare(model.network, extract, folder=KEPT)
    over = sum(told.by_rule.values())
    print(f"Valhalla: shortest ways of {told.pairs} pairs by car; {over} differ by more than 5 %, because")
    print(told.table())
    lines["valhalla_distance_over_5_percent"] = over
    lines["valhalla_distance_unexplained"] = told.unexplained
    lines["reach_vs_valhalla_matrix"] = theirs.matrix_ms / lines["reach_one_profile_ms"]


def main(arguments: Sequence[str]) -> int:
    """Measure, then print the plain lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=25)
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK_POINTS} points")
    options = parser.parse_args(arguments)
    points = QUICK_POINTS if options.quick else options.points
    extract = EXTRACTS / "porto.osm.pbf"
    if not extract.exists():
        print("porto.osm.pbf is not among the shared data: nothing can be measured")
        return 1
    packed = read_roads(extract).network.to_bytes()
    model, load_ms = loaded(packed)
    lines = {"network_load_ms": load_ms, **measure_ours(model, packed, points)}
    measure_pgrouting(model, extract, points, lines)
    measure_valhalla(model, extract, points, lines)
    for name, value in lines.items():
        print(f"{name} {value:.4g}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
