"""Each fault in a short form, on one installation of two interfaces, two gateways and its own database."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import psycopg
import pytest

from responder.embedded import Cluster
from tests import examples
from tests.faults.rig import scenarios
from tests.faults.rig.checker import percentile
from tests.faults.rig.database import database_of_its_own
from tests.faults.rig.rig import CLOCKS_AHEAD_S, Rig, rigged
from tests.faults.rig.town import expected_recipients

BACK_WITHIN_S = 90.0
"""Generous, because this machine also runs everything else; the benchmark measures it."""
KILLED = examples.size(2, by_day=1)
"""Of each kind of process, which are alike."""
NOT_SAID_AGAIN_S = 8.0
"""An alert that was heard sooner was not one that is sent again because no one confirmed it."""


@dataclass(kw_only=True)
class Bench:
    rig: Rig
    cluster: Cluster

    async def all_in_order(self) -> None:
        verdict = await self.rig.verdict()
        assert verdict.is_clean, f"{verdict} {verdict.lost[:3]} {verdict.misdirected[:3]}"
        assert verdict.pairs > 0


@pytest.fixture(scope="module")
async def bench() -> AsyncIterator[Bench]:
    with database_of_its_own() as (cluster, url, folder):
        async with rigged(url, folder, apis=2, gateways=2) as rig:
            yield Bench(rig=rig, cluster=cluster)


async def test_without_a_fault_everyone_hears_within_moments(bench: Bench) -> None:
    await scenarios.raise_and_end(bench.rig, times=4)
    await bench.all_in_order()
    heard_s = (await bench.rig.verdict()).heard_s
    assert percentile(heard_s, 0.5) < NOT_SAID_AGAIN_S


async def test_processes_are_killed_at_random(bench: Bench) -> None:
    async with scenarios.background_alerts(bench.rig):
        for process in [*bench.rig.installation.apis[:KILLED], *bench.rig.installation.gateways[:KILLED]]:
            back_s = await scenarios.kill_and_restart(bench.rig, process)
            assert percentile(back_s, 0.99) <= BACK_WITHIN_S, process.kind
    await bench.all_in_order()


async def test_a_gateway_is_killed_between_commit_and_fan_out(bench: Bench) -> None:
    for gateway in bench.rig.installation.gateways[:KILLED]:
        await scenarios.kill_between_commit_and_fan_out(bench.rig, gateway)
    await bench.all_in_order()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
async def test_the_database_restarts(bench: Bench, how: signal.Signals) -> None:
    pid = bench.cluster.status().pid
    assert pid is not None
    async with scenarios.background_alerts(bench.rig):
        await asyncio.sleep(0.3)
        await scenarios.restart_database(bench.cluster.ensure, pid, how=how)
        await asyncio.sleep(1.0)
    await bench.all_in_order()


async def test_wake_ups_are_lost(bench: Bench) -> None:
    async with scenarios.background_alerts(bench.rig):
        await scenarios.kill_listeners(bench.rig.database_url, for_s=2)
    await bench.all_in_order()


async def test_one_of_two_gateways_stops_in_good_order_under_load(bench: Bench) -> None:
    gateway = bench.rig.installation.gateways[0]
    async with scenarios.background_alerts(bench.rig):
        await asyncio.to_thread(gateway.stop)
        await asyncio.sleep(1.0)
        gateway.start()
        await gateway.ready()
    await bench.all_in_order()


async def test_one_of_two_interfaces_stops_in_good_order_under_load(bench: Bench) -> None:
    api = bench.rig.installation.apis[0]
    async with scenarios.background_alerts(bench.rig):
        await asyncio.to_thread(api.stop)
        await asyncio.sleep(0.5)
        api.start()
        await api.ready()
    await bench.all_in_order()


async def test_devices_whose_clocks_are_a_day_off_hear_and_confirm_like_the_others(bench: Bench) -> None:
    rig = bench.rig
    raised = await rig.driver.raise_alert(0)
    off = {
        str(person.responder_id): ahead_s
        for robots, ahead_s in zip(rig.robots, CLOCKS_AHEAD_S, strict=True)
        for person in robots.people
        if ahead_s and person.responder_id in expected_recipients(rig.town, village=0)
    }
    assert {ahead_s > 0 for ahead_s in off.values()} == {True, False}
    await bench.all_in_order()
    found: dict[str, tuple[datetime, datetime]] = {}
    async with asyncio.timeout(BACK_WITHIN_S):
        while len(found) < len(expected_recipients(rig.town, village=0)):
            await asyncio.sleep(0.2)
            found = await receipts_of(rig.database_url, raised.alert_id)
    for recipient, ahead_s in off.items():
        device_at, stored_at = found[recipient]
        assert abs((device_at - stored_at).total_seconds() - ahead_s) < 300, (
            "the device's time is kept as such"
        )
        assert abs(stored_at.timestamp() - raised.at) < 300, "the server's own time decides"
    await rig.driver.end(raised)


async def receipts_of(url: str, alert_id: str) -> dict[str, tuple[datetime, datetime]]:
    """Return of each recipient's first receipt the device's time and the server's, asked without our code."""
    dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        rows = await connection.execute(
            "SELECT responder.id, receipt.device_at, receipt.at FROM receipt"
            " JOIN responder USING (circle_id, account_id) WHERE alert_id = %s AND state = 'delivered'",
            [alert_id],
        )
        return {str(recipient): (device_at, at) async for recipient, device_at, at in rows}


async def test_an_answer_that_no_one_heard_is_asked_for_again(bench: Bench) -> None:
    await scenarios.post_and_hang_up(bench.rig)
    await bench.all_in_order()


async def test_one_request_fifty_times_at_once_is_one_alert(bench: Bench) -> None:
    assert len(await scenarios.post_many_times_at_once(bench.rig, times=50)) == 1
    await bench.all_in_order()


async def test_a_device_that_stops_reading_keeps_no_one_waiting_and_catches_up(bench: Bench) -> None:
    rig = bench.rig
    asleep, *_ = rig.robots
    asleep.signal(signal.SIGSTOP)
    before = len(rig.driver.answered)
    await scenarios.raise_and_end(rig, times=4)
    asleep.signal(signal.SIGCONT)
    await bench.all_in_order()
    awake = {str(person.account_id) for robots in rig.robots[1:] for person in robots.people}
    answered = {answer.alert_id: answer.at for answer in rig.driver.answered[before:]}
    heard_s = [
        line["t"] - answered[line["alert_id"]]
        for line in rig.lines()
        if line["k"] == "alert" and not line["known"] and line["alert_id"] in answered and line["d"] in awake
    ]
    assert heard_s
    assert percentile(heard_s, 0.5) < NOT_SAID_AGAIN_S
