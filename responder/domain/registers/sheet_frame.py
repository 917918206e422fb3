"""The map of an alley sheet: its paper, its scale, what lies where on it, and its grid."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geo.coordinates.local_plane import LocalPlane

Extent = tuple[float, float, float, float]
"""West, south, east, north in degrees, WGS 84."""

SCALES: Final = (
    400, 500, 600, 750, 1000, 1250, 1500, 1750, 2000, 2500, 3000, 4000, 5000, 7500, 10_000, 15_000, 20_000,
)  # fmt: skip
"""One of these is the scale: 1 mm of paper is so many millimetres outside."""
COLUMNS: Final = "ABCD"
ROWS: Final = 6


class Paper(StrEnum):
    """Size of the sheet, upright."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapArea:
    """Room for the map on a paper."""

    is_wide: bool
    """The lists stand below it; otherwise beside it."""
    width_mm: float
    height_mm: float


AREAS: Final[dict[Paper, tuple[MapArea, ...]]] = {
    Paper.A4: (
        MapArea(is_wide=True, width_mm=196, height_mm=175),
        MapArea(is_wide=False, width_mm=128, height_mm=250),
    ),
    Paper.A3: (
        MapArea(is_wide=True, width_mm=279, height_mm=250),
        MapArea(is_wide=False, width_mm=187, height_mm=360),
    ),
}
"""Of two that take the same scale, the first is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFrame:
    """Where degrees come to lie on the map, in millimetres from its upper left corner."""

    paper: Paper
    area: MapArea
    scale: float
    lon: float
    lat: float
    """Of the middle of the map, WGS 84."""

    @property
    def mm_per_degree(self) -> tuple[float, float]:
        east_m, north_m = LocalPlane(lon=self.lon, lat=self.lat).metres_per_degree
        return 1000 * east_m / self.scale, 1000 * north_m / self.scale

    @property
    def extent(self) -> Extent:
        """What the map shows."""
        east_mm, north_mm = self.mm_per_degree
        east, north = self.area.width_mm / 2 / east_mm, self.area.height_mm / 2 / north_mm
        return (self.lon - east, self.lat - north, self.lon + east, self.lat + north)

    def to_mm(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point comes to lie, to the right and down."""
        east_mm, north_mm = self.mm_per_degree
        x = self.area.width_mm / 2 + (lon - self.lon) * east_mm
        return x, self.area.height_mm / 2 - (lat - self.lat) * north_mm

    def metres_to_mm(self, metres: float) -> float:
        return 1000 * metres / self.scale

    def cell(self, lon: float, lat: float) -> str | None:
        """Return the square of the grid, such as B3; None outside the map."""
        x, y = self.to_mm(lon, lat)
        column = int(x // (self.area.width_mm / len(COLUMNS)))
        row = int(y // (self.area.height_mm / ROWS))
        if x < 0 or y < 0 or column >= len(COLUMNS) or row >= ROWS:
            return None
        return f"{COLUMNS[column]}{row + 1}"


def choose_frame(needed: Extent, *, wanted: Extent, paper: Paper) -> SheetFrame:
    """
    Choose the largest scale at which what is `needed` fits the map.

    The map is moved to show of `wanted` what fits then. What is larger than the smallest scale shows is cut
    around its middle.
    """
    west, south, east, north = needed
    lon, lat = (west + east) / 2, (south + north) / 2
    east_m, north_m = LocalPlane(lon=lon, lat=lat).metres_per_degree
    width_m, height_m = (east - west) * east_m, (north - south) * north_m

    def smallest(area: MapArea) -> int:
        asked = 1000 * max(width_m / area.width_mm, height_m / area.height_mm)
        return next((scale for scale in SCALES if scale >= asked), SCALES[-1])

    area = min(AREAS[paper], key=smallest)
    scale = smallest(area)
    spare_m = (area.width_mm * scale / 1000 - width_m, area.height_mm * scale / 1000 - height_m)
    return SheetFrame(
        paper=paper,
        area=area,
        scale=scale,
        lon=lon + _moved(wanted[0] - west, wanted[2] - east, spare_m[0] / east_m),
        lat=lat + _moved(wanted[1] - south, wanted[3] - north, spare_m[1] / north_m),
    )


def _moved(before: float, after: float, spare: float) -> float:
    """Return by how much the middle moves for what lies `before` (negative) and `after` what is needed."""
    most = max(0.0, spare / 2)
    return min(most, max(-most, (min(0.0, before) + max(0.0, after)) / 2))
