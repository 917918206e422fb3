"""From ways made of points to the contracted network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.network.arc_table import ArcTable, arcs_of
from geo.network.contraction import Chains, contract
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES
from geo.network.turn_restrictions import TurnRule, restrict
from geo.tags.attributes import HIGHWAYS, NO_BARRIER, RoadAttributes

_ELLIPSOID = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawWay:
    """A way before contraction."""

    way_id: int
    points: Sequence[int]
    """Numbers of its points, in the order it is drawn."""
    attributes: RoadAttributes


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRoads:
    """Everything a network is made of, whatever file it came from."""

    lonlat_e7: NDArray[np.int32]
    """Longitude and latitude of every point in units of 1e-7 degrees, WGS 84, shape `(n, 2)`."""
    ways: Sequence[RawWay]
    obstacles: Mapping[int, RoadAttributes] = field(default_factory=dict)
    """What stands on a point, by the point's number."""
    turns: Sequence[TurnRule] = ()
    within: NDArray[np.bool_] | None = None
    """Points inside the area wanted; a piece of way with neither end inside is left out."""


@dataclass(slots=True)
class _Roads:
    """Roads while they are being made: ends, points and attributes, one entry each."""

    start: list[int]
    end: list[int]
    points: list[list[int]]
    attributes: list[RoadAttributes]
    first_way: list[int]
    last_way: list[int]

    def add(self, start: int, end: int, points: list[int], attributes: RoadAttributes) -> None:
        self.start.append(start)
        self.end.append(end)
        self.points.append(points)
        self.attributes.append(attributes)
        self.first_way.append(-1)
        self.last_way.append(-1)


def build_network(raw: RawRoads) -> tuple[RoadNetwork, Mapping[str, int]]:
    """
    Contract ways to roads between junctions, put obstacles and turn restrictions in, and number everything.

    Points where two pieces of road meet and nothing changes vanish from the graph; their place on
    the map is kept. Ways join only where they share a point, so a bridge does not meet what it crosses.

    Returns
    -------
    network
        The network.
    turns
        How many turn restrictions were `applied` and how many of each kind could not be.
    """
    raw = _with_one_point_a_spot(raw)
    via = np.array([turn.via_point for turn in raw.turns], dtype=np.int64)
    standing = np.array(list(raw.obstacles), dtype=np.int64)
    chains = contract(raw.lonlat_e7, raw.ways, keep=np.concatenate([via, standing]), within=raw.within)
    roads = _as_roads(chains, raw.ways)
    point_of_node = _place_obstacles(roads, raw.obstacles, n_points=len(raw.lonlat_e7))
    table = arcs_of(
        start=np.array(roads.start, dtype=np.int64),
        end=np.array(roads.end, dtype=np.int64),
        attributes=roads.attributes,
        first_way=np.array(roads.first_way, dtype=np.int64),
        last_way=np.array(roads.last_way, dtype=np.int64),
    )
    restricted, copies, links, count = restrict(
        table,
        raw.turns,
        lambda road: _drive_s(roads, road, raw.lonlat_e7),
        next_node=len(point_of_node),
        next_road=len(roads.start),
    )
    point_of_node.extend(point_of_node[node] for node in copies)
    for copy, original, attributes in links:
        point = point_of_node[original]
        roads.add(copy, original, [point, point], attributes)
    return _numbered(roads, restricted, np.array(point_of_node, dtype=np.int64), raw.lonlat_e7), count


