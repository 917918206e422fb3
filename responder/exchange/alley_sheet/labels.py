"""Words on the map: each where there is room for it, or not at all."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from responder.domain.map.building import Building
from responder.exchange.alley_sheet.boxes import Box, Places
from responder.exchange.alley_sheet.signs import BLACK, SIZE, WHITE
from responder.exchange.alley_sheet.text_width import broken, text_width
from responder.exchange.printing.markup import Markup, el, join

_NUMBER_ZH: Final = re.compile(r"([0-9A-Za-z]{1,4})\s?(?:栋|幢|号楼|座|号)")
_NUMBER_EN: Final = re.compile(r"\b(?:Block|Building|Bldg|No)\.?\s*([0-9]{1,4}[A-Z]?)\b", re.IGNORECASE)
_LINE: Final = 1.15
"""Height of a line for its size."""
_DIRECTIONS: Final = 16
_NUMBER_LETTERS: Final = 4
_ASIDE_MM: Final = 22.0
"""A name that does not fit into an outline may be so wide beside it."""
_APART: Final = 5.0
"""Between two words along a lane: a shorter piece of its lines would look like a letter."""


def plate(
    lines: list[str],
    at: Box,
    size: float,
    *,
    is_dark: bool = False,
    edge: float = 0.0,
    is_bare: bool = False,
    is_bold: bool = False,
) -> Markup:
    """Return lines of text on a plate, which keeps what is under it from running through the letters."""
    fill, ink = (BLACK, WHITE) if is_dark else (WHITE, BLACK)
    edged = {"stroke": BLACK, "stroke_width": edge} if edge else {}
    top = at.y - (len(lines) - 1) * size * _LINE / 2
    words = [
        el(
            "text",
            line,
            x=f"{at.x:.2f}",
            y=f"{top + n * size * _LINE + 0.36 * size:.2f}",
            font_size=f"{size:.2f}",
            font_weight="bold" if is_dark or edge or is_bold else "normal",
            text_anchor="middle",
            fill=ink,
        )
        for n, line in enumerate(lines)
    ]
    back = (
        join([])
        if is_bare
        else el(
            "rect",
            x=f"{at.x - at.width / 2:.2f}",
            y=f"{at.y - at.height / 2:.2f}",
            width=f"{at.width:.2f}",
            height=f"{at.height:.2f}",
            fill=fill,
            **edged,
        )
    )
    turned = {"transform": f"rotate({at.degrees:.1f} {at.x:.2f} {at.y:.2f})"} if at.degrees else {}
    return el("g", back, *words, **turned)


def box_of(lines: list[str], size: float, x: float, y: float, degrees: float = 0.0) -> Box:
    """Return the place that lines of text need around their middle."""
    return Box(
        x=x,
        y=y,
        width=max(text_width(line, size) for line in lines) + 0.9,
        height=len(lines) * size * _LINE,
        degrees=degrees,
    )


def around(
    x: float, y: float, width: float, height: float, *, nearest: float, furthest: float
) -> Iterator[Box]:
    """Give places for something around a point, the nearest first."""
    away = nearest
    while away <= furthest:
        for n in range(_DIRECTIONS):
            angle = 2 * math.pi * n / _DIRECTIONS
            yield Box(
                x=x + math.cos(angle) * (away + width / 2),
                y=y + math.sin(angle) * (away + height / 2),
                width=width,
                height=height,
            )
        away += 1.5


def sign_places(x: float, y: float) -> Iterator[Box]:
    """Give places for a sign: where it stands, or near it."""
    size = SIZE * 1.3
    yield Box(x=x, y=y, width=size, height=size)
    yield from around(x, y, size, size, nearest=0.3, furthest=14)


def leader(x: float, y: float, at: Box) -> Markup:
    """Return the line from where something stands to its sign, which found no room there."""
    if math.hypot(at.x - x, at.y - y) < 0.1:  # noqa: PLR2004 - a tenth of a millimetre
        return join([])
    return join(
        [
            el("path", d=f"M{x:.2f},{y:.2f}L{at.x:.2f},{at.y:.2f}", stroke=WHITE, stroke_width=0.8),
            el("path", d=f"M{x:.2f},{y:.2f}L{at.x:.2f},{at.y:.2f}", stroke=BLACK, stroke_width=0.3),
            el("circle", cx=f"{x:.2f}", cy=f"{y:.2f}", r=0.6, fill=BLACK),
        ]
    )


def short_name(building: Building, *, in_english: bool) -> str:
    """Return what the map calls a building: its number where the name has one."""
    name = (building.name_en if in_english else "") or building.name
    number = (_NUMBER_EN if in_english else _NUMBER_ZH).search(name)
    return number.group(1) if number else name


def label_building(places: Places, outline: BaseGeometry, name: str, *, is_own: bool) -> Markup | None:
    """Return the name of a building, within its outline if possible; None where there is no room."""
    width = outline.bounds[2] - outline.bounds[0]
    is_number = len(name) <= _NUMBER_LETTERS
    sizes = (3.6, 3.0, 2.5) if is_own else (2.6, 2.2) if is_number else (2.2, 1.8)
    for widest, is_within in ((width, True), (_ASIDE_MM, False)):
        for size in sizes:
            lines = [name] if is_number else broken(name, widest=max(widest, 5.0), size=size, most=3)
            if any(line.endswith("…") for line in lines):
                continue
            boxes = (box_of(lines, size, x, y) for x, y in _points_in(outline))
            box = places.first_free(
                each for each in boxes if not is_within or outline.contains(Polygon(each.corners))
            )
            if box is not None:
                is_bare = is_within and not is_own
                return plate(
                    lines, box, size, edge=0.2 if is_own else 0.0, is_bare=is_bare, is_bold=is_number
                )
    return None


def label_lane(places: Places, line: LineString, words: str, *, size: float) -> Markup | None:
    """Return words along a lane, on it; None where there is no room."""
    box = places.first_free(_along(line, words, size))
    return None if box is None else plate([words], replace(box, width=box.width - _APART), size)


def _along(line: LineString, words: str, size: float) -> Iterator[Box]:
    """Give places on the straight parts of a line, the middle of the longest first."""
    needed = text_width(words, size) + 1
    parts = [
        LineString(pair) for pair in zip(line.coords, line.coords[1:], strict=False) if pair[0] != pair[1]
    ]
    for part in sorted(parts, key=lambda each: -each.length):
        if part.length < needed:
            return
        (a, b), (c, d) = part.coords[0][:2], part.coords[1][:2]
        degrees = math.degrees(math.atan2(d - b, c - a))
        degrees = degrees + 180 if degrees < -90 else degrees - 180 if degrees > 90 else degrees  # noqa: PLR2004
        for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
            point = part.interpolate(share, normalized=True)
            box = box_of([words], size, point.x, point.y, degrees)
            yield replace(box, width=box.width + _APART)


def _points_in(outline: BaseGeometry) -> Iterable[tuple[float, float]]:
    """Give points within an outline, its middle first."""
    middle = outline.centroid if outline.contains(outline.centroid) else outline.representative_point()
    yield middle.x, middle.y
    west, north, east, south = outline.bounds
    spots = [
        Point(west + (east - west) * a / 8, north + (south - north) * b / 8)
        for a in range(1, 8)
        for b in range(1, 8)
    ]
    inside = [spot for spot in spots if outline.contains(spot)]
    for spot in sorted(inside, key=middle.distance):
        yield spot.x, spot.y
