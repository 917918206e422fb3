"""Ten thousand devices come back at once, and an alert is raised while they do."""

import asyncio
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fleet.receipts import Devices, issue_tickets, raise_alert
from benchmarks.fleet.sockets import close_fleet
from responder.store.database import connect
from tests.faults.rig.build import build_town
from tests.faults.rig.driver import Driver
from tests.faults.rig.processes import install
from tests.faults.rig.rig import Rig
from tests.faults.rig.town import Person, plan_town

TEAMS = 20
CALLED = 1000
WAIT_S = 120.0


@dataclass(kw_only=True)
class Stampede:
    """What became of the alerts."""

    pairs: int = 0
    lost: int = 0
    misdirected: int = 0
    back_s: float = 0.0
    """From the end of the gateway to everyone being live again."""
    heard_p99_s: float = 0.0
    """Of those who were awake, while one of a thousand had been stopped."""


async def stampede(url: str, *, sockets: int) -> Stampede:
    """
    Let so many devices live on one gateway, stop one of them, and end the gateway with everyone on it.

    The devices of whom one is stopped are a thousand, or all when there are fewer.
    """
    database = connect(url)
    found = Stampede()
    with tempfile.TemporaryDirectory(prefix="responder-stampede-") as name:
        folder = Path(name)
        installation = install(url, folder)
        try:
            await installation.start()
            per_team = max(1, min(sockets, CALLED) // TEAMS)
            town = await build_town(database, plan_town(villages=2, teams=TEAMS, people_per_team=per_team))
            called = [p for t in town.teams if t.village == 0 and t.on_duty for p in t.people]
            others = [p for t in town.teams if t.village == 1 and t.on_duty for p in t.people]
            [gateway], [api] = installation.gateways, installation.apis
            # The last of those called has a process of its own, which can be stopped.
            driver = Driver(town=town, api_urls=[f"http://127.0.0.1:{api.port}"])
            rig = Rig(database_url=url, town=town, installation=installation, driver=driver, folder=folder)
            asleep = rig.start_robots([called[-1]])
            people: list[Person] = called[:-1]
            while len(people) < sockets - 1:
                people = [*people, *others[: sockets - 1 - len(people)]]
            devices = Devices(town.circle_id, people)
            try:
                await rig.all_live(people=[called[-1]])
                await devices.connect(gateway.port, await issue_tickets(database, people))

                asleep.signal(signal.SIGSTOP)
                await _one_alert(devices, found, town, port=api.port, called=len(called) - 1)
                asleep.signal(signal.SIGCONT)

                tickets = await issue_tickets(database, people)
                before, devices.alert_id = devices.alert_id, ""
                await close_fleet(devices.fleet)
                gateway.kill()
                since = time.monotonic()
                gateway.start()
                await gateway.ready()
                connecting = asyncio.create_task(devices.connect(gateway.port, tickets))
                while devices.live < sockets // 3 and not connecting.done():  # noqa: ASYNC110 - they come
                    await asyncio.sleep(0.01)
                await _one_alert(devices, found, town, port=api.port, called=len(called) - 1)
                await connecting
                found.back_s = time.monotonic() - since
                assert devices.alert_id not in {"", before}  # noqa: S101 - another alert
                missed = await _missed_by(rig, called[-1], alerts=2)
                found.pairs, found.lost = found.pairs + 2, found.lost + missed
            finally:
                asleep.stop()
                await close_fleet(devices.fleet)
        finally:
            installation.stop()
            await database.dispose()
    return found


async def _one_alert(devices: Devices, found: Stampede, town: object, *, port: int, called: int) -> None:
    devices.expected = called
    devices.heard_at.clear()
    devices.stored_at.clear()
    devices.all_stored.clear()
    _, accepted_at, _ = await raise_alert(town, port=port, village=0)  # type: ignore[arg-type]
    try:
        async with asyncio.timeout(WAIT_S):
            await devices.all_stored.wait()
    except TimeoutError:
        print(f"  only {len(devices.stored_at)} of {called} confirmed", flush=True)
    heard = sorted(at - accepted_at for number, at in devices.heard_at.items() if number < called)
    found.pairs += called
    found.lost += called - len(heard)
    found.misdirected += len(devices.heard_at) - len(heard)
    if heard and not found.heard_p99_s:
        found.heard_p99_s = heard[int(0.99 * (len(heard) - 1))]


async def _missed_by(rig: Rig, person: Person, *, alerts: int) -> int:
    """Return how many of the alerts the device that was stopped has not shown in the end."""
    deadline = time.monotonic() + WAIT_S
    while True:
        shown = {
            line["alert_id"]
            for line in rig.lines()
            if line["k"] == "alert" and line["d"] == str(person.account_id)
        }
        if len(shown) >= alerts or time.monotonic() > deadline:
            return max(0, alerts - len(shown))
        await asyncio.sleep(0.25)