def _with_one_point_a_spot(raw: RawRoads) -> RawRoads:
    """Make one point of neighbours on a way that lie on one spot, or the road would be torn between them."""
    counts = np.array([len(way.points) for way in raw.ways], dtype=np.int64)
    flat = np.fromiter((p for way in raw.ways for p in way.points), dtype=np.int64, count=int(counts.sum()))
    owner = np.repeat(np.arange(len(counts)), counts)
    a, b = flat[:-1], flat[1:]
    same = (owner[:-1] == owner[1:]) & (a != b) & (raw.lonlat_e7[a] == raw.lonlat_e7[b]).all(axis=1)
    if not same.any():
        return raw
    n = len(raw.lonlat_e7)
    pairs = coo_array((np.ones(int(same.sum())), (a[same], b[same])), shape=(n, n))
    _, spot = connected_components(pairs, directed=False)
    _, first = np.unique(spot, return_index=True)
    one = first[spot].tolist()
    touched = {owner_ for owner_, p in zip(owner.tolist(), flat.tolist(), strict=True) if one[p] != p}
    return replace(
        raw,
        ways=[
            replace(way, points=[one[p] for p in way.points]) if number in touched else way
            for number, way in enumerate(raw.ways)
        ],
        obstacles={one[point]: attributes for point, attributes in raw.obstacles.items()},
        turns=[replace(turn, via_point=one[turn.via_point]) for turn in raw.turns],
    )


def _drive_s(roads: _Roads, road: int, lonlat_e7: NDArray[np.int32]) -> float:
    """Seconds that a car needs along a road by the default figures."""
    lon, lat = (lonlat_e7[roads.points[road]] / 1e7).T
    length_m = float(_ELLIPSOID.line_length(lon, lat))
    return length_m * 3.6 / DEFAULT_PROFILES["car"].speed_kph(HIGHWAYS[roads.attributes[road].highway])


def _as_roads(chains: Chains, ways: Sequence[RawWay]) -> _Roads:
    return _Roads(
        start=[points[0] for points in chains.points],
        end=[points[-1] for points in chains.points],
        points=chains.points,
        attributes=chains.attributes,
        first_way=[ways[w].way_id for w in chains.first_way],
        last_way=[ways[w].way_id for w in chains.last_way],
    )


def _place_obstacles(roads: _Roads, obstacles: Mapping[int, RoadAttributes], *, n_points: int) -> list[int]:
    """
    Split the node under each obstacle, with the obstacle as a road of no length between the halves.

    Where three or more roads meet under an obstacle it bars the lesser ones: a gate drawn on the
    junction belongs to the drive, not to the main road passing by.
    """
    point_of_node = list(range(n_points))
    ends: dict[int, list[tuple[int, bool]]] = {point: [] for point in obstacles}
    for road in range(len(roads.start)):
        if roads.start[road] in ends:
            ends[roads.start[road]].append((road, True))
        if roads.end[road] in ends:
            ends[roads.end[road]].append((road, False))
    for point, arms in ends.items():
        if len(arms) < 2:  # noqa: PLR2004 - nothing passes a dead end
            continue
        rank = {road: roads.attributes[road].highway for road, _ in arms}
        lesser = [arm for arm in arms if rank[arm[0]] > min(rank.values())]
        barred = arms[1:] if len(arms) == 2 else lesser or arms  # noqa: PLR2004 - two halves of one road
        for road, at_start in barred:
            half = len(point_of_node)
            point_of_node.append(point)
            (roads.start if at_start else roads.end)[road] = half
            roads.add(point, half, [point, point], obstacles[point])
    return point_of_node


