"""HTTP server of an API process: accepts no connections while an alert is computed."""

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import uvicorn

from responder.live.connection.paced_listener import PacedListener
from responder.live.connection.proxies import Proxies
from responder.runtime.connection_limiter import LOOK_EVERY_S, ConnectionLimiter
from responder.runtime.http_protocol import TimedHttpProtocol
from responder.runtime.pending_connections import MOST, PART_OF_FILES, PendingConnections
from responder.security import alert_priority

PAUSED_AT_MOST_S: Final = 1.0
"""At most this long, however long an alert takes; new connections wait in the system's backlog."""
ACCEPT_EVERY_S: Final = 0.005
"""In a flood several have come by then; an alert among them may wait for so long."""


class HttpListener:
    """
    Accepts connections in place of the event loop's own server, and none while an alert is computed.

    `PendingConnections` keeps an accepted connection until its request has come. Accepting resumes whenever
    an alert is committed or has failed, and goes on for as long as it was paused: an alert on a new
    connection waits for at most one other alert, and other clients for at most half of the time.

    Parameters
    ----------
    listening
        Non-blocking sockets; closed with the listener.
    protocol
        Makes the protocol of a connection of which something was received already.
    most_pending
        How many connections may be kept whose request has not come.
    proxies
        Whose connections are many clients', and are not kept waiting.
    """

    def __init__(
        self,
        listening: Sequence[socket.socket],
        protocol: Callable[[bytes], asyncio.Protocol],
        *,
        most_pending: int,
        proxies: Proxies,
    ) -> None:
        self._protocol = protocol
        self._proxies = proxies
        self._listener = PacedListener(listening, self._accept, interval_s=ACCEPT_EVERY_S)
        self._pending = PendingConnections(most=most_pending, hand_over=self._connect)
        self._loop = asyncio.get_running_loop()
        self._in_hand = 0
        self._is_open = False
        self._switched_at_s = self._loop.time()
        self._fair_at_s = 0.0
        """When it has been open for as long as it was shut before."""
        self._switching: asyncio.TimerHandle | None = None
        self._open()
        alert_priority.subscribe(self)

    def began(self) -> None:
        """Pause accepting, at once or as soon as it is fair: urgent work has begun."""
        self._in_hand += 1
        if self._is_open and self._switching is None:
            self._pause_when_fair()

    def ended(self) -> None:
        """Resume accepting: urgent work is done."""
        self._in_hand -= 1
        if not self._is_open:
            self._open()
        elif not self._in_hand:
            self._cancel_switch()

    @property
    def is_idle(self) -> bool:
        """Whether no alert is in hand or about to be."""
        return not self._in_hand and not self._pending.expects_alert

    def check(self) -> None:
        """Go on with pending connections; to be called several times in a second."""
        self._pending.check()

    async def close(self) -> None:
        """Accept no more connections; finish requests that have begun."""
        alert_priority.unsubscribe(self)
        self._cancel_switch()
        self._listener.close()
        self._pending.close()
        await self._listener.connected()

    def _open(self) -> None:
        self._cancel_switch()
        now_s = self._loop.time()
        self._fair_at_s = now_s + (now_s - self._switched_at_s)
        self._is_open = True
        self._listener.resume()
        self._pending.resume()
        if self._in_hand:
            self._pause_when_fair()

    def _pause_when_fair(self) -> None:
        wait_s = self._fair_at_s - self._loop.time()
        if wait_s <= 0:
            self._pause()
        else:
            self._switching = self._loop.call_later(wait_s, self._pause)

    def _pause(self) -> None:
        self._cancel_switch()
        self._is_open = False
        self._listener.pause()
        self._pending.pause()
        self._switched_at_s = self._loop.time()
        self._switching = self._loop.call_later(PAUSED_AT_MOST_S, self._open)

    def _cancel_switch(self) -> None:
        if self._switching is not None:
            self._switching.cancel()
            self._switching = None

    def _accept(self, found: socket.socket, address: str) -> bool:
        is_proxy = self._proxies.trusts(address)
        self._pending.add(found, address, is_proxy=is_proxy)
        return is_proxy

    def _connect(self, found: socket.socket, received: bytes) -> None:
        self._listener.connect(found, partial(self._protocol, received))


class Server(uvicorn.Server):
    """
    uvicorn's server with our own listener and limits on what clients may take.

    Parameters
    ----------
    files
        How many files the process may have open.
    proxies
        Whose word is taken for where a client is.
    """

    def __init__(self, config: uvicorn.Config, *, files: int, proxies: Proxies) -> None:
        super().__init__(config)
        self._most_pending = min(MOST, files // PART_OF_FILES)
        self._limiter = ConnectionLimiter(files=files - self._most_pending)
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
        self._listener = HttpListener(
            listening, protocol, most_pending=self._most_pending, proxies=self._proxies
        )

    @property
    def is_idle(self) -> bool:
        """Whether no alert is in hand."""
        return not self.started or self._listener.is_idle

    @property
    def ended(self) -> int:
        """How many connections have ended so far."""
        return self._limiter.ended

    async def on_tick(self, counter: int) -> bool:
        """Look, besides what uvicorn does ten times in a second, whether clients do what is theirs to do."""
        self._listener.check()
        now_s = time.monotonic()
        if (passed_s := now_s - self._looked_at_s) >= LOOK_EVERY_S:
            self._looked_at_s = now_s
            # A longer pause was ours: what clients sent in it has not been read yet.
            self._limiter.check(min(passed_s, 2 * LOOK_EVERY_S))
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more connections, then end as uvicorn does."""
        await self._listener.close()
        await super().shutdown(sockets)
