"""Buildings, emergency services and equipment from OpenStreetMap files."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import osmium
import osmium.filter
import osmium.geom
import osmium.osm
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.polygon import orient

from geo.lonlat import LonLat
from geo.osm.feature_tags import (
    FEATURE_KEYS,
    Names,
    Tags,
    building_use,
    dead_kinds,
    is_building,
    names_of,
    note_of,
    place_kinds,
    storeys_of,
    year_of,
)
from geo.osm.file import osm_file
from geo.osm.objects import osm_id
from geo.osm.out_of_use import OUT_OF_USE, why_left_out

Progress = Callable[[str, float], None]
BBox = tuple[float, float, float, float]
Outline = Polygon | MultiPolygon
MOST_VERTICES: Final = 5_000
TELL_EVERY: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmEntrance:
    """A door mapped on the outline of a building."""

    name: str
    place: LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmBuilding:
    """A building as mapped; None where the tag is missing."""

    osm_id: str
    """Such as `way/123` or `relation/4`: stable enough to import the same file twice."""
    names: Names
    outline: Outline
    """WGS 84, valid, outer rings anticlockwise."""
    use: str
    storeys: int | None
    year: int | None
    entrances: tuple[OsmEntrance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmPlace:
    """A person or thing that helps in an emergency."""

    osm_id: str
    kind: str
    """A service such as hospital, or equipment such as hydrant; see `SERVICES` and `EQUIPMENT`."""
    names: Names
    place: LonLat
    """The point, or a point inside the outline."""
    outline: Outline | None
    note: str
    """What else the map says: type of a hydrant, where a defibrillator hangs."""
    opening_hours: str
    """As written; see `geo.network.opening_hours`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmFeaturesSummary:
    """What was found in a file, for the person who brought it."""

    taken: Mapping[str, int]
    """By kind, `building` among them."""
    skipped: Mapping[str, int]
    """
    By reason: building_as_point, not_closed, not_a_multipolygon, incomplete, too_many_vertices, outside_area;
    of services and equipment also out_of_use, no_access and no_emergency_service, see `geo.osm.out_of_use`.

    An incomplete one names points or ways that the file does not hold, or its outline crosses itself.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmFeatures:
    """Everything taken from a file, in its order."""

    buildings: tuple[OsmBuilding, ...]
    places: tuple[OsmPlace, ...]
    gone: tuple[str, ...]
    """What is no longer to be offered, by the ids that such places have: out of use or not to be reached."""
    summary: OsmFeaturesSummary


@dataclass(slots=True)
class _Found:
    bbox: BBox | None
    buildings: list[OsmBuilding] = field(default_factory=list)
    places: list[OsmPlace] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    doors: dict[int, OsmEntrance] = field(default_factory=dict)
    awaited: dict[str, str] = field(default_factory=dict)
    """Ways and relations that ought to come back as areas, with the reason if they do not."""


def read_features_osm(
    path: Path, *, bbox: BBox | None = None, progress: Progress | None = None
) -> OsmFeatures:
    """
    Read what an emergency response circle needs beside the roads.

    Parameters
    ----------
    path
        `.osm`, `.osm.pbf` or one of these compressed; told by content.
    bbox
        West, south, east, north in degrees: only what touches it is taken.
    progress
        Called now and then with the step and the share of the whole done, 0 to 1.

    Returns
    -------
    features
        Empty, not an error, where a file holds roads only.

    Raises
    ------
    UnreadableFileError
        The file is missing, damaged, cut short or not OpenStreetMap data.
    """
    tell = progress or (lambda _step, _share: None)
    found = _Found(bbox=bbox)
    wanted = osmium.filter.KeyFilter(*FEATURE_KEYS)
    with osm_file(path) as file:
        for count, thing in enumerate(osmium.FileProcessor(file).with_areas(wanted).with_filter(wanted)):
            if count % TELL_EVERY == 0:
                tell("reading buildings and facilities", min(0.95, 0.05 + count / 1_000_000))
            _take(thing, found)
    tell("done", 1.0)
    found.skipped.update(found.awaited.values())
    taken = Counter(place.kind for place in found.places)
    if found.buildings:
        taken["building"] = len(found.buildings)
    summary = OsmFeaturesSummary(taken=dict(taken), skipped=dict(found.skipped))
    return OsmFeatures(
        buildings=tuple(found.buildings),
        places=tuple(found.places),
        gone=tuple(found.gone),
        summary=summary,
    )


def _take(thing: object, found: _Found) -> None:
    if isinstance(thing, osmium.osm.Node):
        _take_node(thing, found)
    elif isinstance(thing, osmium.osm.Area):
        _take_area(thing, found)
    elif isinstance(thing, osmium.osm.Way):
        if _is_wanted(dict(thing.tags)):
            found.awaited[f"way/{thing.id}"] = "incomplete" if thing.is_closed() else "not_closed"
    elif isinstance(thing, osmium.osm.Relation) and _is_wanted(dict(thing.tags)):
        is_area = thing.tags.get("type") in ("multipolygon", "boundary")
        found.awaited[f"relation/{thing.id}"] = "incomplete" if is_area else "not_a_multipolygon"


def _is_wanted(tags: Tags) -> bool:
    return is_building(tags) or bool(place_kinds(tags) or dead_kinds(tags))


def _take_node(node: osmium.osm.Node, found: _Found) -> None:
    tags = dict(node.tags)
    if not node.location.valid():
        found.skipped["incomplete"] += _is_wanted(tags)
        return
    place = LonLat(node.location.lon, node.location.lat)
    if "entrance" in tags:
        found.doors[node.id] = OsmEntrance(name=tags.get("name") or tags.get("ref") or "", place=place)
    if is_building(tags):
        found.skipped["building_as_point"] += 1
    if not place_kinds(tags) and not dead_kinds(tags):
        return
    if found.bbox and not shapely.box(*found.bbox).intersects(shapely.Point(place.lon, place.lat)):
        found.skipped["outside_area"] += 1
        return
    _take_places(tags, osm_id("node", node.id, (place.lat, place.lon)), place, None, found)


def _take_area(area: osmium.osm.Area, found: _Found) -> None:
    tags = dict(area.tags)
    if not _is_wanted(tags):
        return
    key = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
    outline, problem = _outline(area, bbox=found.bbox)
    if outline is None:
        found.awaited[key] = problem
        return
    found.awaited.pop(key, None)
    kind, number = key.split("/")
    first = min((node.lat, node.lon) for ring in area.outer_rings() for node in ring)
    name = osm_id(kind, int(number), first)
    if is_building(tags):
        found.buildings.append(
            OsmBuilding(
                osm_id=name,
                names=names_of(tags),
                outline=outline,
                use=building_use(tags),
                storeys=storeys_of(tags),
                year=year_of(tags),
                entrances=_entrances(area, found.doors),
            )
        )
    inside = outline.representative_point()
    _take_places(tags, name, LonLat(inside.x, inside.y), outline, found)


def _take_places(tags: Tags, name: str, place: LonLat, outline: Outline | None, found: _Found) -> None:
    """Take the services and equipment of one thing, which may be several: a hydrant with a defibrillator."""
    live, dead = place_kinds(tags), dead_kinds(tags)
    for number, kind in enumerate((*live, *dead)):
        own_name = name if number == 0 else f"{name}#{kind}"
        reason = OUT_OF_USE if kind in dead else why_left_out(tags, kind)
        if reason is not None:
            found.skipped[reason] += 1
            found.gone.append(own_name)
            continue
        found.places.append(
            OsmPlace(
                osm_id=own_name,
                kind=kind,
                names=names_of(tags),
                place=place,
                outline=outline,
                note=note_of(tags),
                opening_hours=tags.get("opening_hours", "").strip(),
            )
        )


def _outline(area: osmium.osm.Area, *, bbox: BBox | None) -> tuple[Outline | None, str]:
    polygons = []
    for outer in area.outer_rings():
        inner = [[(node.lon, node.lat) for node in ring] for ring in area.inner_rings(outer)]
        polygons.append(orient(Polygon([(node.lon, node.lat) for node in outer], inner)))
    outline: Outline = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    if outline.is_empty or shapely.get_num_coordinates(outline) > MOST_VERTICES:
        return None, "too_many_vertices" if polygons else "incomplete"
    if not outline.is_valid:
        return None, "incomplete"
    if bbox and not outline.intersects(shapely.box(*bbox)):
        return None, "outside_area"
    return outline, ""


def _entrances(area: osmium.osm.Area, doors: dict[int, OsmEntrance]) -> tuple[OsmEntrance, ...]:
    refs = dict.fromkeys(node.ref for ring in area.outer_rings() for node in ring)
    return tuple(doors[ref] for ref in refs if ref in doors)
