"""One command to a running circle, and back to nothing running."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from responder.demo.demo_alert import until_watched
from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import live_socket
from responder.domain.incidents.event import AlertRaised
from responder.live.protocol.messages import EventMessage
from tests.cli.installation import Installation, new_installation, wait_for


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with new_installation() as made:
        yield made


def test_the_exercise_is_played_to_its_end_and_everything_stopped(installation: Installation) -> None:
    process = installation.start("--demo-alert", "--once")
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 0, said
    for word in (
        "raised",
        "committed",
        "first receipt",
        "last receipt",
        "first accepted",
        "last on scene",
        "all-clear",
    ):
        assert word in said
    assert "—" not in said, "something did not arrive"
    assert "…" not in said, "something was cut off"
    assert "begins when" not in said, "no one is there to watch"
    assert installation.nothing_runs


async def test_an_exercise_to_watch_begins_when_a_person_has_signed_in(
    installation: Installation, tmp_path: Path
) -> None:
    log = tmp_path / "up.log"
    with installation.running("--demo-alert", log=log) as process:
        wait_for(lambda: "the exercise begins when" in log.read_text(encoding="utf-8"), process)
        await asyncio.sleep(1.0)
        async with (
            installation.signed_in(demo_accounts().staff) as staff,
            live_socket(staff) as page,
            asyncio.timeout(180),
        ):
            assert not any(each.incident.is_open for each in page.snapshot.snapshot.incidents)
            async for message in page.messages():
                if isinstance(message, EventMessage) and isinstance(message.event, AlertRaised):
                    break
            assert message.event.detail.incident.exercise
        process.terminate()
        process.wait(timeout=120)
    assert "Traceback" not in log.read_text(encoding="utf-8")


async def test_the_wait_for_a_viewer_is_bounded() -> None:
    async with asyncio.timeout(60):
        assert await until_watched("http://127.0.0.1:9", limit_s=0.7) is False


def test_stopped_by_a_signal_it_leaves_nothing_running(installation: Installation) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with installation.running() as process:
            process.send_signal(number)
            said, _ = process.communicate(timeout=120)
            assert process.returncode == 0, said
            assert "Traceback" not in said
            assert installation.nothing_runs


def test_killed_outright_its_processes_leave_too_and_the_next_start_finds_the_data(
    installation: Installation,
) -> None:
    password = (installation.data_dir / "demo-password").read_text(encoding="ascii").strip()
    with installation.running() as process:
        process.kill()
        wait_for(
            lambda: (
                not (installation.answers(installation.port) or installation.answers(installation.live_port))
            )
        )
    with installation.running() as process:
        body = {"username": "community", "password": password}
        answer = httpx.post(f"http://127.0.0.1:{installation.port}/api/session", json=body, timeout=60)
        assert answer.status_code == 200
        process.terminate()
        process.communicate(timeout=120)


def test_a_port_that_is_taken_is_said_before_anything_starts(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.live_port)):
        process = installation.start()
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert str(installation.live_port) in said
    assert "RESPONDER_LIVE_PORT" in said
    assert "Traceback" not in said
