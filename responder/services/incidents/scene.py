"""Where an incident is: a building's entrances, one of them, or a bare point."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shapely.geometry import shape

from geo.lonlat import LonLat
from responder.domain.errors import InvalidValueError, NotFoundError
from responder.domain.ids import BuildingId, CircleId
from responder.domain.map.building import Building
from responder.domain.map.place import Place
from responder.ports import Database, Transaction
from responder.ports.map import Landmark
from responder.services.incidents.place_names import BESIDE_M, in_words

if TYPE_CHECKING:
    from geo.reach.model import ReachModel


LABEL_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A place, and the points of which responders have to reach the best one."""

    place: Place
    doors: tuple[LonLat, ...]
    is_named: bool = True
    """Whether the place's words say where it is; an entrance alone does not."""
    near: tuple[Landmark, ...] = ()
    """Landmarks beside an unnamed point."""


async def find_scene(
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
        place = Place(lon=lonlat.lon, lat=lonlat.lat, label=label)
        near = () if label else await transaction.landmarks.near(circle_id, lonlat, within_m=BESIDE_M)
        return Scene(place=place, doors=(lonlat,), is_named=bool(label), near=near)
    building = await transaction.layer(Building).get(circle_id, building_id)
    doors = _doors(building, entrance)
    # A pin that was set by hand stays where it was set; the doors still decide who can be there in time.
    pin = lonlat or doors[0]
    words = label or " ".join(part for part in (building.name, entrance) if part)
    words_en = (
        "" if label else ", ".join(part for part in (building.name_en or building.name, entrance) if part)
    )
    place = Place(
        lon=pin.lon,
        lat=pin.lat,
        label=words,
        label_en=words_en,
        building_id=building.id,
        entrance=entrance,
    )
    is_named = bool(label or building.name.strip())
    near = () if is_named else await transaction.landmarks.near(circle_id, pin, within_m=BESIDE_M)
    return Scene(place=place, doors=doors, is_named=is_named, near=near)


async def scene_of(transaction: Transaction, circle_id: CircleId, place: Place) -> Scene:
    """Return the scene of an incident raised before; a building that is gone leaves the bare point."""
    if place.building_id is None:
        return Scene(place=place, doors=(place.lonlat,))
    try:
        building = await transaction.layer(Building).get(circle_id, place.building_id)
        return Scene(place=place, doors=_doors(building, place.entrance))
    except NotFoundError:
        return Scene(place=place, doors=(place.lonlat,))


async def named(database: Database, circle_id: CircleId, scene: Scene, model: "ReachModel") -> Place:
    """Return the scene's place, in words that are never empty."""
    if scene.is_named:
        return scene.place
    return await in_words(database, circle_id, scene.place, model, near=scene.near)


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
