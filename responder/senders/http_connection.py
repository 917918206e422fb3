"""One connection to a service, for one request after the other; httptools reads what is answered."""

import asyncio
import re
import select
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httptools
import httpx

from responder.domain.channels.message import VerdictReason
from responder.senders.connecting import Connector
from responder.senders.failures import SendingError

MOST_ANSWER_BYTES: Final = 64 * 1024
_MOST_READ_BYTES: Final = 4 * MOST_ANSWER_BYTES
"""Of one answer, with its headers and with what divides its body into chunks."""
_HEADERS: Final = {b"user-agent": b"Responder", b"accept": b"*/*", b"accept-encoding": b"identity"}
_NAME: Final = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_VALUE: Final = re.compile(rb"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")
_TARGET: Final = re.compile(rb"[\x21-\x7e]+")
_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrigin:
    """What a connection leads to."""

    host: str
    """A name or an address, this without brackets."""
    port: int
    is_tls: bool


class HttpConnection(asyncio.Protocol):
    """A connection of HTTP/1.1. One request at a time: how many run at once is for callers to say."""

    def __init__(self, origin: ServiceOrigin) -> None:
        self.origin = origin
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._is_usable = True
        self._parser = httptools.HttpResponseParser(self)
        self._status: int | None = None
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._read_bytes = 0

    @classmethod
    async def open(
        cls, origin: ServiceOrigin, connector: Connector, *, tls: ssl.SSLContext
    ) -> "HttpConnection":
        """
        Connect to an address that was checked; the certificate has to be of the name.

        Raises
        ------
        SendingError
            It may not be connected to, no address answers, or the certificate is not good.
        """
        socket = await connector.socket(origin.host, origin.port, plain=not origin.is_tls)
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: cls(origin),
                sock=socket,
                ssl=tls if origin.is_tls else None,
                server_hostname=origin.host if origin.is_tls else None,
            )
        except (ssl.SSLError, ssl.CertificateError) as error:
            socket.close()
            raise SendingError(VerdictReason.TLS_FAILED, str(error)) from error
        except OSError as error:
            socket.close()
            raise SendingError(VerdictReason.UNREACHABLE) from error
        except BaseException:
            socket.close()
            raise
        return connection

    @property
    def is_usable(self) -> bool:
        """Whether another request can be made, as far as is known."""
        return self._is_usable

    def is_still_usable(self) -> bool:
        """Tell whether another request can be made, after a look: nothing may have come since the answer."""
        if not self._is_usable or self._transport is None:
            return False
        look = select.poll()
        look.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not look.poll(0)

    def close(self) -> None:
        """Let go of the connection at once, whatever is on the way."""
        self._is_usable = False
        if self._transport is not None:
            self._transport.abort()

    async def ask(self, request: bytes) -> Answer:
        """
        Write a request, as `written` returns it, and return the answer.

        Raises
        ------
        SendingError
            There is no answer that can be read, a redirect, or one of more than 64 KiB.
        """
        assert self._transport is not None  # noqa: S101 - it is connected, or was not returned
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._status, self._read_bytes = None, 0
        if self._is_usable:
            self._transport.write(request)
        else:
            self._fail(VerdictReason.CONNECTION_LOST)
        try:
            return await answer
        finally:
            self._answer = None
            if not answer.done() or answer.cancelled() or answer.exception() is not None:
                self.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a connection of TCP or TLS is one
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        """Give up what is waited for, unless the end of the connection is that of the answer."""
        self._is_usable = False
        if self._status is not None and not self._says_its_end:
            self.on_message_complete()
        self._fail(VerdictReason.CONNECTION_LOST)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._answer is None or self._answer.done():
            # More than was asked for: what else comes cannot be told from the next answer.
            self.close()
            return
        self._read_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(VerdictReason.CONNECTION_LOST)
        if self._read_bytes > _MOST_READ_BYTES:
            self._fail(VerdictReason.ANSWER_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin an answer; what only informs may come before it, and nothing after it."""
        self._status, self._headers, self._body = None, {}, bytearray()
        if self._answer is None or self._answer.done():
            self._is_usable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Refuse a redirect before its body."""
        status = self._parser.get_status_code()
        if status in _REDIRECTS:
            self._fail(VerdictReason.REDIRECTED, f"HTTP {status}")
        elif status == HTTPStatus.SWITCHING_PROTOCOLS:
            self._fail(VerdictReason.CONNECTION_LOST)
        elif status >= HTTPStatus.OK:
            self._status = status

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self._body += body
        if len(self._body) > MOST_ANSWER_BYTES:
            self._fail(VerdictReason.ANSWER_TOO_LARGE, f"HTTP {self._status}")

    def on_message_complete(self) -> None:
        """Give the answer to who waits for it."""
        if self._status is None or self._answer is None or self._answer.done():
            return
        self._is_usable = self._is_usable and self._says_its_end and self._parser.should_keep_alive()
        self._answer.set_result(Answer(status=self._status, headers=self._headers, body=bytes(self._body)))

    @property
    def _says_its_end(self) -> bool:
        is_told = "content-length" in self._headers or "transfer-encoding" in self._headers
        return is_told or self._status == HTTPStatus.NO_CONTENT

    def _fail(self, reason: VerdictReason, detail: str = "") -> None:
        self._is_usable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(SendingError(reason, detail))


def written(request: httpx.Request) -> bytes:
    """
    Return a request that is no stream as it goes over the wire.

    Raises
    ------
    SendingError
        What was entered for the service would end a line, or say another length than the body has.
    """
    body = request.content
    given = {name.lower(): value for name, value in request.headers.raw}
    missing = [(name, value) for name, value in _HEADERS.items() if name not in given]
    headers = [*request.headers.raw, *missing]
    target = request.url.raw_path
    is_sound = (
        _TARGET.fullmatch(target)
        and all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers)
        and b"transfer-encoding" not in given
        and given.get(b"content-length", b"0") == str(len(body)).encode()
    )
    if not is_sound:
        raise SendingError(VerdictReason.WRONG_SETTINGS, "not an HTTP request")
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), target)]
    lines += [b"%s: %s" % header for header in headers]
    return b"\r\n".join([*lines, b"", body])
