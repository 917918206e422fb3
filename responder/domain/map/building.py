"""Buildings, the doors people go in by, and how many households live there."""

from dataclasses import dataclass
from typing import Any

from responder.domain.ids import BuildingId, CircleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A door of a building: where responders have to be."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """A building with its entrances."""

    id: BuildingId
    circle_id: CircleId
    name: str
    name_en: str
    geometry: dict[str, Any]
    """GeoJSON Polygon or MultiPolygon, WGS 84."""
    use: str = "residential"
    storeys: int | None = None
    year: int | None = None
    fire_rating: int | None = None
    """Fire-resistance rating 1 (best) to 4, GB 50016."""
    households: int = 0
    entrances: tuple[Entrance, ...] = ()
