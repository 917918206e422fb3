"""Each fault in a short form, on one installation of two interfaces, two gateways and its own database."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from responder.embedded import Cluster
from tests.faults.rig import scenarios
from tests.faults.rig.checker import percentile
from tests.faults.rig.database import database_of_its_own
from tests.faults.rig.rig import Rig, rigged

BACK_WITHIN_S = 30.0
"""Generous, because this machine also runs everything else; the benchmark measures it."""


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


async def test_without_a_fault_everybody_hears_within_a_second(bench: Bench) -> None:
    await scenarios.raise_and_end(bench.rig, times=4)
    await bench.all_in_order()
    heard_s = (await bench.rig.verdict()).heard_s
    assert percentile(heard_s, 0.5) < 1.0


async def test_processes_are_killed_at_random(bench: Bench) -> None:
    async with scenarios.alerts_meanwhile(bench.rig):
        for process in bench.rig.installation.processes:
            back_s = await scenarios.kill_and_restart(bench.rig, process)
            assert percentile(back_s, 0.99) <= BACK_WITHIN_S, process.kind
    await bench.all_in_order()


async def test_a_gateway_is_killed_between_commit_and_fan_out(bench: Bench) -> None:
    for gateway in bench.rig.installation.gateways:
        await scenarios.kill_between_commit_and_fan_out(bench.rig, gateway)
    await bench.all_in_order()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
async def test_the_database_restarts(bench: Bench, how: signal.Signals) -> None:
    pid = bench.cluster.status().pid
    assert pid is not None
    async with scenarios.alerts_meanwhile(bench.rig):
        await asyncio.sleep(0.3)
        await scenarios.restart_database(bench.cluster.ensure, pid, how=how)
        await asyncio.sleep(1.0)
    await bench.all_in_order()


async def test_wake_ups_are_lost(bench: Bench) -> None:
    async with scenarios.alerts_meanwhile(bench.rig):
        await scenarios.kill_listeners(bench.rig.database_url, for_s=2)
    await bench.all_in_order()


async def test_one_of_two_gateways_stops_in_good_order_under_load(bench: Bench) -> None:
    gateway = bench.rig.installation.gateways[0]
    async with scenarios.alerts_meanwhile(bench.rig):
        await asyncio.to_thread(gateway.stop)
        await asyncio.sleep(1.0)
        gateway.start()
        await gateway.ready()
    await bench.all_in_order()


async def test_an_answer_that_nobody_heard_is_asked_for_again(bench: Bench) -> None:
    await scenarios.post_and_hang_up(bench.rig)
    await bench.all_in_order()


async def test_one_request_fifty_times_at_once_is_one_alert(bench: Bench) -> None:
    assert len(await scenarios.post_many_times_at_once(bench.rig, times=50)) == 1
    await bench.all_in_order()


async def test_a_device_that_stops_reading_keeps_nobody_waiting_and_catches_up(bench: Bench) -> None:
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
    assert max(heard_s) < 2.0
