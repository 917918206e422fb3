"""Connections that are kept for the next request to the same host."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpcore

from responder.senders.connecting import CheckedBackend

MOST_KEPT: Final = 64
_KEPT_S: Final = 20.0


class KeptConnections:
    """
    Gives out a connection to one request at a time.

    In place of httpcore's pool, which asks each of its connections, by system calls, before and after every
    request whether it is still open: with 64 of them that took most of a message's time. How many requests
    run at once is for callers to say.
    """

    def __init__(self, backend: CheckedBackend, *, tls: ssl.SSLContext) -> None:
        self._backend = backend
        self._tls = tls
        self._kept: list[tuple[httpcore.Origin, httpcore.AsyncHTTPConnection]] = []
        """The one that was used last is the last."""

    @asynccontextmanager
    async def one(self, origin: httpcore.Origin) -> AsyncIterator[httpcore.AsyncHTTPConnection]:
        """Yield a connection, and keep it if it can take another request."""
        connection = await self._take(origin) or httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._tls, keepalive_expiry=_KEPT_S, network_backend=self._backend
        )
        try:
            yield connection
        finally:
            if connection.is_available():
                self._kept.append((origin, connection))
                if len(self._kept) > MOST_KEPT:
                    await self._kept.pop(0)[1].aclose()
            else:
                await connection.aclose()

    async def close(self) -> None:
        """Close all that are kept."""
        while self._kept:
            await self._kept.pop()[1].aclose()

    async def _take(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection | None:
        for index in range(len(self._kept) - 1, -1, -1):
            if self._kept[index][0] == origin:
                _, connection = self._kept.pop(index)
                if not connection.has_expired():
                    return connection
                await connection.aclose()
                # Others may have been taken meanwhile.
                return await self._take(origin)
        return None
