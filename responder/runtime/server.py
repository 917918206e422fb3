"""HTTP server of an API process: takes up nothing but alerts while one is computed."""

import asyncio
import socket
import time
from functools import partial
from typing import Final

import uvicorn

from responder.live.connection.paced_listener import PacedListener
from responder.live.connection.proxies import Proxies
from responder.runtime.connection_limiter import LOOK_EVERY_S, ConnectionLimiter
from responder.runtime.http_protocol import TimedHttpProtocol
from responder.runtime.pending_connections import MOST, PART_OF_FILES, PendingConnections
from responder.security.alert_priority import AlertPriority

ACCEPT_EVERY_S: Final = 0.005
"""In a flood several have come by then; an alert among them may wait for so long."""


class Server(uvicorn.Server):
    """
    uvicorn's server with our own listener and limits on what clients may take.

    `PendingConnections` keeps an accepted connection until its request has come. While an alert is computed
    it hands over nothing but alerts, for at most half of the time.

    Parameters
    ----------
    files
        How many files the process may have open.
    proxies
        Whose word is taken for where a client is.
    priority
        Tells when an alert is computed.
    """

    def __init__(
        self, config: uvicorn.Config, *, files: int, proxies: Proxies, priority: AlertPriority
    ) -> None:
        super().__init__(config)
        self._priority = priority
        self._most_pending = min(MOST, files // PART_OF_FILES)
        self.limiter = ConnectionLimiter(files=files - self._most_pending)
        self._proxies = proxies
        self._looked_at_s = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen as uvicorn does, then take over who is let in."""
        await super().startup(sockets)
        listening = [each.dup() for server in self.servers for each in server.sockets]
        for server in self.servers:
            server.close()
        self._pending = PendingConnections(most=self._most_pending, hand_over=self._connect)
        self._listener = PacedListener(listening, self._accept, interval_s=ACCEPT_EVERY_S)
        self._listener.resume()
        self._giving_way = asyncio.create_task(
            self._priority.give_way(self._pending.pause, self._pending.resume)
        )

    async def on_tick(self, counter: int) -> bool:
        """Look, besides what uvicorn does ten times in a second, whether clients do what is theirs to do."""
        self._pending.check()
        now_s = time.monotonic()
        if (passed_s := now_s - self._looked_at_s) >= LOOK_EVERY_S:
            self._looked_at_s = now_s
            # More is our fault: what clients sent meanwhile has not been read yet.
            self.limiter.check(min(passed_s, 2 * LOOK_EVERY_S))
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in any more, then end as uvicorn does."""
        self._giving_way.cancel()
        self._listener.close()
        self._pending.close()
        await self._listener.wait_closed()
        await super().shutdown(sockets)

    def _accept(self, found: socket.socket, address: str) -> bool:
        if self._proxies.trusts(address):
            # Its connections are many clients', and their requests say whose.
            self._connect(found)
            return True
        self._pending.add(found, address)
        return False

    def _connect(self, found: socket.socket, received: bytes = b"") -> None:
        protocol = partial(
            TimedHttpProtocol,
            received,
            limiter=self.limiter,
            proxies=self._proxies,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        self._listener.connect(found, protocol)
