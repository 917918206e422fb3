"""What figures of a profile table may be: `geo` says what is possible, this what is sane."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.errors import InvalidProfileError
from geo.network.turn_copies import LONGEST_U_TURN_S


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and the highest value."""

    min: float
    max: float


SPEED_KPH: Final = Range(0.2, 150)
SURFACE_KPH: Final = Range(0, 150)
"""0 shuts a surface."""
PARKED_M: Final = Range(0, 20)
WIDTH_M: Final = Range(0.2, 60)
DELAY_S: Final = Range(0, 1800)
FIGURES: Final[Mapping[str, Range]] = {
    "clear_width_m": Range(0.2, 10),
    "clear_height_m": Range(0.5, 10),
    "weight_t": Range(0.01, 100),
    "dismount_s": DELAY_S,
    "u_turn_s": Range(0, LONGEST_U_TURN_S),
    "against_factor": Range(1, 10),
}
SPEEDS: Final[Mapping[str, Range]] = {"speeds_kph": SPEED_KPH, "surface_kph": SURFACE_KPH}
FLAGS: Final = frozenset({"on_foot", "obeys_oneway", "obeys_maxspeed"})
TEXTS: Final = frozenset({"label_zh", "label_en", "mode"})
UTC_OFFSET_HOURS: Final = Range(-12, 14)
PEAK_FACTOR: Final = Range(1, 10)
RANGES: Final[Mapping[str, Range]] = {
    **FIGURES,
    **SPEEDS,
    "peaks": PEAK_FACTOR,
    "roads": WIDTH_M,
    "parked": PARKED_M,
    "barriers": DELAY_S,
}
"""What figures may be, by the field or part of the table in which they stand."""
STANDINGS: Final = frozenset({"A", "B", "C"})
MOST_PEAKS: Final = 20
MOST_SOURCES: Final = 100
TEXT_LENGTH: Final = 300


def check_profile(name: str, row: object) -> None:
    """Refuse a profile with a value out of range or an unknown field."""
    profile = _mapping(row, f"profiles.{name}")
    for field, value in profile.items():
        where = f"profiles.{name}.{field}"
        if field in FIGURES:
            check_number(value, FIGURES[field], where)
        elif field in FLAGS:
            _require(isinstance(value, bool), where)
        elif field in TEXTS:
            check_text(value, where)
        elif field in SPEEDS:
            for each, speed in _mapping(value, where).items():
                check_number(speed, SPEEDS[field], f"{where}.{each}")
        elif field == "peaks":
            _check_peaks(value, where)
        elif field == "sources":
            for figure, source in _mapping(value, where).items():
                check_text(source, f"{where}.{figure}")
        else:
            _require(held=False, where=where)


def check_roads(roads: object) -> None:
    """Refuse widths that no road has."""
    for highway, row in _mapping(roads, "roads").items():
        where = f"roads.{highway}"
        fields = _mapping(row, where)
        _require(set(fields) <= {"width_m", "settled"}, where)
        check_number(fields.get("width_m"), WIDTH_M, f"{where}.width_m")
        _require(isinstance(fields.get("settled", False), bool), f"{where}.settled")


def check_parked(parked: object) -> None:
    """Refuse widths that no row of parked cars takes."""
    for how, row in _mapping(parked, "parked").items():
        where = f"parked.{how}"
        fields = _mapping(row, where)
        _require(set(fields) == {"width_m"}, where)
        check_number(fields["width_m"], PARKED_M, f"{where}.width_m")


def check_barriers(barriers: object) -> None:
    """Refuse delays that no obstacle makes."""
    for barrier, row in _mapping(barriers, "barriers").items():
        for mode, seconds in _mapping(row, f"barriers.{barrier}").items():
            check_number(seconds, DELAY_S, f"barriers.{barrier}.{mode}")


def check_sources(sources: object) -> None:
    """Refuse sources that say nothing, or not how far they can be trusted."""
    rows = _mapping(sources, "sources")
    _require(len(rows) <= MOST_SOURCES, "sources")
    for name, row in rows.items():
        fields = _mapping(row, f"sources.{name}")
        _require(set(fields) == {"text", "standing"}, f"sources.{name}")
        check_text(fields["text"], f"sources.{name}.text")
        standing = fields["standing"]
        _require(isinstance(standing, str) and standing in STANDINGS, f"sources.{name}.standing")


def check_number(value: object, within: Range, where: str) -> None:
    """Refuse what is no number, or out of range."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # A comparison with NaN is false.
    _require(number and math.isfinite(value) and within.min <= value <= within.max, where)  # type: ignore[arg-type,operator]


def check_text(value: object, where: str) -> None:
    """Refuse what is no text, is empty, or too long."""
    _require(isinstance(value, str) and 0 < len(value.strip()) <= TEXT_LENGTH and "\0" not in value, where)


def _check_peaks(value: object, where: str) -> None:
    _require(isinstance(value, list) and len(value) <= MOST_PEAKS, where)
    for number, row in enumerate(value if isinstance(value, list) else []):
        peak = _mapping(row, f"{where}.{number}")
        _require(set(peak) == {"days", "from_hour", "to_hour", "factor"}, f"{where}.{number}")
        days = peak["days"]
        _require(isinstance(days, list) and len(days) <= 7, f"{where}.{number}.days")  # noqa: PLR2004 - a week
        for day in days:
            _require(isinstance(day, int) and not isinstance(day, bool), f"{where}.{number}.days")
        check_number(peak["from_hour"], Range(0, 24), f"{where}.{number}.from_hour")
        check_number(peak["to_hour"], Range(0, 24), f"{where}.{number}.to_hour")
        check_number(peak["factor"], PEAK_FACTOR, f"{where}.{number}.factor")


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    _require(isinstance(value, Mapping) and all(isinstance(key, str) for key in value), where)
    return value  # type: ignore[return-value]


def _require(held: bool, where: str) -> None:  # noqa: FBT001 - the condition is the point
    if not held:
        message = f"{where} is not a valid value"
        raise InvalidProfileError(message, field=where)
