"""A device that follows a circle by docs/protocol.md, and can be held against what the database shows."""

import asyncio
import contextlib
import json
from typing import Any

from pydantic import TypeAdapter
from websockets.exceptions import ConnectionClosed

from responder.domain.incidents import fold
from responder.domain.incidents.event import RecordedEvent
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.live.circle.audience import shown_snapshot
from responder.live.protocol.messages import SERVER_MESSAGE, EventMessage
from responder.ports import DatabaseAwayError
from responder.services.circles.snapshot import show_circle
from tests.faults.rig.town import Person
from tests.live.conftest import CLOCK, Device, Running, World

SNAPSHOT: TypeAdapter[CircleSnapshot] = TypeAdapter(CircleSnapshot)
INCIDENT: TypeAdapter[IncidentDetail] = TypeAdapter(IncidentDetail)
RESYNC = 4010


class Phone:
    """One device of one person, which keeps what it knows when it is cut off."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.snapshot: CircleSnapshot | None = None
        self.ways: list[str] = []
        """How it was brought up to date since it last left by itself: `snapshot` or `resumed`, each time."""
        self._device: Device | None = None
        self._reading: asyncio.Task[None] | None = None

    async def connect(self, running: Running) -> None:
        """Come in with what is known, and follow."""
        known = self.snapshot
        self._device = await running.device(
            self.person,
            epoch=known and known.epoch,
            seq=known and known.seq,
            event_id=str(known.event_id) if known is not None and known.event_id is not None else None,
        )
        first = await self._device.next()
        assert first["type"] in {"snapshot", "resumed"}, first
        self.ways.append(first["type"])
        self._take(first)
        self._reading = asyncio.create_task(self._read(self._device))

    async def leave(self) -> None:
        """Lose the network."""
        if self._device is not None:
            await self._device.client.close()
        if self._reading is not None:
            await self._reading
        self.ways.clear()

    async def stay(self, running: Running) -> None:
        """Come back, as often as the server ends the connection, as the protocol tells."""
        while self._reading is None or self._reading.done():
            if self._device is not None and self._device.client.close_code == RESYNC:
                self.snapshot = None
            with contextlib.suppress(ConnectionClosed, DatabaseAwayError):
                await self.connect(running)
                return
            await asyncio.sleep(0.2)

    def wrong(self, truth: CircleSnapshot) -> int:
        """Count the incidents that are missing, should not be there, or are not as the database has them."""
        assert self.snapshot is not None
        mine, right = _incidents(self.snapshot), _incidents(truth)
        return sum(mine.get(each) != right.get(each) for each in mine.keys() | right.keys())

    async def wrong_at_last(self, world: World, *, within_s: float, running: Running | None = None) -> int:
        """Count as `wrong` does, once everything that is under way has come; `running` is for coming back."""
        deadline_s = asyncio.get_running_loop().time() + within_s
        while True:
            if running is not None:
                await self.stay(running)
            left = self.wrong(await shown_to(world, self.person))
            if not left or asyncio.get_running_loop().time() > deadline_s:
                return left
            await asyncio.sleep(0.05)

    async def _read(self, device: Device) -> None:
        try:
            while True:
                self._take(json.loads(await device.client.recv()))
        except ConnectionClosed:
            pass

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "snapshot":
            self.snapshot = SNAPSHOT.validate_python(message["snapshot"])
        elif message["type"] == "event" and self.snapshot is not None:
            read = SERVER_MESSAGE.validate_python(message)
            assert isinstance(read, EventMessage)
            recorded = RecordedEvent(
                circle_id=self.snapshot.circle.id,
                seq=read.seq,
                id=read.id,
                at=read.at,
                event=read.event,
                reach_version=read.reach_version,
            )
            self.snapshot = fold.apply(self.snapshot, recorded)


async def shown_to(world: World, person: Person) -> CircleSnapshot:
    """Return what the database shows a person, whatever the gateway says."""
    while True:
        try:
            viewer = await world.viewer(person)
            return shown_snapshot(await show_circle(world.database, viewer=viewer, clock=CLOCK), viewer)
        except DatabaseAwayError:
            await asyncio.sleep(0.1)


def _incidents(snapshot: CircleSnapshot) -> dict[Any, Any]:
    return {each.incident.id: INCIDENT.dump_python(each, mode="json") for each in snapshot.incidents}
