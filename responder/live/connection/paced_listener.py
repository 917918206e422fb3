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


class PacedListener:
    """
    Looks at listening sockets at most every `interval_s`, so that a flood costs one wake-up for many.

    After a pause of that length a connection is accepted at once.

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
        self._listening = listening
        self._accepted = accepted
        self._interval_s = interval_s
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[socket.socket, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def resume(self) -> None:
        self.pause()
        for each in self._listening:
            self._watch(each)

    def pause(self) -> None:
        """Accept nothing until `resume`; the system keeps those who come, in their order."""
        for each in self._listening:
            self._stop_watching(each)

    def close(self) -> None:
        self.pause()
        for each in self._listening:
            each.close()

    def connect(
        self,
        found: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
        *,
        when_lost: Callable[[], None] | None = None,
    ) -> None:
        """Give an accepted connection a protocol; `when_lost` is called when the client is gone already."""
        task = self._loop.create_task(self._connect(found, protocol, when_lost=when_lost))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def connected(self) -> None:
        """Wait until each accepted connection has its protocol."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _connect(
        self,
        found: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
        *,
        when_lost: Callable[[], None] | None,
    ) -> None:
        try:
            await self._loop.connect_accepted_socket(protocol, found)
        except OSError:
            found.close()
            if when_lost is not None:
                when_lost()

    def _watch(self, listening: socket.socket) -> None:
        self._waiting.pop(listening, None)
        self._loop.add_reader(listening, self._accept_ready, listening)

    def _stop_watching(self, listening: socket.socket) -> None:
        self._loop.remove_reader(listening)
        if (timer := self._waiting.pop(listening, None)) is not None:
            timer.cancel()

    def _watch_later(self, listening: socket.socket, wait_s: float) -> None:
        self._stop_watching(listening)
        self._waiting[listening] = self._loop.call_later(wait_s, self._watch, listening)

    def _accept_ready(self, listening: socket.socket) -> None:
        kept = 0
        for _ in range(ACCEPTS_PER_TURN):
            try:
                found, peer = listening.accept()
            except BlockingIOError:
                self._watch_later(listening, self._interval_s)
                return
            except (InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                # Such as no file descriptors left: the system would report the listener ready again at once.
                _log.warning("no connection can be accepted for %s s: %r", NO_MORE_FILES_S, error)
                self._watch_later(listening, NO_MORE_FILES_S)
                return
            found.settimeout(0)
            kept += self._accepted(found, str(peer[0]))
            if kept >= KEPT_PER_TURN:
                return
