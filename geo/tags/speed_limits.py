"""Speed limits as people really write them in OpenStreetMap tags."""

import math
import re
from functools import lru_cache

_NUMBER = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)\s*([a-zA-Z/]*)\s*$")
_KPH_PER = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "kmph": 1.0, "mph": 1.609344, "knots": 1.852}
_ZONES_KPH = {"urban": 50.0, "rural": 80.0, "trunk": 100.0, "motorway": 120.0, "living_street": 20.0}
_ZONES_KPH |= {"nsl_single": 96.56064, "nsl_dual": 112.65408, "nsl_restricted": 48.28032}
_ZONES_KPH |= {"bicycle_road": 30.0}
_NO_LIMIT = frozenset({"", "none", "signals", "variable", "unsigned", "implicit", "default", "unknown"})
_WALKING_PACE_KPH = 7.0
_FASTEST_BELIEVABLE_KPH = 300.0


@lru_cache(maxsize=4096)
def speed_kph(text: str | None) -> float:
    """
    Read a speed limit.

    Of several values the lowest counts; what says nothing about a number is no limit.

    Parameters
    ----------
    text
        The value of `maxspeed` or of one of its directions.

    Returns
    -------
    speed
        Kilometres an hour, infinity where no limit can be read.

    Examples
    --------
    >>> speed_kph("50"), speed_kph("30 mph"), speed_kph("CN:urban"), speed_kph("80; 50"), speed_kph("walk")
    (50.0, 48.28032, 50.0, 50.0, 7.0)
    >>> speed_kph("none"), speed_kph("signals"), speed_kph(None)
    (inf, inf, inf)
    """
    return min((_one_speed(part) for part in re.split(r"[;|,]", text or "")), default=math.inf)


@lru_cache(maxsize=4096)
def speed_not_read(text: str) -> bool:
    """
    Whether a value may be a speed limit and cannot be read.

    Examples
    --------
    >>> speed_not_read("fast"), speed_not_read("none"), speed_not_read("80; 50")
    (True, False, False)
    """
    parts = (part.strip().lower() for part in re.split(r"[;|,]", text))
    return any(part not in _NO_LIMIT and math.isinf(_one_speed(part)) for part in parts)


def _one_speed(text: str) -> float:
    value = text.strip().lower()
    if value in {"walk", "walking", "schritt"}:
        return _WALKING_PACE_KPH
    zone = value.rpartition(":")[2]
    if zone.startswith("zone"):
        value, zone = zone.removeprefix("zone").lstrip(":"), ""
    elif ":" in value and zone.isdigit():
        value = zone
    if zone in _ZONES_KPH:
        return _ZONES_KPH[zone]
    found = _scaled(value)
    return found if 0 < found <= _FASTEST_BELIEVABLE_KPH else math.inf


def _scaled(text: str) -> float:
    found = _NUMBER.match(text)
    if found is None or found[2].lower() not in _KPH_PER:
        return math.inf
    return float(found[1].replace(",", ".")) * _KPH_PER[found[2].lower()]
