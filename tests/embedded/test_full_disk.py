"""A disk that is really full, below a real database."""

import asyncio
import contextlib
import logging
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from responder.app import build_api
from responder.demo.demo_circle import demo_accounts
from responder.demo.demo_data import read_demo
from responder.embedded import Cluster, EmbeddedError
from responder.live.gateway import Gateway
from responder.ports.clock import SystemClock
from responder.services.imports.load_demo import load_demo
from responder.settings import Settings
from responder.store.database import PostgresDatabase, connect
from responder.store.install_state import libpq_url
from responder.store.migrate import upgrade
from responder.store.road_cache import StoredRoads
from tests.another_incident import post_another

PASSWORD = "korrekt-pferd-15"  # noqa: S105 - of a database that is thrown away
NOTE = "三楼王奶奶独居"
RECOVERY_S = 60.0


class Disk:
    """A small file system that can be filled and emptied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        with contextlib.suppress(OSError), self._filler.open("ab", buffering=0) as file:
            while True:
                for size in (1 << 20, 4096):
                    with contextlib.suppress(OSError):
                        while file.write(b"\0" * size) == size:
                            pass
                return

    def empty(self) -> None:
        self._filler.unlink(missing_ok=True)


@pytest.fixture
def disk(short_dir: Path) -> Iterator[Disk]:
    """Mount a file system of 300 MiB in memory, where that is allowed."""
    place = short_dir / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", str(place)]
    mounted = subprocess.run(mounting, check=False, capture_output=True, text=True)  # noqa: S603 - as said
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield Disk(place)
    finally:
        Cluster(place / "data").stop()
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607 - as said


@pytest.fixture
async def database(disk: Disk) -> AsyncIterator[PostgresDatabase]:
    url = Cluster(disk.folder / "data").ensure()
    upgrade(url)
    database = connect(url)
    await load_demo(database, read_demo, password_for=lambda _username: PASSWORD, clock=SystemClock())
    yield database
    await database.dispose()


async def until_answered(ask: Callable[[], "asyncio.Future[httpx.Response]"], status: int) -> httpx.Response:
    """Ask again until the answer has the status, for as long as a recovery may take."""
    async with asyncio.timeout(RECOVERY_S):
        while (answer := await ask()).status_code != status:  # noqa: ASYNC110 - a server has no event
            await asyncio.sleep(0.3)
    return answer


async def test_a_full_disk_is_called_that_and_forgotten_when_there_is_room_again(
    disk: Disk, database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    api = build_api(Settings(), database=database, roads=StoredRoads(database), clock=SystemClock())
    transport = httpx.ASGITransport(api, raise_app_exceptions=False)
    gateway = Gateway(database, clock=SystemClock(), allowed_origins=frozenset())
    port = await gateway.start("127.0.0.1", 0)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            body = {"username": demo_accounts().staff, "password": PASSWORD, "device": True}
            session = (await http.post("/api/session", json=body)).json()
            http.cookies.clear()
            http.headers["Authorization"] = f"Bearer {session['token']}"
            path = f"/api/circles/{session['circles'][0]['id']}"

            async def raise_alert() -> httpx.Response:
                new = {
                    "kind": "smoke",
                    "severity": "orange",
                    "exercise": True,
                    "note": NOTE * 30,
                    "lon": 112.9850,
                    "lat": 28.1580,
                    "label": "",
                }
                return await post_another(
                    http, f"{path}/incidents", new, headers={"Idempotency-Key": str(uuid4())}
                )

            assert (await raise_alert()).status_code == 201
            assert (await http.get("/readyz")).status_code == 200
            await asyncio.to_thread(disk.fill)
            caplog.clear()
            with caplog.at_level(logging.INFO):
                # What fits into pages that are there is still stored, and is right to be.
                async with asyncio.timeout(60):
                    while (answer := await raise_alert()).status_code == 201:
                        pass
                assert (answer.status_code, answer.json()["code"]) == (503, "disk_full"), answer.text
                assert (answer.json()["part"], "retry-after" in answer.headers) == ("disk", True)
                for _ in range(5):
                    await raise_alert()
                ready = await http.get("/readyz")
                assert (ready.status_code, ready.json()["code"], ready.json()["part"]) == (
                    503,
                    "disk_full",
                    "disk",
                )
                # What is stored can be read.
                before = (await http.get(f"{path}/snapshot")).json()
                assert before["incidents"]
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as probe:
                    gone = await until_answered(lambda: probe.get("/readyz"), 503)  # type: ignore[arg-type,return-value]
                    assert [part for part, well in gone.json()["parts"].items() if not well] == ["disk"]
                    disk.empty()
                    await until_answered(lambda: probe.get("/readyz"), 200)  # type: ignore[arg-type,return-value]
                await until_answered(lambda: http.get("/readyz"), 200)  # type: ignore[arg-type,return-value]
                assert (await raise_alert()).status_code == 201
                after = (await http.get(f"{path}/snapshot")).json()
                assert after["seq"] > before["seq"]
            lines = [line.split()[0] for line in caplog.messages if "impaired" in line or "failed" in line]
            assert lines == ["database_impaired", "database_unimpaired"], caplog.messages
            assert NOTE not in caplog.text
    finally:
        await gateway.stop()
        await api.state.context.jobs.idle()


async def test_a_server_that_could_not_write_its_log_comes_back_when_there_is_room(
    disk: Disk, database: PostgresDatabase
) -> None:
    cluster = Cluster(disk.folder / "data")
    url = libpq_url(cluster.ensure()).replace("responder@", "postgres@")
    disk.fill()

    def write_until_it_falls() -> None:
        with psycopg.connect(url, autocommit=True) as admin:
            for _ in range(100):
                admin.execute("SELECT pg_logical_emit_message(true, 'test', repeat('x', 1000000))")
                disk.fill()

    with pytest.raises(psycopg.OperationalError):
        await asyncio.to_thread(write_until_it_falls)
    with contextlib.suppress(EmbeddedError):
        # With nothing to write on it may start or not; it says why if it does not.
        await asyncio.to_thread(cluster.revive)
    disk.empty()
    async with asyncio.timeout(RECOVERY_S * 3):
        while not cluster.stands:
            with contextlib.suppress(EmbeddedError):
                await asyncio.to_thread(cluster.revive)
            await asyncio.sleep(0.5)
        while True:
            try:
                await database.check()
            except ConnectionError:
                await asyncio.sleep(0.3)
            else:
                break
    assert database.impaired is None
