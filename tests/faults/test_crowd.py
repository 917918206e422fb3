"""Faults among many: two hundred and fifty devices on several gateways that are woken by a bus."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from tests import examples
from tests.faults.rig import scenarios
from tests.faults.rig.bus import SERVER, Bus
from tests.faults.rig.checker import percentile
from tests.faults.rig.database import database_of_its_own
from tests.faults.rig.journals import Line
from tests.faults.rig.rig import Rig, rigged
from tests.faults.rig.town import Person

pytest.importorskip("nats", reason="the client for NATS is not installed")
pytestmark = pytest.mark.skipif(SERVER is None, reason="nats-server is not installed")

CALLED = 120
"""More than a hundred, so that they are told of their own deliveries only."""
GATEWAYS = examples.size(4, by_day=3)
"""More than two: each has others besides the one that an alert came by."""
BACK_WITHIN_S = 120.0
"""Generous, because this machine also runs everything else; the benchmark measures it."""


@dataclass(kw_only=True)
class Crowd:
    rig: Rig
    bus: Bus

    async def all_in_order(self) -> None:
        verdict = await self.rig.verdict(within_s=BACK_WITHIN_S)
        assert verdict.is_clean, f"{verdict} {verdict.lost[:3]} {verdict.misdirected[:3]}"
        assert verdict.pairs > 0


@pytest.fixture(scope="module")
async def crowd() -> AsyncIterator[Crowd]:
    bus = Bus()
    bus.start()
    try:
        with database_of_its_own() as (_, url, folder):
            async with rigged(
                url,
                folder,
                teams=5,
                people_per_team=CALLED // 5,
                gateways=GATEWAYS,
                one_alone=True,
                extra={"RESPONDER_NATS_URL": bus.url},
            ) as rig:
                yield Crowd(rig=rig, bus=bus)
    finally:
        bus.stop()


def heard_s(rig: Rig, *, mark: int, but: Person | None = None) -> list[float]:
    """Return how long after the answer each alert since was on each screen, but for one person's."""
    answered = {answer.alert_id: answer.at for answer in rig.driver.answered}
    return [
        line["t"] - answered[line["alert_id"]]
        for line in rig.lines(after=mark)
        if line["k"] == "alert"
        and not line["known"]
        and line["alert_id"] in answered
        and (but is None or line["d"] != str(but.account_id))
    ]


async def until(done: Callable[[], object]) -> None:
    """Wait for what other processes do."""
    async with asyncio.timeout(BACK_WITHIN_S):
        while not done():  # noqa: ASYNC110 - journals are files
            await asyncio.sleep(0.1)


async def test_several_gateways_lose_nothing_between_them(crowd: Crowd) -> None:
    urls = {line["url"] for line in crowd.rig.lines() if line["k"] == "live"}
    assert len(urls) == GATEWAYS, "every gateway has devices"
    await scenarios.raise_and_end(crowd.rig, times=2)
    await crowd.all_in_order()


async def test_one_stopped_device_among_many_keeps_no_one_waiting(crowd: Crowd) -> None:
    rig = crowd.rig
    asleep = rig.robots[0]
    [person] = asleep.people
    asleep.signal(signal.SIGSTOP)
    mark = rig.journals.mark
    try:
        raised = await rig.driver.raise_alert(0)
        await until(lambda: len(heard_s(rig, mark=mark, but=person)) == CALLED - 1)
        assert percentile(heard_s(rig, mark=mark, but=person), 0.5) < 10.0
        await rig.driver.end(raised)
    finally:
        asleep.signal(signal.SIGCONT)
    await crowd.all_in_order()


async def test_a_session_that_ends_with_its_socket_open_hears_no_more(crowd: Crowd) -> None:
    rig = crowd.rig
    ended = next(person for person in rig.town.staff if person.role == "observer")
    device, mark = str(ended.account_id), rig.journals.mark
    await scenarios.end_session(rig, ended)
    ended_at = time.time()

    def closed() -> list[Line]:
        return [line for line in rig.lines(after=mark) if line["d"] == device and line["k"] == "closed"]

    await until(closed)
    assert closed()[0]["code"] == 4001
    assert closed()[0]["t"] - ended_at < 30, "five seconds, on a machine that does nothing else"
    later = await rig.driver.raise_alert(0)
    await rig.driver.end(later)
    await crowd.all_in_order()
    heard = scenarios.devices_that_heard(rig, later, mark=mark)
    assert heard
    assert device not in heard


async def test_the_bus_flaps_and_stays_away(crowd: Crowd) -> None:
    async with scenarios.background_alerts(crowd.rig):
        for _ in range(2):
            crowd.bus.stop()
            await asyncio.sleep(1.0)
            crowd.bus.start()
            await asyncio.sleep(1.0)
        crowd.bus.stop()
        await asyncio.sleep(2.0)
    await crowd.all_in_order()
    crowd.bus.start()


async def test_everyone_comes_back_at_once_while_an_alert_is_raised(crowd: Crowd) -> None:
    rig = crowd.rig
    mark, since = rig.journals.mark, time.time()
    for gateway in rig.installation.gateways:
        gateway.kill()
    during = await rig.driver.raise_alert(0)
    for gateway in rig.installation.gateways:
        gateway.start()
    back = asyncio.create_task(scenarios.all_back(rig, since=since, mark=mark))
    again = await rig.driver.raise_alert(1)
    assert percentile(await back, 0.99) < scenarios.BACK_WITHIN_S
    await crowd.all_in_order()
    for raised in (during, again):
        await rig.driver.end(raised)
    await crowd.all_in_order()
