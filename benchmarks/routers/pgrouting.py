"""
pgRouting in a private PostGIS, on the very edge costs of ours.

It is asked on two tables: `segment` has the network as OpenStreetMap has it, an edge from each point
of a way to the next; `edge` has our own arcs, from junction to junction, so that pgRouting is spared
what contraction spares us. It reads every edge of a table for each question, about a microsecond each.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import psycopg
from psycopg import sql

from geo.lonlat import LonLat
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES
from geo.reach.model import LONGEST_LIMIT_S, ReachModel
from responder.embedded import Cluster
from routers.questions import LIMIT_S, Array, arc_seconds, in_turns_ms, road_spots, segments

Edges = tuple[Array, Array, Array]


@contextmanager
def pgrouting(network: RoadNetwork) -> Iterator[psycopg.Connection | None]:
    """Give a database that holds the roads of a car, `None` where pgRouting is not installed."""
    folder = Path(tempfile.mkdtemp(prefix="reach-"))
    folder.chmod(0o755)
    cluster = Cluster(folder)
    cluster.ensure()
    try:
        url = cluster.create_database("routing").replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(url, user="postgres", autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_available_extensions WHERE name = 'pgrouting'")
            if known.fetchone() is None:
                yield None
                return
            connection.execute("CREATE EXTENSION pgrouting CASCADE")
            seconds = arc_seconds(network, "car")
            arcs = np.flatnonzero(np.isfinite(seconds))
            _store(connection, "edge", (network.arc_tail[arcs], network.arc_head[arcs], seconds[arcs]))
            _store(connection, "segment", segments(network, "car"))
            yield connection
    finally:
        cluster.stop()


def _store(connection: psycopg.Connection, table: str, edges: Edges) -> None:
    name = sql.Identifier(table)
    connection.execute(
        sql.SQL("CREATE TABLE {} (id serial, source bigint, target bigint, cost float8)").format(name)
    )
    with connection.cursor().copy(sql.SQL("COPY {} (source, target, cost) FROM STDIN").format(name)) as copy:
        for row in zip(*(column.tolist() for column in edges), strict=True):
            copy.write_row(row)
    connection.execute(sql.SQL("ANALYZE {}").format(name))


def count(connection: psycopg.Connection, table: str) -> int:
    """Give the number of directed edges in a table."""
    statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    [found] = connection.execute(statement).fetchone() or (0,)
    return int(found)


def driving_distance_ms(
    network: RoadNetwork, connection: psycopg.Connection, points: int, *, table: str
) -> float:
    """Milliseconds of `pgr_drivingDistance` towards a place for one profile; the median."""
    nodes, _ = road_spots(network, points, seed=1)
    edges = f"SELECT id, target AS source, source AS target, cost FROM {table}"  # noqa: S608 - ours
    statement = "SELECT count(*) FROM pgr_drivingDistance(%s, %s, %s)"
    return median(
        in_turns_ms(
            [
                lambda n=node: connection.execute(statement, (edges, n, LIMIT_S)).fetchone()
                for node in nodes.tolist()
            ]
        )
    )


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
