"""Fixtures for every test: a private PostGIS that lives and dies with the session, and databases to spoil."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from argon2 import PasswordHasher

from responder.embedded import Cluster
from responder.security import hasher
from responder.store import limits
from responder.store.install_state import libpq_url
from tests import examples, schedule, statements
from tests.databases import DEMO_PASSWORD, copy_of
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).parents[1]
DISPOSABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_wal_size": "128MB",
    "autovacuum": "off",
    "shared_preload_libraries": "postgis-3",
}
"""
Test databases are thrown away, so nothing is gained by making them survive a power cut; and each test has
connections of its own, half of whose time it would take to load PostGIS.
"""
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there has a folder of its own
ROOM_BYTES = 4 << 30
TEMPLATE = "template_migrated"
DEMO_TEMPLATE = "template_demo"
UNDERTAKER = """
import shutil, sys
from pathlib import Path
from responder.embedded import Cluster
data_dir = Path(sys.argv[1])
sys.stdin.read()
try:
    Cluster(data_dir).stop()
finally:
    shutil.rmtree(data_dir, ignore_errors=True)
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be the long one."""
    parser.addoption(
        "--nightly", action="store_true", help="more examples of each property, and what repeats at full size"
    )


def pytest_configure(config: pytest.Config) -> None:
    """
    Prepare this process.

    Files go into memory where there is room: to copy a database there takes a tenth of the processor's
    time, and no writing of other processes holds it up. What this shell chose for an installation of its
    own is forgotten, and passwords do not wait for others.
    """
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free >= ROOM_BYTES:
        # For this process, which may have asked already, and for those that it starts.
        tempfile.tempdir = os.environ["TMPDIR"] = str(IN_MEMORY)
    # Read by modules that nothing has imported yet. A statement is as slow as the machine that it runs on.
    limits.STATEMENT_TIMEOUT_MS = limits.TURN_TIMEOUT_MS = int(1000 * PATIENCE_S)  # type: ignore[misc]
    statements.keep_compiled()
    examples.choose(nightly=config.getoption("nightly"))
    hasher.NICENESS = 0
    for name in [name for name in os.environ if name.startswith("RESPONDER_")]:
        del os.environ[name]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is only for the night; several processes begin with what takes longest."""
    if not config.getoption("nightly"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("nightly")])
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: schedule.rank_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadFileScheduling":
    """Give each group of tests to one process, in the order of the collection."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - most runs are of one process

    class ByGroup(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return schedule.group_of(nodeid)

    # Else groups of many tests come first, which are the quickest.
    config.option.loadscopereorder = False
    return ByGroup(config, log)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """
    Run a private cluster of this session's own.

    A child waits for the end of its input and then takes the cluster down, so that nothing stays behind even
    when the session is killed.
    """
    data_dir = Path(tempfile.mkdtemp(prefix="responder-test-"))
    data_dir.chmod(0o755)
    undertaker = subprocess.Popen(  # noqa: S603 - our own program above
        [sys.executable, "-c", UNDERTAKER, str(data_dir)],
        stdin=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        running = Cluster(data_dir, settings=DISPOSABLE)
        running.ensure()
        yield running
    finally:
        undertaker.communicate(timeout=60)


@pytest.fixture(scope="session")
def postgis(cluster: Cluster) -> str:
    """URL of an empty database with PostGIS, on this session's cluster."""
    return cluster.create_database("empty")


@pytest.fixture(scope="session")
def migrated_template(cluster: Cluster) -> str:
    """Name of a migrated database that copies are made of."""
    from responder.store.migrate import upgrade  # noqa: PLC0415 - tests without tables need no store

    upgrade(cluster.create_database(TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def demo_template(cluster: Cluster, migrated_template: str) -> str:
    """
    Name of a database with the demo circle, that copies are made of; tests hold drills of their own.

    Accounts have `DEMO_PASSWORD`, by a hash that costs nothing to check: one of ours costs 0.2 s.
    """
    from responder.demo.demo_data import read_demo  # noqa: PLC0415 - it brings SciPy and osmium
    from responder.ports.clock import SystemClock  # noqa: PLC0415 - as above
    from responder.services.imports.load_demo import load_demo  # noqa: PLC0415 - as above
    from responder.store.database import connect  # noqa: PLC0415 - as above

    url = cluster.create_database(DEMO_TEMPLATE, template=migrated_template)

    async def load() -> None:
        database = connect(url)
        assert await load_demo(
            database,
            lambda: replace(read_demo(), held_drill=None),
            password_for=lambda _: DEMO_PASSWORD,
            clock=SystemClock(),
        )
        await database.dispose()

    asyncio.run(load())
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(DEMO_PASSWORD)
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute("SELECT act_as_system(NULL)")
        changed = connection.execute("UPDATE account SET password_hash = %s", [quick]).rowcount
    assert changed > 0
    return DEMO_TEMPLATE


@pytest.fixture(scope="module")
def demo_database_url(cluster: Cluster, demo_template: str) -> Iterator[str]:
    """URL of a database with the demo circle, of this module's own."""
    with copy_of(cluster, demo_template) as url:
        yield url


@pytest.fixture(scope="module")
def database_url(cluster: Cluster, migrated_template: str) -> Iterator[str]:
    """URL of a migrated, empty database of this module's own."""
    with copy_of(cluster, migrated_template) as url:
        yield url


@pytest.fixture
def fresh_database_url(cluster: Cluster, migrated_template: str) -> Iterator[str]:
    """URL of a migrated, empty database of this test's own."""
    with copy_of(cluster, migrated_template) as url:
        yield url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the large extracts, which are no part of the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the shared extracts are not here: no folder {folder}")
    return folder


@pytest.fixture
def short_dir() -> Iterator[Path]:
    """Give a short folder that any user may pass through; pytest's own is private to the caller and long."""
    folder = Path(tempfile.mkdtemp(prefix="responder-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
