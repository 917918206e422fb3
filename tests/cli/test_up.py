"""One command to a running circle, and back to nothing running."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from responder.embedded import Cluster, ClusterState

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A data folder, and two ports to serve it on."""

    data_dir: Path
    port: int
    live_port: int

    def command(self, *more: str) -> list[str]:
        ports = ["--port", str(self.port), "--live-port", str(self.live_port)]
        return [sys.executable, "-m", "responder", "up", "--data-dir", str(self.data_dir), *ports, *more]

    def start(self, *more: str) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RESPONDER_")}
        return subprocess.Popen(  # noqa: S603 - our own program
            self.command(*more),
            cwd=ROOT,
            env=kept,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[str]"]:
        process = self.start()
        try:
            wait_for(lambda: self.answers(self.port) and self.answers(self.live_port), process)
            yield process
        finally:
            process.kill()
            process.communicate()

    def answers(self, port: int) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).is_success
        except httpx.TransportError:
            return False

    @property
    def nothing_runs(self) -> bool:
        listening = self.answers(self.port) or self.answers(self.live_port)
        return not listening and Cluster(self.data_dir).status().state is not ClusterState.RUNNING


def wait_for(
    condition: Callable[[], bool], process: "subprocess.Popen[str] | None" = None, *, limit_s: float = 90
) -> None:
    deadline_s = time.monotonic() + limit_s
    while not condition():
        assert process is None or process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="responder-up-"))
    folder.chmod(0o755)
    made = Installation(data_dir=folder / "data", port=free_port(), live_port=free_port())
    yield made
    if made.data_dir.exists():
        Cluster(made.data_dir).stop()
    shutil.rmtree(folder, ignore_errors=True)


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
    assert installation.nothing_runs


def test_stopped_by_a_signal_it_leaves_nothing_running(installation: Installation) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with installation.running() as process:
            process.send_signal(number)
            said, _ = process.communicate(timeout=60)
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
        answer = httpx.post(f"http://127.0.0.1:{installation.port}/api/session", json=body, timeout=20)
        assert answer.status_code == 200
        process.terminate()
        process.communicate(timeout=60)


def test_a_port_that_is_taken_is_said_before_anything_starts(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.live_port)):
        process = installation.start()
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert str(installation.live_port) in said
    assert "RESPONDER_LIVE_PORT" in said
    assert "Traceback" not in said
