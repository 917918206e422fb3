"""Accept connections a few at a time, in place of the event loop's own server, which accepts all at once."""

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from typing import Final

ACCEPTS_PER_TURN: Final = 64
"""Connections that are accepted or refused before the rest of the event loop has its turn."""
KEPT_PER_TURN: Final = 8
"""Connections kept per turn: each costs tenths of a millisecond, during which messages wait."""
NO_MORE_FILES_S: Final = 1.0

_log = logging.getLogger(__name__)

Accepted = Callable[[socket.socket, str], bool]
"""Takes a connected socket and its peer's address; returns whether it was kept at some cost."""
Protocol = Callable[[], asyncio.Protocol]
WhenLost = Callable[[], None]


class PacedListener:
    """
    Looks at listening sockets at most every `interval_s`, so that a flood costs one wake-up for many.

    After a pause of that length a connection is accepted at once. It can stand in for an `asyncio.Server`.

    Parameters
    ----------
    listening
        Non-blocking sockets; they are closed with the listener.
    accepted
        Called with each connection: keeps it, or closes it.
    interval_s
        How long to wait after all that had come were accepted.
    """

    def __init__(self, listening: Sequence[socket.socket], accepted: Accepted, *, interval_s: float) -> None:
        self.sockets = tuple(listening)
        self._accepted = accepted
        self._interval_s = interval_s
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def resume(self) -> None:
        self.pause()
        for each in self.sockets:
            self._loop.add_reader(each, self._accept_ready, each)

    def pause(self, *, for_s: float | None = None) -> None:
        """Accept nothing for so long, or until `resume`; the system keeps those who come, in their order."""
        if self._timer is not None:
            self._timer.cancel()
        for each in self.sockets:
            self._loop.remove_reader(each)
        self._timer = None if for_s is None else self._loop.call_later(for_s, self.resume)

    def close(self) -> None:
        self.pause()
        for each in self.sockets:
            each.close()
        self.sockets = ()

    def is_serving(self) -> bool:
        return bool(self.sockets)

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def connect(
        self, found: socket.socket, protocol: Protocol, *, when_lost: WhenLost = lambda: None
    ) -> None:
        """Give an accepted connection a protocol; `when_lost` is called when the client is gone already."""
        task = self._loop.create_task(self._connect(found, protocol, when_lost))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wait_closed(self) -> None:
        """Wait until each accepted connection has its protocol."""
        await asyncio.gather(*self._tasks)

    async def _connect(self, found: socket.socket, protocol: Protocol, when_lost: WhenLost) -> None:
        try:
            await self._loop.connect_accepted_socket(protocol, found)
        except OSError:
            found.close()
            when_lost()

    def _accept_ready(self, listening: socket.socket) -> None:
        kept = 0
        for _ in range(ACCEPTS_PER_TURN):
            try:
                found, peer = listening.accept()
            except BlockingIOError:
                self.pause(for_s=self._interval_s)
                return
            except (InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                # Such as no file descriptors left: the system would report the listener ready again at once.
                _log.warning("no connection can be accepted for %s s: %r", NO_MORE_FILES_S, error)
                self.pause(for_s=NO_MORE_FILES_S)
                return
            found.settimeout(0)
            kept += self._accepted(found, str(peer[0]))
            if kept >= KEPT_PER_TURN:
                return
