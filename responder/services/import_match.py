"""Which rows of a file are things that the circle has already, so that a file may come twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, NamedTuple, TypeVar, cast
from uuid import UUID, uuid5

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from responder.domain.building import Building
from responder.domain.facility import Facility
from responder.domain.hazard import Hazard
from responder.domain.ids import CircleId
from responder.domain.unit import Unit
from responder.services.import_row import Row, refused

Thing = TypeVar("Thing", Building, Facility, Hazard, Unit)

FAR_DEGREES = 0.01
"""About a kilometre: what has another name and is farther away is another thing, whatever its id."""
_SAME_DIGITS = 7
"""A centimetre: what lies closer than that lies at the same place."""
_NOUNS: Mapping[type[Any], str] = {
    Building: "building",
    Facility: "facility",
    Hazard: "hazard",
    Unit: "unit",
}
_BY_OTHER_FIELDS = frozenset({"id", "circle_id", "geometry", "lon", "lat", "post"})
_PROPERTY_OF = {"partner_id": "partner"}


class Look(NamedTuple):
    """What a thing is known by where the file gives it no id: its name and its place."""

    kind: str
    name: str
    place: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched(Generic[Thing]):
    """A row's thing, with the id that it has or is to have, and what it was before."""

    thing: Thing
    before: Thing | None

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self.thing != self.before


class Matcher(Generic[Thing]):
    """Finds what a circle has already of what the rows of one file describe."""

    def __init__(self, circle_id: CircleId, kind: type[Thing], there: Iterable[Thing]) -> None:
        self._circle_id = circle_id
        self._noun = _NOUNS[kind]
        self._by_id: dict[UUID, Thing] = {each.id: each for each in there}
        self._by_look: dict[Look, Thing] = {look_of(each): each for each in self._by_id.values()}
        self._seen: set[UUID] = set()

    def match(self, row: Row, thing: Thing) -> Matched[Thing]:
        """
        Return the row's thing as what it is: one that is there, or a new one that will be known again.

        Raises
        ------
        RowRefusedError
            An earlier row is the same thing, or the id is that of another thing far away.
        """
        key = row.source_key()
        before = self._by_key(key, thing) or self._by_look.get(look_of(thing))
        told = thing if before is None else _completed(thing, before, row)
        id_ = before.id if before is not None else new_id(self._circle_id, self._noun, key, thing)
        if id_ in self._seen:
            raise refused(code="duplicate_row")
        self._seen.add(id_)
        # Each noun's ids are of a type of their own, which is only a UUID when it runs.
        return Matched(thing=replace(told, id=cast("Any", id_)), before=before)

    def _by_key(self, key: str | None, thing: Thing) -> Thing | None:
        if key is None:
            return None
        for id_ in ids_of(self._circle_id, self._noun, key):
            before = self._by_id.get(id_)
            if before is None:
                continue
            if before.name and thing.name and before.name != thing.name and _far(before, thing):
                raise refused(code="id_of_another")
            return before
        return None


def ids_of(circle_id: CircleId, noun: str, key: str) -> tuple[UUID, ...]:
    """Return the ids that a thing may have by its key: the key itself where we gave it out, or made of it."""
    made = uuid5(circle_id, f"{noun}/{key}")
    try:
        return (UUID(key), made)
    except ValueError:
        return (made,)


def possible_ids(circle_id: CircleId, kind: type[Any], rows: Collection[Row]) -> list[UUID]:
    """Return every id that a thing of these rows may have."""
    keys = {key for row in rows if (key := row.source_key()) is not None}
    return [id_ for key in sorted(keys) for id_ in ids_of(circle_id, _NOUNS[kind], key)]


def new_id(
    circle_id: CircleId, noun: str, key: str | None, thing: Building | Facility | Hazard | Unit
) -> UUID:
    """Return the id of something new: the same whenever the same file comes, in this circle."""
    if key is not None:
        return uuid5(circle_id, f"{noun}/{key}")
    look = look_of(thing)
    return uuid5(circle_id, f"{noun}/{look.kind}/{look.name}/{look.place.hex()}")


def look_of(thing: Building | Facility | Hazard | Unit) -> Look:
    """Return what a thing is known by where it has no id."""
    kind = "" if isinstance(thing, Building) else str(thing.kind)
    place = shapely.set_precision(_geometry(thing), 10**-_SAME_DIGITS, mode="pointwise")
    return Look(kind, thing.name, shapely.to_wkb(shapely.normalize(place)))


def bounds_of(rows: Sequence[Row]) -> tuple[float, float, float, float] | None:
    """Return what the rows lie in, with a margin; None for no rows."""
    if not rows:
        return None
    west, south, east, north = shapely.total_bounds([row.geometry for row in rows]).tolist()
    margin = 10 ** (1 - _SAME_DIGITS)
    return (
        max(-180.0, west - margin),
        max(-90.0, south - margin),
        min(180.0, east + margin),
        min(90.0, north + margin),
    )


def _completed(thing: Thing, before: Thing, row: Row) -> Thing:
    """Return the thing with what the row does not speak of as it was."""
    kept = {
        field.name: getattr(before, field.name)
        for field in fields(before)
        if field.name not in _BY_OTHER_FIELDS and not row.has(_PROPERTY_OF.get(field.name, field.name))
    }
    return replace(thing, **kept)


def _far(before: Building | Facility | Hazard | Unit, thing: Building | Facility | Hazard | Unit) -> bool:
    return bool(_geometry(before).distance(_geometry(thing)) > FAR_DEGREES)


def _geometry(thing: Building | Facility | Hazard | Unit) -> BaseGeometry:
    if isinstance(thing, Facility):
        return Point(thing.lon, thing.lat)
    if isinstance(thing, Unit):
        return Point(*thing.post)
    return shape(thing.geometry)
