"""The gateway's listener: it accepts few connections at a time."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import cast

from websockets.asyncio.server import Server
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from responder.live.connection.connection import CLOSE_GRACE_S, LiveConnection
from responder.live.connection.paced_listener import PacedListener
from responder.live.connection.proxies import Proxies
from responder.live.connection.unauthenticated import HandshakeLimiter, Slot
from responder.live.protocol.limits import Limits
from responder.live.protocol.metrics import Metrics

NEXT_LOOK_S = 0.02
"""Pause after all waiting connections were accepted, so that one wake-up serves many of a flood."""
_log = logging.getLogger(__name__)

AnswerRequest = Callable[[LiveConnection, Request], Awaitable[Response | None]]


class GatewayListener:
    """
    Accepts connections, in place of the event loop's own server, which takes all that have come.

    An unauthenticated connection over the limit is closed before anything is stored or read for it, so that
    a flood costs little.
    Clients behind a trusted proxy are counted by the handshake check, when the request names their address.
    """

    def __init__(
        self,
        listening: socket.socket,
        *,
        check_request: AnswerRequest,
        serve: Callable[[LiveConnection], Awaitable[None]],
        handshakes: HandshakeLimiter,
        proxies: Proxies,
        limits: Limits,
        metrics: Metrics,
    ) -> None:
        self.listener = PacedListener([listening], self._accept, interval_s=NEXT_LOOK_S)
        self._check_request = check_request
        self._serve = serve
        self._handshakes = handshakes
        self._proxies = proxies
        self._limits = limits
        self._metrics = metrics
        self.closed = 0
        """How many of those let in have gone."""
        self._server: Server

    async def open(self) -> Server:
        """Start to accept; return the library's server, which waits for its connections."""

        async def create() -> asyncio.Server:
            self.listener.resume()
            return cast("asyncio.Server", self.listener)

        self._server = Server(create, lambda connection: self._attend(cast("LiveConnection", connection)))
        return await self._server

    def _accept(self, found: socket.socket, address: str) -> bool:
        slot = Slot() if self._proxies.trusts(address) else self._handshakes.enter(address)
        if slot is None:
            self._metrics.count("responder_live_connections_refused_total")
            found.close()
            return False
        self.listener.connect(found, partial(self._connection, slot), when_lost=slot.release_later)
        return True

    def _connection(self, slot: Slot) -> LiveConnection:
        connection = LiveConnection(
            ServerProtocol(max_size=self._limits.message_bytes),
            self._server,
            # Pings are the sweep's: see `LiveConnection`.
            ping_interval=None,
            close_timeout=CLOSE_GRACE_S,
        )
        connection.slot = slot
        return connection

    async def _attend(self, connection: LiveConnection) -> None:
        """Answer one connection's request, and serve it when it becomes a socket. Never raises."""
        try:
            if await self._shake_hands(connection):
                async with connection:
                    await self._serve(connection)
        except Exception:  # noqa: BLE001 - one client's failure must not affect others
            _log.exception("a connection failed")
        finally:
            self.closed += 1
            connection.transport.abort()
            self._server.handler_tasks.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _shake_hands(self, connection: LiveConnection) -> bool:
        # The library raises for bad and late requests, which need no log line.
        with suppress(Exception):
            async with asyncio.timeout(self._limits.first_message_s):
                await connection.handshake(self._check_request, server_header=None)  # type: ignore[arg-type]
            return connection.is_open
        return False
