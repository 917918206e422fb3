"""Wake-ups and positions among many machines, over NATS: fast, lossy by design. PostgreSQL is the truth."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import structlog
from pydantic import TypeAdapter

from responder.domain.ids import CircleId
from responder.domain.map.unit import Position
from responder.live.sync.positions import HeardPosition
from responder.ports import Database, Transaction
from responder.ports.people import Positions as PositionRepository

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

SUBJECT = "responder.event"
POSITION_SUBJECT = "responder.position"
RECONNECT_S = 0.5
"""Pause between tries to reach the server again; for ever, since the poll covers the time in between."""

_log = structlog.get_logger(__name__)
_HEARD_POSITION: TypeAdapter[HeardPosition] = TypeAdapter(HeardPosition)


class NatsBus:
    """
    One connection to NATS.

    Connecting never fails: while the server is away nothing is sent and nothing comes, and gateways find
    what was recorded by looking at the log each second.
    """

    def __init__(self, url: str) -> None:
        self._servers = url.split(",")
        self._client: Client | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._heard: asyncio.Queue[UUID] = asyncio.Queue(maxsize=10_000)
        self._positions: asyncio.Queue[HeardPosition] = asyncio.Queue(maxsize=10_000)

    @property
    def is_connected(self) -> bool:
        """Whether the server answers just now."""
        return self._client is not None and self._client.is_connected

    async def start(self) -> None:
        self._connecting = asyncio.create_task(self._connect())

    async def stop(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._client is not None:
            with suppress(Exception):
                await self._client.close()

    async def wakeups(self) -> AsyncIterator[UUID]:
        """Yield, without end, the circles in which something was just recorded."""
        while True:
            yield await self._heard.get()

    async def positions(self) -> AsyncIterator[HeardPosition]:
        """Yield positions of units without end."""
        while True:
            yield await self._positions.get()

    def announce(self, circle_ids: Iterable[CircleId]) -> None:
        """Publish that something was recorded. Never waits; the notice is lost when the server is away."""
        for circle_id in circle_ids:
            self._publish(SUBJECT, str(circle_id).encode())

    def tell_positions(self, stored: Iterable[HeardPosition]) -> None:
        """Publish where units are. Never waits; the notice is lost when the server is away."""
        for each in stored:
            self._publish(POSITION_SUBJECT, _HEARD_POSITION.dump_json(each))

    def _publish(self, subject: str, payload: bytes) -> None:
        client = self._client
        if client is None or not client.is_connected:
            return
        task = asyncio.ensure_future(client.publish(subject, payload))
        task.add_done_callback(_forget_failure)

    async def _connect(self) -> None:
        # Imported when it is wanted: an installation without NATS needs no client for it.
        from nats.aio.client import Client  # noqa: PLC0415

        while True:
            client = Client()
            try:
                await client.connect(
                    self._servers,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=RECONNECT_S,  # type: ignore[arg-type]
                    connect_timeout=2,
                    ping_interval=5,
                    name="responder",
                    error_cb=_note_error,
                )
                await client.subscribe(SUBJECT, cb=self._receive)
                await client.subscribe(POSITION_SUBJECT, cb=self._receive_position)
            except Exception as error:  # noqa: BLE001 - whatever it was, the server may be there later
                _log.warning("bus_away", error=repr(error))
                with suppress(Exception):
                    await client.close()
                await asyncio.sleep(RECONNECT_S)
            else:
                self._client = client
                return

    async def _receive(self, message: "Msg") -> None:
        with suppress(ValueError, asyncio.QueueFull):
            self._heard.put_nowait(UUID(message.data.decode("ascii", "replace")))

    async def _receive_position(self, message: "Msg") -> None:
        # A ValidationError is a ValueError.
        with suppress(ValueError, asyncio.QueueFull):
            self._positions.put_nowait(_HEARD_POSITION.validate_json(message.data))


class _Noting:
    """A transaction that notes in which circles it records; everything else is the real one's."""

    def __init__(self, real: Transaction, recorded: set[CircleId], placed: list[HeardPosition]) -> None:
        self._real: Any = real
        self._recorded = recorded
        self.positions = _NotingPositions(real.positions, placed)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real one has
        return getattr(self._real, name)

    async def record(self, circle_id: CircleId, *args: object, **more: object) -> int:
        """Put an event at the end of the circle's log."""
        self._recorded.add(circle_id)
        return cast("int", await self._real.record(circle_id, *args, **more))

    async def record_all(self, circle_id: CircleId, *args: object, **more: object) -> None:
        """Put events at the end of the circle's log."""
        self._recorded.add(circle_id)
        await self._real.record_all(circle_id, *args, **more)


class _NotingPositions:
    """The positions of a transaction that notes which were kept."""

    def __init__(self, real: PositionRepository, placed: list[HeardPosition]) -> None:
        self._real: Any = real
        self._placed = placed

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real one has
        return getattr(self._real, name)

    async def put(self, circle_id: CircleId, position: Position, *, stored_at: datetime) -> bool:
        kept = await self._real.put(circle_id, position, stored_at=stored_at)
        if kept:
            self._placed.append(HeardPosition(circle_id, position))
        return bool(kept)


class _Announcing:
    def __init__(self, real: Database, bus: NatsBus) -> None:
        self._real: Any = real
        self._bus = bus

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real one has
        return getattr(self._real, name)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[_Noting]:
        recorded: set[CircleId] = set()
        placed: list[HeardPosition] = []
        async with self._real.begin() as transaction:
            yield _Noting(transaction, recorded, placed)
        # Only after the commit: woken processes must find what was recorded.
        self._bus.announce(recorded)
        self._bus.tell_positions(placed)


@asynccontextmanager
async def running(bus: NatsBus | None) -> AsyncIterator[None]:
    """Hold a connection to the bus, if the installation has one."""
    if bus is not None:
        await bus.start()
    try:
        yield
    finally:
        if bus is not None:
            await bus.stop()


def announcing(database: Database, bus: NatsBus) -> Database:
    """Return the database whose commits are announced on the bus: for every process that writes."""
    return cast("Database", _Announcing(database, bus))


async def _note_error(error: Exception) -> None:
    _log.warning("bus_error", error=repr(error))


def _forget_failure(task: "asyncio.Future[None]") -> None:
    if not task.cancelled():
        task.exception()
