"""Connections whose first request has not come yet: bare sockets, which cost little to keep and to drop."""

import asyncio
import re
import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

import httptools

from responder.live.connection.unauthenticated import AT_LEAST
from responder.runtime.address_queue import AddressQueue

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
WASTED: Final = 16
"""Addresses that let so many end unfinished of late share the smaller number, alerts excepted."""
WASTEFUL_PER_S: Final = 10
AT_ONCE: Final = 8
"""Handed over together when there were few before, such as a browser's for one page."""
HEAD_START_S: Final = 0.05
"""Nothing else is handed over for so long after an alert, until `urgent` knows of it."""
HALF_S: Final = 10.0
"""What an address did counts half after so long, and a quarter after twice as long."""
RESET: Final = struct.pack("ii", 1, 0)

_ALERT: Final = re.compile(rb"/api/circles/[^/?]+/incidents(?:\?|$)")


class PendingConnection:
    """An accepted connection and what it has sent, read only to know when the request is complete."""

    def __init__(self, found: socket.socket, address: str, *, is_proxy: bool, now_s: float) -> None:
        self.socket = found
        self.address = address
        self.is_proxy = is_proxy
        self.accepted_s = now_s
        self.received = b""
        self.is_complete = False
        """Whether nothing more is needed to answer, also when the answer is that this is not HTTP."""
        self.is_alert = False
        self._url = b""
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)

    def feed(self, data: bytes) -> None:
        """Take what was received."""
        self.received += data
        if self._parser is None:
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            # The protocol knows what to do with either.
            self.is_complete = True
        if self.is_complete or len(self.received) >= ENOUGH_BYTES:
            self.is_complete = True
            # It refers to this object.
            self._parser = None

    def is_new_and_silent(self, now_s: float) -> bool:
        """Tell whether what it sends may be on its way."""
        return not self.received and now_s - self.accepted_s < PATIENCE_S

    # The parser calls these.

    def on_url(self, url: bytes) -> None:
        """Take a piece of the target."""
        self._url += url

    def on_header(self, name: bytes, _: bytes) -> None:
        """Have a client answered that asks whether it may send the body."""
        if name.lower() == b"expect":
            self.is_complete = True

    def on_headers_complete(self) -> None:
        """Recognize an alert."""
        if self._parser is not None:
            self.is_alert = self._parser.get_method() == b"POST" and _ALERT.match(self._url) is not None

    def on_message_complete(self) -> None:
        """Note that the request is complete."""
        self.is_complete = True


