"""
Raise alerts in an installation of one tree, each only when told to, and say what each cost.

Started as `alert_worker.py TREE SOCKETS...`. For each number of sockets it opens them, says `ready`, and
takes lines: `go` raises an alert and says its `round`, anything else goes on to the next number. All but
this file is of the tree: real processes, a database of their own, and the fleet of its own benchmark.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

if __name__ == "__main__":
    sys.path.insert(0, sys.argv.pop(1))

import httpx
import psycopg

from benchmarks.fleet.processor import used_s
from benchmarks.fleet.receipts import RECEIPT, Devices, issue_tickets, raise_alert
from benchmarks.fleet.sockets import Socket, close_fleet, percentile, raise_open_file_limit
from responder.embedded import Cluster
from responder.store.database import connect
from responder.store.migrate import upgrade
from tests.faults.rig.build import build_town
from tests.faults.rig.processes import Installation, install
from tests.faults.rig.town import Person, Town, plan_town

TEAMS = 20
CALLED_AT_MOST = 1000
"""With more sockets than this, so many are called and the others look on."""
PATIENCE_S = 120.0
IDLE_S = 3.0
QUIET_S = 0.5
"""Nothing of an alert is left to do when hardly more than when idle was used for so long."""
HARDLY_MORE_S = 0.03
QUIET_WITHIN_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one alert took, in milliseconds; times are since the POST was sent."""

    commit_ms: float
    """Until it was answered, which is after the commit."""
    heard_ms: float
    """Until the last person who is called had it on their socket."""
    receipt_p99_ms: float
    """Until 99 of 100 receipts were in the database, and their senders told."""
    cpu_ms: float
    """Processor time, user and system, of all processes until they were at rest, above what they use idle."""


class ConfirmingDevices(Devices):
    """
    Devices that also confirm that an incident has ended, as phones do.

    Without that a thousand reminders every ten seconds of each earlier round would be counted as alerts.
    """

    def on_message(self, socket: Socket, payload: bytes, now: float) -> None:
        """Do what a device does."""
        if payload.startswith(b'{"type":"event"') and b'"kind":"incident_ended"' in payload[:200]:
            # That of the deliveries; people who were not called are shown none.
            at = payload.find(b'"alert_id":"')
            if at >= 0:
                socket.send(RECEIPT % (str(uuid4()).encode(), payload[at + 12 : at + 48]))
            return
        super().on_message(socket, payload, now)


OneRound = Callable[[], Awaitable[Round]]
Opened = Callable[[int], AbstractAsyncContextManager[OneRound]]
"""Opens so many sockets, and gives what raises an alert."""


def say(what: str, told: object = None) -> None:
    """Write a line that can be told from what else is printed."""
    print("::" + json.dumps([what, told]), flush=True)


async def raise_when_told(opened: Opened, sizes: Sequence[int]) -> None:
    """Open one number of sockets after the other, and raise alerts when told to."""
    raise_open_file_limit()
    for size in sizes:
        async with opened(size) as one_round:
            say("ready", size)
            while (await asyncio.to_thread(sys.stdin.readline)).strip() == "go":
                say("round", asdict(await one_round()))


