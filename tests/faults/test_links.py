"""A device whose link is cut, or loses one direction: noticed in time, and the alert comes in the end."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from responder.security.sign_in import hash_token
from responder.store.install_state import libpq_url
from tests.faults.rig.journals import Journals, Line
from tests.faults.rig.link import Link, NotPermittedError, linked
from tests.faults.rig.processes import ROOT
from tests.live.conftest import CLOCK, Running, Start, World

NOTICED_WITHIN_S = 60.0
BACK_WITHIN_S = 180.0
TICKETS = 60
QUICK = {"ping_interval_s": 2, "ping_timeout_s": 3, "tcp_user_timeout_s": 2}
"""Yet a device of this process is not taken for gone because the machine is busy for a second."""
NEVER = {"ping_interval_s": 600, "ping_timeout_s": 600, "tcp_user_timeout_s": 600}


@pytest.fixture(scope="module")
async def link() -> AsyncIterator[Link]:
    loop = asyncio.get_running_loop()
    try:
        with linked() as made, ThreadPoolExecutor() as threads:
            # No thread that starts in there is used by other tests afterwards.
            loop.set_default_executor(threads)
            yield made
    except NotPermittedError as error:
        pytest.skip(f"no namespace can be made here: {error}")
    finally:
        loop.set_default_executor(ThreadPoolExecutor())


@dataclass(kw_only=True)
class FarDevice:
    """A robot at the other end of the link."""

    world: World
    running: Running
    journals: Journals = field(default_factory=Journals)

    def lines(self, kind: str, *, alert_id: UUID | None = None) -> list[Line]:
        """Return what the device wrote down of a kind, or about an alert."""
        return [
            line
            for line in self.journals.after()
            if line["k"] == kind and (alert_id is None or line["alert_id"] == str(alert_id))
        ]

    async def until(self, done: Callable[[], object], *, within_s: float) -> None:
        async with asyncio.timeout(within_s):
            while not done():  # noqa: ASYNC110 - what others do
                await asyncio.sleep(0.05)

    async def let_go(self) -> None:
        """Wait until the gateway has no socket to it any more."""
        await self.until(lambda: len(self.running.gateway.connections) == 1, within_s=NOTICED_WITHIN_S)

    async def state_of(self, alert_id: UUID) -> str:
        """Return how far the alert has come, asked without our code."""
        person = self.world.responder().responder_id
        async with await psycopg.AsyncConnection.connect(libpq_url(self.world.url)) as connection:
            await connection.execute("SELECT act_as_system(NULL)")
            found = await connection.execute(
                "SELECT state FROM delivery WHERE alert_id = %s AND recipient_id = %s", [alert_id, person]
            )
            row = await found.fetchone()
        assert row is not None
        return str(row[0])


@pytest.fixture
async def far(
    world: World, start: Start, link: Link, short_dir: Path, request: pytest.FixtureRequest
) -> AsyncIterator[FarDevice]:
    """Give a device at the far end that is live, and a gateway with one more socket to itself."""
    running = await start(host=link.near, **getattr(request, "param", QUICK))
    person = world.responder()
    journal, config = short_dir / "journal.jsonl", short_dir / "robot.json"
    about = {
        "circle_id": str(world.town.circle_id),
        "api_urls": ["http://127.0.0.1"],
        "live_urls": [f"ws://{link.near}:{running.port}/live"],
        "people": [
            {
                "account_id": str(person.account_id),
                "token": person.token,
                "tickets": await tickets(world, token=person.token),
            }
        ],
        "journal": str(journal),
        "ping_s": 1,
    }
    config.write_text(json.dumps(about))
    program = [sys.executable, "-m", "tests.faults.rig.robots", str(config)]
    robot = run(link.command(*program))
    device = FarDevice(world=world, running=running)
    device.journals.add(journal)
    try:
        await device.until(lambda: device.lines("live"), within_s=BACK_WITHIN_S)
        yield device
    finally:
        robot.kill()
        robot.wait()
        link.mend()


def run(program: list[str]) -> "subprocess.Popen[bytes]":
    """Start one of our own programs."""
    return subprocess.Popen(program, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})  # noqa: S603


async def tickets(world: World, *, token: str) -> list[str]:
    """Write down many tickets that last: there is no interface at the far end."""
    made = [str(uuid4()) for _ in range(TICKETS)]
    async with world.database.begin() as transaction:
        for ticket in made:
            await transaction.live_tickets.add(
                hash_token(ticket),
                session_hash=hash_token(token),
                expires_at=CLOCK.now() + timedelta(hours=1),
            )
    return made


async def test_the_machine_s_own_network_has_no_device_more(link: Link) -> None:
    def devices(process: str) -> str:
        return Path("/proc", process, "net/dev").read_text(encoding="ascii")

    assert link.device in devices("thread-self")
    assert link.device not in devices("1")


@pytest.mark.parametrize("fault", ["cut", "lose_what_comes", "lose_what_goes"])
async def test_a_broken_link_is_noticed_and_the_alert_comes_when_it_is_whole(
    far: FarDevice, link: Link, fault: str
) -> None:
    world = far.world
    near = await far.running.live(world.staff("coordinator"))
    getattr(link, fault)()
    detail = await world.raise_alert()
    [alert] = detail.alerts
    await near.next_event("alert_raised")
    await far.let_go()
    assert await far.state_of(alert.id) in {"queued", "sent"}, "written bytes are not a delivery"
    link.mend()
    await far.until(lambda: far.lines("receipt_stored", alert_id=alert.id), within_s=BACK_WITHIN_S)
    assert await far.state_of(alert.id) == "delivered"
    shown = [line for line in far.lines("alert", alert_id=alert.id) if not line["known"]]
    assert len(shown) == 1
    await world.end(detail)


@pytest.mark.parametrize("far", [NEVER], indirect=True)
async def test_without_the_remedies_a_cut_link_would_be_held_on_to(far: FarDevice, link: Link) -> None:
    await far.running.live(far.world.staff("coordinator"))
    link.cut()
    await asyncio.sleep(6)
    assert len(far.running.gateway.connections) == 2
