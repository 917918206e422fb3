"""A town in a real database, a gateway on a real socket, and devices that speak the wire."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

sys.path.insert(0, str(Path(__file__).parents[2]))

from responder.domain.errors import SimilarIncidentError
from responder.domain.ids import AccountId, CircleId, IncidentId
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Viewer
from responder.live.gateway import Gateway
from responder.live.protocol.limits import Limits
from responder.ports.clock import SystemClock
from responder.security.live_ticket import issue_ticket
from responder.security.sign_in import viewer as find_viewer
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.raise_alert import NewIncident, raise_alert
from responder.store.database import PostgresDatabase
from responder.store.database import connect as connect_database
from responder.store.outage import Outage
from responder.store.road_cache import StoredRoads
from responder.store.wakeup import wakeups
from tests.faults.rig.build import build_town
from tests.faults.rig.town import Person, Town, plan_town, village_middle
from tests.patience import PATIENCE_S, PATIENT

CLOCK = SystemClock()


@dataclass(kw_only=True)
class World:
    """A town with its database, and what people do there."""

    database: PostgresDatabase
    url: str
    town: Town
    roads: StoredRoads

    def staff(self, role: str) -> Person:
        return next(person for person in self.town.staff if person.role == role)

    def responder(self, *, village: int = 0, number: int = 0, on_duty: bool = True) -> Person:
        return [
            person
            for team in self.town.teams
            if team.village == village and team.on_duty is on_duty
            for person in team.people
        ][number]

    async def viewer(self, person: Person) -> Viewer:
        return await find_viewer(
            self.database, account_id=AccountId(person.account_id), circle_id=CircleId(self.town.circle_id)
        )

    async def raise_alert(self, *, village: int = 0, exercise: bool = False) -> IncidentDetail:
        lon, lat = village_middle(village)
        new = NewIncident(
            kind="smoke",
            severity=Severity.ORANGE,
            exercise=exercise,
            lon=lon,
            lat=lat,
            label="7栋",
        )
        viewer, key = await self.viewer(self.staff("coordinator")), str(uuid4())

        async def attempt(new: NewIncident) -> IncidentDetail:
            return await raise_alert(
                self.database, self.roads, viewer=viewer, new=new, idempotency_key=key, clock=CLOCK
            )

        try:
            return await attempt(new)
        except SimilarIncidentError as asked:
            candidates = cast("list[dict[str, str]]", asked.detail["candidates"])
            others = tuple(IncidentId(UUID(each["incident_id"])) for each in candidates)
            return await attempt(replace(new, not_same_as=others))

    async def end(self, detail: IncidentDetail) -> IncidentDetail:
        return await end_incident(
            self.database,
            viewer=await self.viewer(self.staff("coordinator")),
            incident_id=detail.incident.id,
            reason=EndReason.FALSE_ALARM,
            clock=CLOCK,
        )


@dataclass(kw_only=True)
class Device:
    """A client of the wire that keeps all it heard."""

    client: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def next(self, kind: str | None = None, *, within_s: float = PATIENCE_S) -> dict[str, Any]:
        """Return the next message, or the next one of a kind."""
        async with asyncio.timeout(within_s):
            while True:
                message = json.loads(await self.client.recv())
                self.heard.append(message)
                if kind is None or message["type"] == kind:
                    return message

    async def next_event(self, kind: str, *, within_s: float = PATIENCE_S) -> dict[str, Any]:
        """Return the next event of a kind."""
        async with asyncio.timeout(within_s):
            while True:
                message = await self.next("event", within_s=within_s)
                if message["event"]["kind"] == kind:
                    return message

    async def silence(self, *, for_s: float = 1.5) -> list[dict[str, Any]]:
        """Return what comes in a while."""
        before = len(self.heard)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(for_s):
                while True:
                    await self.next(within_s=for_s)
        return self.heard[before:]

    async def send(self, **message: object) -> None:
        await self.client.send(json.dumps(message, default=str))

    async def receipt(self, alert_id: UUID | str, state: str, *, action_id: UUID | None = None) -> UUID:
        action = action_id or uuid4()
        await self.send(
            type="receipt",
            action_id=action,
            alert_id=alert_id,
            state=state,
            at=CLOCK.now().isoformat(),
        )
        return action

    async def close_code(self) -> int | None:
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    self.heard.append(json.loads(await self.client.recv()))
        return self.client.close_code


def position(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Return how much of the log a snapshot holds, as a hello names it."""
    return {name: snapshot[name] for name in ("epoch", "seq", "event_id")}


@dataclass(kw_only=True)
class Running:
    """A gateway that serves."""

    gateway: Gateway
    world: World
    host: str = "127.0.0.1"
    port: int
    _stack: contextlib.AsyncExitStack

    async def device(
        self,
        person: Person,
        *,
        epoch: str | None = None,
        seq: int | None = None,
        event_id: str | None = None,
        ticket: str | None = None,
        circle_id: UUID | None = None,
    ) -> Device:
        """Connect as a person; the first message, snapshot or resumed, is still to come."""
        if ticket is None:
            ticket = (await issue_ticket(self.world.database, token=person.token, clock=CLOCK)).ticket
        client = await self._stack.enter_async_context(
            connect(
                f"ws://{self.host}:{self.port}/live",
                proxy=None,
                max_size=None,
                max_queue=None,
                close_timeout=1,
            )
        )
        device = Device(client=client)
        await device.send(type="ticket", ticket=ticket)
        await device.send(
            type="hello",
            circle_id=circle_id or self.world.town.circle_id,
            epoch=epoch,
            seq=seq,
            event_id=event_id,
            device="test",
        )
        return device

    async def live(self, person: Person) -> Device:
        """Connect as a person and take the snapshot."""
        device = await self.device(person)
        await device.next("snapshot")
        return device


Start = Callable[..., Awaitable[Running]]


@pytest.fixture(scope="module")
async def world(database_url: str) -> AsyncIterator[World]:
    database = connect_database(database_url)
    town = await build_town(database, plan_town(villages=2, teams=2, people_per_team=2))
    yield World(database=database, url=database_url, town=town, roads=StoredRoads(database))
    await database.dispose()


@pytest.fixture
async def start(world: World) -> AsyncIterator[Start]:
    """Start gateways on the town's database; they are stopped after the test."""
    async with contextlib.AsyncExitStack() as stack:

        async def started(*, host: str = "127.0.0.1", with_wakeups: bool = True, **limits: float) -> Running:
            gateway = Gateway(
                world.database,
                clock=CLOCK,
                allowed_origins=frozenset(),
                wakeups=(lambda: wakeups(world.url, outage=Outage())) if with_wakeups else None,
                limits=Limits(**{**PATIENT, **limits}),  # type: ignore[arg-type]
            )
            port = await gateway.start(host, 0)
            stack.push_async_callback(gateway.stop)
            return Running(gateway=gateway, world=world, host=host, port=port, _stack=stack)

        yield started
