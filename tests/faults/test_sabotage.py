"""Tests of the rig: with one promise broken it must not find everything in order."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.faults.rig import scenarios
from tests.faults.rig.processes import OF_THE_INTERFACE
from tests.faults.rig.rig import Rig, rigged

NOT_COMING_S = 4.0
"""What has not come by then is lost: a gateway looks at the log each second, at sessions every two."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="responder-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
async def one_rig(database_url: str, folder: Path) -> AsyncIterator[Rig]:
    """Give a town with three on duty in each village, an interface and a gateway."""
    async with rigged(database_url, folder, teams=1, people_per_team=3, clocks_ahead_s=(0,)) as rig:
        yield rig


@pytest.fixture
async def rig(one_rig: Rig, request: pytest.FixtureRequest) -> Rig:
    """Give the town with the promise broken that the test names, all devices live, and nothing expected."""
    [api], [gateway] = one_rig.installation.apis, one_rig.installation.gateways
    by_interface = request.param in OF_THE_INTERFACE
    since = time.time()
    for process, sabotage in (
        (api, request.param if by_interface else ""),
        (gateway, "" if by_interface else request.param),
    ):
        if process.sabotage != sabotage:
            process.sabotage = sabotage
            process.kill()
            process.start()
            await process.ready()
            if process is gateway:
                await one_rig.all_live(since=since)
    one_rig.driver.answered.clear()
    return one_rig


@pytest.mark.parametrize("rig", ["no_replay"], indirect=True)
async def test_without_replay_an_alert_during_a_restart_is_found_lost(rig: Rig) -> None:
    [gateway] = rig.installation.gateways
    gateway.kill()
    await rig.driver.raise_alert(0)
    since = time.time()
    gateway.start()
    await gateway.ready()
    await rig.all_live(since=since)
    assert len((await rig.verdict(within_s=NOT_COMING_S)).lost) == 3


@pytest.mark.parametrize("rig", ["no_poll"], indirect=True)
async def test_without_the_poll_an_alert_without_a_wake_up_is_found_lost(rig: Rig) -> None:
    async with scenarios.no_listeners(rig.database_url):
        await rig.driver.raise_alert(0)
    assert len((await rig.verdict(within_s=NOT_COMING_S)).lost) == 3


@pytest.mark.parametrize("rig", ["no_permission_check"], indirect=True)
async def test_without_the_permission_check_alerts_are_found_misdirected(rig: Rig) -> None:
    await rig.driver.raise_alert(0)
    verdict = await rig.verdict()
    assert verdict.lost == []
    async with asyncio.timeout(scenarios.BACK_WITHIN_S):
        while len(verdict.misdirected) < 6:  # journals are files of other processes
            await asyncio.sleep(0.1)
            verdict = await rig.verdict()
    assert len(verdict.misdirected) == 6, "the other village's people and dispatcher, and those off duty"


@pytest.mark.parametrize("rig", ["no_delivery_rows"], indirect=True)
async def test_without_delivery_rows_an_alert_is_found_lost(rig: Rig) -> None:
    await rig.driver.raise_alert(0)
    assert len((await rig.verdict(within_s=NOT_COMING_S)).lost) == 3


@pytest.mark.parametrize("rig", ["no_idempotency"], indirect=True)
async def test_without_idempotency_one_request_sent_many_times_is_found_to_be_many_alerts(rig: Rig) -> None:
    assert len(await scenarios.post_many_times_at_once(rig, times=5)) == 5


@pytest.mark.parametrize("rig", ["no_session_check"], indirect=True)
async def test_without_the_session_check_a_session_that_ended_is_found_to_hear_on(rig: Rig) -> None:
    # The last of all, because one device can never be live again after it.
    ended = next(person for person in rig.town.staff if person.role == "observer")
    await scenarios.end_session(rig, ended)
    await asyncio.sleep(NOT_COMING_S)
    raised = await rig.driver.raise_alert(0)
    await rig.verdict()
    async with asyncio.timeout(scenarios.BACK_WITHIN_S):
        while str(ended.account_id) not in scenarios.devices_that_heard(rig, raised):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