class _Allowance:
    """So many in a second, and a few at once when there were none before."""

    def __init__(self, *, per_s: float, now_s: float) -> None:
        self._per_s = per_s
        self._left = float(AT_ONCE)
        self._at_s = now_s

    def wait_s(self, now_s: float) -> float:
        """Return how long until there may be one more."""
        self._left = min(float(AT_ONCE), self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        return max(0.0, (1 - self._left) / self._per_s)

    def take(self) -> None:
        self._left -= 1


class PendingConnections:
    """
    Keeps accepted connections as bare sockets until their request has come, and hands these over.

    Alerts go first, then the addresses that had least handed over of late and wasted little. When there are
    too many, the address that has more than its equal share loses its oldest, but an alert last, and a new
    one only when the others are new and silent, too: a client that sends its request when it connects is
    served, even when it shares its address with a flood.

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
        self._silent: AddressQueue[PendingConnection] = AddressQueue()
        self._unfinished: AddressQueue[PendingConnection] = AddressQueue()
        self._complete: AddressQueue[PendingConnection] = AddressQueue()
        self._alerts: AddressQueue[PendingConnection] = AddressQueue()
        self._unfinished_alerts: AddressQueue[PendingConnection] = AddressQueue()
        self._others = (self._silent, self._unfinished, self._complete)
        self._queues = (*self._others, self._unfinished_alerts, self._alerts)
        self._held: Counter[str] = Counter()
        self._recent: Counter[str] = Counter()
        """How many connections of an address were handed over."""
        self._wasted: Counter[str] = Counter()
        """How many were dropped unfinished."""
        self._halved_s = self._loop.time()
        self._is_paused = False
        self._head_start_until_s = 0.0
        self._all = _Allowance(per_s=PER_S, now_s=self._loop.time())
        self._wasteful = _Allowance(per_s=WASTEFUL_PER_S, now_s=self._loop.time())
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return sum(map(len, self._queues))

    @property
    def expects_alert(self) -> bool:
        """Whether an alert was handed over just now, or is about to be."""
        return len(self._alerts) > 0 or self._loop.time() < self._head_start_until_s

    def add(self, found: socket.socket, address: str, *, is_proxy: bool) -> None:
        """
        Keep a connection, in place of another when there are too many.

        One of a trusted proxy is handed over with the first bytes: they say where the client is.
        """
        if not is_proxy:
            self._make_room(address)
        pending = PendingConnection(found, address, is_proxy=is_proxy, now_s=self._loop.time())
        self._held[address] += 1
        self._silent.add(pending, address)
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
        """Hand over what is late, and drop what is too late."""
        now_s = self._loop.time()
        if now_s - self._halved_s >= HALF_S:
            self._halved_s = now_s
            self._recent, self._wasted = _halved(self._recent), _halved(self._wasted)
        for queue in (self._silent, self._unfinished, self._unfinished_alerts):
            while (oldest := queue.oldest) is not None and now_s - oldest.accepted_s > LONGEST_S:
                self._drop(oldest)
        self._hand_over_due()

    def close(self) -> None:
        """Hand over all that have begun to send, and close the others."""
        if self._timer is not None:
            self._timer.cancel()
        for queue in self._queues:
            for pending in queue:
                self._remove(pending)
                if pending.received:
                    self._hand_over(pending.socket, pending.received)
                else:
                    pending.socket.close()

    def _make_room(self, address: str) -> None:
        held = self._held[address]
        addresses = len(self._held) + (held == 0)
        if held >= max(AT_LEAST, self._most // addresses):
            now_s = self._loop.time()
            first = self._first_of(lambda queue: queue.first(address))
            self._drop(min(first, key=lambda each: (each.is_new_and_silent(now_s), each.accepted_s)))
        elif len(self) >= self._most:
            first = self._first_of(lambda queue: queue.oldest)
            self._drop(min(first, key=lambda each: each.accepted_s))

    def _first_of(
        self, which: Callable[[AddressQueue[PendingConnection]], PendingConnection | None]
    ) -> list[PendingConnection]:
        """Return one of each queue; one of alerts only when there is nothing else."""
        alerts = (self._unfinished_alerts, self._alerts)
        found = [pending for each in self._others if (pending := which(each)) is not None]
        return found or [pending for each in alerts if (pending := which(each)) is not None]

    def _read(self, pending: PendingConnection) -> None:
        try:
            data = pending.socket.recv(ENOUGH_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._remove(pending)
            pending.socket.close()
            return
        pending.feed(data)
        if pending.is_proxy:
            self._give(pending)
        elif pending.is_complete:
            self._loop.remove_reader(pending.socket)
            self._move(pending, self._alerts if pending.is_alert else self._complete)
            self._hand_over_due()
        else:
            self._move(pending, self._unfinished_alerts if pending.is_alert else self._unfinished)

    def _move(self, pending: PendingConnection, queue: AddressQueue[PendingConnection]) -> None:
        if pending not in queue:
            for each in self._queues:
                each.remove(pending)
            queue.add(pending, pending.address)

    def _drop(self, pending: PendingConnection) -> None:
        self._wasted[pending.address] += not pending.is_complete
        self._remove(pending)
        with suppress(OSError):
            # Nothing is left of it in the system.
            pending.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        pending.socket.close()

    def _remove(self, pending: PendingConnection) -> None:
        self._loop.remove_reader(pending.socket)
        for queue in self._queues:
            queue.remove(pending)
        self._held[pending.address] -= 1
        if not self._held[pending.address]:
            del self._held[pending.address]

    def _hand_over_due(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wait_s: float | None = 0.0
        while wait_s == 0:
            wait_s = None
            for pending in self._next():
                this_wait_s = self._wait_s(pending)
                wait_s = this_wait_s if wait_s is None else min(wait_s, this_wait_s)
                if wait_s == 0:
                    self._count(pending)
                    self._give(pending)
                    break
        if wait_s is not None:
            self._timer = self._loop.call_later(wait_s, self._hand_over_due)

    def _next(self) -> Iterator[PendingConnection]:
        """Find those that may be handed over next, the most urgent first."""
        now_s = self._loop.time()
        for queue in (self._alerts,) if self._is_paused else (self._alerts, self._complete):
            if len(queue):
                yield self._least_recent(queue)
        for queue in () if self._is_paused else (self._unfinished_alerts, self._unfinished, self._silent):
            if (oldest := queue.oldest) is not None and now_s - oldest.accepted_s >= PATIENCE_S:
                yield oldest

    def _least_recent(self, queue: AddressQueue[PendingConnection]) -> PendingConnection:
        address = min(queue.addresses, key=lambda each: (self._is_wasteful(each), self._recent[each]))
        found = queue.first(address)
        assert found is not None  # noqa: S101 - the address has one
        return found

    def _is_wasteful(self, address: str) -> bool:
        return self._wasted[address] >= WASTED

    def _wait_s(self, pending: PendingConnection) -> float:
        now_s = self._loop.time()
        wait_s = self._all.wait_s(now_s)
        if not pending.is_alert:
            wait_s = max(wait_s, self._head_start_until_s - now_s)
            if self._is_wasteful(pending.address):
                wait_s = max(wait_s, self._wasteful.wait_s(now_s))
        return wait_s

    def _count(self, pending: PendingConnection) -> None:
        self._recent[pending.address] += 1
        self._all.take()
        if not pending.is_alert and self._is_wasteful(pending.address):
            self._wasteful.take()

    def _give(self, pending: PendingConnection) -> None:
        now_s = self._loop.time()
        if pending.is_alert and now_s >= self._head_start_until_s + HEAD_START_S:
            self._head_start_until_s = now_s + HEAD_START_S
        self._remove(pending)
        self._hand_over(pending.socket, pending.received)


def _halved(counts: Counter[str]) -> Counter[str]:
    return Counter({each: count // 2 for each, count in counts.items() if count > 1})
