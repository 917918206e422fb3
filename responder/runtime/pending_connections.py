"""Connections whose first request has not come yet: bare sockets, which cost little to keep and to drop."""

import asyncio
import itertools
import re
import socket
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MOST: Final = 2048
PART_OF_FILES: Final = 4
"""One in so many files of the process may be a pending connection."""
PATIENCE_S: Final = 0.25
"""A request that is not complete by then is handed over as far as it has come, after those that are."""
LONGEST_S: Final = 8.0
"""An unfinished request that could not be handed over for so long, because of others, is dropped."""
ENOUGH_BYTES: Final = 16 * 1024
"""Handed over without waiting for the rest of the request."""
PER_S: Final = 200
"""Connections handed over in a second: the protocol and the request of each cost milliseconds."""
AT_ONCE: Final = 8
"""Handed over together when there were few before, such as a browser's for one page."""
WASTED: Final = 16
"""An address that let so many end unfinished of late has one more handed over only at each `check`."""
HALF_S: Final = 10.0
"""What an address did counts half after so long, and a quarter after twice as long."""
RESET: Final = struct.pack("ii", 1, 0)

ALERT: Final = re.compile(rb"POST /api/circles/[^/? ]+/incidents[? ]")
"""How an alert begins, though perhaps not all of it has come."""
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})\s", re.IGNORECASE)


def is_complete(received: bytes) -> bool:
    """
    Tell whether all of a request has come, or enough of it.

    A guess: what is handed over too early the protocol waits for, and the rest after `PATIENCE_S`.
    """
    head, end, body = received.partition(b"\r\n\r\n")
    if not end or len(received) >= ENOUGH_BYTES:
        return len(received) >= ENOUGH_BYTES
    length = _LENGTH.search(head + end)
    return length is None or len(body) >= int(length[1])


@dataclass(slots=True, kw_only=True, eq=False)
class PendingConnection:
    """An accepted connection and what it has sent."""

    socket: socket.socket
    address: str
    accepted_s: float
    received: bytes = b""


