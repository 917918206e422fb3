"""When files run out, no flood of connections keeps others out."""

import asyncio

import pytest

from responder.live.connection.proxies import Proxies
from responder.runtime import connection_limiter, http_protocol
from responder.runtime import server as server_module
from tests.cli.runtime.http_server import HEAD, WHOLE, come, held, rest, served


async def ask(port: int, *, address: str = "127.0.0.1") -> bytes:
    reader, writer = await come(port, address=address)
    writer.write(WHOLE)
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return answer


async def test_when_files_run_out_the_newest_of_the_address_with_most_connections_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http_protocol, "CLIENT_LIMIT_S", 60.0)
    monkeypatch.setattr(server_module, "PART_OF_FILES", 1)
    async with served(files=connection_limiter.OWN_FILES + 10) as world, asyncio.timeout(60):
        most = connection_limiter.OWN_FILES
        flood = [await come(world.port, address="127.0.0.66") for _ in range(most)]
        for _, writer in flood:
            writer.write(HEAD)
        await held(world, most)
        others = [await come(world.port, address="127.0.0.7") for _ in range(3)]
        for _, writer in others:
            writer.write(HEAD)
        # The longest wait went first.
        assert await rest(flood[0][0]) == b""
        assert (await ask(world.port, address="127.0.0.66")).startswith(b"HTTP/1.1 200")
        for reader, writer in others:
            writer.write(b"\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        for _, writer in (*flood, *others):
            writer.close()


async def test_behind_a_trusted_proxy_each_client_is_counted_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http_protocol, "CLIENT_LIMIT_S", 60.0)
    most = connection_limiter.OWN_FILES
    async with served(files=most + 10, proxies=Proxies(["127.0.0.1"])) as world, asyncio.timeout(60):
        body = b"Content-Length: 5\r\n\r\nabc"
        neighbour = await come(world.port)
        neighbour[1].write(HEAD + b"X-Forwarded-For: 192.0.2.7\r\n" + body)
        await held(world, 1)
        flood = []
        for _ in range(most + 5):
            flood.append(await come(world.port))
            flood[-1][1].write(HEAD + b"X-Forwarded-For: 192.0.2.66\r\n" + body)
        await held(world, most)
        neighbour[1].write(b"de")
        assert (await neighbour[0].readuntil(b"\r\n\r\n5")).startswith(b"HTTP/1.1 200")
        for _, writer in (*flood, neighbour):
            writer.close()


async def test_when_files_run_out_the_longest_idle_go_first() -> None:
    async with served(files=connection_limiter.OWN_FILES + 10) as world, asyncio.timeout(60):
        most = connection_limiter.OWN_FILES
        idle = []
        for _ in range(most + 5):
            reader, writer = await come(world.port)
            writer.write(WHOLE)
            await reader.readuntil(b"\r\n\r\n0")
            idle.append((reader, writer))
        await held(world, most)
        assert await rest(idle[0][0]) == b""
        assert not idle[-1][0].at_eof()
        for _, writer in idle:
            writer.close()


@pytest.mark.parametrize("sent", [WHOLE, HEAD], ids=["idle", "half heads"])
async def test_when_files_run_out_the_address_with_most_connections_loses_one(
    sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "CLIENT_LIMIT_S", 60.0)
    # As many as come here may be pending.
    monkeypatch.setattr(server_module, "PART_OF_FILES", 1)
    async with served(files=connection_limiter.OWN_FILES + 10) as world, asyncio.timeout(60):
        most = connection_limiter.OWN_FILES
        neighbour = await come(world.port)
        neighbour[1].write(WHOLE)
        await neighbour[0].readuntil(b"\r\n\r\n0")
        flood = []
        for _ in range(most + 5):
            flood.append(await come(world.port, address="127.0.0.66"))
            flood[-1][1].write(sent)
        await held(world, most)
        neighbour[1].write(WHOLE)
        assert (await neighbour[0].readuntil(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200")
        for _, writer in (*flood, neighbour):
            writer.close()


async def test_the_limiter_forgets_who_is_gone() -> None:
    async with served() as world, asyncio.timeout(60):
        for sent in (b"", HEAD, WHOLE, HEAD + b"Content-Length: 9\r\n\r\n", b"hello\r\n\r\n"):
            _, writer = await come(world.port)
            writer.write(sent)
            await writer.drain()
            await asyncio.sleep(0.05)
            writer.close()
        await held(world, 0)
        limiter = world.server.limiter
        assert (limiter._waiting, limiter._idle) == ({}, {})  # noqa: SLF001 - as above
