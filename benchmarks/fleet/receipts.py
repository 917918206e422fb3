"""From an accepted alert to every receipt in the database: real processes, real database, many devices."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import httpx

from benchmarks.fleet.sockets import Socket, open_fleet
from responder.ports.clock import SystemClock
from responder.security.sign_in import hash_token
from responder.store.database import PostgresDatabase
from tests.faults.rig.town import Person, Town, village_middle

CLOCK = SystemClock()
PATIENCE_S = 120.0
SEQ_AT = len(b'{"type":"event","seq":')
RECEIPT = (
    b'{"type":"receipt","action_id":"%b","alert_id":"%b","state":"delivered","at":"2026-01-01T00:00:00Z"}'
)


@dataclass
class Devices:
    """Robot devices that say hello and confirm every alert at once."""

    circle_id: UUID
    people: Sequence[Person]
    fleet: list[Socket] = field(default_factory=list)
    live: int = 0
    heard_at: dict[int, float] = field(default_factory=dict)
    stored_at: dict[int, float] = field(default_factory=dict)
    all_live: asyncio.Event = field(default_factory=asyncio.Event)
    all_stored: asyncio.Event = field(default_factory=asyncio.Event)
    expected: int = 0
    alert_id: str = ""
    epoch: str | None = None
    seq: int | None = None
    event_id: str | None = None

    def on_message(self, socket: Socket, payload: bytes, _now: float) -> None:
        """Do what a device does, without reading more of a message than it must."""
        if payload.startswith(b'{"type":"event"') and b'"kind":"alert_raised"' in payload[:200]:
            at = payload.index(b'"alerts":[{"id":"') + 17
            self.alert_id = payload[at : at + 36].decode()
            self.heard_at[socket.number] = time.time()
            self.seq = int(payload[SEQ_AT : payload.index(b",", SEQ_AT)])
            at = payload.index(b'"id":"', SEQ_AT) + 6
            self.event_id = payload[at : at + 36].decode()
            socket.send(RECEIPT % (str(uuid4()).encode(), self.alert_id.encode()))
        elif payload.startswith(b'{"type":"receipt_stored"'):
            self.stored_at[socket.number] = time.time()
            if len(self.stored_at) == self.expected:
                self.all_stored.set()
        elif payload.startswith((b'{"type":"snapshot"', b'{"type":"resumed"')):
            if self.epoch is None:
                snapshot = json.loads(payload)["snapshot"]
                self.epoch, self.seq = snapshot["epoch"], snapshot["seq"]
                self.event_id = snapshot["event_id"]
            self.live += 1
            if self.live == len(self.people):
                self.all_live.set()

    async def connect(self, port: int, tickets: Sequence[str]) -> float:
        """Open all sockets and say hello; return how many seconds it took until all were live."""
        self.live = 0
        self.all_live.clear()
        began = time.monotonic()
        waiting = asyncio.create_task(self._open(port, tickets))
        async with asyncio.timeout(PATIENCE_S):
            await waiting
            await self.all_live.wait()
        return time.monotonic() - began

    async def _open(self, port: int, tickets: Sequence[str]) -> None:
        # As all had it when they were cut off: those who are back hear of more before the others have asked.
        epoch, seq, event_id = self.epoch, self.seq, self.event_id

        def greet(socket: Socket) -> None:
            socket.send(json.dumps({"type": "ticket", "ticket": tickets[socket.number]}).encode())
            hello = {
                "type": "hello",
                "circle_id": str(self.circle_id),
                "epoch": epoch,
                "seq": seq,
                "event_id": event_id,
                "device": "benchmark",
            }
            socket.send(json.dumps(hello).encode())

        self.fleet = await open_fleet(
            len(self.people), port=port, path="/live", on_message=self.on_message, on_open=greet
        )


async def issue_tickets(database: PostgresDatabase, people: Sequence[Person]) -> list[str]:
    """Write a ticket for each person straight into the database: signing in is not what is measured."""
    tickets = [f"{uuid4()}{uuid4()}" for _ in people]
    expires_at = CLOCK.now().replace(year=CLOCK.now().year + 1)
    for first in range(0, len(people), 1000):
        async with database.begin() as transaction:
            for person, ticket in zip(
                people[first : first + 1000], tickets[first : first + 1000], strict=True
            ):
                await transaction.live_tickets.add(
                    hash_token(ticket), session_hash=hash_token(person.token), expires_at=expires_at
                )
    return tickets


async def raise_alert(town: Town, *, port: int, village: int) -> tuple[float, float, str]:
    """Raise an alert by the interface; return when it was asked for, when answered, and its incident."""
    coordinator = next(person for person in town.staff if person.role == "coordinator")
    lon, lat = village_middle(village)
    body: dict[str, object] = {
        "kind": "smoke",
        "severity": "orange",
        "exercise": False,
        "note": "",
        "lon": lon,
        "lat": lat,
    }
    url = f"http://127.0.0.1:{port}/api/circles/{town.circle_id}/incidents"
    headers = {"Authorization": f"Bearer {coordinator.token}", "Idempotency-Key": str(uuid4())}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        asked_at = time.time()
        answer = await http.post(url, json=body, headers=headers)
        if answer.status_code == httpx.codes.CONFLICT:
            # An earlier one of this village is still open. What counts is the request that calls people.
            others = [each["incident_id"] for each in answer.json()["candidates"]]
            asked_at = time.time()
            answer = await http.post(url, json={**body, "not_same_as": others}, headers=headers)
        accepted_at = time.time()
        answer.raise_for_status()
    return asked_at, accepted_at, answer.json()["incident"]["id"]


def memory_kib(pid: int) -> float:
    """Return the resident memory of a process in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return float(line.split()[1])
    return 0.0
