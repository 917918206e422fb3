"""Roads from OpenStreetMap files, plain XML or PBF, compressed or not."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import osmium.filter
import osmium.io
import osmium.osm
from numpy.typing import NDArray

from geo.errors import UnreadableFileError
from geo.network.build import RawRoads, RawWay, build_network
from geo.network.network import RoadNetwork
from geo.network.turn_restrictions import TurnRule
from geo.osm.file import osm_file
from geo.osm.objects import file_id
from geo.osm.restrictions import TURN_KEYS, OsmTurn, RestrictionMember, turns_of
from geo.osm.sight_lines import sight_lines
from geo.osm.squares import WALKED_KEYS, Square, as_road, is_square, square_of
from geo.tags.attributes import RULES_VERSION, RoadAttributes, Trait
from geo.tags.barriers import obstacle_attributes, obstacle_not_understood
from geo.tags.directions import directions_not_understood
from geo.tags.way_tags import Skipped, road_attributes, tags_not_understood

Progress = Callable[[str, float], None]
BBox = tuple[float, float, float, float]
_UNITS_PER_DEGREE = 10_000_000
_TELL_EVERY = 20_000
_CONDITIONAL = ":conditional"
_LEAST_RING = 3
_DRAWN_BY_NOBODY = -1
_MOST_LISTED = 200
_LONGEST_LISTED = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadsSummary:
    """What was found in a file, for the person who brought it."""

    ways_taken: int
    ways_skipped: Mapping[str, int]
    """Ways with a `highway` tag that are no road, by reason."""
    nodes: int
    """Points of the roads taken."""
    missing_references: int
    """Points that ways name but the file does not hold."""
    obstacles: int
    turns: Mapping[str, int]
    """Turn restrictions by outcome: applied, ambiguous, not over one point, no such arc, …"""
    conditional: Mapping[str, int]
    """
    Rules that hold at certain times or for certain vehicles only, by key, such as
    `access:conditional`. They are not applied: the plain tag beside each is.
    """
    not_understood: Mapping[str, int]
    """
    Tags of roads and obstacles whose words or figures are not understood, as `key=value`, the most
    frequent first. They open nothing and count as what is said of each in `docs/reach.md`.
    """
    length_km: float
    written_width_share: float
    """0 to 1: part of the length whose width, or greatest width allowed, stands in the file."""
    class_width_share: float
    """0 to 1: part of the length that has the usual width of its class."""
    unknown_width_share: float
    """0 to 1: the rest. Neither a class nor a width is known, or a width is written and cannot be read."""
    rules_version: int = RULES_VERSION
    """Version of the rules by which the tags were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmRoads:
    """A network and what was found on the way to it."""

    network: RoadNetwork
    summary: RoadsSummary


