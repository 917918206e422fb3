"""
From the commit of an alert to the first request for each of its people at the service that carries messages.

The service is a stand-in that takes what an ntfy server takes, in a process of its own. Nobody has a page
open, so that everyone is sent a message. The commit is when another session of the database hears of it.
"""

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import make_url

from benchmarks.fleet.receipts import raise_alert
from benchmarks.paired.alert_worker import TEAMS, Village, analyze, end_incident, on_duty
from responder.demo.services.http_server import HttpRequest, HttpResponse, serve_http
from responder.demo.services.inbox import ServiceInbox
from responder.demo.services.ntfy import NtfyService
from responder.domain.channels.contact import Contact, ContactChannel
from responder.domain.channels.service import ChannelService
from responder.domain.ids import AccountId, CircleId
from responder.services.security_context import as_system
from responder.store.database import connect
from responder.store.incidents.event import CHANNEL
from tests.faults.rig.build import build_town
from tests.faults.rig.town import Person, Town, plan_town

TOKEN = "tk_bench"  # noqa: S105 - of a service that runs here
BUDGET = 1_000_000
"""Requests a minute: what is measured is how fast we are, not how patient."""
PATIENCE_S = 60.0


@dataclass
class CountingService:
    """Notes when the first request for each person came, before it is answered."""

    service: NtfyService
    first_at: dict[str, float] = field(default_factory=dict)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        now = time.time()
        answer = await self.service(request)
        self.first_at.setdefault(request.json["topic"], now)
        return answer


def run_service(pipe: Connection) -> None:
    """Serve in this process until it is ended; says its port first, and then what it took whenever asked."""
    asyncio.run(_serve(pipe))


async def _serve(pipe: Connection) -> None:
    counting = CountingService(NtfyService(ServiceInbox(), token=TOKEN, per_minute=BUDGET))
    async with serve_http(counting) as port:
        pipe.send(port)
        while True:
            if await asyncio.to_thread(pipe.recv) == "forget":
                counting.first_at.clear()
            pipe.send(counting.first_at)


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """The service, seen from here."""

    port: int
    pipe: Connection

    async def ask(self, word: str) -> dict[str, float]:
        """Return when the first request for each person came."""
        self.pipe.send(word)
        found: dict[str, float] = await asyncio.to_thread(self.pipe.recv)
        return found


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Run the service."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=run_service, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        yield StandIn(port=here.recv(), pipe=here)
    finally:
        process.kill()
        process.join()


async def first_requests_ms(running: Village, service: StandIn, *, people: int, alerts: int) -> list[float]:
    """Raise alerts; return for each person of each alert how long after the commit the service was asked."""
    teams = min(TEAMS, people)
    database = connect(running.url)
    town = await build_town(database, plan_town(villages=1, teams=teams, people_per_team=people // teams))
    called = on_duty(town, village=0)
    circle_id = CircleId(town.circle_id)
    contacts = _contacts(circle_id, called, now := datetime.now(UTC))
    settings = {"server": f"http://127.0.0.1:{service.port}", "token": TOKEN}
    with as_system():
        async with database.begin() as transaction:
            ntfy = ChannelService(
                id=contacts[0].service_id,
                circle_id=circle_id,
                channel=ContactChannel.NTFY,
                name="ntfy",
                settings=settings,
                changed_at=now,
            )
            await transaction.channels.add_service(ntfy)
            for contact in contacts:
                await transaction.contacts.add_contact(contact)
    await analyze(running.url)
    found = [await _one_alert(running, service, town, people=len(called)) for _ in range(alerts + 1)]
    await database.dispose()
    # The first finds cold caches.
    return [each for one in found[1:] for each in one]


def _contacts(circle_id: CircleId, people: list[Person], now: datetime) -> list[Contact]:
    service_id = uuid4()
    return [
        Contact(
            id=uuid4(),
            circle_id=circle_id,
            account_id=AccountId(person.account_id),
            service_id=service_id,
            address=f"person-{person.account_id}",
            turn=0,
            added_at=now,
            verified_at=now,
        )
        for person in people
    ]


async def _one_alert(running: Village, service: StandIn, town: Town, *, people: int) -> list[float]:
    [api] = running.installation.apis
    await service.ask("forget")
    async with _committed(running.url, town.circle_id) as committed:
        _, _, incident_id = await raise_alert(town, port=api.port, village=0)
        committed_at = await committed
    async with asyncio.timeout(PATIENCE_S):
        while len(first_at := await service.ask("tell")) < people:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.2)
    await end_incident(town, api.port, incident_id)
    # The all-clear goes out to everyone, too.
    await running.processes.quiet()
    return [1000 * (at - committed_at) for at in first_at.values()]


@asynccontextmanager
async def _committed(url: str, circle_id: UUID) -> AsyncIterator["asyncio.Task[float]"]:
    """Listen as a gateway does, and give when the next event of the circle was committed."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as session:
        await session.execute(f"LISTEN {CHANNEL}")

        async def first() -> float:
            async for told in session.notifies():
                if told.payload == str(circle_id):
                    return time.time()
            message = "the database closed the session"
            raise ConnectionError(message)

        listening = asyncio.create_task(first())
        try:
            yield listening
        finally:
            listening.cancel()
