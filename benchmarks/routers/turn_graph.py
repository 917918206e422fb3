"""
Turn restrictions and turning round by another way: a graph whose nodes are the directed roads.

There each turn is an edge, so that a forbidden turn is an edge less and turning round one that costs its
time; nothing of it comes from the copies of nodes by which `geo` does the same. pgRouting searches it.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from geo.lonlat import LonLat
from geo.network.build import RawRoads, build_network
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES
from geo.network.weighting import costs_of
from geo.osm.roads import read_raw_roads
from geo.reach.model import ReachModel
from geo.tags.attributes import RoadAccess

LIMIT_S = 7200.0
_BOUND = int(RoadAccess.MOTOR | RoadAccess.CYCLE)
_MODE = {"motor": RoadAccess.MOTOR, "cycle": RoadAccess.CYCLE}
Longs = NDArray[np.int64]
Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many pairs of junctions have the same time within a second."""

    share: float
    """Of all pairs."""
    pairs: int
    differ_by_rules: int
    """Pairs whose time is another because of a restriction, and so put the rules to the test."""
    differ_by_turning: int
    """Pairs whose time is another because turning round takes its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turns:
    """Directed roads of one profile, and every turn from one to the next."""

    network: RoadNetwork
    tail: Longs
    head: Longs
    seconds: NDArray[np.float64]
    before: Longs
    after: Longs
    is_u_turn: NDArray[np.bool_]
    is_banned: NDArray[np.bool_]
    spoken_of: Pairs
    """From the start of a road to the end of one that it may not turn into."""


def agreement(
    extract: Path, connection: psycopg.Connection[Any], *, profile: str, seed: int = 5
) -> Agreement:
    """
    Compare `geo` with pgRouting on the directed roads of one extract.

    Asked are 1,000 random pairs of junctions and, for each restriction, the pair that it speaks of.
    """
    raw = read_raw_roads(extract)
    # Named by their ways, roads end where ways do, and tell which way they are of.
    raw = replace(
        raw, ways=[replace(w, attributes=w.attributes._replace(name=str(w.way_id))) for w in raw.ways]
    )
    seated = replace(DEFAULT_PROFILES[profile], dismount_s=1e9)
    free, _ = build_network(replace(raw, turns=()))
    bound, _ = build_network(raw)
    turns = _turns(free, raw, profile)
    model = ReachModel(bound, {"foot": DEFAULT_PROFILES["foot"], profile: seated})
    twin = _twins(free, bound)
    pairs = _pairs(turns, model, twin, seed)
    theirs = _costs(connection, turns, pairs, u_turn_s=seated.u_turn_s)
    turned_free = _costs(connection, turns, pairs, u_turn_s=0.0)
    unbound = _costs(connection, replace(turns, is_banned=turns.is_banned & False), pairs, u_turn_s=0.0)
    same = 0
    by_end: dict[int, list[int]] = {}
    for start, end in pairs:
        by_end.setdefault(end, []).append(start)
    for end, starts in by_end.items():
        place = LonLat(*bound.node_lonlat(twin[end]))
        ours = model.travel_times([place], profile=profile, limit_s=LIMIT_S).vehicle_s
        for start in starts:
            expected = 0.0 if start == end else theirs.get((start, end), np.inf)
            expected = expected if expected <= LIMIT_S else np.inf
            found = ours[twin[start]]
            same += bool(found == expected or abs(found - expected) <= 1.0)
    return Agreement(
        share=same / len(pairs),
        pairs=len(pairs),
        differ_by_rules=_differing(theirs, unbound),
        differ_by_turning=_differing(theirs, turned_free),
    )


def _differing(one: dict[tuple[int, int], float], other: dict[tuple[int, int], float]) -> int:
    return sum(abs(seconds - other.get(pair, np.inf)) > 1.0 for pair, seconds in one.items())


def _turns(free: RoadNetwork, raw: RawRoads, profile: str) -> _Turns:
    figures = DEFAULT_PROFILES[profile]
    side = free.arc_backward.astype(int)
    arc_s = costs_of(free, figures).at_peak(1.0)[side, free.arc_road]
    arcs = np.flatnonzero(np.isfinite(arc_s))
    tail, head = free.arc_tail[arcs].astype(np.int64), free.arc_head[arcs].astype(np.int64)
    by_tail = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[by_tail], np.arange(free.n_nodes + 1))
    count = (first[1:] - first[:-1])[head]
    before = np.repeat(np.arange(len(arcs)), count)
    nth = np.arange(len(before)) - np.repeat(np.cumsum(count) - count, count)
    after = by_tail[np.repeat(first[head], count) + nth]
    road, back = free.arc_road[arcs], free.arc_backward[arcs]
    is_back = (road[before] == road[after]) & (back[before] != back[after])
    access = np.where(free.arc_backward, free.road_backward[free.arc_road], free.road_forward[free.arc_road])
    ways_on = np.bincount(free.arc_tail[(access & _BOUND) != 0], minlength=free.n_nodes)
    name = free.road_name[road]
    banned, spoken_of = _banned(free, raw, _MODE[figures.mode], before, after, name, head, is_back)
    return _Turns(
        network=free,
        tail=tail,
        head=head,
        seconds=arc_s[arcs],
        before=before,
        after=after,
        is_u_turn=is_back & (ways_on[head[before]] > 1),
        is_banned=banned,
        spoken_of=[(int(tail[before[turn]]), int(head[after[turn]])) for turn in spoken_of],
    )


def _banned(  # noqa: PLR0917 - columns of one table
    free: RoadNetwork,
    raw: RawRoads,
    mode: RoadAccess,
    before: Longs,
    after: Longs,
    name: NDArray[np.int32],
    head: Longs,
    is_back: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], list[int]]:
    """Mark the turns that restrictions forbid, and list those that they name."""
    number = {text: i for i, text in enumerate(free.names)}
    nodes_at: dict[tuple[int, ...], list[int]] = {}
    for node, place in enumerate(free.node_vertices.tolist()):
        nodes_at.setdefault(tuple(place), []).append(node)
    turns_at: dict[int, list[int]] = {}
    wanted = {
        node for rule in raw.turns for node in nodes_at.get(tuple(raw.lonlat_e7[rule.via_point].tolist()), ())
    }
    for turn in np.flatnonzero(np.isin(head[before], list(wanted))).tolist():
        turns_at.setdefault(int(head[before[turn]]), []).append(turn)
    banned, named_only = np.zeros(len(before), dtype=bool), dict[int, set[int]]()
    spoken_of: list[int] = []
    for rule in raw.turns:
        if rule.exempt & mode:
            continue
        start, end = number.get(str(rule.from_way), -1), number.get(str(rule.to_way), -1)
        for node in nodes_at.get(tuple(raw.lonlat_e7[rule.via_point].tolist()), ()):
            of_rule = [t for t in turns_at.get(node, ()) if name[before[t]] == start]
            named = [t for t in of_rule if name[after[t]] == end]
            if not named or len({int(before[t]) for t in of_rule}) != 1:
                continue
            if rule.only:
                named_only.setdefault(int(before[of_rule[0]]), set()).update(named)
                spoken_of += [t for t in of_rule if t not in named]
            else:
                named = [t for t in named if start != end or is_back[t]]
                banned[named] = True
                spoken_of += named
    for arc, allowed in named_only.items():
        others = [t for t in turns_at[int(head[arc])] if before[t] == arc and t not in allowed]
        banned[others] = True
    return banned, spoken_of


def _twins(free: RoadNetwork, bound: RoadNetwork) -> dict[int, int]:
    """Find the node of the network with restrictions at each junction, gates left out."""
    found: dict[int, int] = {}
    at: dict[tuple[int, ...], set[int]] = {}
    real = bound.is_real_road
    for node in np.union1d(bound.road_from[real], bound.road_to[real]).tolist():
        at.setdefault(tuple(bound.node_vertices[node].tolist()), set()).add(node)
    for node, place in enumerate(free.node_vertices.tolist()):
        nodes = at.get(tuple(place), set())
        if len(nodes) == 1:
            found[node] = next(iter(nodes))
    return found


def _pairs(turns: _Turns, model: ReachModel, twin: dict[int, int], seed: int) -> Pairs:
    network = turns.network
    nodes = np.array(sorted({*turns.tail.tolist(), *turns.head.tolist()} & twin.keys()))
    near = model.ground.index.snap_lonlat(network.node_vertices[nodes] / 1e7).distance_m < 1.0
    nodes = nodes[near]
    rng = np.random.default_rng(seed)
    starts, ends = rng.choice(nodes, 25, replace=False), rng.choice(nodes, 40, replace=False)
    known = set(nodes.tolist())
    pairs = {(int(start), int(end)) for start in starts for end in ends}
    return sorted(pairs | {pair for pair in turns.spoken_of if known.issuperset(pair)})


def _costs(
    connection: psycopg.Connection[Any], turns: _Turns, pairs: Pairs, *, u_turn_s: float
) -> dict[tuple[int, int], float]:
    """Ask pgRouting: directed roads are nodes; junctions asked about lead to and from them."""
    n_arcs, n_nodes = len(turns.tail), turns.network.n_nodes
    kept = np.flatnonzero(~turns.is_banned)
    cost = turns.seconds[turns.after] + u_turn_s * turns.is_u_turn
    arcs = np.arange(n_arcs)
    columns = (
        np.concatenate([turns.before[kept], n_arcs + turns.tail, arcs]),
        np.concatenate([turns.after[kept], arcs, n_arcs + n_nodes + turns.head]),
        np.concatenate([cost[kept], turns.seconds, np.zeros(n_arcs)]),
    )
    connection.execute("DROP TABLE IF EXISTS turn, turn_pair")
    connection.execute("CREATE TABLE turn (id serial, source bigint, target bigint, cost float8)")
    with connection.cursor().copy("COPY turn (source, target, cost) FROM STDIN") as copy:
        for row in zip(*(column.tolist() for column in columns), strict=True):
            copy.write_row(row)
    connection.execute("CREATE TABLE turn_pair (source bigint, target bigint)")
    with connection.cursor().copy("COPY turn_pair FROM STDIN") as copy:
        for start, end in pairs:
            copy.write_row((n_arcs + start, n_arcs + n_nodes + end))
    rows = connection.execute(
        "SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost("
        "'SELECT id, source, target, cost FROM turn', 'SELECT source, target FROM turn_pair', true)"
    )
    return {(start - n_arcs, end - n_arcs - n_nodes): cost for start, end, cost in rows}
