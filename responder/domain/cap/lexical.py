"""Times, shapes and references: from the text in a CAP message to values, and back."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from geo.lonlat import LonLat
from responder.domain.cap.message import CapCircle, CapReference

MOST_POINTS: Final = 2000
MOST_LAT: Final = 90.0
MOST_LON: Final = 180.0
HALF_EARTH_KM: Final = 20_037.0
"""From a point on the Earth to the opposite one."""
FEWEST_POINTS: Final = 4
MOST_OFFSET: Final = timedelta(hours=14)
YEARS: Final = range(1970, 2200)
PLACES: Final = 6
"""Decimals of degrees that are written: a tenth of a metre."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_NEARLY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?P<offset>\S*)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{0,20})?", re.ASCII)
_XML_SPACE = " \t\r\n"


class LexicalError(ValueError):
    """A text is not what it should be; `code` is a fault's."""

    def __init__(self, *, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_time(text: str) -> datetime:
    """
    Return a moment; raise LexicalError unless it is written as CAP has it.

    >>> read_time("2026-01-31T21:40:00+08:00").isoformat()
    '2026-01-31T21:40:00+08:00'
    """
    text = text.strip(_XML_SPACE)
    if _TIME.fullmatch(text) is None:
        raise LexicalError(code=_time_fault(text))
    # The schema has the end of a day as well as the beginning of the next.
    is_end_of_day = text[11:19] == "24:00:00"
    try:
        found = datetime.fromisoformat(text.replace("T24:", "T00:"))
    except ValueError:
        raise LexicalError(code="time_form") from None
    if text[11:13] == "24" and not is_end_of_day:
        raise LexicalError(code="time_form")
    if abs(found.utcoffset() or timedelta()) > MOST_OFFSET or found.year not in YEARS:
        raise LexicalError(code="time_form")
    return found + timedelta(days=1) if is_end_of_day else found


def write_time(moment: datetime) -> str:
    """
    Return a moment in UTC without fractions, which are cut off.

    >>> write_time(datetime(2026, 1, 31, 13, 40, 0, 999999, tzinfo=UTC))
    '2026-01-31T13:40:00-00:00'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def read_polygon(text: str) -> tuple[LonLat, ...]:
    """
    Return a closed ring, or raise LexicalError.

    >>> read_polygon("28.1,112.9 28.1,113 28.2,113 28.1,112.9")[1]
    LonLat(lon=113.0, lat=28.1)
    """
    pairs = text.split()
    if len(pairs) > MOST_POINTS:
        raise LexicalError(code="polygon_large")
    points = [_pair(pair, otherwise="polygon_words") for pair in pairs]
    if not points:
        raise LexicalError(code="polygon_words")
    ring = tuple(_on_earth(points))
    if ring[0] != ring[-1]:
        raise LexicalError(code="polygon_open")
    if len(ring) < FEWEST_POINTS:
        raise LexicalError(code="polygon_short")
    return ring


def write_polygon(ring: tuple[LonLat, ...]) -> str:
    return " ".join(_written(point) for point in ring)


def read_circle(text: str) -> CapCircle:
    """
    Return a circle, or raise LexicalError.

    >>> read_circle("28.158,112.985 0.5").radius_km
    0.5
    """
    parts = text.split()
    if len(parts) != 2 or _NUMBER.fullmatch(parts[1]) is None:  # noqa: PLR2004 - the centre and the radius
        raise LexicalError(code="circle_words")
    [centre] = _on_earth([_pair(parts[0], otherwise="circle_words")])
    radius_km = float(parts[1])
    if radius_km < 0:
        raise LexicalError(code="circle_words")
    if radius_km > HALF_EARTH_KM:
        raise LexicalError(code="circle_too_large")
    return CapCircle(centre=centre, radius_km=radius_km)


def write_circle(circle: CapCircle) -> str:
    return f"{_written(circle.centre)} {_decimal(circle.radius_km, 3)}"


def read_references(text: str) -> tuple[CapReference, ...]:
    """
    Return the messages that a message refers to, or raise LexicalError.

    >>> read_references("a@b,1,2026-01-31T21:40:00+08:00")[0].identifier
    '1'
    """
    found = []
    for triple in text.split():
        parts = triple.split(",")
        if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - sender, identifier, sent
            raise LexicalError(code="references_form")
        try:
            sent = read_time(parts[2])
        except LexicalError:
            raise LexicalError(code="references_form") from None
        found.append(CapReference(sender=parts[0], identifier=parts[1], sent=sent))
    return tuple(found)


def write_references(references: tuple[CapReference, ...]) -> str:
    return " ".join(f"{each.sender},{each.identifier},{write_time(each.sent)}" for each in references)


def rounded(point: LonLat) -> LonLat:
    """Return the point as it is written."""
    # Adding zero turns a negative zero into zero.
    return LonLat(round(point.lon, PLACES) + 0.0, round(point.lat, PLACES) + 0.0)


def _time_fault(text: str) -> str:
    nearly = _NEARLY.fullmatch(text)
    if nearly is None:
        return "time_form"
    if nearly["fraction"]:
        return "time_fraction"
    return "time_zulu" if nearly["offset"] in {"Z", "z"} else "time_offset"


def _pair(text: str, *, otherwise: str) -> tuple[float, float]:
    numbers = text.split(",")
    if len(numbers) != 2 or any(_NUMBER.fullmatch(number) is None for number in numbers):  # noqa: PLR2004 - a pair
        raise LexicalError(code=otherwise)
    return float(numbers[0]), float(numbers[1])


def _on_earth(pairs: list[tuple[float, float]]) -> list[LonLat]:
    """Return latitude, longitude pairs as points."""
    if all(abs(lat) <= MOST_LAT and abs(lon) <= MOST_LON for lat, lon in pairs):
        return [LonLat(lon, lat) for lat, lon in pairs]
    exchanged = all(abs(first) <= MOST_LON and abs(second) <= MOST_LAT for first, second in pairs)
    raise LexicalError(code="lonlat_order" if exchanged else "coordinates_range")


def _written(point: LonLat) -> str:
    return f"{_decimal(point.lat, PLACES)},{_decimal(point.lon, PLACES)}"


def _decimal(value: float, places: int) -> str:
    return f"{round(value, places) + 0.0:.{places}f}".rstrip("0").rstrip(".")