class PendingConnections:
    """
    Keeps accepted connections as bare sockets until their request has come, and hands these over.

    Alerts go first, as soon as they can be told, then the addresses that had least handed over of late. When
    there are too many, the address that has most loses its oldest: a client that sends its request when it
    connects is served, even when it shares its address with a flood.

    Parameters
    ----------
    most
        How many connections may be pending.
    hand_over
        Called with a socket and what was read from it.
    """

    def __init__(self, *, most: int, hand_over: Callable[[socket.socket, bytes], None]) -> None:
        self._most = most
        self._hand_over = hand_over
        self._loop = asyncio.get_running_loop()
        # Each in the order in which they came.
        self._unfinished: dict[PendingConnection, None] = {}
        self._complete: dict[PendingConnection, None] = {}
        self._alerts: dict[PendingConnection, None] = {}
        self._queues = (self._unfinished, self._complete, self._alerts)
        self._held: Counter[str] = Counter()
        self._recent: Counter[str] = Counter()
        """How many connections of an address were handed over."""
        self._wasted: Counter[str] = Counter()
        """How many were dropped unfinished."""
        self._halved_s = self._loop.time()
        self._due_s = 0.0
        self._is_paused = False
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return sum(map(len, self._queues))

    def add(self, found: socket.socket, address: str) -> None:
        """Keep a connection, in place of another when there are too many."""
        self._make_room()
        pending = PendingConnection(socket=found, address=address, accepted_s=self._loop.time())
        self._held[address] += 1
        self._unfinished[pending] = None
        self._loop.add_reader(found, self._read, pending)
        # In a flood most has come by now.
        self._read(pending)

    def pause(self) -> None:
        """Hand over nothing but alerts until `resume`."""
        self._is_paused = True

    def resume(self) -> None:
        """Hand over all that is due."""
        self._is_paused = False
        self._hand_over_due()

    def check(self) -> None:
        """Hand over what is late, and drop what is too late; to be called ten times in a second."""
        now_s = self._loop.time()
        if now_s - self._halved_s >= HALF_S:
            self._halved_s = now_s
            self._recent, self._wasted = _halved(self._recent), _halved(self._wasted)
        for pending in [each for each in self._unfinished if now_s - each.accepted_s > LONGEST_S]:
            self._drop(pending)
        self._hand_over_due(one_wasteful=True)

    def close(self) -> None:
        """Hand over all that have begun to send, and close the others."""
        for queue in self._queues:
            for pending in tuple(queue):
                self._remove(pending)
                if pending.received:
                    self._hand_over(pending.socket, pending.received)
                else:
                    pending.socket.close()

    def _make_room(self) -> None:
        if len(self) >= self._most:
            most = max(self._held, key=self._held.__getitem__)
            # Unfinished ones first, alerts last.
            self._drop(next(each for queue in self._queues for each in queue if each.address == most))

    def _read(self, pending: PendingConnection) -> None:
        try:
            data = pending.socket.recv(ENOUGH_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        pending.received += data
        if not data:
            self._remove(pending)
            pending.socket.close()
        elif ALERT.match(pending.received):
            self._move(pending, self._alerts)
        elif is_complete(pending.received):
            self._move(pending, self._complete)

    def _move(self, pending: PendingConnection, queue: dict[PendingConnection, None]) -> None:
        self._loop.remove_reader(pending.socket)
        del self._unfinished[pending]
        queue[pending] = None
        if pending in self._alerts or not self._is_wasteful(pending):
            self._hand_over_due()

    def _drop(self, pending: PendingConnection) -> None:
        self._wasted[pending.address] += pending in self._unfinished
        self._remove(pending)
        # Nothing is left of it in the system.
        pending.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        pending.socket.close()

    def _remove(self, pending: PendingConnection) -> None:
        self._loop.remove_reader(pending.socket)
        for queue in self._queues:
            queue.pop(pending, None)
        self._held[pending.address] -= 1
        if not self._held[pending.address]:
            del self._held[pending.address]

    def _hand_over_due(self, *, one_wasteful: bool = False) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._next_may_come() and (pending := self._next(wasteful=one_wasteful)) is not None:
            self._due_s += 1 / PER_S
            self._recent[pending.address] += 1
            one_wasteful = one_wasteful and not self._is_wasteful(pending)
            self._remove(pending)
            self._hand_over(pending.socket, pending.received)

    def _next_may_come(self) -> bool:
        """Tell whether one more may be handed over now, or see to it that it is later."""
        now_s = self._loop.time()
        self._due_s = max(self._due_s, now_s - (AT_ONCE - 0.5) / PER_S)
        if self._due_s > now_s and len(self):
            self._timer = self._loop.call_later(self._due_s - now_s, self._hand_over_due)
        return self._due_s <= now_s

    def _next(self, *, wasteful: bool) -> PendingConnection | None:
        """Return the connection that is handed over next: alerts first, from any address."""
        if self._alerts or self._is_paused:
            return min(self._alerts, key=lambda each: self._recent[each.address], default=None)
        late_s = self._loop.time() - PATIENCE_S
        late = itertools.takewhile(lambda each: each.accepted_s <= late_s, self._unfinished)
        found = min(itertools.chain(self._complete, late), key=self._rank, default=None)
        return None if found is not None and self._is_wasteful(found) and not wasteful else found

    def _rank(self, pending: PendingConnection) -> tuple[bool, bool, int]:
        return self._is_wasteful(pending), pending in self._unfinished, self._recent[pending.address]

    def _is_wasteful(self, pending: PendingConnection) -> bool:
        return self._wasted[pending.address] >= WASTED


def _halved(counts: Counter[str]) -> Counter[str]:
    return Counter({each: count // 2 for each, count in counts.items() if count > 1})
