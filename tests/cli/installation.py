"""An installation of the product's own: a data folder and two ports, started and ended as users do."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import httpx

from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import SignedIn, signed_in
from responder.embedded import Cluster, ClusterState
from tests.ports import free_port

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A data folder, and two ports to serve it on."""

    data_dir: Path
    port: int
    live_port: int

    def command(self, *more: str) -> list[str]:
        ports = ["--port", str(self.port), "--live-port", str(self.live_port)]
        return [sys.executable, "-m", "responder", "up", "--data-dir", str(self.data_dir), *ports, *more]

    def start(
        self, *more: str, log: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RESPONDER_")}
        with log.open("a") if log is not None else nullcontext(subprocess.PIPE) as said:
            return subprocess.Popen(  # noqa: S603 - our own program
                self.command(*more),
                cwd=ROOT,
                env=kept | dict(environment or {}),
                text=True,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    @contextmanager
    def running(
        self, *more: str, log: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> Iterator["subprocess.Popen[str]"]:
        process = self.start(*more, log=log, environment=environment)
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

    def signed_in(self, username: str) -> AbstractAsyncContextManager[SignedIn]:
        """Sign in as a device of one of the demo's accounts."""
        password = (self.data_dir / "demo-password").read_text(encoding="ascii").strip()
        url = f"http://127.0.0.1:{self.port}"
        return signed_in(url, username=username, password=password, circle_name=demo_accounts().circle_name)

    @property
    def nothing_runs(self) -> bool:
        listening = self.answers(self.port) or self.answers(self.live_port)
        return not listening and Cluster(self.data_dir).status().state is not ClusterState.RUNNING


def wait_for(
    condition: Callable[[], bool],
    process: "subprocess.Popen[str] | None" = None,
    *,
    limit_s: float = 90,
    log: Path | None = None,
) -> None:
    deadline_s = time.monotonic() + limit_s
    while not condition():
        assert process is None or process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline_s, log and log.read_text(encoding="utf-8")
        time.sleep(0.05)


@contextmanager
def new_installation() -> Iterator[Installation]:
    """Give a place for an installation, and leave nothing of it behind."""
    folder = Path(tempfile.mkdtemp(prefix="responder-up-"))
    folder.chmod(0o755)
    made = Installation(data_dir=folder / "data", port=free_port(), live_port=free_port())
    try:
        yield made
    finally:
        if made.data_dir.exists():
            Cluster(made.data_dir).stop()
        shutil.rmtree(folder, ignore_errors=True)
