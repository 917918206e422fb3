"""By what a row's thing is known: its key in the source, or kind, name and place."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from responder.domain.ids import CircleId
from responder.domain.map.building import Building
from responder.domain.map.feature_import import FEATURE_TYPES, Feature, Noun
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit

NEAR_M: Final = 30.0
"""As far as a thing moves when it is surveyed again."""
FAR_M: Final = 250.0
"""A thing that has moved farther is doubtful, even under its own id."""
_SAME_DIGITS: Final = 7
"""A centimetre: what lies closer than that lies at the same place."""
_DEGREE_M: Final = 111_195.0
_OSM: Final = re.compile(r"(?:node|way|relation)/-?\d+")
NOUN_OF: Final[Mapping[type[Any], Noun]] = {kind: noun for noun, kind in FEATURE_TYPES.items()}


class Trust(IntEnum):
    """How far a key may be believed, by where it is known from."""

    OTHER_SOURCE = 1
    """A file of another name: its numbers count from 1 as those of every other."""
    SAME_FILE_NAME = 2
    DECLARED = 3
    """A person named the source, or the column that tells its things apart."""
    WORLDWIDE = 4
    """No other thing on Earth has it."""


class Key(NamedTuple):
    """By what a row says that its thing is known."""

    text: str
    is_worldwide: bool


class Look(NamedTuple):
    """What a thing is known by where nothing gives it an id: its kind, name and place."""

    kind: str
    name: str
    place: bytes


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres around one latitude: enough to tell near from far."""

    lat: float

    def at(self, thing: Feature) -> tuple[float, float]:
        """Return the middle of a thing in metres."""
        middle = geometry_of(thing).centroid
        return (middle.x * _DEGREE_M * math.cos(math.radians(self.lat)), middle.y * _DEGREE_M)

    def metres(self, one: Feature, other: Feature) -> float:
        """Return how far the middles of two things are apart."""
        return math.dist(self.at(one), self.at(other))


def key_of(text: str | None) -> Key | None:
    """Return a key; a whole number is the same with and without `.0`."""
    if text is None or not text.strip():
        return None
    text = re.sub(r"^(-?\d+)\.0+$", r"\1", text.strip())
    return Key(text, is_worldwide=_OSM.fullmatch(text) is not None or _as_uuid(text) is not None)


def own_ids(circle_id: CircleId, noun: Noun, key: Key) -> tuple[UUID, ...]:
    """Return the ids that a thing may have by its key: the key itself, or what older imports made of it."""
    made = made_id(circle_id, noun, key)
    own = _as_uuid(key.text)
    return (made,) if own is None else (own, made)


def made_id(circle_id: CircleId, noun: Noun, key: Key) -> UUID:
    """Return the id that is made of a worldwide key."""
    return uuid5(circle_id, f"{FEATURE_TYPES[noun].__name__.lower()}/{key.text}")


def kind_of(thing: Feature) -> str:
    """Return the kind of a thing; buildings have none."""
    return "" if isinstance(thing, Building) else str(thing.kind)


def look_of(thing: Feature) -> Look:
    """Return what a thing is known by where it has no id."""
    return Look(kind_of(thing), thing.name, place_of(thing))


def place_of(thing: Feature) -> bytes:
    """Return where a thing is, to a centimetre."""
    place = shapely.set_precision(geometry_of(thing), 10**-_SAME_DIGITS, mode="pointwise")
    return shapely.to_wkb(shapely.normalize(place))


def geometry_of(thing: Feature) -> BaseGeometry:
    if isinstance(thing, Building | Hazard):
        return shape(thing.geometry)
    if isinstance(thing, Unit):
        return Point(*thing.post)
    return Point(thing.lon, thing.lat)


def is_same(before: Feature, thing: Feature, *, trust: Trust, metres: float) -> bool:
    """
    Tell whether what is known by the same key is the same thing.

    A number alone proves nothing: an id known from a thing of another kind, or of another name or none at
    another place, belongs to another thing.
    """
    if trust is Trust.WORLDWIDE:
        return True
    same_name = bool(thing.name) and before.name == thing.name
    near = metres <= NEAR_M
    if kind_of(before) != kind_of(thing):
        # A kind that was mended: the same number in the same register at the same place.
        return trust is Trust.DECLARED and near
    if trust is Trust.DECLARED:
        renamed = bool(before.name) and bool(thing.name) and not same_name
        return metres <= FAR_M or not renamed
    if trust is Trust.SAME_FILE_NAME:
        # The post of a unit may move through the town; a block with the name of another may not.
        return near or (same_name and (metres <= FAR_M or isinstance(thing, Unit)))
    return near and before.name == thing.name


def _as_uuid(text: str) -> UUID | None:
    # `UUID` would also take 32 digits without hyphens, which may be a number.
    if len(text.strip("{}")) != 36:  # noqa: PLR2004 - the length of a UUID
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
