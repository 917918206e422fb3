"""The map of a drill as SVG, drawn from the circle's own data."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo.coordinates.local_plane import LocalPlane
from responder.domain.drills.observation import ObservationVerdict
from responder.domain.drills.plan import InjectKind
from responder.domain.drills.run import InjectState
from responder.domain.ids import UnitId
from responder.exchange.printing.markup import Markup, el, join
from responder.services.drills.score.load_report import DrillReport

WIDTH: Final = 680.0
COLOURS: Final = ("#0b6cb8", "#b85c00", "#00796b", "#a3195b", "#5d4a9c", "#5f6b00", "#7a4a2b", "#455a64")
"""Of the tracks of units, in turn."""
_MOST_POINTS: Final = 1500
"""Of a track; more are thinned out."""


class _Sheet:
    """Turns degrees into the picture's units."""

    def __init__(self, report: DrillReport) -> None:
        self.west, south, east, self.north = report.bbox
        plane = LocalPlane(lon=(self.west + east) / 2, lat=(south + self.north) / 2)
        self.east_m, self.north_m = plane.metres_per_degree
        self.per_m = WIDTH / ((east - self.west) * self.east_m)
        self.height = (self.north - south) * self.north_m * self.per_m

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = (lon - self.west) * self.east_m, (self.north - lat) * self.north_m
        return round(x * self.per_m, 1), round(y * self.per_m, 1)

    def points(self, line: Iterable[Sequence[float]]) -> str:
        return " ".join(f"{x},{y}" for x, y in (self.xy(point[0], point[1]) for point in line))

    def path(self, geometry: dict[str, Any]) -> str:
        """Return a path along the lines and rings of a GeoJSON geometry; empty for what is none."""
        try:
            drawn = shape(geometry)
        except (ShapelyError, KeyError, TypeError, ValueError, AttributeError):
            return ""
        parts = []
        for part in getattr(drawn, "geoms", [drawn]):
            if part.geom_type == "Polygon":
                parts += [f"M{self.points(ring.coords)}Z" for ring in (part.exterior, *part.interiors)]
            elif part.geom_type == "LineString":
                parts.append(f"M{self.points(part.coords)}")
        return "".join(parts)


def draw_map(report: DrillReport, label: str) -> Markup:
    """Return the map: roads, buildings, closed lanes, tracks, marks, the place; scale bar, north, credit."""
    sheet = _Sheet(report)
    parts = [
        el("rect", width=WIDTH, height=round(sheet.height, 1), fill="#fbfaf7"),
        *(
            el("path", d=d, fill="#e4dfd6", stroke="#b9b1a3", stroke_width=0.6)
            for d in (sheet.path(each.geometry) for each in report.buildings)
            if d
        ),
        *(
            el("polyline", points=sheet.points(line), fill="none", stroke="#9aa0a6", stroke_width=1.6)
            for line in report.roads
        ),
        *_closures(sheet, report),
        *_tracks(sheet, report),
        *_marks(sheet, report),
        *_frame(sheet, report.attribution),
    ]
    box = f"0 0 {WIDTH:g} {sheet.height:.1f}"
    return el("svg", *parts, viewBox=box, class_="map", role="img", aria_label=label)


def unit_colours(report: DrillReport) -> dict[UnitId, str]:
    """Return the colour of each unit that has a track, in the order in which they were first known."""
    units = dict.fromkeys(point.unit_id for point in report.track)
    return {unit: COLOURS[number % len(COLOURS)] for number, unit in enumerate(units)}


def _closures(sheet: _Sheet, report: DrillReport) -> list[Markup]:
    drawn = (sheet.path(geometry) for geometry in report.closures)
    return [
        el("path", d=d, fill="none", stroke="#6a1b9a", stroke_width=4, stroke_dasharray="7 4")
        for d in drawn
        if d
    ]


def _tracks(sheet: _Sheet, report: DrillReport) -> list[Markup]:
    drawn = []
    for unit, colour in unit_colours(report).items():
        track = sorted((point.at, point.lon, point.lat) for point in report.track if point.unit_id == unit)
        thin = track[:: max(1, math.ceil(len(track) / _MOST_POINTS))]
        points = sheet.points([(lon, lat) for _, lon, lat in thin])
        drawn.append(
            el("polyline", points=points, fill="none", stroke=colour, stroke_width=2.4, opacity=0.85)
        )
    return drawn


def _marks(sheet: _Sheet, report: DrillReport) -> list[Markup]:
    drawn = []
    for point in report.assembly_points:
        x, y = sheet.xy(point.lon, point.lat)
        drawn.append(el("rect", x=x - 5, y=y - 5, width=10, height=10, fill="#1b7f3b", stroke="#fff"))
    given = {each.number for each in report.scored.run.injects if each.state is InjectState.GIVEN}
    for inject in report.scored.drill.plan.injects:
        shown = inject.kind in {InjectKind.HAZARD, InjectKind.CASUALTY} and inject.number in given
        if shown and inject.lon is not None and inject.lat is not None:
            x, y = sheet.xy(inject.lon, inject.lat)
            d = f"M{x},{y - 7} {x + 7},{y + 6} {x - 7},{y + 6}Z"
            drawn.append(el("path", d=d, fill="#f9c22e", stroke="#5b4300"))
    for seen in report.scored.observations:
        if seen.lon is None or seen.lat is None:
            continue
        x, y = sheet.xy(seen.lon, seen.lat)
        if seen.verdict is ObservationVerdict.IMPROVE:
            d = f"M{x - 4},{y - 4} {x + 4},{y + 4}M{x - 4},{y + 4} {x + 4},{y - 4}"
            drawn.append(el("path", d=d, fill="none", stroke="#a32020", stroke_width=2))
        else:
            drawn.append(el("circle", cx=x, cy=y, r=3, fill="#1f2a37"))
    x, y = sheet.xy(report.scored.drill.plan.place.lon, report.scored.drill.plan.place.lat)
    drawn.append(el("circle", cx=x, cy=y, r=10, fill="none", stroke="#c62828", stroke_width=3))
    return drawn


def _frame(sheet: _Sheet, attribution: str | None) -> list[Markup]:
    bar_m = next((each for each in (1000, 500, 200, 100, 50, 20) if each * sheet.per_m < WIDTH / 3), 10)
    end, y = 14 + bar_m * sheet.per_m, sheet.height - 14
    scale = f"M14,{y - 5:.1f} 14,{y:.1f} {end:.1f},{y:.1f} {end:.1f},{y - 5:.1f}"
    north = f"M{WIDTH - 24},14 {WIDTH - 17},34 {WIDTH - 24},29 {WIDTH - 31},34Z"
    words = {"font_size": 11, "fill": "#222", "stroke": "none"}
    credit = join([]) if attribution is None else _credit(sheet, attribution, words)
    return [
        el("rect", x=6, y=round(y - 26, 1), width=round(end + 8, 1), height=36, fill="#ffffff", opacity=0.8),
        el("path", d=scale, fill="none", stroke="#222", stroke_width=1.5),
        el("text", f"{bar_m} m", x=16, y=round(y - 8, 1), **words),
        el("path", d=north, fill="#222"),
        el("text", "N", x=WIDTH - 24, y=47, text_anchor="middle", **words),
        credit,
    ]


def _credit(sheet: _Sheet, attribution: str, words: dict[str, Any]) -> Markup:
    return el("text", attribution, x=WIDTH - 8, y=round(sheet.height - 8, 1), text_anchor="end", **words)
