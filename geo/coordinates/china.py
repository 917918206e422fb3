"""
Offset coordinates of Chinese consumer maps: GCJ-02 (Amap, Tencent, Google in China) and BD-09 (Baidu).

Nothing in the numbers shows that they are offset, so the importer is asked, the source coordinates
are kept, and the conversion happens only at the border. Inside, everything is WGS 84.

The forward formulas are those in public circulation; they agree with what Amap publishes to 5 cm and with
what Baidu publishes to 1 m. The inverse is found by iteration, to far below 0.1 m of the forward formula.
`LICENCE_NOTE` belongs beside every place where data is converted.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidCoordinatesError

LonLats = NDArray[np.float64]
"""Longitude and latitude in degrees; shape `(..., 2)`."""


class LicenceNote(NamedTuple):
    """A note in both languages of the screen."""

    zh_cn: str
    en: str


LICENCE_NOTE: Final = LicenceNote(
    zh_cn="GCJ-02、BD-09 为加偏坐标。将他人的加偏数据转换为 WGS 84 并对外公开，在中国境内可能违反测绘法规；"
    "请确认您有权使用和转换该数据，结果仅限内部使用。",
    en="GCJ-02 and BD-09 are offset coordinates. Publishing other people's data converted from them to WGS "
    "84 may be unlawful in China: make sure that you may use and convert the data, and keep the result to "
    "yourselves.",
)

SEMI_MAJOR_AXIS_M: Final = 6_378_245.0
"""Krasovsky 1940, on which the offset is defined."""
ECCENTRICITY_SQUARED: Final = 0.006_693_421_622_965_943_23
BD09_SHIFT: Final = (0.0065, 0.006)
BD09_ANGLE: Final = np.pi * 3000 / 180
# The offset is applied inside this box only (degrees), which reaches beyond the border in places.
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
# 1e-10 degrees are 0.01 mm. Each pass makes the error about a thousand times smaller, so ten are plenty.
CLOSE_ENOUGH_DEG: Final = 1e-10
MOST_PASSES: Final = 10


def wgs84_to_gcj02(lonlat: LonLats) -> LonLats:
    """
    Move WGS 84 coordinates to where Chinese consumer maps show them.

    Parameters
    ----------
    lonlat
        Degrees, longitude first; shape `(..., 2)`.

    Returns
    -------
    lonlat_gcj02
        Same shape; unchanged where the point is outside China.

    Raises
    ------
    InvalidCoordinatesError
        A value is not finite or out of range.

    Examples
    --------
    >>> wgs84_to_gcj02(np.array([112.985, 28.158])).round(6).tolist()
    [112.990584, 28.154606]
    """
    return _inside_only(lonlat, _offset_to_gcj02)


def gcj02_to_wgs84(lonlat_gcj02: LonLats) -> LonLats:
    """
    Move GCJ-02 coordinates back to WGS 84, to better than a millimetre of `wgs84_to_gcj02`.

    Publishing the result may be unlawful in China: see `LICENCE_NOTE`.

    Parameters
    ----------
    lonlat_gcj02
        Degrees, longitude first; shape `(..., 2)`.

    Returns
    -------
    lonlat
        Same shape; unchanged where the point is outside China.

    Raises
    ------
    InvalidCoordinatesError
        A value is not finite or out of range.
    """
    return _inside_only(lonlat_gcj02, lambda given: _undo(given, _offset_to_gcj02))


def gcj02_to_bd09(lonlat_gcj02: LonLats) -> LonLats:
    """Move GCJ-02 coordinates to BD-09; parameters as for `wgs84_to_gcj02`."""
    return _inside_only(lonlat_gcj02, _offset_to_bd09)


def bd09_to_gcj02(lonlat_bd09: LonLats) -> LonLats:
    """Move BD-09 coordinates back to GCJ-02; parameters as for `gcj02_to_wgs84`."""
    return _inside_only(lonlat_bd09, lambda given: _undo(given, _offset_to_bd09))


def wgs84_to_bd09(lonlat: LonLats) -> LonLats:
    """Move WGS 84 coordinates to where Baidu shows them; parameters as for `wgs84_to_gcj02`."""
    return gcj02_to_bd09(wgs84_to_gcj02(lonlat))


def bd09_to_wgs84(lonlat_bd09: LonLats) -> LonLats:
    """Move BD-09 coordinates back to WGS 84; parameters and warning as for `gcj02_to_wgs84`."""
    return gcj02_to_wgs84(bd09_to_gcj02(lonlat_bd09))


def _inside_only(lonlat: LonLats, move: Callable[[LonLats], LonLats]) -> LonLats:
    given = np.array(lonlat, dtype=np.float64)
    if given.ndim == 0 or given.shape[-1] != 2:  # noqa: PLR2004 - a pair
        message = f"coordinates must come in pairs, not in shape {given.shape}"
        raise InvalidCoordinatesError(message)
    # Written so that NaN fails too.
    bad = ~np.all(np.abs(given) <= (180.0, 90.0), axis=-1)
    if np.any(bad):
        message = f"{tuple(given[bad][0].tolist())} is not a longitude and latitude"
        raise InvalidCoordinatesError(message)
    inside = np.all((given >= (WEST, SOUTH)) & (given <= (EAST, NORTH)), axis=-1)
    given[inside] = move(given[inside])
    return given


def _undo(given: LonLats, offset: Callable[[LonLats], LonLats]) -> LonLats:
    guess = given.copy()
    for _ in range(MOST_PASSES):
        miss = offset(guess) - given
        guess -= miss
        if miss.size == 0 or np.max(np.abs(miss)) < CLOSE_ENOUGH_DEG:
            break
    return guess


def _offset_to_gcj02(lonlat: LonLats) -> LonLats:
    lon, lat = lonlat[..., 0], lonlat[..., 1]
    x, y = lon - 105.0, lat - 35.0
    root, product = np.sqrt(np.abs(x)), x * y
    ripple = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * product + 0.1 * root + ripple + _waves(x, 20, 40, 150, 300)
    north_m = (
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * product + 0.2 * root + ripple + _waves(y, 20, 40, 160, 320)
    )
    # The lengths in metres become degrees on the ellipsoid at this latitude.
    phi = np.radians(lat)
    w2 = 1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    prime_vertical_m = SEMI_MAJOR_AXIS_M / np.sqrt(w2)
    meridian_m = prime_vertical_m * (1 - ECCENTRICITY_SQUARED) / w2
    shift = np.stack(
        [np.degrees(east_m / (prime_vertical_m * np.cos(phi))), np.degrees(north_m / meridian_m)], axis=-1
    )
    return np.asarray(lonlat + shift, dtype=np.float64)


def _waves(t: NDArray[np.float64], a: float, b: float, c: float, d: float) -> NDArray[np.float64]:
    sines = (
        a * np.sin(np.pi * t)
        + b * np.sin(np.pi * t / 3)
        + c * np.sin(np.pi * t / 12)
        + d * np.sin(np.pi * t / 30)
    )
    return np.asarray(sines * 2 / 3, dtype=np.float64)


def _offset_to_bd09(lonlat: LonLats) -> LonLats:
    lon, lat = lonlat[..., 0], lonlat[..., 1]
    radius = np.hypot(lon, lat) + 0.000_02 * np.sin(lat * BD09_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000_003 * np.cos(lon * BD09_ANGLE)
    turned = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return np.asarray(turned + BD09_SHIFT, dtype=np.float64)
