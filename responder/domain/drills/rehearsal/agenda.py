"""What is to come next in a rehearsal."""

from enum import StrEnum
from heapq import heappop, heappush


class Due(StrEnum):
    """What can come next."""

    ANSWERS = "answers"
    SETS_OUT = "sets_out"
    ARRIVES = "arrives"
    COUNTED = "counted"
    CLEAR = "clear"


class Agenda:
    """What is to come, by its millisecond; at the same one, first what was planned first."""

    def __init__(self) -> None:
        self._queue: list[tuple[int, int, Due, int, int]] = []
        self._planned = 0

    @property
    def next_ms(self) -> int | None:
        """When the next thing is due."""
        return self._queue[0][0] if self._queue else None

    def later(self, at_ms: int, what: Due, number: int, *, turn: int = 0) -> None:
        """Plan something for a unit, or for the lane of an inject, by its number."""
        self._planned += 1
        heappush(self._queue, (at_ms, self._planned, what, number, turn))

    def pop(self) -> tuple[int, Due, int, int]:
        """Take the next: its millisecond, what it is, its number and the turn for which it was planned."""
        at_ms, _, what, number, turn = heappop(self._queue)
        return at_ms, what, number, turn
