"""A small HTTP server on this machine, which can also behave badly."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Self, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

MOST_BODY_BYTES: Final = 1 << 20
_READ_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """What a client asked."""

    method: str
    target: str
    """As it came: path and query, still encoded."""
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query, decoded once."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:  # noqa: ANN401 - anything that is in JSON
        """The body, None when it is not JSON."""
        with suppress(ValueError):
            return json.loads(self.body)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """What is answered."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of_json(cls, body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Self:
        content = json.dumps(body, ensure_ascii=False).encode()
        return cls(
            status=status, headers={"content-type": "application/json", **(headers or {})}, body=content
        )


class RequestRefusedError(Exception):
    """A handler answers with `response` and goes no further."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status)
        self.response = response


Handler: TypeAlias = Callable[[HttpRequest], Awaitable[HttpResponse | None]]
"""Answers a request; None closes the connection without an answer."""


@asynccontextmanager
async def serve_http(handler: Handler, *, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[int]:
    """Serve on this machine and yield the port."""
    open_now: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio runs it as a task
        open_now.add(task)
        try:
            with suppress(OSError, h11.RemoteProtocolError, asyncio.IncompleteReadError):
                await _serve_connection(reader, writer, handler)
        except asyncio.CancelledError:
            pass  # The server stops; nobody waits for this task.
        finally:
            open_now.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in open_now:
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


async def _serve_connection(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler
) -> None:
    connection = h11.Connection(h11.SERVER)
    while True:
        request = await _next_request(connection, reader)
        response = None if request is None else await _handled(handler, request)
        if response is None:
            return
        headers = [*response.headers.items(), ("content-length", str(len(response.body)))]
        events = [
            h11.Response(status_code=response.status, headers=headers),
            h11.Data(data=response.body),
            h11.EndOfMessage(),
        ]
        for event in events:
            writer.write(connection.send(event) or b"")
        await writer.drain()
        if connection.our_state is h11.MUST_CLOSE:
            return
        connection.start_next_cycle()


async def _handled(handler: Handler, request: HttpRequest) -> HttpResponse | None:
    try:
        return await handler(request)
    except RequestRefusedError as refusal:
        return refusal.response
    except (AttributeError, LookupError, TypeError, ValueError):
        # A stand-in reads what it expects, and no more.
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)


async def _next_request(connection: h11.Connection, reader: asyncio.StreamReader) -> HttpRequest | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_READ_BYTES))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MOST_BODY_BYTES:
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return HttpRequest(
                method=head.method.decode(),
                target=head.target.decode("latin-1"),
                headers={name.decode(): value.decode("latin-1") for name, value in head.headers},
                body=bytes(body),
            )
        else:
            return None
