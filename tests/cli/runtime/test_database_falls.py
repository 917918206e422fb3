"""The database falls while everything runs: it is started again, no alarm is logged, and alerts go on."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from responder.demo.demo_circle import SCENE, demo_accounts
from responder.demo.simulated.client import LiveSocket, SignedIn, live_socket
from responder.domain.incidents.event import AlertRaised
from responder.embedded import Cluster, ClusterState
from responder.live.protocol.messages import EventMessage, Reminder
from tests.another_incident import post_another
from tests.cli.installation import ROOT, Installation, new_installation, wait_for

BACK_WITHIN_S = 60.0
"""Noticed, paused for, started, recovered; a machine that is busy with other tests included."""
DELIVERED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """An installation that runs, and what it wrote."""

    at: Installation
    log: Path

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.at.data_dir)

    def fell(self, number: signal.Signals) -> int:
        """End the postmaster, and return its process number."""
        pid = self.cluster.status().pid
        assert pid is not None
        os.kill(pid, number)
        return pid

    def complaints(self, process: str, before: int) -> list[str]:
        """Return what a process warned of about the database, from a place in the log on."""
        said = self.log.read_text(encoding="utf-8")[before:]
        return re.findall(rf"^\S+ (?:WARNING|ERROR) {process} \S+: (database_\w+)", said, re.MULTILINE)

    def said_back(self, process: str, before: int) -> bool:
        """Tell whether a process has found the database again."""
        return self.complaints(process, before)[-1:] == ["database_recovered"]

    def run(self, *command: str) -> None:
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "responder", *command],
            cwd=ROOT,
            env={**os.environ, "RESPONDER_DATA_DIR": str(self.at.data_dir)},
            check=True,
            stdout=subprocess.DEVNULL,
        )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    log = tmp_path_factory.mktemp("log") / "up.log"
    with new_installation() as made, made.running(log=log) as process:
        yield Running(at=made, log=log)
        process.terminate()
        process.wait(timeout=120)


@pytest.fixture
async def doors() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def until_there_again(staff: SignedIn) -> list[tuple[int, str]]:
    """Ask until the answer is good, a few times more, and return what was said until then."""
    refusals: list[tuple[int, str]] = []
    good = 0
    async with asyncio.timeout(BACK_WITHIN_S):
        while good < 5:
            answer = await staff.http.get(f"/api/circles/{staff.circle_id}/buildings")
            if answer.is_success:
                # The first good ones may come from connections that have not noticed yet.
                good += bool(refusals)
            else:
                refusals.append((answer.status_code, answer.json()["code"]))
            await asyncio.sleep(0.02)
    return refusals


async def raised(staff: SignedIn) -> str:
    buildings = (await staff.http.get(f"/api/circles/{staff.circle_id}/buildings")).json()["features"]
    [scene] = [each["id"] for each in buildings if each["properties"]["name"] == SCENE]
    answer = await post_another(
        staff.http,
        f"/api/circles/{staff.circle_id}/incidents",
        {"kind": "smoke", "severity": "orange", "exercise": True, "note": "", "building_id": scene},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["incident"]["id"])


async def heard(socket: LiveSocket, incident_id: str) -> None:
    async for message in socket.messages():
        match message:
            case EventMessage(event=AlertRaised(detail=detail)) | Reminder(detail=detail):
                if str(detail.incident.id) == incident_id:
                    return


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT, signal.SIGTERM])
async def test_a_database_that_falls_comes_back_and_an_alert_reaches_who_stayed_connected(
    running: Running, doors: AsyncExitStack, number: signal.Signals
) -> None:
    staff = await doors.enter_async_context(running.at.signed_in(demo_accounts().staff))
    device = await doors.enter_async_context(running.at.signed_in(demo_accounts().players[0]))
    socket = await doors.enter_async_context(live_socket(device))
    before = len(running.log.read_text(encoding="utf-8"))

    pid = running.fell(number)
    refusals = await until_there_again(staff)

    assert set(refusals) == {(503, "not_ready")}
    # One that was asked to stop serves its sessions until it is told again.
    wait_for(lambda: running.cluster.status().pid not in {None, pid}, limit_s=BACK_WITHIN_S)
    wait_for(lambda: running.at.answers(running.at.port), limit_s=BACK_WITHIN_S)
    async with asyncio.timeout(DELIVERED_WITHIN_S):
        await heard(socket, await raised(staff))
    for process in ("serve", "live"):
        wait_for(
            lambda process=process: running.said_back(process, before),
            limit_s=BACK_WITHIN_S,
            log=running.log,
        )

    said = running.log.read_text(encoding="utf-8")[before:]
    assert "Traceback" not in said
    assert said.count("database: gone") == 1, said
    for process in ("serve", "live"):
        complaints = running.complaints(process, before)
        # Between the first refusal and the end of its sessions a stopping server may look well.
        times = complaints.count("database_unavailable") if number is signal.SIGTERM else 1
        assert complaints == ["database_unavailable", "database_recovered"] * times, said
        assert times <= 2, said


async def test_one_that_was_stopped_by_intent_stays_so_until_it_is_started(
    running: Running, doors: AsyncExitStack
) -> None:
    staff = await doors.enter_async_context(running.at.signed_in(demo_accounts().staff))
    before = len(running.log.read_text(encoding="utf-8"))
    running.run("db", "stop")
    wait_for(
        lambda: "responder db start" in running.log.read_text(encoding="utf-8")[before:],
        limit_s=BACK_WITHIN_S,
        log=running.log,
    )
    assert running.cluster.status().state is ClusterState.STOPPED
    answer = await staff.http.get(f"/api/circles/{staff.circle_id}/buildings")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert int(answer.headers["retry-after"]) >= 1
    said = running.log.read_text(encoding="utf-8")[before:]
    assert said.count("responder db start") == 1
    assert "gone" not in said

    running.run("db", "start")
    assert (await staff.http.get(f"/api/circles/{staff.circle_id}/buildings")).status_code == 200
    running.fell(signal.SIGKILL)
    await until_there_again(staff)


def test_a_database_of_another_owner_is_never_started(short_dir: Path, tmp_path: Path) -> None:
    theirs = Cluster(short_dir / "theirs", settings={"fsync": "off"})
    log = tmp_path / "up.log"
    try:
        url = theirs.ensure()
        with (
            new_installation() as made,
            made.running("--no-demo", log=log, environment={"RESPONDER_DATABASE_URL": url}) as process,
        ):
            pid = theirs.status().pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            said = Running(at=made, log=log)
            wait_for(lambda: all(said.complaints(each, 0) for each in ("serve", "live")), process, log=log)
            assert not theirs.stands
            assert Cluster(made.data_dir).status().state is ClusterState.ABSENT
            theirs.start()
            wait_for(lambda: made.answers(made.port) and made.answers(made.live_port), process)
            process.terminate()
            process.wait(timeout=120)
            assert theirs.stands
        assert "database: " not in log.read_text(encoding="utf-8")
    finally:
        theirs.stop()
