"""The time, as a thing that can be handed over and so be chosen in a test."""

from datetime import UTC, datetime
from typing import Protocol


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


def to_milliseconds(time: datetime) -> datetime:
    """Return `time` in UTC, cut to milliseconds."""
    return time.astimezone(UTC).replace(microsecond=time.microsecond // 1000 * 1000)