@dataclass(slots=True)
class _Found:
    """What one pass over a file has collected, by OSM id."""

    ways: list[tuple[int, list[int], RoadAttributes]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    obstacles: dict[int, RoadAttributes] = field(default_factory=dict)
    turns: list[OsmTurn] = field(default_factory=list)
    turns_left_out: Counter[str] = field(default_factory=Counter)
    conditional: Counter[str] = field(default_factory=Counter)
    squares: list[Square] = field(default_factory=list)
    multipolygons: list[tuple[Mapping[str, str], list[RestrictionMember]]] = field(default_factory=list)
    not_understood: Counter[str] = field(default_factory=Counter)
    not_understood_at: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Of obstacles, by point: many stand on no road."""


def read_roads(path: Path, *, bbox: BBox | None = None, progress: Progress | None = None) -> OsmRoads:
    """
    Read the roads of an OpenStreetMap file into a network.

    The format is told by the content of the file, not by its name.

    Parameters
    ----------
    path
        `.osm`, `.osm.pbf` or one of these compressed.
    bbox
        West, south, east, north in degrees: only roads with a point inside are taken.
    progress
        Called now and then with the step and the share of the whole done, 0 to 1.

    Raises
    ------
    UnreadableFileError
        The file is missing, damaged, cut short, not OpenStreetMap data, or holds no road.
    """
    tell = progress or (lambda _step, _share: None)
    with osm_file(path) as file:
        found = _first_pass(file, tell)
        points, lonlat_e7 = _second_pass(file, found, tell)
    tell("joining roads", 0.75)
    raw, missing = _raw_roads(found, points, lonlat_e7, bbox)
    if not raw.ways:
        message = f"{path.name} holds no road" + (" in the area asked for" if bbox else "")
        raise UnreadableFileError(message)
    network, turns = build_network(raw)
    if network.n_edges == 0:
        message = f"{path.name} holds no road with two points"
        raise UnreadableFileError(message)
    tell("done", 1.0)
    written, of_class, unknown = _width_shares(network)
    summary = RoadsSummary(
        ways_taken=len(raw.ways),
        ways_skipped=dict(found.skipped),
        nodes=len(lonlat_e7),
        missing_references=missing,
        obstacles=int((network.road_barrier >= 0).sum()),
        turns=dict(Counter(turns) + found.turns_left_out),
        conditional=dict(found.conditional),
        not_understood=_listed(found, points),
        length_km=round(network.length_km, 3),
        written_width_share=written,
        class_width_share=of_class,
        unknown_width_share=unknown,
    )
    return OsmRoads(network=network, summary=summary)


def read_raw_roads(path: Path) -> RawRoads:
    """
    Read the roads of a file as they are drawn, before contraction.

    Raises
    ------
    UnreadableFileError
        As for `read_roads`.
    """
    with osm_file(path) as file:
        found = _first_pass(file, lambda _step, _share: None)
        points, lonlat_e7 = _second_pass(file, found, lambda _step, _share: None)
    return _raw_roads(found, points, lonlat_e7, bbox=None)[0]


def _first_pass(osm: osmium.io.File, tell: Progress) -> _Found:
    """Collect roads, obstacles and turn restrictions."""
    found = _Found()
    wanted = osmium.filter.KeyFilter("highway", "barrier", "door", *WALKED_KEYS, *TURN_KEYS)
    file = osmium.FileProcessor(osm).with_filter(wanted)
    for count, thing in enumerate(file):
        if count % _TELL_EVERY == 0:
            tell("reading roads", min(0.45, 0.05 + count / 2_000_000))
        if isinstance(thing, osmium.osm.Way):
            _take_way(thing, found)
        elif isinstance(thing, osmium.osm.Node):
            _take_obstacle(thing, found)
        elif isinstance(thing, osmium.osm.Relation):
            _take_turn(thing, found)
            _take_multipolygon(thing, found)
    if found.multipolygons:
        _put_together(found, osm)
    return found


def _take_obstacle(node: osmium.osm.Node, found: _Found) -> None:
    tags = dict(node.tags)
    attributes = obstacle_attributes(tags)
    if attributes is not None:
        found.obstacles[node.id] = attributes
        found.not_understood_at[node.id] = tuple(obstacle_not_understood(tags))


def _take_way(way: osmium.osm.Way, found: _Found) -> None:
    tags = as_road(dict(way.tags))
    if "highway" not in tags:
        if tags.get("route") == "ferry":
            found.skipped["ferry"] += 1
        return
    attributes = road_attributes(tags)
    if isinstance(attributes, Skipped):
        found.skipped[attributes.reason] += 1
        return
    found.not_understood.update(tags_not_understood(tags))
    found.not_understood.update(directions_not_understood(tags))
    refs = [node.ref for node in way.nodes]
    found.ways.append((way.id, refs, attributes))
    if is_square(tags, is_ring=len(refs) > _LEAST_RING and refs[0] == refs[-1]):
        found.squares.append(Square([refs], [], tags))
    found.conditional.update(key for key in tags if key.endswith(_CONDITIONAL))


def _take_turn(relation: osmium.osm.Relation, found: _Found) -> None:
    tags = dict(relation.tags)
    if not any(key in tags for key in TURN_KEYS):
        return
    found.conditional.update(key for key in tags if key.endswith(_CONDITIONAL))
    if not any(key in tags for key in TURN_KEYS if not key.endswith(_CONDITIONAL)):
        return
    members = [RestrictionMember(m.role, m.type, m.ref) for m in relation.members]
    turns = turns_of(tags, members)
    if isinstance(turns, str):
        found.turns_left_out[turns] += 1
    else:
        found.turns += turns


def _take_multipolygon(relation: osmium.osm.Relation, found: _Found) -> None:
    tags = dict(relation.tags)
    if tags.get("type") == "multipolygon" and is_square(tags, is_ring=True):
        members = [RestrictionMember(m.role, m.type, m.ref) for m in relation.members]
        found.multipolygons.append((as_road(tags), members))


def _put_together(found: _Found, osm: osmium.io.File) -> None:
    """Read the ways of the multipolygons, which need no tags of their own, and make squares of them."""
    wanted = {member.ref for _, members in found.multipolygons for member in members if member.kind == "w"}
    file = osmium.FileProcessor(osm, osmium.osm.WAY)
    ways = {
        way.id: [node.ref for node in way.nodes]
        for way in file.with_filter(osmium.filter.IdFilter(wanted))
        if isinstance(way, osmium.osm.Way)
    }
    roads = {way_id for way_id, _, _ in found.ways}
    for tags, members in found.multipolygons:
        square = square_of(tags, members, ways)
        attributes = road_attributes({**tags, "highway": "platform"})
        if isinstance(attributes, Skipped):
            found.skipped[attributes.reason] += 1
            continue
        if square is None:
            found.skipped["square that is not whole"] += 1
            continue
        found.squares.append(square)
        edges = {member.ref for member in members if member.kind == "w"} - roads
        found.ways += [(way_id, ways[way_id], attributes) for way_id in sorted(edges)]
        roads |= edges


def _second_pass(
    osm: osmium.io.File, found: _Found, tell: Progress
) -> tuple[dict[int, int], np.ndarray[Any, np.dtype[np.int32]]]:
    """Find where the points of the roads are; number them in the order of the file."""
    tell("reading points", 0.5)
    refs = {ref for _, nodes, _ in found.ways for ref in nodes}
    points: dict[int, int] = {}
    lonlat: list[tuple[int, int]] = []
    if refs:
        file = osmium.FileProcessor(osm, osmium.osm.NODE)
        for node in file.with_filter(osmium.filter.IdFilter(refs)):
            if isinstance(node, osmium.osm.Node) and node.location.valid():
                points[node.id] = len(lonlat)
                lonlat.append((node.location.x, node.location.y))
    return points, np.array(lonlat, dtype=np.int32).reshape(-1, 2)


def _raw_roads(
    found: _Found,
    points: dict[int, int],
    lonlat_e7: np.ndarray[Any, np.dtype[np.int32]],
    bbox: BBox | None,
) -> tuple[RawRoads, int]:
    within = None
    if bbox is not None:
        lon, lat = (lonlat_e7 / _UNITS_PER_DEGREE).T
        within = (lon >= bbox[0]) & (lat >= bbox[1]) & (lon <= bbox[2]) & (lat <= bbox[3])
    ways: list[RawWay] = []
    missing: set[int] = set()
    for way_id, refs, attributes in found.ways:
        numbers: list[int] = []
        for ref in refs:
            if ref in points:
                numbers.append(points[ref])
                continue
            # A road is not drawn straight over a gap in the data.
            missing.add(ref)
            ways.append(RawWay(way_id=file_id(way_id), points=numbers, attributes=attributes))
            numbers = []
        ways.append(RawWay(way_id=file_id(way_id), points=numbers, attributes=attributes))
    ways += _over_squares(found, points, lonlat_e7)
    if within is not None:
        ways = [way for way in ways if within[list(way.points)].any()]
    raw = RawRoads(
        lonlat_e7=lonlat_e7,
        ways=[way for way in ways if len(way.points) > 1],
        obstacles={points[ref]: a for ref, a in found.obstacles.items() if ref in points},
        turns=[
            TurnRule(
                from_way=file_id(turn.from_way),
                via_point=points[turn.via_node],
                to_way=file_id(turn.to_way),
                only=turn.only,
                exempt=turn.exempt,
            )
            for turn in found.turns
            if turn.via_node in points
        ],
        within=within,
    )
    return raw, len(missing)


def _over_squares(
    found: _Found, points: Mapping[int, int], lonlat_e7: np.ndarray[Any, np.dtype[np.int32]]
) -> list[RawWay]:
    """Draw the ways over squares that people see before them."""
    uses = Counter(ref for _, refs, _ in found.ways for ref in set(refs))
    made: list[RawWay] = []
    for square in found.squares:
        attributes = road_attributes({**square.tags, "highway": "platform"})
        rings = [*square.outer, *square.inner]
        if isinstance(attributes, Skipped) or any(ref not in points for ring in rings for ref in ring):
            continue
        own = Counter(ref for ring in rings for ref in set(ring))
        entrances = {points[ref] for ref in own if uses[ref] > own[ref]}
        inner = [[points[ref] for ref in ring] for ring in square.inner]
        for ring in square.outer:
            lines = sight_lines(lonlat_e7, [points[ref] for ref in ring], inner, entrances)
            if lines is None:
                found.skipped["square too intricate to cross"] += 1
                continue
            over = attributes._replace(traits=attributes.traits | int(Trait.SIGHT_LINE))
            made += [RawWay(way_id=_DRAWN_BY_NOBODY, points=line, attributes=over) for line in lines]
    return made


def _listed(found: _Found, points: Mapping[int, int]) -> dict[str, int]:
    """Count what was not understood; a file may hold any number of words, so the rarest go under `…`."""
    at_points = (listed for ref, listed in found.not_understood_at.items() if ref in points)
    counts = found.not_understood + Counter(chain.from_iterable(at_points))
    short: Counter[str] = Counter()
    for text, count in counts.most_common():
        short[text[:_LONGEST_LISTED] if len(short) < _MOST_LISTED else "…"] += count
    return dict(short)


def _width_shares(network: RoadNetwork) -> tuple[float, float, float]:
    """Return what part of the length of drawn roads has a written width, its class's, an unknown one."""
    length_m = np.where(network.road_traits & Trait.SIGHT_LINE, 0.0, network.road_length_m)
    written = np.isfinite(network.known_width_m)
    unknown = ~written & ((network.road_traits & (Trait.CLASS_UNKNOWN | Trait.WIDTH_NOT_READ)) != 0)
    total = float(length_m.sum()) or 1.0

    def share(part: NDArray[np.bool_]) -> float:
        return round(float(length_m[part].sum()) / total, 4)

    return share(written), share(~written & ~unknown), share(unknown)
