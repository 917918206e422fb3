"""Times of injects as people and Excel write them."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from responder.exchange.sheet_faults import CellRefusedError
from responder.exchange.workbook_reader import CellKind, SheetCell

_DAY_S: Final = 86_400
_MINUTE_S: Final = 60
_A_YEAR_DAYS: Final = 366
"""From here on a number of days is a date."""
_LONGEST_TEXT: Final = 400
"""Digits of the smallest fraction, and more."""
_CLOCK: Final = re.compile(r"([+-]?)(?:([0-9]+):)?([0-9]+):([0-9]{1,2}(?:\.[0-9]+)?)")
_WORDS: Final = re.compile(
    r"([+-]?)(?:([0-9]+)(?:小时|时|hours?|h))?(?:([0-9]+)(?:分钟|分|min|m))?(?:([0-9]+(?:\.[0-9]+)?)(?:秒|sec|s)?)?"
)
_DATE: Final = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月].*|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}.*")


def read_time(cell: SheetCell) -> float:
    """
    Return the seconds that a cell says; they may be negative or of any size.

    A time of Excel that is shown without seconds, such as `12:30`, is minutes and seconds: Excel makes
    a time of day of it where a person means the drill's clock.

    Raises
    ------
    CellRefusedError
        It is a date, or no time.
    """
    match cell.kind:
        case CellKind.TIME if abs(cell.number) >= _A_YEAR_DAYS:
            raise CellRefusedError(code="time_is_date")
        case CellKind.TIME:
            return round(cell.number * _DAY_S / (60 if cell.is_hours_and_minutes else 1), 3)
        case CellKind.NUMBER if not 0 < cell.number < 1:
            return cell.number
        case CellKind.TEXT:
            return parse_time(cell.text)
        case _:
            # A fraction of a day that has lost its format, for instance.
            raise CellRefusedError(code="time_unreadable")


def parse_time(text: str) -> float:
    """
    Return the seconds that a text says.

    Examples
    --------
    >>> [parse_time(each) for each in ("12:30", "T+1:02:30", "1：30", "90", "2分30秒", "-0:30")]
    [750.0, 3750.0, 90.0, 90.0, 150.0, -30.0]

    Raises
    ------
    CellRefusedError
        It is a date, or no time.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(folded.split())
    if _DATE.fullmatch(plain):
        raise CellRefusedError(code="time_is_date")
    plain = plain.removeprefix("t")
    if len(plain) > _LONGEST_TEXT:
        raise CellRefusedError(code="time_unreadable")
    clock = _CLOCK.fullmatch(plain)
    found = clock or _WORDS.fullmatch(plain)
    if found is None or not any(found.groups()[1:]):
        raise CellRefusedError(code="time_unreadable")
    sign, hours, minutes, seconds = found.groups()
    is_past_hour = hours is not None and int(minutes or 0) >= _MINUTE_S
    if clock and (is_past_hour or Decimal(seconds) >= _MINUTE_S):
        raise CellRefusedError(code="time_unreadable")
    total = int(hours or 0) * 3600 + int(minutes or 0) * _MINUTE_S + Decimal(seconds or 0)
    return float(-total if sign == "-" else total)


def write_time(seconds: float) -> str:
    """
    Return seconds as `parse_time` reads them, to the last digit.

    Examples
    --------
    >>> [write_time(each) for each in (5, 750, 3750, 90.5)]
    ['0:05', '12:30', '1:02:30', '1:30.5']
    """
    total = Decimal(repr(float(seconds)))
    minutes, rest = divmod(total, _MINUTE_S)
    whole, _, fraction = f"{rest:f}".partition(".")
    shown = f"{int(whole):02d}" + (f".{fraction}" if fraction.strip("0") else "")
    hours, past_hour = divmod(int(minutes), 60)
    return f"{hours}:{past_hour:02d}:{shown}" if hours else f"{past_hour}:{shown}"
