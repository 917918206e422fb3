"""Servers whose fan-out is compared, each in a process of its own: ours, and the library's `broadcast()`."""

import asyncio
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import cast
from uuid import UUID, uuid4

from websockets.asyncio.server import ServerConnection, broadcast, serve

from benchmarks.fleet.sockets import raise_open_file_limit
from responder.domain.ids import AccountId, CircleId, HazardId, PartnerId, ResponderId
from responder.domain.incidents.event import HazardChanged, RecordedEvent
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.domain.map.circle import Circle
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.people.access import Audience, Role, Viewer
from responder.live.circle.channel import Channel
from responder.live.circle.read_model import CircleReadModel
from responder.live.circle.rendering import EncodedEvent
from responder.live.circle.session import ClientSession
from responder.live.connection.connection import LiveConnection
from responder.live.connection.gc_pause import GcScheduler
from responder.live.connection.listening_socket import listening_socket
from responder.live.connection.outbox import Outbox
from responder.live.protocol.limits import Limits
from responder.ports.incidents import AddressedEvent

CIRCLE = CircleId(UUID(int=1))
PARTNER = PartnerId(UUID(int=2))
PAYLOAD_BYTES = 1024


def event(seq: int, audience: Audience) -> AddressedEvent:
    """Return an event whose message is 1 KiB long."""
    hazard = Hazard(
        id=HazardId(UUID(int=3)),
        circle_id=CIRCLE,
        kind="blocked_lane",
        grade=HazardGrade.MAJOR,
        state=HazardState.SEEN,
        name="x" * 512,
        name_en="",
        geometry={"type": "Point", "coordinates": [112.985, 28.158]},
    )
    recorded = RecordedEvent(
        circle_id=CIRCLE,
        seq=seq,
        id=uuid4(),
        at=datetime.now(UTC),
        event=HazardChanged(hazard=hazard),
        reach_version=0,
    )
    return AddressedEvent(recorded, audience)


def empty_mirror() -> CircleReadModel:
    """Return a circle in which nothing has happened yet."""
    snapshot = CircleSnapshot(
        circle=Circle(id=CIRCLE, name="圈", name_en="Circle", centre=(112.985, 28.158)),
        epoch="benchmark",
        seq=0,
        event_id=None,
        reach_version=0,
        catalogue=SHIPPED,
        partners=(),
        units=(),
        hazards=(),
        closures=(),
        drills=(),
        incidents=(),
        positions=(),
    )
    return CircleReadModel(snapshot, has_older=False, positions=[])


class Ours:
    """The channel of the gateway, as it is, behind the library's server with the gateway's settings."""

    def __init__(self) -> None:
        self.people: set[ResponderId] = set()
        self.audience = Audience(recipient_ids=frozenset(), partner_ids=frozenset({PARTNER}))
        self.channel = Channel(CIRCLE, empty_mirror(), recent=[], now=0, at=datetime.now(UTC))

    async def handle(self, connection: ServerConnection) -> None:
        """Put the client into the channel."""
        client = cast("LiveConnection", connection)
        limits = Limits()
        outbox = Outbox(
            client,
            limit_bytes=limits.queue_bytes,
            limit_s=limits.queue_s,
            now=client.loop.time,
            on_too_slow=lambda: client.close_soon(4008, "too_slow"),
        )
        client.outbox = outbox
        person = ResponderId(uuid4())
        self.people.add(person)
        viewer = Viewer(
            account_id=AccountId(uuid4()),
            name="某人",
            circle_id=CIRCLE,
            role=Role.RESPONDER,
            partner_id=PARTNER,
            responder_ids=frozenset({person}),
        )
        session = ClientSession(client, outbox, viewer=viewer, session_hash="", device="")
        self.channel.sessions.add(session)
        session.go_live(self.channel.last_seq)
        try:
            await client.wait_closed()
        finally:
            self.channel.sessions.discard(session)

    def send(self, seq: int) -> int:
        """Send one event to all whom it concerns; return the length of the message."""
        if len(self.audience.recipient_ids) != len(self.people):
            self.audience = Audience(recipient_ids=frozenset(self.people), partner_ids=frozenset({PARTNER}))
        addressed = event(seq, self.audience)
        self.channel.publish([addressed], now=asyncio.get_running_loop().time())
        return 0


class Library:
    """The library's own `broadcast()` to a set of connections."""

    def __init__(self) -> None:
        self.connections: set[ServerConnection] = set()
        viewer = Viewer(account_id=AccountId(uuid4()), name="", circle_id=CIRCLE, role=Role.OBSERVER)
        frame = EncodedEvent(
            event(1, Audience(recipient_ids=frozenset(), partner_ids=frozenset()))
        ).frame_for(viewer)
        self.message = (frame or b"")[4:]

    async def handle(self, connection: ServerConnection) -> None:
        """Keep the connection in the set."""
        self.connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            self.connections.discard(connection)

    def send(self, seq: int) -> int:
        """Send one message to everyone."""
        message = self.message.replace(b'"seq":1,', b'"seq":%d,' % seq, 1)
        broadcast(self.connections, message, text=True)
        return len(message)


async def _serve(pipe: Connection, server: Ours | Library) -> None:
    raise_open_file_limit()
    # As the gateway does; the library's server is to have the same good of it.
    collecting = asyncio.create_task(GcScheduler(is_idle=lambda: True, closed=lambda: 0).run())
    listening = listening_socket("127.0.0.1", 0, tcp_user_timeout_s=5)
    create = LiveConnection if isinstance(server, Ours) else ServerConnection
    async with serve(
        server.handle, sock=listening, compression=None, ping_interval=None, create_connection=create
    ):
        pipe.send(listening.getsockname()[1])
        loop = asyncio.get_running_loop()
        while (order := await asyncio.to_thread(pipe.recv)) is not None:
            first_seq, count, pause_s = order
            sent_at = {}
            for seq in range(first_seq, first_seq + count):
                await asyncio.sleep(pause_s)
                sent_at[seq] = loop.time()
                server.send(seq)
            pipe.send(sent_at)
    collecting.cancel()


def run_ours(pipe: Connection) -> None:
    """Serve in this process until told to end."""
    asyncio.run(_serve(pipe, Ours()))


def run_library(pipe: Connection) -> None:
    """Serve in this process until told to end."""
    asyncio.run(_serve(pipe, Library()))
