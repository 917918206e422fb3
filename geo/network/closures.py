"""A stretch of road that some or all traffic cannot pass."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import GeometryTooLargeError, InvalidGeometryError
from geo.network.profiles import MobilityProfile

MOST_VERTICES = 2000
_KINDS = frozenset({"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"})
_EXTENT = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadClosure:
    """
    A stretch of road that some or all traffic cannot pass.

    What the geometry means: a polygon closes every stretch of road inside it. A line closes the
    roads it runs along (within 8 m) and the roads it crosses, but where it runs through a junction
    the roads it only meets there stay open. A point closes the nearest road at that spot, or the
    junction when it stands on one.

    Raises
    ------
    InvalidGeometryError
        The geometry is empty, self-crossing, of another type or outside WGS 84; or a limit is not
        a number above zero, or the end does not follow the start.
    GeometryTooLargeError
        The geometry has more than 2,000 vertices.

    Examples
    --------
    >>> lane = RoadClosure(id="c1", geometry=shapely.Point(112.985, 28.158), wider_than_m=2.0)
    >>> from geo.network.profiles import DEFAULT_PROFILES
    >>> lane.stops(DEFAULT_PROFILES["fire_engine"]), lane.stops(DEFAULT_PROFILES["foot"])
    (True, False)
    """

    id: str
    geometry: BaseGeometry
    """In WGS 84, longitude first."""
    wider_than_m: float | None = None
    higher_than_m: float | None = None
    heavier_than_t: float | None = None
    """Without any of the three the road is closed to all; else to vehicles that exceed one of them."""
    profiles: frozenset[str] | None = None
    """Names of the profiles it speaks of; `None` is all of them, people on foot included."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    """Closed from `starts_at` until just before `ends_at`; without a time zone they are UTC."""
    name: str = ""

    def __post_init__(self) -> None:
        _check_geometry(self.geometry)
        for value in (self.wider_than_m, self.higher_than_m, self.heavier_than_t):
            if value is not None and not (math.isfinite(value) and value > 0):
                message = f"closure {self.id}: a limit of {value!r} is not possible"
                raise InvalidGeometryError(message)
        if self.starts_at and self.ends_at and _as_utc(self.ends_at) <= _as_utc(self.starts_at):
            message = f"closure {self.id} ends before it starts"
            raise InvalidGeometryError(message)

    def in_force(self, at: datetime | None) -> bool:
        """Whether it is closed at a moment; without a moment, whatever its times say."""
        if at is None:
            return True
        moment = _as_utc(at)
        started = self.starts_at is None or _as_utc(self.starts_at) <= moment
        return started and (self.ends_at is None or moment < _as_utc(self.ends_at))

    def stops(self, profile: MobilityProfile) -> bool:
        """Whether this profile cannot pass."""
        if self.profiles is not None and profile.name not in self.profiles:
            return False
        limits = (
            (self.wider_than_m, profile.clear_width_m),
            (self.higher_than_m, profile.clear_height_m),
            (self.heavier_than_t, profile.weight_t),
        )
        stated = [(most, size) for most, size in limits if most is not None]
        return not stated or any(size > most for most, size in stated)


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _check_geometry(geometry: BaseGeometry) -> None:
    if not isinstance(geometry, BaseGeometry) or geometry.geom_type not in _KINDS or geometry.is_empty:
        message = "a closure is a point, line or polygon, or several of one kind"
        raise InvalidGeometryError(message)
    # Counting comes first: checking a huge geometry is itself what must not happen.
    if int(shapely.get_num_coordinates(geometry)) > MOST_VERTICES:
        message = f"a closure has at most {MOST_VERTICES} vertices"
        raise GeometryTooLargeError(message)
    west, south, east, north = geometry.bounds
    numbers = all(math.isfinite(value) for value in (west, south, east, north))
    if not numbers or west < _EXTENT[0] or south < _EXTENT[1] or east > _EXTENT[2] or north > _EXTENT[3]:
        message = "a closure lies in WGS 84, longitude -180 to 180 and latitude -90 to 90"
        raise InvalidGeometryError(message)
    if not shapely.is_valid(geometry):
        message = f"the closure's geometry is not valid: {shapely.is_valid_reason(geometry)}"
        raise InvalidGeometryError(message)
