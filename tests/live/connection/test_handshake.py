import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from responder.live.connection.listening_socket import listening_socket
from responder.live.gateway import Gateway
from responder.live.protocol.limits import Limits
from responder.ports.clock import SystemClock
from tests.patience import PATIENCE_S, PATIENT

PAGE = "https://circle.example"


class NoDatabase:
    """A database that cannot be reached."""

    impaired = None

    def begin(self) -> contextlib.AbstractAsyncContextManager[object]:
        return self.snapshot()

    async def check(self) -> None:
        async with self.snapshot():
            pass

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[object]:
        await asyncio.sleep(0)
        message = "connection refused"
        raise OSError(message)
        yield


@contextlib.asynccontextmanager
async def gateway(*, proxies: Sequence[str] = (), **limits: float) -> AsyncIterator[int]:
    running = Gateway(
        NoDatabase(),  # type: ignore[arg-type]
        clock=SystemClock(),
        allowed_origins=frozenset({PAGE}),
        limits=Limits(**{**PATIENT, **limits}),  # type: ignore[arg-type]
        proxies=proxies,
    )
    port = await running.start("127.0.0.1", 0)
    try:
        yield port
    finally:
        await running.stop()


def open_socket(port: int, path: str = "/live", *, origin: str | None = PAGE) -> connect:
    return connect(f"ws://127.0.0.1:{port}{path}", origin=origin, proxy=None)  # type: ignore[arg-type]


async def say_who(client: ClientConnection) -> None:
    await client.send('{"type":"ticket","ticket":"0123456789abcdef"}')
    await client.send(json.dumps({"type": "hello", "circle_id": str(UUID(int=1))}))


async def close_code(client: ClientConnection) -> int | None:
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await client.recv()
    return client.close_code


async def status_of(opening: connect) -> int:
    with pytest.raises(InvalidStatus) as refused:
        await opening
    return refused.value.response.status_code


async def is_closed_at_the_door(port: int) -> None:
    with pytest.raises((InvalidMessage, OSError)):
        await open_socket(port)


@pytest.mark.parametrize("origin", ["https://evil.example", "https://circle.example.evil.example", "null"])
async def test_a_foreign_page_gets_no_socket(origin: str) -> None:
    async with gateway() as port:
        assert await status_of(open_socket(port, origin=origin)) == 403


async def test_two_origins_are_as_bad_as_a_foreign_one() -> None:
    async with gateway() as port:
        opening = connect(
            f"ws://127.0.0.1:{port}/live",
            additional_headers=[("Origin", PAGE), ("Origin", PAGE)],
            proxy=None,
        )
        assert await status_of(opening) in {400, 403}


async def test_our_page_and_a_device_without_a_browser_get_a_socket() -> None:
    async with gateway() as port, open_socket(port), open_socket(port, origin=None):
        pass


async def test_there_are_no_sockets_elsewhere() -> None:
    async with gateway() as port:
        assert await status_of(open_socket(port, "/")) == 404
        assert await status_of(open_socket(port, "/live/x")) == 404


async def test_a_host_header_decides_nothing() -> None:
    async with gateway() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /elsewhere HTTP/1.1\r\nHost: x/live?\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert b" 404 " in await reader.readline()
        writer.close()


async def test_a_silent_client_is_closed_in_time() -> None:
    async with gateway(first_message_s=1.0) as port, open_socket(port) as client:
        assert await close_code(client) == 4009