def _numbered(
    roads: _Roads, arcs: ArcTable, point_of_node: NDArray[np.int64], lonlat_e7: NDArray[np.int32]
) -> RoadNetwork:
    """Put nodes and roads in order along a space-filling curve, so that neighbours lie close in memory."""
    start, end = np.array(roads.start, dtype=np.int64), np.array(roads.end, dtype=np.int64)
    used = np.unique(np.concatenate([start, end, arcs.tail, arcs.head]))
    used = used[np.argsort(_morton(lonlat_e7[point_of_node[used]]), kind="stable")]
    number = np.full(len(point_of_node), -1, dtype=np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    order = np.lexsort((number[end], number[start]))
    position = np.empty(len(order), dtype=np.int32)
    position[order] = np.arange(len(order), dtype=np.int32)

    points = [roads.points[road] for road in order.tolist()]
    counts = np.array([len(p) for p in points], dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    flat = np.fromiter((point for some in points for point in some), dtype=np.int64, count=int(first[-1]))
    vertices = np.ascontiguousarray(lonlat_e7[flat])
    attributes = [roads.attributes[road] for road in order.tolist()]
    names = {"": 0}
    name = [names.setdefault(a.name, len(names)) for a in attributes]

    tail, head, road = number[arcs.tail], number[arcs.head], position[arcs.road]
    sequence = np.lexsort((road, tail, head))
    return RoadNetwork(
        vertices=vertices,
        node_vertices=np.ascontiguousarray(lonlat_e7[point_of_node[used]]),
        road_start=first,
        road_from=number[start[order]],
        road_to=number[end[order]],
        road_length_m=lengths_m(vertices, first),
        road_highway=np.array([a.highway for a in attributes], dtype=np.uint8),
        road_forward=np.array([a.forward for a in attributes], dtype=np.uint8),
        road_backward=np.array([a.backward for a in attributes], dtype=np.uint8),
        road_width_m=np.array([a.width_m for a in attributes], dtype=np.float32),
        road_max_width_m=np.array([a.max_width_m for a in attributes], dtype=np.float32),
        road_max_height_m=np.array([a.max_height_m for a in attributes], dtype=np.float32),
        road_max_weight_t=np.array([a.max_weight_t for a in attributes], dtype=np.float32),
        road_max_speed_forward_kph=np.array([a.max_speed_forward_kph for a in attributes], dtype=np.float32),
        road_max_speed_backward_kph=np.array(
            [a.max_speed_backward_kph for a in attributes], dtype=np.float32
        ),
        road_oneway=np.array([a.oneway for a in attributes], dtype=np.int8),
        road_layer=np.array([a.layer for a in attributes], dtype=np.int8),
        road_traits=np.array([a.traits for a in attributes], dtype=np.uint16),
        road_barrier=np.array([a.barrier for a in attributes], dtype=np.int8),
        road_surface=np.array([a.surface for a in attributes], dtype=np.uint8),
        road_parked=np.array([a.parked for a in attributes], dtype=np.uint8),
        road_name=np.array(name, dtype=np.int32),
        arc_tail=tail[sequence],
        arc_head=head[sequence],
        arc_road=road[sequence],
        arc_backward=arcs.backward[sequence],
        names=tuple(names),
    )


def lengths_m(vertices: NDArray[np.int32], road_start: NDArray[np.int32]) -> NDArray[np.float64]:
    """Length of every road on the WGS 84 ellipsoid, in metres."""
    n_roads = len(road_start) - 1
    if n_roads == 0:
        return np.zeros(0)
    lon, lat = (vertices / 1e7).T
    step = np.zeros(len(vertices))
    _, _, step[1:] = _ELLIPSOID.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step[road_start[:-1]] = 0.0
    return np.asarray(np.add.reduceat(step, road_start[:-1]), dtype=np.float64)


def _morton(lonlat_e7: NDArray[np.int32]) -> NDArray[np.uint64]:
    # The upper 16 bits of each coordinate (about 700 m at the equator at worst) order well enough
    # when taken relative to the corner of the data, at a grain of 2^-16 of its extent.
    shifted = lonlat_e7.astype(np.float64) - lonlat_e7.min(axis=0, initial=2**31 - 1)
    extent = max(float(shifted.max(initial=0.0)), 1.0)
    grid = (shifted / extent * 65535).astype(np.uint64)
    code = np.zeros(len(grid), dtype=np.uint64)
    for bit in range(16):
        for axis in range(2):
            picked = (grid[:, axis] >> np.uint64(bit)) & np.uint64(1)
            code |= picked << np.uint64(2 * bit + axis)
    return code


__all__ = ["NO_BARRIER", "RawRoads", "RawWay", "build_network", "lengths_m"]
