"""One HTTP request: to where it may go, without redirects, and with an answer of limited size."""

import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from responder.domain.channels.message import VerdictReason
from responder.senders.connecting import CONNECT_S, Connector
from responder.senders.failures import SendingError

MOST_ANSWER_BYTES: Final = 64 * 1024
_KEPT_S: Final = 20.0
_HEADERS: Final = {"user-agent": "Responder", "accept": "*/*", "accept-encoding": "identity"}
_NAME: Final = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_PORTS: Final = {"http": 80, "https": 443}
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

    httpx writes them and aiohttp sends them: the client of httpx logs each address with the keys in it. How
    many requests run at once is for callers to say.
    """

    def __init__(self, connector: Connector, *, tls: ssl.SSLContext) -> None:
        self._connector = connector
        tls.set_alpn_protocols(["http/1.1"])
        self._sessions = {
            "https": _session(connector, tls=tls, plain=False),
            "http": _session(connector, tls=tls, plain=True),
        }

    async def close(self) -> None:
        """Close the connections that are kept."""
        for session in self._sessions.values():
            await session.close()

    async def send(self, request: httpx.Request) -> Answer:
        """
        Send a request that is no stream, once, and return the answer, whatever its status.

        Raises
        ------
        SendingError
            There is no answer, a redirect, or one of more than 64 KiB.
        """
        scheme, host = request.url.scheme, request.url.raw_host.decode("ascii")
        session = self._sessions.get(scheme)
        if session is None or not host or not _is_sound(request):
            raise SendingError(VerdictReason.WRONG_SETTINGS, "not an HTTP request")
        # aiohttp asks no resolver about a host that is an address: the host is judged here, the address
        # where its socket is made.
        self._connector.require_host(host, request.url.port or _PORTS[scheme])
        try:
            async with session.request(
                request.method,
                _as_written(request.url),
                headers=request.headers.multi_items(),
                data=request.content or None,
                allow_redirects=False,
            ) as response:
                return await _answer(response)
        except aiohttp.ClientSSLError as error:
            raise SendingError(VerdictReason.TLS_FAILED, str(error.__cause__)) from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendingError(VerdictReason.UNREACHABLE) from error
        except ValueError as error:
            raise SendingError(VerdictReason.WRONG_SETTINGS, "not an HTTP request") from error
        except aiohttp.ClientError as error:
            raise SendingError(VerdictReason.CONNECTION_LOST) from error


class _CheckedResolver(AbstractResolver):
    """Has a `Connector` resolve names."""

    def __init__(self, connector: Connector, *, plain: bool) -> None:
        self._connector = connector
        self._plain = plain

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses that may be connected to; `SendingError` when there is none."""
        return [
            ResolveResult(hostname=host, host=str(address), port=port, family=family, proto=0, flags=0)
            for address in await self._connector.addresses(host, port, plain=self._plain)
        ]

    async def close(self) -> None:
        """Keep nothing."""


def _session(connector: Connector, *, tls: ssl.SSLContext, plain: bool) -> aiohttp.ClientSession:
    def opened(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        connector.require_address(str(address[0]), plain=plain)
        return socket.socket(family, kind, protocol)

    connections = aiohttp.TCPConnector(
        resolver=_CheckedResolver(connector, plain=plain),
        use_dns_cache=False,
        socket_factory=opened,
        ssl=tls,
        keepalive_timeout=_KEPT_S,
        limit=0,
    )
    return aiohttp.ClientSession(
        connector=connections,
        headers=_HEADERS,
        skip_auto_headers=["content-type"],
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
        auto_decompress=False,
        trust_env=False,
        middlewares=[_once],
    )


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Tell of a lost connection in words of our own: at its own, aiohttp makes a GET or PUT again."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise SendingError(VerdictReason.CONNECTION_LOST) from error


def _is_sound(request: httpx.Request) -> bool:
    """Tell whether headers have names and fit the body; aiohttp itself refuses ends of lines in them."""
    length = request.headers.get("content-length", str(len(request.content)))
    return (
        all(_NAME.fullmatch(name) for name, _ in request.headers.raw)
        and "transfer-encoding" not in request.headers
        and length == str(len(request.content))
    )


def _as_written(url: httpx.URL) -> URL:
    """Return an address byte for byte: signatures are over its query."""
    return URL(b"".join((url.raw_scheme, b"://", url.netloc, url.raw_path)).decode("ascii"), encoded=True)


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    if response.status in _REDIRECTS:
        raise SendingError(VerdictReason.REDIRECTED, f"HTTP {response.status}")
    if response.status == HTTPStatus.SWITCHING_PROTOCOLS:
        raise SendingError(VerdictReason.CONNECTION_LOST)
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MOST_ANSWER_BYTES:
            raise SendingError(VerdictReason.ANSWER_TOO_LARGE, f"HTTP {response.status}")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status, headers=headers, body=bytes(body))