async def test_a_request_that_never_ends_is_cut() -> None:
    async with gateway(first_message_s=1.0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /live HTTP/1.1\r\nHost:")
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize("first", ["hello", '{"type":"hello","circle_id":"%s"}' % ("0" * 32), "{}"])
async def test_a_client_that_does_not_begin_with_a_ticket_is_not_let_in(first: str) -> None:
    async with gateway() as port, open_socket(port) as client:
        await client.send(first)
        assert await close_code(client) == 4001


async def test_a_message_over_64_kib_closes_the_socket() -> None:
    async with gateway() as port, open_socket(port) as client:
        await client.send("x" * (64 * 1024 + 1))
        assert await close_code(client) == 1009


async def test_bytes_that_are_no_text_close_the_socket() -> None:
    async with gateway() as port, open_socket(port) as client:
        client.protocol.send_text(b"\xed\xa0\x80")  # a lone surrogate, as bytes
        client.send_data()
        assert await close_code(client) == 1007


async def test_nothing_is_compressed() -> None:
    async with gateway() as port, open_socket(port) as client:
        assert client.protocol.extensions == []


async def test_one_address_cannot_hold_many_sockets_without_saying_who_it_is() -> None:
    async with (
        gateway(unauthenticated_per_address=2, wasted_place_s=0.2) as port,
        open_socket(port),
        open_socket(port) as second,
    ):
        await is_closed_at_the_door(port)
        await second.close()
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with contextlib.suppress(InvalidMessage, OSError):
                    async with open_socket(port):
                        break


async def test_a_connection_that_asks_for_nothing_counts_as_well() -> None:
    async with gateway(unauthenticated_per_address=1) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        await is_closed_at_the_door(port)
        writer.close()


async def test_who_says_something_else_than_who_they_are_has_wasted_their_place() -> None:
    async with gateway(unauthenticated_per_address=1, wasted_place_s=60) as port:
        async with open_socket(port) as client:
            await client.send("hello")
            assert await close_code(client) == 4001
        await is_closed_at_the_door(port)
    async with gateway(unauthenticated_per_address=1, wasted_place_s=60) as port:
        assert await status_of(open_socket(port, "/elsewhere")) == 404
        await is_closed_at_the_door(port)


async def test_who_waited_for_us_in_vain_and_who_asks_how_we_are_may_come_again_at_once() -> None:
    async with gateway(unauthenticated_per_address=1, wasted_place_s=60) as port:
        for _ in range(3):
            async with open_socket(port) as client:
                await say_who(client)
                assert await close_code(client) == 1013
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
                assert (await http.get("/healthz")).text == "ok\n"


async def test_clients_behind_a_trusted_proxy_are_counted_one_by_one() -> None:
    async with gateway(proxies=["127.0.0.1"], unauthenticated_per_address=1) as port:

        def by_proxy(*heard: str) -> connect:
            return connect(
                f"ws://127.0.0.1:{port}/live",
                additional_headers=[("X-Forwarded-For", each) for each in heard],
                proxy=None,
            )

        async with by_proxy("10.0.0.1"), by_proxy("10.0.0.2"):
            assert await status_of(by_proxy("10.0.0.1")) == 503
            # Whatever a client writes itself stands before what the proxy heard.
            assert await status_of(by_proxy("10.0.0.9, 10.0.0.1")) == 503
            assert await status_of(by_proxy("10.0.0.9", "10.0.0.1")) == 503


async def test_a_client_behind_a_proxy_that_went_without_a_word_may_come_again_later() -> None:
    async with gateway(proxies=["127.0.0.1"], unauthenticated_per_address=1, wasted_place_s=2) as port:

        def by_proxy() -> connect:
            return connect(
                f"ws://127.0.0.1:{port}/live", additional_headers={"X-Forwarded-For": "10.0.0.1"}, proxy=None
            )

        async with by_proxy():
            pass
        assert await status_of(by_proxy()) == 503
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with contextlib.suppress(InvalidStatus):
                    async with by_proxy():
                        break


async def test_no_one_else_may_say_where_they_are() -> None:
    async with gateway(unauthenticated_per_address=1) as port, open_socket(port):
        with pytest.raises((InvalidMessage, OSError)):
            await connect(
                f"ws://127.0.0.1:{port}/live", additional_headers={"X-Forwarded-For": "10.0.0.1"}, proxy=None
            )


async def test_without_a_database_clients_are_asked_to_come_back_and_readiness_says_why() -> None:
    async with gateway() as port:
        async with open_socket(port) as client:
            await say_who(client)
            assert await close_code(client) == 1013
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            assert (await http.get("/healthz")).text == "ok\n"
            ready = await http.get("/readyz")
            assert ready.status_code == 503
            assert ready.json()["parts"]["database"] is False
            figures = await http.get("/metrics")
            assert "responder_live_connections 0" in figures.text
            assert figures.headers["content-type"].startswith("text/plain")


def test_connections_inherit_that_written_bytes_may_not_stay_unacknowledged_for_long() -> None:
    with listening_socket("127.0.0.1", 0, tcp_user_timeout_s=3) as listening:
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 3000
