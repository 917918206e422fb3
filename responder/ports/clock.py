"""The time, as a thing that can be handed over and so be chosen in a test."""

from datetime import UTC, datetime
from typing import Final, Protocol

_FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 30, tzinfo=UTC)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present time, with its offset."""
        ...


class SystemClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """Return the present time in UTC."""
        return datetime.now(UTC)


def moment(clock: Clock) -> datetime:
    """
    Return the clock's time in UTC, cut to milliseconds.

    A browser's clock knows no microseconds; with more than milliseconds, things that are ordered by time
    could be ordered differently there.
    """
    return to_milliseconds(clock.now())


def expressible(time: datetime) -> datetime:
    """
    Return a time with an offset that can be told in UTC and every other zone.

    Raises
    ------
    ValueError
        It is within a day of the first or the last that there is.
    """
    if not _FIRST <= time <= _LAST:
        message = "a time is in a year from 1 to 9999, wherever one is"
        raise ValueError(message)
    return time


def to_milliseconds(time: datetime) -> datetime:
    """Return `time` in UTC, cut to milliseconds."""
    return time.astimezone(UTC).replace(microsecond=time.microsecond // 1000 * 1000)
