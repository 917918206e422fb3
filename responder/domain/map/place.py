"""Where something is: a point, and what people call it."""

from dataclasses import dataclass

from geo.lonlat import LonLat
from responder.domain.ids import BuildingId


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on the map together with its name, so that pin and address are always shown together."""

    lon: float
    """Degrees east, WGS 84."""
    lat: float
    """Degrees north, WGS 84."""
    label: str = ""
    """What people call it, such as 脑科巷7栋 南门."""
    label_en: str = ""
    """The same in English, where the system made up the words; names stay as they are written on the spot."""
    building_id: BuildingId | None = None
    entrance: str | None = None
    """Name of the building's entrance, when one was chosen."""

    def __post_init__(self) -> None:
        """Refuse a point that is not on Earth."""
        LonLat(self.lon, self.lat)

    @property
    def lonlat(self) -> LonLat:
        return LonLat(self.lon, self.lat)
