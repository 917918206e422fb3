"""Numbers as people really write them in OpenStreetMap tags."""

import math
import re

_NUMBER = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)\s*([a-zA-Z/']*)\s*$")
_FEET_INCHES = re.compile(r"""^\s*(\d+)\s*(?:'|ft)\s*(?:(\d+(?:\.\d+)?)\s*(?:"|''|in)?)?\s*$""")
_KPH_PER = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "kmph": 1.0, "mph": 1.609344, "knots": 1.852}
_METRES_PER = {"": 1.0, "m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "cm": 0.01}
_METRES_PER |= {"ft": 0.3048, "feet": 0.3048, "foot": 0.3048, "in": 0.0254, "km": 1000.0}
_TONNES_PER = {"": 1.0, "t": 1.0, "ton": 1.0, "tons": 1.0, "tonnes": 1.0, "kg": 0.001, "lbs": 0.00045359237}
_TONNES_PER |= {"lb": 0.00045359237, "st": 0.90718474}
_ZONES_KPH = {"urban": 50.0, "rural": 80.0, "trunk": 100.0, "motorway": 120.0, "living_street": 20.0}
_ZONES_KPH |= {"nsl_single": 96.56064, "nsl_dual": 112.65408, "nsl_restricted": 48.28032}
_ZONES_KPH |= {"bicycle_road": 30.0}
_WALKING_PACE_KPH = 7.0
_WIDEST_BELIEVABLE_M = 100.0
_FASTEST_BELIEVABLE_KPH = 300.0


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
    found = _scaled(value, _KPH_PER)
    return found if 0 < found <= _FASTEST_BELIEVABLE_KPH else math.inf


def metres(text: str | None) -> float:
    """
    Read a width, height or length; of several values the lowest counts.

    Examples
    --------
    >>> metres("3.5"), metres("2,5 m"), metres("350 cm"), round(metres("12'6"), 2), metres("3 m; 4 m")
    (3.5, 2.5, 3.5, 3.81, 3.0)
    >>> metres("default"), metres("200"), metres("-2"), metres(None)
    (inf, inf, inf, inf)
    """
    return min((_one_length(part) for part in (text or "").split(";")), default=math.inf)


def _one_length(text: str) -> float:
    feet = _FEET_INCHES.match(text)
    found = (
        int(feet[1]) * 0.3048 + float(feet[2] or 0) * 0.0254
        if feet
        else _scaled(text.strip().lower(), _METRES_PER)
    )
    return found if 0 < found < _WIDEST_BELIEVABLE_M else math.inf


def tonnes(text: str | None) -> float:
    """
    Read a weight limit; of several values the lowest counts.

    Examples
    --------
    >>> tonnes("7.5"), tonnes("3.5 t"), tonnes("3500 kg"), tonnes("unsigned")
    (7.5, 3.5, 3.5, inf)
    """
    parts = (_scaled(part.strip().lower(), _TONNES_PER) for part in (text or "").split(";"))
    return min((part for part in parts if part > 0), default=math.inf)


def _scaled(text: str, units: dict[str, float]) -> float:
    found = _NUMBER.match(text)
    if found is None or found[2].lower() not in units:
        return math.inf
    return float(found[1].replace(",", ".")) * units[found[2].lower()]
