"""What lies under the signs of the map: lanes, buildings, closed stretches and the grid."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import LineString, MultiLineString, Point, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from geo.network.network import DisplayRoad
from responder.domain.map.building import Building
from responder.domain.registers.sheet_frame import COLUMNS, ROWS, SheetFrame
from responder.exchange.alley_sheet.signs import BLACK, WHITE
from responder.exchange.printing.markup import Markup, el
from responder.services.registers.load_alley_sheet import AlleySheet

CLOSED: Final = "#9c0000"
"""Dark enough to be black in a photocopy."""
_USUAL_WIDTH_M: Final = {
    "motorway": 20.0, "trunk": 18.0, "primary": 16.0, "secondary": 13.0, "tertiary": 9.0, "unclassified": 7.0,
    "residential": 7.0, "living_street": 5.0, "service": 4.5, "pedestrian": 4.0, "alley": 3.0,
}  # fmt: skip
"""Drawn where the width is not known, which the map says of lanes."""
_NARROW_M: Final = 2.0
_THINNEST_MM: Final = 0.8
_CLOSED_HALF_MM: Final = 1.5
_HATCH_MM: Final = 1.1
_DOT_MM2: Final = 1.0
"""Smaller outlines would be dots that say nothing."""
_SIMPLER_BY_MM: Final = 0.08
"""So far a line may be from where it was: no one sees it, and it is drawn sooner."""
DOORS_UP_TO: Final = 5000
"""Up to this scale doors are drawn."""
_WALKED: Final = frozenset({"footway", "path", "steps", "cycleway", "bridleway", "track"})


def in_mm(frame: SheetFrame, geometry: dict[str, Any] | BaseGeometry) -> BaseGeometry | None:
    """Return a geometry in millimetres of the map, cut at its edge; None for what is none or lies outside."""
    east_mm, north_mm = frame.mm_per_degree
    centre, mm = np.array([frame.lon, frame.lat]), np.array([east_mm, -north_mm])
    middle = np.array([frame.area.width_mm, frame.area.height_mm]) / 2
    try:
        drawn = shape(geometry) if isinstance(geometry, dict) else geometry
        placed = shapely.transform(drawn, lambda lonlat: (lonlat - centre) * mm + middle)
        cut = placed.intersection(box(0, 0, frame.area.width_mm, frame.area.height_mm))
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError):
        return None
    return None if cut.is_empty else cut.simplify(_SIMPLER_BY_MM)


def lanes_in_mm(sheet: AlleySheet) -> list[tuple[DisplayRoad, LineString]]:
    """Return the parts of roads on the map."""
    found = []
    for road in sheet.roads:
        cut = in_mm(sheet.frame, LineString(road.coordinates))
        found += [(road, part) for part in getattr(cut, "geoms", [cut]) if isinstance(part, LineString)]
    return found


def width_mm(frame: SheetFrame, road: DisplayRoad) -> float:
    """Return how wide a road is drawn: to scale, and never so thin that it is lost."""
    metres = road.width_m or _USUAL_WIDTH_M.get(road.highway.removesuffix("_link"), _NARROW_M)
    return max(_THINNEST_MM, frame.metres_to_mm(metres))


def draw_lanes(frame: SheetFrame, lanes: Sequence[tuple[DisplayRoad, LineString]]) -> list[Markup]:
    """Draw roads as white bands between lines; ways that are only walked are dashed, steps are barred."""
    by_width: dict[float, list[str]] = {}
    walked: dict[tuple[bool, float], list[str]] = {}
    for road, line in lanes:
        width, d = round(width_mm(frame, road), 2), path_of(line)
        by_width.setdefault(width, []).append(d)
        if road.highway in _WALKED:
            walked.setdefault((road.highway == "steps", width), []).append(d)
    ordered = sorted(by_width.items())
    edges = [_lines(each, stroke="#222", stroke_width=f"{width + 0.4:.2f}") for width, each in ordered]
    # Round ends: where two roads meet no line runs across.
    bands = [
        _lines(each, stroke=WHITE, stroke_linecap="round", stroke_width=width) for width, each in ordered
    ]
    marks = [
        _lines(
            each,
            stroke=BLACK,
            stroke_width=width if are_steps else 0.25,
            stroke_dasharray="0.3 0.5" if are_steps else "1.2 0.8",
        )
        for (are_steps, width), each in walked.items()
    ]
    return [*edges, *bands, *marks]


def draw_buildings(sheet: AlleySheet, outlines: Sequence[tuple[Building, BaseGeometry]]) -> list[Markup]:
    """Draw outlines and doors; the building whose sheet it is has a bold edge."""
    others = "".join(path_of(outline) for each, outline in outlines if each != sheet.building)
    own = "".join(path_of(outline) for each, outline in outlines if each == sheet.building)
    doors = []
    for each, outline in outlines if sheet.frame.scale <= DOORS_UP_TO else ():
        half = 1.5 if each == sheet.building else 0.75
        inner = outline.buffer(-half)
        for door in each.entrances:
            if sheet.frame.cell(door.lon, door.lat) and not inner.is_empty:
                x, y = sheet.frame.to_mm(door.lon, door.lat)
                _, into = nearest_points(Point(x, y), inner)
                doors.append(_pointing(x, y, into.x, into.y, half))
    edge = {"stroke": BLACK, "stroke_linejoin": "round"}
    return [
        el("path", d=others, fill="#e3e3e3", stroke_width=0.35, **edge),
        el("path", d=own, fill=WHITE, stroke_width=1.1, **edge),
        el("path", d="".join(doors), fill=BLACK),
    ]


def outlines_in_mm(sheet: AlleySheet) -> list[tuple[Building, BaseGeometry]]:
    """Return the outlines of buildings on the map."""
    found = ((each, in_mm(sheet.frame, each.geometry)) for each in sheet.buildings)
    return [(each, outline) for each, outline in found if outline is not None and outline.area >= _DOT_MM2]


def draw_closed(area: BaseGeometry) -> Markup:
    """Draw a closed stretch: hatched, with an edge."""
    west, north, east, south = area.bounds
    reach = south - north
    lines = []
    start = west - reach
    while start < east:
        lines.append(((start, south), (start + reach, north)))
        start += _HATCH_MM * 1.4
    hatch = MultiLineString(lines).intersection(area)
    return el(
        "g",
        el("path", d=path_of(area), fill=WHITE, stroke=CLOSED, stroke_width=0.5),
        el("path", d=path_of(hatch), fill="none", stroke=CLOSED, stroke_width=0.5),
    )


def closed_area(frame: SheetFrame, geometry: dict[str, Any]) -> BaseGeometry | None:
    """Return what of a closure is hatched."""
    drawn = in_mm(frame, geometry)
    if drawn is None:
        return None
    if "Polygon" in drawn.geom_type:
        return drawn
    return drawn.buffer(_CLOSED_HALF_MM, cap_style="round" if drawn.geom_type == "Point" else "flat")


def draw_grid(frame: SheetFrame) -> list[Markup]:
    """Draw the lines of the grid."""
    width, height = frame.area.width_mm, frame.area.height_mm
    across = [f"M{width * n / len(COLUMNS):.2f},0V{height:g}" for n in range(1, len(COLUMNS))]
    down = [f"M0,{height * n / ROWS:.2f}H{width:g}" for n in range(1, ROWS)]
    d = "".join(across + down)
    return [el("path", d=d, fill="none", stroke="#333", stroke_width=0.2, stroke_dasharray="0.6 1.6")]


def path_of(geometry: BaseGeometry) -> str:
    """Return the path along lines and rings."""
    parts = []
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type == "Polygon":
            parts += [f"M{_points(ring.coords)}Z" for ring in (part.exterior, *part.interiors)]
        elif part.geom_type in {"LineString", "LinearRing"}:
            parts.append(f"M{_points(part.coords)}")
    return "".join(parts)


def _points(line: Iterable[Sequence[float]]) -> str:
    return "L".join(f"{point[0]:.2f},{point[1]:.2f}" for point in line)


def _lines(lines: Iterable[str], **look: object) -> Markup:
    return el("path", d="".join(lines), fill="none", stroke_linejoin="round", **look)


def _pointing(x: float, y: float, to_x: float, to_y: float, half: float) -> str:
    """Return a triangle whose tip is at a door and that points into the building."""
    away = max(1e-6, ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5)
    a, b = (to_x - x) / away, (to_y - y) / away
    back_x, back_y = x - 1.4 * half * a, y - 1.4 * half * b
    corners = [
        (x + half * a, y + half * b),
        (back_x - half * b, back_y + half * a),
        (back_x + half * b, back_y - half * a),
    ]
    return f"M{_points(corners)}Z"
