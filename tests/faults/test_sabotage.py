"""Tests of the rig: with one promise broken it must not find everything in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg

from tests.faults.rig.processes import Process
from tests.faults.rig.rig import Rig, rigged


async def kill_the_listener(url: str, *, for_s: float) -> None:
    """End the connections that wake-ups come by, again and again."""
    dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        async with asyncio.timeout(for_s + 5):
            for _ in range(round(for_s / 0.05)):
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'responder wake-ups'"
                )
                await asyncio.sleep(0.05)


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
        killing = asyncio.create_task(kill_the_listener(fresh_database_url, for_s=2))
        await asyncio.sleep(0.5)
        await rig.driver.raise_alert(0)
        await killing
        assert len((await rig.verdict(within_s=5)).lost) == 3


async def test_without_the_permission_check_alerts_are_found_misdirected(
    fresh_database_url: str, short_dir: Path
) -> None:
    async with small(fresh_database_url, short_dir, sabotage="no_permission_check") as rig:
        await rig.driver.raise_alert(0)
        verdict = await rig.verdict()
        assert verdict.lost == []
        assert len(verdict.misdirected) == 6, "the other village's people and dispatcher, and those off duty"