class Processes:
    """The processor time of processes and of all below them."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = tuple(pids)
        self._idle = 0.0
        """Seconds of processor time in a second."""

    def used_s(self) -> float:
        """Return how many seconds they have used so far."""
        return sum(used_s(pid, with_descendants=True) for pid in self._pids)

    async def learn_idle(self) -> None:
        """Wait until what was begun is done, then see what they use while nothing happens."""
        await asyncio.sleep(IDLE_S)
        self._idle, _ = await self._rate(IDLE_S)

    def spending(self) -> Callable[[], Awaitable[float]]:
        """Begin to count; what is returned waits until they are at rest and says what was spent since."""
        begun_s, before_s = time.monotonic(), self.used_s()

        async def spent() -> float:
            await self.quiet()
            return self.used_s() - before_s - self._idle * (time.monotonic() - begun_s)

        return spent

    async def quiet(self) -> None:
        """Wait until they are at rest."""
        deadline_s = time.monotonic() + QUIET_WITHIN_S
        while time.monotonic() < deadline_s:
            rate, passed_s = await self._rate(QUIET_S)
            if (rate - self._idle) * passed_s < HARDLY_MORE_S:
                return

    async def _rate(self, for_s: float) -> tuple[float, float]:
        begun_s, before_s = time.monotonic(), self.used_s()
        await asyncio.sleep(for_s)
        passed_s = time.monotonic() - begun_s
        return (self.used_s() - before_s) / passed_s, passed_s


@dataclass(frozen=True, kw_only=True)
class Village:
    """A running installation; each number of sockets gets a circle of its own."""

    url: str
    installation: Installation
    processes: Processes
    """Interface, gateway and database."""

    @asynccontextmanager
    async def opened(self, sockets: int) -> AsyncIterator[OneRound]:
        """Open the sockets, and give what raises an alert to those who are called."""
        first = min(sockets, CALLED_AT_MOST)
        teams = min(TEAMS, first)
        plan = plan_town(villages=2, teams=teams, people_per_team=first // teams)
        database = connect(self.url)
        town = await build_town(database, plan)
        await analyze(self.url)
        people = [
            person for team in town.teams if team.village == 0 and team.on_duty for person in team.people
        ]
        others = [
            person for team in town.teams if team.village == 1 and team.on_duty for person in team.people
        ]
        called = len(people)
        while len(people) < sockets:
            # Onlookers have other sockets of the second village's people: one account may have many devices.
            people += others[: sockets - len(people)]
        devices = ConfirmingDevices(town.circle_id, people)
        [gateway] = self.installation.gateways
        await devices.connect(gateway.port, await issue_tickets(database, people))
        devices.expected = called
        await self.processes.learn_idle()
        yield lambda: self._round(town, devices)
        await close_fleet(devices.fleet)
        await database.dispose()

    async def _round(self, town: Town, devices: Devices) -> Round:
        devices.heard_at.clear()
        devices.stored_at.clear()
        devices.all_stored.clear()
        [api] = self.installation.apis
        spent = self.processes.spending()
        asked_at, accepted_at, incident_id = await raise_alert(town, port=api.port, village=0)
        async with asyncio.timeout(PATIENCE_S):
            await devices.all_stored.wait()
        cpu_s = await spent()
        stored_ms = [1000 * (at - asked_at) for at in devices.stored_at.values()]
        found = Round(
            commit_ms=1000 * (accepted_at - asked_at),
            heard_ms=1000 * (max(devices.heard_at.values()) - asked_at),
            receipt_p99_ms=percentile(stored_ms, 0.99),
            cpu_ms=1000 * cpu_s,
        )
        await end_incident(town, api.port, incident_id)
        # Whatever this still causes shall not be measured with the next.
        await self.processes.quiet()
        return found


async def analyze(url: str) -> None:
    """
    Tell the database how large its tables are by now, as its autovacuum does within a minute.

    Until then plans that were made while they were all but empty stay: a thousand rows cost twice as much.
    """
    dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute("ANALYZE")


def on_duty(town: Town, *, village: int) -> list[Person]:
    """Return the people of a village who are called."""
    return [p for team in town.teams if team.village == village and team.on_duty for p in team.people]


async def end_incident(town: Town, port: int, incident_id: str) -> None:
    """End an incident."""
    coordinator = next(person for person in town.staff if person.role == "coordinator")
    headers = {"Authorization": f"Bearer {coordinator.token}"}
    url = f"http://127.0.0.1:{port}/api/circles/{town.circle_id}/incidents/{incident_id}/end"
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        (await http.post(url, json={"reason": "resolved"}, headers=headers)).raise_for_status()


@asynccontextmanager
async def village(folder: Path, *, extra: dict[str, str] | None = None) -> AsyncIterator[Village]:
    """Run interface, gateway and database of this tree."""
    cluster = Cluster(folder / "database")
    await asyncio.to_thread(cluster.ensure)
    try:
        url = cluster.create_database("alert")
        upgrade(url)
        installation = install(url, folder, **({} if extra is None else {"extra": extra}))
        try:
            await installation.start()
            pids = [each.pid for each in installation.processes] + [cluster.status().pid]
            assert None not in pids  # noqa: S101 - all were started
            processes = Processes([pid for pid in pids if pid is not None])
            yield Village(url=url, installation=installation, processes=processes)
        finally:
            installation.stop()
    finally:
        cluster.stop()


async def _raise(folder: Path, sizes: Sequence[int]) -> None:
    async with village(folder) as running:
        await raise_when_told(running.opened, sizes)


def main(sizes: Sequence[int]) -> None:
    """Do what is told by lines until there are no more."""
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        asyncio.run(_raise(folder, sizes))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
