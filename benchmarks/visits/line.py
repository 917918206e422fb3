"""
A slow line in front of an installation: one address for page and gateway, with latency and a rate.

It stands outside of the browser, so that it slows whatever the browser has: pages, workers, sockets.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

ROUND_TRIP_S = 0.150
BITS_PER_S = 1_600_000
CHUNK_BYTES = 4096
"""About 20 ms of the line: connections take turns, as packets do."""
GATEWAY = b"GET /live"
REQUEST = re.compile(rb"^([A-Z]+) (\S+) HTTP/1\.1\r$", re.MULTILINE)


@dataclass(slots=True)
class Direction:
    """One way of the line, shared by all connections."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at_s: float = 0.0
    sent_bytes: int = 0


@dataclass(kw_only=True)
class Line:
    """What has passed, and when the last of it did."""

    page_port: int
    live_port: int
    up: Direction = field(default_factory=Direction)
    down: Direction = field(default_factory=Direction)
    asked: list[str] = field(default_factory=list)
    """Every request, the opening of sockets included."""
    last_at_s: float = 0.0
    connections: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass a connection on to the process that its first request is for."""
        if (task := asyncio.current_task()) is not None:
            self.connections[task] = writer
            task.add_done_callback(self.connections.pop)
        with suppress(OSError, asyncio.IncompleteReadError):
            first = await reader.read(CHUNK_BYTES)
            port = self.live_port if first.startswith(GATEWAY) else self.page_port
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", port)
            # The handshake of TCP has gone there and back before.
            await asyncio.sleep(ROUND_TRIP_S)
            await asyncio.gather(
                self._pass(reader, other_writer, self.up, first=first),
                self._pass(other_reader, writer, self.down),
            )
        writer.close()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        way: Direction,
        *,
        first: bytes = b"",
    ) -> None:
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(_arrive(under_way, writer))
        chunk = first
        with suppress(OSError):
            while chunk or (chunk := await reader.read(CHUNK_BYTES)):
                if way is self.up:
                    self.asked += [path.decode() for _, path in REQUEST.findall(chunk)]
                async with way.turn:
                    begun_s = max(loop.time(), way.free_at_s)
                    way.free_at_s = begun_s + len(chunk) * 8 / BITS_PER_S
                    await asyncio.sleep(way.free_at_s - loop.time())
                way.sent_bytes += len(chunk)
                self.last_at_s = loop.time()
                under_way.put_nowait((way.free_at_s + ROUND_TRIP_S / 2, chunk))
                chunk = b""
        under_way.put_nowait((loop.time() + ROUND_TRIP_S / 2, b""))
        await arriving

    async def quiet(self, *, for_s: float, within_s: float) -> None:
        """Wait until nothing has passed for a while; a line that never rests is an error."""
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + within_s
        self.last_at_s = max(self.last_at_s, loop.time())
        while (rest_s := self.last_at_s + for_s - loop.time()) > 0:
            if loop.time() > deadline_s:
                message = f"the line does not come to rest: {self.asked[-5:]}"
                raise TimeoutError(message)
            await asyncio.sleep(rest_s)


async def _arrive(under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    with suppress(OSError):
        while True:
            at_s, chunk = await under_way.get()
            await asyncio.sleep(at_s - loop.time())
            if not chunk:
                writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()


@asynccontextmanager
async def slow_line(port: int, *, page_port: int, live_port: int) -> AsyncIterator[Line]:
    """Listen on a port of this machine, and pass on what comes."""
    line = Line(page_port=page_port, live_port=live_port)
    server = await asyncio.start_server(line.connected, "127.0.0.1", port)
    async with server:
        yield line
        server.close()
        for writer in line.connections.values():
            writer.transport.abort()
        if line.connections:
            await asyncio.wait(line.connections, timeout=10)
