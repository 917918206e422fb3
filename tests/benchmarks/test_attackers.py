"""What attacks in a benchmark asks what it says that it asks, and counts what it is answered."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

from benchmarks.fleet.attackers import Sockets
from tests.patience import PATIENCE_S

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
REQUEST = b"GET / HTTP/1.1\r\n\r\n"


async def until(sockets: Sockets, done: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not done():
            sockets.look()
            await asyncio.sleep(0.01)


async def test_each_asks_once_from_its_address_and_the_first_answer_counts() -> None:
    heard: list[tuple[str, bytes]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((writer.get_extra_info("peername")[0], await reader.read(100)))
        writer.write(b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 12\r\n\r\n")
        await writer.drain()
        writer.write(b"HTTP/1.1 200")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        sockets = Sockets(server.sockets[0].getsockname()[1], addresses=2)
        for _ in range(4):
            sockets.open(REQUEST)
        await until(sockets, lambda: not len(sockets))
        sockets.close()
    assert heard == [(f"127.0.1.{1 + number % 2}", REQUEST) for number in range(4)]
    assert sockets.statuses == {429: 4}
    assert sockets.opened == 4


async def held_by(answer: Answer) -> tuple[int, dict[int, int]]:
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        sockets = Sockets(server.sockets[0].getsockname()[1], addresses=1)
        for _ in range(3):
            sockets.open(REQUEST)
        for _ in range(20):
            sockets.look()
            await asyncio.sleep(0.01)
        held = len(sockets)
        sockets.close()
        await asyncio.sleep(0.05)
    return held, sockets.statuses


async def test_those_that_are_let_in_are_held_and_those_that_are_closed_are_not() -> None:
    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        await reader.read()
        writer.close()

    async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    assert await held_by(welcome) == (3, {101: 3})
    assert await held_by(close) == (0, {0: 3})


async def test_no_one_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    sockets = Sockets(port, addresses=1)
    sockets.open(REQUEST)
    await until(sockets, lambda: not len(sockets))
    sockets.close()
    assert sockets.statuses == {0: 1}
