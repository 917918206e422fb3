"""Tests of the rig: with one promise broken it must not find everything in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from tests.faults.rig import scenarios
from tests.faults.rig.processes import Process
from tests.faults.rig.rig import Rig, rigged


async def restart(gateway: Process) -> None:
    gateway.kill()
    gateway.start()
    await gateway.ready()


@contextlib.asynccontextmanager
async def small(url: str, folder: Path, *, sabotage: str = "") -> AsyncIterator[Rig]:
    async with rigged(url, folder, teams=1, people_per_team=3, sabotage=sabotage) as rig:
        yield rig


async def test_without_replay_an_alert_during_a_restart_is_found_lost(
    fresh_database_url: str, short_dir: Path
) -> None:
    async with small(fresh_database_url, short_dir, sabotage="no_replay") as rig:
        [gateway] = rig.installation.gateways
        gateway.kill()
        await rig.driver.raise_alert(0)
        gateway.start()
        await gateway.ready()
        assert len((await rig.verdict(within_s=8)).lost) == 3


async def test_without_the_poll_an_alert_without_a_wake_up_is_found_lost(
    fresh_database_url: str, short_dir: Path
) -> None:
    async with small(fresh_database_url, short_dir, sabotage="no_poll") as rig:
        async with scenarios.no_listeners(fresh_database_url):
            await rig.driver.raise_alert(0)
        assert len((await rig.verdict(within_s=5)).lost) == 3


async def test_without_the_permission_check_alerts_are_found_misdirected(
    fresh_database_url: str, short_dir: Path
) -> None:
    async with small(fresh_database_url, short_dir, sabotage="no_permission_check") as rig:
        await rig.driver.raise_alert(0)
        verdict = await rig.verdict()
        assert verdict.lost == []
        assert len(verdict.misdirected) == 6, "the other village's people and dispatcher, and those off duty"


async def test_without_delivery_rows_an_alert_is_found_lost(fresh_database_url: str, short_dir: Path) -> None:
    async with small(fresh_database_url, short_dir, sabotage="no_delivery_rows") as rig:
        await rig.driver.raise_alert(0)
        assert len((await rig.verdict(within_s=4)).lost) == 3


async def test_without_idempotency_one_request_sent_many_times_is_found_to_be_many_alerts(
    fresh_database_url: str, short_dir: Path
) -> None:
    async with small(fresh_database_url, short_dir, sabotage="no_idempotency") as rig:
        assert len(await scenarios.post_many_times_at_once(rig, times=5)) == 5


async def test_without_the_session_check_a_session_that_ended_is_found_to_hear_on(
    fresh_database_url: str, short_dir: Path
) -> None:
    async with small(fresh_database_url, short_dir, sabotage="no_session_check") as rig:
        ended = next(person for person in rig.town.staff if person.role == "observer")
        await scenarios.end_session(rig, ended)
        await asyncio.sleep(5)
        raised = await rig.driver.raise_alert(0)
        await rig.verdict()
        assert str(ended.account_id) in scenarios.devices_that_heard(rig, raised)
