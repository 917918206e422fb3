"""Where an incident is: a building's entrances, one of them, or a bare point."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point, shape

from geo.place import LonLat
from geo.plane import LocalPlane
from responder.domain.building import Building
from responder.domain.errors import InvalidValueError, NotFoundError
from responder.domain.ids import BuildingId, CircleId
from responder.domain.place import Place
from responder.services.ports import Transaction

NEAR_M = 15.0
"""A point no further from a building is called by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A place, and the points of which responders have to reach the best one."""

    place: Place
    doors: tuple[LonLat, ...]


async def find_scene(  # noqa: PLR0913 - each is named by the caller
    transaction: Transaction,
    circle_id: CircleId,
    *,
    building_id: BuildingId | None = None,
    entrance: str | None = None,
    lonlat: LonLat | None = None,
    label: str = "",
) -> Scene:
    """
    Find a scene from a building (and one of its entrances) or from a point.

    Raises
    ------
    InvalidValueError
        Neither or both of building and point are given, or an entrance without its building.
    NotFoundError
        The circle has no such building, or the building no such entrance.
    """
    if building_id is None:
        if lonlat is None or entrance is not None:
            message = "a place is a building (and perhaps one of its entrances) or a longitude and latitude"
            raise InvalidValueError(message, field="place")
        words = label or await _label(transaction, circle_id, lonlat)
        return Scene(place=Place(lon=lonlat.lon, lat=lonlat.lat, label=words), doors=(lonlat,))
    building = await transaction.buildings.get(circle_id, building_id)
    doors = _doors(building, entrance)
    # A pin that was set by hand stays where it was set; the doors still decide who can be there in time.
    pin = lonlat or doors[0]
    words = label or " ".join(part for part in (building.name, entrance) if part)
    place = Place(lon=pin.lon, lat=pin.lat, label=words, building_id=building.id, entrance=entrance)
    return Scene(place=place, doors=doors)


async def _label(transaction: Transaction, circle_id: CircleId, lonlat: LonLat) -> str:
    """Call a point by the building that it is in, or that it is near; empty when there is none."""
    plane = LocalPlane(lon=lonlat.lon, lat=lonlat.lat)
    (west, south), (east, north) = plane.to_degrees(np.array([[-NEAR_M, -NEAR_M], [NEAR_M, NEAR_M]]))
    around = (max(-180.0, west), max(-90.0, south), min(180.0, east), min(90.0, north))
    buildings = await transaction.buildings.of_circle(circle_id, bbox=around)
    distances_m = {
        building.name: shapely.transform(shape(building.geometry), plane.to_metres).distance(Point(0, 0))
        for building in buildings
        if building.name
    }
    nearest = min(distances_m, key=lambda name: distances_m[name], default="")
    if not nearest or distances_m[nearest] > NEAR_M:
        return ""
    return nearest if distances_m[nearest] == 0 else f"{nearest}附近"


async def scene_of(transaction: Transaction, circle_id: CircleId, place: Place) -> Scene:
    """Return the scene of an incident raised before; a building that is gone leaves the bare point."""
    if place.building_id is None:
        return Scene(place=place, doors=(place.lonlat,))
    try:
        building = await transaction.buildings.get(circle_id, place.building_id)
        return Scene(place=place, doors=_doors(building, place.entrance))
    except NotFoundError:
        return Scene(place=place, doors=(place.lonlat,))


def _doors(building: Building, entrance: str | None) -> tuple[LonLat, ...]:
    if entrance is not None:
        chosen = tuple(LonLat(e.lon, e.lat) for e in building.entrances if e.name == entrance)
        if not chosen:
            raise NotFoundError(what="entrance")
        return chosen
    if building.entrances:
        return tuple(LonLat(e.lon, e.lat) for e in building.entrances)
    inside = shape(building.geometry).representative_point()
    return (LonLat(inside.x, inside.y),)
