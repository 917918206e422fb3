"""The door of the process that serves pages and the interface: nobody new while an alert is worked out."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import uvicorn

from responder.live.connection.proxies import Proxies
from responder.runtime.connection_limiter import LOOK_EVERY_S, ConnectionLimiter
from responder.runtime.http_protocol import TimedHttpProtocol
from responder.security import alert_priority

SHUT_AT_MOST_S: Final = 1.0
"""However long an alert takes; whoever comes meanwhile is kept by the system, the first to come first."""

_log = logging.getLogger(__name__)


class Door:
    """
    Accepts connections in place of the event loop's own server, which takes all that have come.

    Each costs half a millisecond before anything of it is read, and in a flood one comes every few. The door
    opens whenever an alert is committed or has failed, and stays open for as long as it was shut, so that an
    alert that comes by a new connection waits for one before it, and nobody for more than half of the time.
    """

    def __init__(self, listening: Sequence[socket.socket], protocol: Callable[[], asyncio.Protocol]) -> None:
        self._listening = listening
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._in_hand = 0
        self._is_open = False
        self._turned_at_s = self._loop.time()
        self._fair_at_s = 0.0
        """When it has been open for as long as it was shut before."""
        self._turning: asyncio.TimerHandle | None = None
        self._coming: set[asyncio.Task[None]] = set()
        self._open()
        alert_priority.subscribe(self)

    def began(self) -> None:
        """Shut, or as soon as that is fair: something urgent is in hand."""
        self._in_hand += 1
        if self._is_open and self._turning is None:
            self._shut_when_fair()

    def ended(self) -> None:
        """Open: what was urgent is done."""
        self._in_hand -= 1
        if not self._is_open:
            self._open()
        elif not self._in_hand:
            self._turn_no_more()

    def close(self) -> None:
        """Let nobody in any more."""
        alert_priority.unsubscribe(self)
        self._stop_looking()
        for each in self._listening:
            each.close()

    def _open(self) -> None:
        self._turn_no_more()
        now_s = self._loop.time()
        self._fair_at_s = now_s + (now_s - self._turned_at_s)
        self._is_open = True
        for each in self._listening:
            self._loop.add_reader(each, self._let_one_in, each)
        if self._in_hand:
            self._shut_when_fair()

    def _shut_when_fair(self) -> None:
        wait_s = self._fair_at_s - self._loop.time()
        if wait_s <= 0:
            self._shut()
        else:
            self._turning = self._loop.call_later(wait_s, self._shut)

    def _shut(self) -> None:
        self._stop_looking()
        self._turned_at_s = self._loop.time()
        self._turning = self._loop.call_later(SHUT_AT_MOST_S, self._open)

    def _stop_looking(self) -> None:
        self._turn_no_more()
        self._is_open = False
        for each in self._listening:
            self._loop.remove_reader(each)

    def _turn_no_more(self) -> None:
        if self._turning is not None:
            self._turning.cancel()
            self._turning = None

    def _let_one_in(self, listening: socket.socket) -> None:
        # One, so that whatever is in hand goes on between those who have come together.
        try:
            found, _ = listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            # Such as no file descriptors left: the system would say at once again that somebody waits.
            _log.warning("nobody can be let in for %s s: %r", SHUT_AT_MOST_S, error)
            self._shut()
            return
        found.settimeout(0)
        coming = self._loop.create_task(self._attend(found))
        self._coming.add(coming)
        coming.add_done_callback(self._coming.discard)

    async def _attend(self, found: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, found)
        except OSError:
            found.close()


class Server(uvicorn.Server):
    """
    uvicorn's server, with a door of ours before what it listens on, and limits on what clients may take.

    Parameters
    ----------
    files
        How many files the process may have open.
    proxies
        Whose word is taken for where a client is.
    """

    def __init__(self, config: uvicorn.Config, *, files: int, proxies: Proxies) -> None:
        super().__init__(config)
        self._limiter = ConnectionLimiter(files=files)
        self._proxies = proxies
        self._looked_at_s = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen as uvicorn does, then take over who is let in."""
        await super().startup(sockets)
        listening = [each.dup() for server in self.servers for each in server.sockets]
        for server in self.servers:
            server.close()
        protocol = partial(
            TimedHttpProtocol,
            limiter=self._limiter,
            proxies=self._proxies,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        self._door = Door(listening, protocol)

    async def on_tick(self, counter: int) -> bool:
        """Look, besides what uvicorn does ten times in a second, whether clients do what is theirs to do."""
        now_s = time.monotonic()
        if (passed_s := now_s - self._looked_at_s) >= LOOK_EVERY_S:
            self._looked_at_s = now_s
            # More is our fault: what clients sent meanwhile has not been read yet.
            self._limiter.look(min(passed_s, 2 * LOOK_EVERY_S))
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in any more, then end as uvicorn does."""
        self._door.close()
        await super().shutdown(sockets)
