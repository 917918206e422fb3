"""One HTTP request: to where it may go, without redirects, and with an answer of limited size."""

import asyncio
import ssl
from typing import Final

import httpx

from responder.domain.channels.message import VerdictReason
from responder.senders.connecting import Connector
from responder.senders.failures import SendingError
from responder.senders.http_connection import Answer, HttpConnection, ServiceOrigin, written

MOST_KEPT: Final = 64
_KEPT_S: Final = 20.0
_PORTS: Final = {"http": 80, "https": 443}


class HttpRequests:
    """
    Makes requests, and keeps connections for the next ones.

    httpx writes them, without its client: that one logs each address with the keys in it, follows proxies of
    the environment, and has no say in where a name leads.
    """

    def __init__(self, connector: Connector, *, tls: ssl.SSLContext) -> None:
        self._connector = connector
        self._tls = tls
        tls.set_alpn_protocols(["http/1.1"])
        self._kept: list[tuple[float, HttpConnection]] = []
        """Since when, in seconds of the loop's clock; the one that was used last is the last."""

    def close(self) -> None:
        """Close the connections that are kept."""
        while self._kept:
            self._kept.pop()[1].close()

    async def send(self, request: httpx.Request) -> Answer:
        """
        Send a request that is no stream, and return the answer, whatever its status.

        Raises
        ------
        SendingError
            There is no answer, a redirect, or one of more than 64 KiB.
        """
        port = request.url.port or _PORTS.get(request.url.scheme)
        if port is None or not request.url.raw_host:
            raise SendingError(VerdictReason.WRONG_SETTINGS, "not an address of HTTP")
        host = request.url.raw_host.decode("ascii")
        origin = ServiceOrigin(host=host, port=port, is_tls=request.url.scheme == "https")
        text = written(request)
        connection = self._take(origin)
        if connection is None:
            connection = await HttpConnection.open(origin, self._connector, tls=self._tls)
        answer = await connection.ask(text)
        if connection.is_usable:
            self._keep(connection)
        else:
            connection.close()
        return answer

    def _take(self, origin: ServiceOrigin) -> HttpConnection | None:
        now_s = asyncio.get_running_loop().time()
        for index in range(len(self._kept) - 1, -1, -1):
            since_s, connection = self._kept[index]
            if connection.origin != origin:
                continue
            del self._kept[index]
            if now_s - since_s < _KEPT_S and connection.is_still_usable():
                return connection
            connection.close()
        return None

    def _keep(self, connection: HttpConnection) -> None:
        self._kept.append((asyncio.get_running_loop().time(), connection))
        if len(self._kept) > MOST_KEPT:
            self._kept.pop(0)[1].close()
