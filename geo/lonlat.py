"""A place on the earth, as all of `geo` takes it."""

import math
from dataclasses import dataclass

from geo.errors import InvalidCoordinatesError


@dataclass(frozen=True, slots=True)
class LonLat:
    """
    A point in WGS 84, longitude first.

    Parameters
    ----------
    lon
        Degrees east, -180 to 180.
    lat
        Degrees north, -90 to 90.

    Raises
    ------
    InvalidCoordinatesError
        A value is not a finite number or is out of range.

    Examples
    --------
    >>> LonLat(112.985, 28.158)
    LonLat(lon=112.985, lat=28.158)
    >>> LonLat(28.158, 112.985)
    Traceback (most recent call last):
        ...
    geo.errors.InvalidCoordinatesError: latitude 112.985 is not between -90 and 90
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        _require(self.lon, "longitude", limit=180.0)
        _require(self.lat, "latitude", limit=90.0)


def _require(value: object, what: str, *, limit: float) -> None:
    # bool is an int in Python, so `true` for a latitude would otherwise be one degree north.
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"{what} {value!r} is not a number"
        raise InvalidCoordinatesError(message)
    if not math.isfinite(value) or abs(value) > limit:
        message = f"{what} {value!r} is not between -{limit:g} and {limit:g}"
        raise InvalidCoordinatesError(message)
