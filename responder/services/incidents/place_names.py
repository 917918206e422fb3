"""Names for unnamed points, in Chinese and in English; never empty."""

import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from geo.coordinates.local_plane import LocalPlane
from geo.lonlat import LonLat
from responder.domain.ids import CircleId
from responder.domain.map.place import Place
from responder.ports import Database
from responder.ports.map import Landmark

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

_log = logging.getLogger(__name__)

INSIDE_M = 0.01
AT_M = 15.0
"""Within this distance a place is named after the thing."""
BESIDE_M = 60.0
"""So near a landmark says more than a road."""
CROSSING_M = 50.0
ROAD_M = 250.0
FAR_M = 5_000.0
_ROUND_TO_M = 10
_ZH = ("以北", "东北方", "以东", "东南方", "以南", "西南方", "以西", "西北方")
_EN = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


class Words(NamedTuple):
    """The same place in both languages; names stay as they are written on the spot."""

    zh: str
    en: str


async def in_words(
    database: Database, circle_id: CircleId, place: Place, model: "ReachModel", *, near: Sequence[Landmark]
) -> Place:
    """
    Return the place with words that say where it is: by a landmark, a crossing, a road, or its coordinates.

    Landmarks are buildings and facilities with a name; `near` are those within `BESIDE_M`. What is there of
    the place's words, such as the name of an entrance whose building has none, stands behind.
    """
    here = place.lonlat
    try:
        words = _beside(here, near, model) or await _from_afar(database, circle_id, here, model)
    except Exception:  # noqa: BLE001 - no alert waits or fails for want of words
        _log.exception("there are no words for a place")
        words = _coordinates(here)
    behind = f" {place.label}" if place.label else ""
    return replace(place, label=words.zh + behind, label_en=words.en + behind)


def _beside(here: LonLat, near: Sequence[Landmark], model: "ReachModel") -> Words | None:
    """Call a place by what is around it; None where nothing has a name."""
    buildings = [each for each in near if each.is_building]
    landmark = _nearest(here, buildings)
    if landmark is not None and _away(here, landmark.place)[0] <= AT_M:
        return _off(here, landmark)
    road = model.road_names.nearest(here, within_m=ROAD_M)
    if road is not None and road.crossing is not None and road.crossing.distance_m <= CROSSING_M:
        name, other = road.name, road.crossing.name
        return Words(f"{name}与{other}路口附近", f"near the crossing of {name} and {other}")
    landmark = _nearest(here, near)
    if landmark is not None:
        return _off(here, landmark)
    if road is None:
        return None
    if road.crossing is None:
        return _off(here, Landmark(name=road.name, name_en="", place=road.nearest, is_building=False))
    crossing = Landmark(
        name=f"{road.crossing.name}路口",
        name_en=f"the crossing with {road.crossing.name}",
        place=road.crossing.place,
        is_building=False,
    )
    off = _off(here, crossing)
    return Words(f"{road.name}，{off.zh}", f"{road.name}, {off.en}")


async def _from_afar(database: Database, circle_id: CircleId, here: LonLat, model: "ReachModel") -> Words:
    """Say how far and in which direction from the nearest thing with a name, or else the coordinates."""
    async with database.snapshot() as transaction:
        known = list(await transaction.landmarks.near(circle_id, here, within_m=FAR_M))
    road = model.road_names.nearest(here, within_m=FAR_M)
    if road is not None:
        known.append(Landmark(name=road.name, name_en="", place=road.nearest, is_building=False))
    nearest = _nearest(here, known)
    return _coordinates(here) if nearest is None else _off(here, nearest)


def _nearest(here: LonLat, known: Sequence[Landmark]) -> Landmark | None:
    return min(known, key=lambda each: (_away(here, each.place)[0], each.name), default=None)


def _off(here: LonLat, thing: Landmark) -> Words:
    """Say in which direction and how far from a thing; nothing of that inside."""
    zh, en = thing.name, thing.name_en or thing.name
    distance_m, eighth = _away(here, thing.place)
    if distance_m <= INSIDE_M and thing.is_building:
        return Words(zh, en)
    if distance_m <= AT_M:
        return Words(f"{zh}附近", f"near {en}")
    far = Words(*_far(distance_m))
    return Words(f"{zh}{_ZH[eighth]}约{far.zh}", f"about {far.en} {_EN[eighth]} of {en}")


def _far(distance_m: float) -> tuple[str, str]:
    rounded_m = max(_ROUND_TO_M, round(distance_m / _ROUND_TO_M) * _ROUND_TO_M)
    if rounded_m < 1000:  # noqa: PLR2004 - from here on in kilometres
        return f"{rounded_m}米", f"{rounded_m} m"
    return f"{distance_m / 1000:.1f}公里", f"{distance_m / 1000:.1f} km"


def _away(here: LonLat, thing: LonLat) -> tuple[float, int]:
    """Return how far `here` is from a thing, and in which eighth of the compass as seen from there."""
    east_per_degree, north_per_degree = LocalPlane(lon=thing.lon, lat=thing.lat).metres_per_degree
    east_m, north_m = (here.lon - thing.lon) * east_per_degree, (here.lat - thing.lat) * north_per_degree
    eighth = round(math.degrees(math.atan2(east_m, north_m)) / 45) % 8
    return math.hypot(east_m, north_m), eighth


def _coordinates(here: LonLat) -> Words:
    lat, lon = f"{abs(here.lat):.5f}°", f"{abs(here.lon):.5f}°"
    north, east = here.lat >= 0, here.lon >= 0
    return Words(
        f"{'北纬' if north else '南纬'}{lat}，{'东经' if east else '西经'}{lon}",
        f"{lat} {'N' if north else 'S'}, {lon} {'E' if east else 'W'}",
    )
