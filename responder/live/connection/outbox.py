"""Frames for one client: written at once on an idle link, queued within bounds behind a busy one."""

from collections import deque
from collections.abc import Callable
from typing import Protocol
from uuid import UUID


class OutboxLink(Protocol):
    """The way to a client, as far as an outbox needs it."""

    @property
    def is_open(self) -> bool:
        """False as soon as nothing more may be written."""

    @property
    def is_busy(self) -> bool:
        """True while the transport asks for no more."""

    def write(self, frame: bytes) -> None:
        """Hand over bytes without waiting."""


class Outbox:
    """
    Two classes of message for one client.

    Alert class is kept in order and never dropped: when it does not fit, or has waited too long,
    `on_too_slow` is called once, and the client comes back and resumes. Position class is latest-wins for
    each unit.
    """

    __slots__ = (
        "_bytes",
        "_limit_bytes",
        "_limit_s",
        "_link",
        "_now",
        "_on_too_slow",
        "_positions",
        "_queue",
    )

    def __init__(
        self,
        link: OutboxLink,
        *,
        limit_bytes: int,
        limit_s: float,
        now: Callable[[], float],
        on_too_slow: Callable[[], None],
    ) -> None:
        self._link = link
        self._limit_bytes = limit_bytes
        self._limit_s = limit_s
        self._now = now
        self._on_too_slow: Callable[[], None] | None = on_too_slow
        # Made when first needed: an empty deque is 600 bytes, and nearly every link is clear all its life.
        self._queue: deque[tuple[float, bytes]] | None = None
        self._positions: dict[UUID, bytes] | None = None
        self._bytes = 0

    @property
    def queued_bytes(self) -> int:
        """How much alert class waits here, not counting what the transport has taken."""
        return self._bytes

    @property
    def queued(self) -> int:
        """How many alert class frames wait here."""
        return len(self._queue) if self._queue else 0

    def send(self, frame: bytes) -> None:
        """Send alert class, after whatever waits."""
        link = self._link
        if not self._queue and not link.is_busy:
            if link.is_open:
                link.write(frame)
            return
        if self._on_too_slow is None:
            return
        if self._queue is None:
            self._queue = deque()
        self._queue.append((self._now(), frame))
        self._bytes += len(frame)
        if self._bytes > self._limit_bytes:
            self._give_up()

    def send_position(self, unit_id: UUID, frame: bytes) -> None:
        """Send position class, in place of what waits about the same unit."""
        link = self._link
        if not self._queue and not self._positions and not link.is_busy:
            if link.is_open:
                link.write(frame)
            return
        if self._positions is None:
            self._positions = {}
        self._positions[unit_id] = frame

    def flush(self) -> None:
        """Write on, now that the transport asks for more: alert class first."""
        link = self._link
        while self._queue and link.is_open and not link.is_busy:
            _, frame = self._queue.popleft()
            self._bytes -= len(frame)
            link.write(frame)
        while self._positions and not self._queue and link.is_open and not link.is_busy:
            link.write(self._positions.pop(next(iter(self._positions))))

    def check_age(self) -> None:
        """Give the client up when alert class has waited here for longer than the limit."""
        if self._queue and self._now() - self._queue[0][0] > self._limit_s:
            self._give_up()

    def _give_up(self) -> None:
        if self._on_too_slow is None:
            return
        on_too_slow, self._on_too_slow = self._on_too_slow, None
        self._queue = None
        self._positions = None
        self._bytes = 0
        on_too_slow()
