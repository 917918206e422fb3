"""A server with time limits before an application that says what it met, and clients of it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from starlette.types import Receive, Scope, Send

from responder.api.middleware.stopping import AnswerWhenStopped
from responder.live.connection.proxies import Proxies
from responder.runtime.server import Server
from responder.security.alert_priority import AlertPriority

LIMIT_S = 1.0
HEAD = b"POST /x HTTP/1.1\r\nHost: x\r\n"
WHOLE = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
MIB = 1024 * 1024


@dataclass(kw_only=True)
class World:
    """A server, and what its application met."""

    port: int
    server: Server
    heard: list[str] = field(default_factory=list)


@asynccontextmanager
async def served(
    *, files: int = 4096, proxies: Proxies | None = None, grace_s: int | None = None
) -> AsyncIterator[World]:
    heard: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        body = 0
        if scope["path"] == "/refused":
            close = [(b"connection", b"close"), (b"content-length", b"2")]
            await send({"type": "http.response.start", "status": 413, "headers": close})
            await send({"type": "http.response.body", "body": b"no"})
            return
        while (message := await receive())["type"] == "http.request":
            body += len(message["body"])
            if not message["more_body"]:
                break
        heard.append(f"{message['type']} {body}")
        answer = bytes(16 * MIB) if scope["path"] == "/large" else str(body).encode()
        if scope["path"] == "/slow":
            await asyncio.sleep(1.5 * LIMIT_S)
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": answer})

    config = uvicorn.Config(
        AnswerWhenStopped(application),
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=grace_s,
    )
    server = Server(config, files=files, proxies=proxies or Proxies(), priority=AlertPriority())
    config.load()
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        port = listening.getsockname()[1]
        await server.startup([listening])
    ticking = asyncio.create_task(server.main_loop())
    try:
        yield World(port=port, server=server, heard=heard)
    finally:
        server.should_exit = True
        await ticking
        for each in tuple(server.server_state.connections) if grace_s is None else ():
            each.transport.abort()  # type: ignore[union-attr]
        await server.shutdown()


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def come(port: int, *, address: str = "127.0.0.1") -> Streams:
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))


async def rest(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes until the server ends the connection."""
    found = b""
    with suppress(ConnectionResetError):
        while piece := await reader.read(65536):
            found += piece
    return found


async def held(world: World, count: int) -> None:
    async with asyncio.timeout(20):
        while len(world.server.server_state.connections) != count:  # noqa: ASYNC110 - they come one by one
            await asyncio.sleep(0.02)
