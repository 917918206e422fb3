"""
Thousands of WebSocket clients in one process, as cheap as they can be.

They do the least that a client must: read frames, answer pings, note the time. So the figures are more about
the server than about the client that measures it, and it is the same client for every server.
"""

# ruff: noqa: PLR2004 - the numbers of RFC 6455, section 5.2

import asyncio
import base64
import os
import random
import resource
import struct
from collections.abc import Callable

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA

Heard = Callable[["Socket", bytes, float], None]


class Socket(asyncio.Protocol):
    """One client."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, number: int, path: str, on_message: Heard) -> None:
        self.number = number
        self.opened: asyncio.Future[None] = loop.create_future()
        self.lost: asyncio.Future[int] = loop.create_future()
        self.transport: asyncio.Transport
        self._loop = loop
        self._path = path
        self._on_message = on_message
        self._buffer = b""
        self._upgraded = False
        self._close_code = 1006

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a socket."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives nothing else
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take frames apart, and note when each was whole."""
        now = self._loop.time()
        buffer = self._buffer + data if self._buffer else data
        if not self._upgraded:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = buffer
                return
            if not buffer.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionError(buffer[:100].decode(errors="replace")))
                self.transport.close()
                return
            self._upgraded = True
            buffer = buffer[end + 4 :]
            self.opened.set_result(None)
        position = 0
        while (frame := _frame_at(buffer, position)) is not None:
            opcode, start, position = frame
            self._take(opcode, buffer[start:position], now)
        self._buffer = buffer[position:]

    def _take(self, opcode: int, payload: bytes, now: float) -> None:
        if opcode in (TEXT, BINARY):
            self._on_message(self, payload, now)
        elif opcode == PING:
            self.send(payload, opcode=PONG)
        elif opcode == CLOSE:
            self._close_code = int.from_bytes(payload[:2], "big") if payload else 1005
            self.transport.close()

    def send(self, payload: bytes, *, opcode: int = TEXT) -> None:
        """Send one frame, masked with zeros."""
        size = len(payload)
        head = (
            bytes([0x80 | opcode, 0x80 | size])
            if size < 126
            else struct.pack("!BBH", 0x80 | opcode, 0xFE, size)
        )
        self.transport.write(head + b"\0\0\0\0" + payload)

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that it is over."""
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed"))
        if not self.lost.done():
            self.lost.set_result(self._close_code)


def _frame_at(buffer: bytes, position: int) -> tuple[int, int, int] | None:
    """Return opcode, start and end of the payload of the frame at `position`, when all of it is there."""
    left = len(buffer) - position
    if left < 2:
        return None
    size, start = buffer[position + 1] & 0x7F, position + 2
    if size == 126:
        if left < 4:
            return None
        size, start = int.from_bytes(buffer[start : start + 2], "big"), start + 2
    elif size == 127:
        if left < 10:
            return None
        size, start = int.from_bytes(buffer[start : start + 8], "big"), start + 8
    end = start + size
    return (buffer[position] & 0x0F, start, end) if len(buffer) >= end else None


async def open_fleet(
    count: int,
    *,
    port: int,
    path: str,
    on_message: Heard,
    on_open: Callable[[Socket], None] = lambda _: None,
    at_once: int = 200,
) -> list[Socket]:
    """Open many sockets, some at a time; `on_open` is called as soon as each may speak."""
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(at_once)

    async def open_one(number: int) -> Socket:
        async with gate:
            while True:
                _, socket = await loop.create_connection(
                    lambda: Socket(loop, number=number, path=path, on_message=on_message), "127.0.0.1", port
                )
                try:
                    await socket.opened
                except ConnectionError:  # as a client does that is told to come back
                    await asyncio.sleep(random.uniform(0, 1))  # noqa: S311 - chance, not secrecy
                    continue
                on_open(socket)
                return socket

    return list(await asyncio.gather(*(open_one(number) for number in range(count))))


async def close_fleet(fleet: list[Socket]) -> None:
    """Cut all sockets and let the server notice."""
    for socket in fleet:
        socket.transport.abort()
    await asyncio.gather(*(socket.lost for socket in fleet), return_exceptions=True)
    await asyncio.sleep(1.0)


def raise_open_file_limit() -> int:
    """Allow as many open files as the system lets this process; return how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def percentile(values: list[float], share: float) -> float:
    """Return the value that `share` of all lie at or below, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]
