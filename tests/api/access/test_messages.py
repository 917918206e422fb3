"""
Every message of the live protocol, sent as every role; and malformed ones.

Messages come from the classes of the protocol, rights from the domain's table.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from responder.domain.people.access import MAY, Role
from responder.domain.people.permissions import MESSAGES
from responder.live.gateway import Gateway
from responder.live.protocol import messages
from responder.live.protocol.limits import Limits
from responder.ports.clock import SystemClock
from tests.api.access.conftest import Towns
from tests.api.nasty import NOT_JSON, VALUES, encoded
from tests.patience import PATIENCE_S, PATIENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A gateway on the two circles."""

    towns: Towns
    port: int

    @contextlib.asynccontextmanager
    async def socket(self) -> AsyncIterator[ClientConnection]:
        url = f"ws://127.0.0.1:{self.port}/live"
        async with connect(url, proxy=None, max_size=None, close_timeout=1) as socket:
            yield socket

    @contextlib.asynccontextmanager
    async def live(self, role: Role) -> AsyncIterator[ClientConnection]:
        """Open a socket of ours and take the snapshot."""
        async with self.socket() as socket:
            await socket.send(await self.ticket(role))
            await socket.send(hello(self.towns.circle_id))
            assert (await heard(socket))["type"] == "snapshot"
            yield socket

    async def ticket(self, role: Role) -> str:
        http = await self.towns.ours(role)
        return said("ticket", ticket=(await http.post("/api/live-tickets")).json()["ticket"])


@pytest.fixture
async def wire(towns: Towns) -> AsyncIterator[Wire]:
    gateway = Gateway(
        towns.database,
        clock=SystemClock(),
        allowed_origins=frozenset(),
        limits=Limits(**PATIENT),
    )
    port = await gateway.start("127.0.0.1", 0)
    yield Wire(towns=towns, port=port)
    await gateway.stop()


def said(kind: str, **fields: object) -> str:
    return json.dumps({"type": kind, **fields}, default=str)


def hello(circle_id: UUID) -> str:
    return said("hello", circle_id=circle_id, device="test")


async def heard(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        found: dict[str, Any] = json.loads(await socket.recv())
        return found


async def last_words(socket: ClientConnection) -> tuple[str, int | None]:
    """Return everything that still comes, and the code that the socket is closed with."""
    words: list[str] = []
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE_S):
            while True:
                words.append(str(await socket.recv()))
    return "".join(words), socket.close_code


def examples(towns: Towns) -> dict[str, str]:
    """Give each message in the right form, with ids that are in both circles."""
    at = datetime.now(UTC).isoformat()
    return {
        "ticket": said("ticket", ticket="x" * 40),
        "hello": hello(towns.twin_id),
        "receipt": said("receipt", action_id=uuid4(), alert_id=towns.ids.alert_id, state="seen", at=at),
        "report_position": said(
            "report_position", unit_id=towns.ids.unit_id, lon=112.985, lat=28.158, accuracy_m=5, at=at
        ),
    }


def test_the_table_has_every_message_of_the_protocol(towns: Towns) -> None:
    union, _ = get_args(messages.ClientMessage)
    kinds = {one.model_fields["type"].default for one in get_args(union)}
    assert kinds == set(MESSAGES) == set(examples(towns))


@pytest.mark.parametrize("kind", MESSAGES)
async def test_a_stranger_hears_nothing(wire: Wire, kind: str) -> None:
    async with wire.socket() as socket:
        await socket.send(examples(wire.towns)[kind])
        with contextlib.suppress(ConnectionClosed):
            await socket.send(hello(wire.towns.twin_id))
        words, code = await last_words(socket)
        assert code == 4001
        assert [json.loads(words)["type"]] == ["refused"]
        assert not any(own in words for own in wire.towns.twins_own)


@pytest.mark.parametrize("role", list(Role))
async def test_a_stranger_is_not_let_into_the_twin(wire: Wire, role: Role) -> None:
    async with wire.socket() as socket:
        await socket.send(await wire.ticket(role))
        await socket.send(hello(wire.towns.twin_id))
        words, code = await last_words(socket)
        assert (code, json.loads(words)["code"]) == (4003, "not_found")
        assert not any(own in words for own in wire.towns.twins_own)


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_is_answered_as_the_table_says_and_hears_nothing_of_the_twin(
    wire: Wire, role: Role
) -> None:
    untouched = wire.towns.rows_of(wire.towns.twin_id)
    async with wire.live(role) as socket:
        for kind, message in examples(wire.towns).items():
            await socket.send(message)
            need = MESSAGES[kind]
            if kind == "report_position" and role in MAY[need[0]] and role is Role.RESPONDER:
                continue  # Taken without a word; its own unit's positions are tried with the gateway.
            answer = await heard(socket)
            while answer["type"] not in {"refused", "receipt_stored"}:
                answer = await heard(socket)
            text = json.dumps(answer)
            assert not any(own in text for own in wire.towns.twins_own), kind
            if kind in {"ticket", "hello"} or not any(role in MAY[action] for action in need):
                assert answer["type"] == "refused", answer
    assert wire.towns.rows_of(wire.towns.twin_id) == untouched


async def test_what_breaks_others_closes_no_other_clients_socket(wire: Wire) -> None:
    async with wire.live(Role.COORDINATOR) as bystander:
        for body in NOT_JSON.values():
            await one_nasty_frame(wire, body)
        async with wire.live(Role.RESPONDER) as socket:
            for kind, message in examples(wire.towns).items():
                good = json.loads(message)
                for first in range(len(VALUES)):
                    spoilt = {
                        field: VALUES[(first + place) % len(VALUES)]
                        for place, field in enumerate(good)
                        if field != "type"
                    }
                    frame = encoded({"type": kind, **spoilt}).decode()
                    if len(frame) < 60_000:
                        await socket.send(frame)
            await socket.send("still here?")
            answer = await heard(socket)
            while answer["type"] == "refused" and answer["code"] != "invalid_message":
                answer = await heard(socket)
            assert answer["type"] == "refused"
        await bystander.send(said("ticket", ticket="x" * 40))
        answer = await heard(bystander)
        while answer["type"] != "refused":
            answer = await heard(bystander)


async def one_nasty_frame(wire: Wire, body: bytes) -> None:
    """Send something as text and as binary, before and after the ticket."""
    for frame in (body, body.decode("utf-8", "replace")):
        async with wire.socket() as socket:
            with contextlib.suppress(ConnectionClosed):
                await socket.send(frame)
            _, code = await last_words(socket)
            assert code in {1002, 1003, 1007, 1009, 4001}, body[:40]
