"""The services of docker-compose.yml, started in the order and with the words that stand there."""

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import SignedIn, signed_in
from responder.terminal.database_url import demo_password
from tests.images.rig.building import APPLICATION, DATABASE, ROOT, built
from tests.images.rig.container import Container
from tests.test_compose import services

READY_S = 120.0
_LOOK_AGAIN_S = 0.02
_MAKE_DEMO = """
from responder.demo.demo_circle import ensure_demo
from responder.settings import Settings
settings = Settings()
ensure_demo(settings.database_url.get_secret_value(), settings.data_dir)
"""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A database with tables and the demo circle, on which serve and live can be started."""

    application: Container
    database: Container
    data_dir: Path
    port: int

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Have serve and live running and ready, and give the address of the interface."""
        for name in ("api", "live"):
            self.application.start(*services()[name]["command"])
        try:
            for port in (self.port, self.port + 1):
                _wait_until_ready(self.application, port)
            yield f"http://127.0.0.1:{self.port}"
        finally:
            self.application.stop()

    def image_venv_mib(self) -> float:
        """Size of the files of the application's Python environment."""
        files = (self.application.image.root / "opt" / "venv").rglob("*")
        return sum(path.lstat().st_size for path in files if path.is_file() and not path.is_symlink()) / 2**20

    def as_coordinator(self, url: str) -> AbstractAsyncContextManager[SignedIn]:
        """Sign in as the one of the demo circle who raises alerts."""
        demo = demo_accounts()
        password = demo_password(self.data_dir)
        return signed_in(url, username=demo.staff, password=password, circle_name=demo.circle_name)


@contextmanager
def installed(folder: Path, *, port: int) -> Iterator[Installation]:
    """Build both images, and have a database with the demo circle in one of them; three ports are used."""
    folder.chmod(0o755)
    volumes = {name: folder / name for name in ("database", "database-socket", "data")}
    for volume in volumes.values():
        volume.mkdir()
    with ExitStack() as kept:
        database = Container(
            image=kept.enter_context(built(DATABASE, ROOT / "docker" / "database")),
            environment=services()["database"]["environment"],
            mounts={
                volumes["database"]: "/var/lib/postgresql/data",
                volumes["database-socket"]: "/var/run/postgresql",
            },
            log=folder / "database.log",
        )
        for name in ("database", "database-socket"):
            # A new volume has the owner of the folder that it is mounted on.
            shutil.chown(volumes[name], database.image.user, database.image.user)
        volumes["database-socket"].chmod(0o3777)
        application = Container(
            image=kept.enter_context(built(APPLICATION, ROOT)),
            environment=_environment("api", port),
            mounts={volumes["database-socket"]: "/run/postgresql", volumes["data"]: "/tmp/data"},  # noqa: S108
            log=folder / "application.log",
        )
        shutil.chown(volumes["data"], application.image.user, application.image.user)
        kept.callback(database.stop)
        kept.callback(application.stop)
        kept.enter_context(_bus(port + 2))
        # Its socket is all that is used; the port may be taken on this machine.
        database.start(*services()["database"]["command"], "-c", "listen_addresses=")
        _wait_for_socket(volumes["database-socket"], database)
        database.run(*services()["prepare"]["command"])
        Container(
            image=application.image,
            environment=_environment("migrate", port),
            mounts=application.mounts,
            log=application.log,
        ).run(*services()["migrate"]["command"])
        application.run("python", "-c", _MAKE_DEMO, entrypoint=False)
        yield Installation(application=application, database=database, data_dir=volumes["data"], port=port)


def _environment(name: str, port: int) -> dict[str, str]:
    """Of a service, but on this machine's own network instead of one of its own."""
    own = {
        "RESPONDER_NATS_URL": f"nats://127.0.0.1:{port + 2}",
        "RESPONDER_HOST": "127.0.0.1",
        "RESPONDER_LIVE_HOST": "127.0.0.1",
        "RESPONDER_PORT": str(port),
        "RESPONDER_LIVE_PORT": str(port + 1),
        "RESPONDER_LIVE_URL": f"ws://127.0.0.1:{port + 1}/live",
    }
    environment: dict[str, str] = services()[name]["environment"]
    return environment | own


@contextmanager
def _bus(port: int) -> Iterator[None]:
    server = shutil.which("nats-server") or "nats-server"
    process = subprocess.Popen(  # noqa: S603 - ours
        [server, "--addr", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for_socket(folder: Path, database: Container) -> None:
    _wait((folder / ".s.PGSQL.5432").exists, database, "the database's socket")


def _wait_until_ready(application: Container, port: int) -> None:
    _wait(lambda: _is_ready(port), application, f"port {port}")


def _wait(is_there: Callable[[], bool], container: Container, what: str) -> None:
    deadline_s = time.monotonic() + READY_S
    while not is_there():
        if any(one.poll() is not None for one in container.started) or time.monotonic() > deadline_s:
            end = container.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            message = f"{what} is not ready:\n{end}"
            raise RuntimeError(message)
        time.sleep(_LOOK_AGAIN_S)


def _is_ready(port: int) -> bool:
    """Ask a process whether it serves, and one that answers for roads whether it has prepared them."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            told: dict[str, str] = json.load(answer)
    except OSError:
        return False
    return told.get("roads", "prepared") == "prepared"
