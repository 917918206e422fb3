"""The map of an alley sheet as SVG: a millimetre of it is a millimetre of paper."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from geo.network.network import DisplayRoad
from responder.domain.map.building import Building
from responder.domain.registers.sheet_frame import COLUMNS, ROWS, Paper, SheetFrame
from responder.exchange.alley_sheet.boxes import Box, Places
from responder.exchange.alley_sheet.ground import (
    closed_area,
    draw_buildings,
    draw_closed,
    draw_grid,
    draw_lanes,
    lanes_in_mm,
    outlines_in_mm,
)
from responder.exchange.alley_sheet.labels import (
    around,
    box_of,
    label_building,
    label_lane,
    leader,
    plate,
    short_name,
    sign_places,
)
from responder.exchange.alley_sheet.references import Reference
from responder.exchange.alley_sheet.signs import BLACK, WHITE, draw_sign, sign_of
from responder.exchange.alley_sheet.text_width import text_width
from responder.exchange.printing.markup import Markup, el
from responder.services.registers.load_alley_sheet import AlleySheet

FONTS: Final = (
    "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, WenQuanYi Micro Hei, WenQuanYi Zen Hei, sans-serif"
)
NARROW: Final = frozenset({"alley", "service", "footway", "path", "steps", "living_street", "pedestrian"})
"""Of these the width is told; a street is wide enough."""
_LARGER: Final = {Paper.A4: 1.0, Paper.A3: 1.25}
_TEXT: Final = 1.9
_STREET_TEXT: Final = 2.5
_BARS_M: Final = (500, 200, 100, 50, 20, 10)
_MOST_BAR_MM: Final = 45
_SMALLEST_NAMED_MM2: Final = 6.0
"""Smaller outlines are drawn without a name."""


class MapPicture:
    """Draws one map."""

    def __init__(self, sheet: AlleySheet, found: Sequence[Reference], *, in_english: bool) -> None:
        # Larger paper is looked at from further away.
        self._larger = _LARGER[sheet.frame.paper]
        self._scale = sheet.frame.scale
        self._sheet = replace(sheet, frame=_smaller(sheet.frame, self._larger))
        self._found, self._in_english = found, in_english
        self.places = Places(self._sheet.frame.area.width_mm, self._sheet.frame.area.height_mm)
        self._leaders: list[Markup] = []

    def draw(self, label: str) -> Markup:
        """Return the map; what matters most finds its place first."""
        sheet, frame = self._sheet, self._sheet.frame
        width, height = frame.area.width_mm, frame.area.height_mm
        lanes, outlines = lanes_in_mm(sheet), outlines_in_mm(sheet)
        ground = [*draw_lanes(frame, lanes), *draw_buildings(sheet, outlines), *draw_grid(frame)]
        above = [
            *self._grid_marks(),
            *self._signs(),
            *self._frame(),
            *self._closures(),
            *self._gaps(),
            *self._buildings(outlines),
            *self._doors(),
            *self._lanes(lanes),
        ]
        # Hatching lies under all signs and words.
        closed = [draw_closed(area) for each in sheet.closures if (area := closed_area(frame, each.geometry))]
        edge = el("rect", x=0, y=0, width=width, height=height, fill="none", stroke=BLACK, stroke_width=0.6)
        return el(
            "svg",
            el("rect", x=0, y=0, width=width, height=height, fill=WHITE),
            *ground,
            *closed,
            *self._leaders,
            *above,
            edge,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width:g} {height:g}",
            width=f"{width * self._larger:g}mm",
            height=f"{height * self._larger:g}mm",
            font_family=FONTS,
            role="img",
            aria_label=label,
        )

    def _grid_marks(self) -> list[Markup]:
        width, height = self.places.width, self.places.height
        columns = [((n + 0.5) * width / len(COLUMNS), name) for n, name in enumerate(COLUMNS)]
        rows = [((n + 0.5) * height / ROWS, str(n + 1)) for n in range(ROWS)]
        marks = [(name, x, y) for x, name in columns for y in (2.0, height - 2.0)]
        marks += [(name, x, y) for y, name in rows for x in (2.0, width - 2.0)]
        drawn = []
        for name, x, y in marks:
            at = Box(x=x, y=y, width=3.4, height=3.4)
            self.places.take(at)
            drawn.append(plate([name], at, 2.8, edge=0.15))
        return drawn

    def _frame(self) -> list[Markup]:
        """Draw scale, north and credit, each in a corner that is free."""
        sheet, width, height = self._sheet, self.places.width, self.places.height
        bar_m = next((each for each in _BARS_M if sheet.frame.metres_to_mm(each) <= _MOST_BAR_MM), 5)
        bar = sheet.frame.metres_to_mm(bar_m)
        words = f"{bar_m} m · 1:{self._scale:g}"
        wide = max(bar, text_width(words, 2.4)) + 3
        drawn = []
        corners = list(_corners(width, height, wide, 7.5))
        at = self.places.first_free(corners) or corners[0]
        left, base = at.x - wide / 2 + 1.5, at.y + 2.6
        outline = {"fill": WHITE, "stroke": BLACK, "stroke_width": 0.3}
        drawn += [
            el("rect", x=_mm(left - 1.5), y=_mm(at.y - 3.75), width=_mm(wide), height=7.5, fill=WHITE),
            el("path", d=f"M{left:.2f},{base:.2f}v-1.2h{bar:.2f}v1.2z", **outline),
            el("path", d=f"M{left:.2f},{base:.2f}v-1.2h{bar / 2:.2f}v1.2z", fill=BLACK),
            el("text", words, x=_mm(left), y=_mm(base - 2.2), font_size=2.4),
        ]
        north = self.places.first_free(reversed(list(_corners(width, height, 8, 12))))
        if north is not None:
            x, top = north.x, north.y - 5.5
            letter = {"font_size": 3, "font_weight": "bold", "text_anchor": "middle"}
            drawn += [
                el("rect", x=_mm(x - 4), y=_mm(top - 0.5), width=8, height=12, fill=WHITE),
                el("path", d=f"M{x:.2f},{top:.2f}l3,7.5l-3,-1.8l-3,1.8z", fill=BLACK),
                el("text", "N", x=_mm(x), y=_mm(top + 10.9), **letter),
            ]
        return [*drawn, *self._credit()]

    def _credit(self) -> list[Markup]:
        """Draw the words that the licence asks for, in any case."""
        if not self._sheet.attribution:
            return []
        words, width, height = self._sheet.attribution, self.places.width, self.places.height
        wide = text_width(words, 1.9) + 1
        spots = [
            Box(x=width * share, y=y, width=wide, height=2.6)
            for y in (height - 1.6, 1.6)
            for share in (0.75, 0.5, 0.25)
        ]
        return [plate([words], self.places.first_free(spots) or spots[0], 1.9)]

    def _signs(self) -> list[Markup]:
        drawn = []
        for each in self._found:
            if each.cell is None:
                continue
            x, y = self._sheet.frame.to_mm(each.thing.lon, each.thing.lat)
            at = self.places.first_free(sign_places(x, y))
            if at is None:
                # Too many stand there; the list says in which square.
                continue
            self._leaders.append(leader(x, y, at))
            drawn.append(draw_sign(sign_of(each.kind), each.code, at.x, at.y, is_out=each.is_out))
        return drawn

    def _closures(self) -> list[Markup]:
        drawn = []
        for number, each in enumerate(self._sheet.closures, 1):
            area = closed_area(self._sheet.frame, each.geometry)
            if area is None:
                continue
            middle = area.representative_point()
            words = [f"×{number}"]
            size = box_of(words, 2.8, 0, 0)
            places = around(middle.x, middle.y, size.width, size.height, nearest=1.2, furthest=16)
            at = self.places.first_free(places)
            if at is not None:
                self._leaders.append(leader(middle.x, middle.y, at))
                drawn.append(plate(words, at, 2.8, is_dark=True))
        return drawn

    def _gaps(self) -> list[Markup]:
        drawn = []
        for gap in self._sheet.gaps:
            x, y = self._sheet.frame.to_mm(gap.lon, gap.lat)
            words = [f"›{gap.width_m:g}m‹"]
            size = box_of(words, _TEXT, 0, 0)
            at = self.places.first_free(around(x, y, size.width, size.height, nearest=0.8, furthest=12))
            if at is not None:
                self._leaders.append(leader(x, y, at))
                drawn.append(plate(words, at, _TEXT, is_dark=True))
        return drawn

    def _buildings(self, outlines: Sequence[tuple[Building, BaseGeometry]]) -> list[Markup]:
        own, drawn = self._sheet.building, []
        for each, outline in sorted(outlines, key=lambda one: (one[0] != own, -one[0].households, one[0].id)):
            if outline.area < _SMALLEST_NAMED_MM2:
                continue
            name = short_name(each, in_english=self._in_english)
            if each == own:
                name = (each.name_en if self._in_english else "") or each.name
            drawn.append(label_building(self.places, outline, name, is_own=each == own))
        return [each for each in drawn if each is not None]

    def _doors(self) -> list[Markup]:
        """Name the doors of the building whose sheet it is."""
        drawn = []
        for door in () if self._sheet.building is None else self._sheet.building.entrances:
            x, y = self._sheet.frame.to_mm(door.lon, door.lat)
            size = box_of([door.name], _STREET_TEXT, 0, 0)
            at = self.places.first_free(around(x, y, size.width, size.height, nearest=1.6, furthest=16))
            if at is not None:
                self._leaders.append(leader(x, y, at))
                drawn.append(plate([door.name], at, _STREET_TEXT, edge=0.2))
        return drawn

    def _lanes(self, lanes: Sequence[tuple[DisplayRoad, LineString]]) -> list[Markup]:
        """Name each lane and street once, where it is longest, and tell how wide each lane is."""
        drawn: list[Markup | None] = []
        named: set[str] = set()
        told: set[int] = set()
        for road, line in sorted(lanes, key=lambda each: -_longest(each[1])):
            if road.name is None or road.name in named:
                continue
            size = _TEXT if road.highway in NARROW else _STREET_TEXT
            width = _width_of(road)
            label = label_lane(self.places, line, f"{road.name} {width}", size=size) if width else None
            if label is not None:
                told.add(road.road_id)
            else:
                label = label_lane(self.places, line, road.name, size=size)
            if label is not None:
                named.add(road.name)
                drawn.append(label)
        for road, line in sorted(lanes, key=lambda each: -each[1].length):
            width = _width_of(road)
            if width and road.road_id not in told:
                drawn.append(label_lane(self.places, line, width, size=_TEXT))
        return [each for each in drawn if each is not None]


def _width_of(road: DisplayRoad) -> str:
    """Return the width as it is told of lanes, empty for streets and what is no lane for vehicles."""
    if road.highway not in NARROW or (road.width_m is None and road.highway != "alley"):
        return ""
    return "?m" if road.width_m is None else f"{road.width_m:g}m"


def _smaller(frame: SheetFrame, by: float) -> SheetFrame:
    """Return the same extent on a smaller paper."""
    area = replace(frame.area, width_mm=frame.area.width_mm / by, height_mm=frame.area.height_mm / by)
    return replace(frame, area=area, scale=frame.scale * by)


def _corners(width: float, height: float, wide: float, high: float) -> Iterator[Box]:
    """Give places at the edges, from the lower left to the upper right."""
    for y in (height - 5 - high / 2, height / 2, 5 + high / 2):
        for x in (5 + wide / 2, width * 0.35, width * 0.65, width - 5 - wide / 2):
            yield Box(x=x, y=y, width=wide, height=high)


def _mm(length: float) -> str:
    return f"{length:.2f}"


def _longest(line: LineString) -> float:
    return max(LineString(pair).length for pair in zip(line.coords, line.coords[1:], strict=False))
