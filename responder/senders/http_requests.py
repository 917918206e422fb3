"""One HTTP request: to where it may go, without redirects, and with an answer of limited size."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from responder.domain.channels.message import VerdictReason
from responder.senders.connecting import CheckedBackend, Connector
from responder.senders.failures import SendingError
from responder.senders.kept_connections import KeptConnections

MOST_ANSWER_BYTES: Final = 64 * 1024
_HEADERS: Final = {"user-agent": "Responder", "accept": "*/*", "accept-encoding": "identity"}
_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes


class HttpRequests:
    """
    Makes requests, and keeps connections for the next ones.

    httpx writes them; httpcore sends them, without the client of httpx: that one logs each address with the
    keys in it, follows proxies of the environment, and has no say in where a name leads.
    """

    def __init__(self, connector: Connector, *, tls: ssl.SSLContext) -> None:
        self._kept = {
            b"https": KeptConnections(CheckedBackend(connector, plain=False), tls=tls),
            b"http": KeptConnections(CheckedBackend(connector, plain=True), tls=tls),
        }

    async def close(self) -> None:
        """Close the connections that are kept."""
        for kept in self._kept.values():
            await kept.close()

    async def send(self, request: httpx.Request) -> Answer:
        """
        Send a request that is no stream, and return the answer, whatever its status.

        Raises
        ------
        SendingError
            There is no answer, a redirect, or one of more than 64 KiB.
        """
        kept = self._kept.get(request.url.raw_scheme)
        if kept is None or not request.url.raw_host:
            raise SendingError(VerdictReason.WRONG_SETTINGS, "not an address of HTTP")
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        names = {name.lower() for name, _ in request.headers.raw}
        headers = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
        headers = [*request.headers.raw, *(pair for pair in headers if pair[0] not in names)]
        try:
            async with (
                kept.one(url.origin) as connection,
                connection.stream(request.method, url, headers=headers, content=request.content) as response,
            ):
                return await _answer(response)
        except httpcore.LocalProtocolError as error:
            raise SendingError(VerdictReason.WRONG_SETTINGS, "not an HTTP request") from error
        except httpcore.ConnectError as error:
            reason = VerdictReason.TLS_FAILED if _is_tls(error) else VerdictReason.UNREACHABLE
            raise SendingError(reason, _words(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise SendingError(VerdictReason.CONNECTION_LOST) from error


async def _answer(response: httpcore.Response) -> Answer:
    if response.status in _REDIRECTS:
        raise SendingError(VerdictReason.REDIRECTED, f"HTTP {response.status}")
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) > MOST_ANSWER_BYTES:
            raise SendingError(VerdictReason.ANSWER_TOO_LARGE, f"HTTP {response.status}")
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Answer(status=response.status, headers=headers, body=bytes(body))


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _words(error: Exception) -> str:
    return str(error)
