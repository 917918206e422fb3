"""The real processes on free ports, and people with real browsers."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from fcntl import LOCK_EX, flock
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from responder.demo.services.where import demo_services_url
from responder.embedded import Cluster
from responder.runtime.demo_services_port import PORT_FILE
from tests.databases import DEMO_PASSWORD, copy_of
from tests.e2e.browsers import WHOLE, Browsers, Window
from tests.e2e.people import PATIENCE_MS, Circle, Interface, Person, Stage
from tests.ports import free_ports

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 300
BUILDER = ROOT / "static" / "build.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all of this folder, and leave it out where there is no browser or no page to open in it."""
    missing = None
    if shutil.which(WHOLE) is None:
        missing = "Debian's chromium is not installed"
    elif not (ROOT / "static" / "node_modules" / "maplibre-gl").is_dir():
        missing = "the page's libraries are not installed: npm ci in static/"
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.e2e)
        if missing is not None:
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def stage_url(cluster: Cluster, demo_template: str) -> Iterator[str]:
    """URL of a database with the demo circle, for all tests of this folder that the process runs."""
    with copy_of(cluster, demo_template) as url:
        yield url


def build_page() -> None:
    """Build what is served of today's sources, which is what people use; one process does it for all."""
    commands = "source script/lib/start.sh; ensure_static dev"
    with BUILDER.open() as alone:
        flock(alone, LOCK_EX)
        subprocess.run(["/bin/bash", "-euo", "pipefail", "-c", commands], cwd=ROOT, check=True)  # noqa: S603 - ours


@pytest.fixture(scope="session")
def stage(stage_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Run the interface and the gateway as `responder up` does, where the demo circle is loaded already."""
    build_page()
    data_dir = tmp_path_factory.mktemp("e2e")
    port, live_port, service_port = free_ports(3)
    environment = {
        **os.environ,
        "RESPONDER_DATABASE_URL": stage_url,
        "RESPONDER_DATA_DIR": str(data_dir),
        "RESPONDER_PORT": str(port),
        "RESPONDER_LIVE_PORT": str(live_port),
        "RESPONDER_OUTGOING_HOSTS": f"127.0.0.1:{service_port}",
    }
    log = (data_dir / "up.log").open("w")
    running = subprocess.Popen(
        [sys.executable, "-m", "responder", "up"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    url = f"http://localhost:{port}"
    try:
        _wait_until_ready(
            running, [f"{url}/readyz", f"http://localhost:{live_port}/readyz"], log=data_dir / "up.log"
        )
        stand_ins = demo_services_url(int((data_dir / PORT_FILE).read_text()))
        _wait_until_ready(running, [stand_ins], log=data_dir / "up.log")
        yield Stage(url=url, password=DEMO_PASSWORD, service_port=service_port, demo_services_url=stand_ins)
    finally:
        running.terminate()
        try:
            running.wait(timeout=READY_WITHIN_S)
        finally:
            running.kill()
            log.close()


@pytest_asyncio.fixture(scope="session")
async def browsers() -> AsyncIterator[Browsers]:
    """Those that this process has started."""
    expect.set_options(timeout=PATIENCE_MS)
    async with AsyncExitStack() as stack:
        yield await Browsers.inside(stack)


@pytest_asyncio.fixture
async def browser(browsers: Browsers, request: pytest.FixtureRequest) -> Window:
    """Give the browser that the test needs; each person has a profile of their own in it."""
    wants = {mark.name for mark in request.node.iter_markers()}
    draws = "drawn" in wants or request.config.getoption("nightly")
    return await browsers.give(whole="notified" in wants, draws=draws)


@pytest_asyncio.fixture(scope="session")
async def office(stage: Stage) -> AsyncIterator[Interface]:
    """Give the community's staff a way to act without a page; each signing in takes a good while."""
    async with await Interface.as_user(stage, "community") as interface:
        yield interface


@pytest_asyncio.fixture
async def circle(stage: Stage, browser: Window, office: Interface) -> AsyncIterator[Circle]:
    """The demo circle at rest, and a way for people to come to it; they leave when the test is over."""
    people: list[Person] = []
    quiet = Circle(stage=stage, browser=browser, office=office, people=people)
    await quiet.calm_down()
    yield quiet
    faults = [fault for person in people for fault in person.faults]
    for person in people:
        await person.page.context.close()
    assert faults == []


def _wait_until_ready(running: subprocess.Popen[bytes], urls: list[str], *, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    waiting = list(urls)
    while waiting:
        if running.poll() is not None or time.monotonic() > deadline:
            running.kill()
            pytest.fail(f"the processes did not become ready:\n{log.read_text()}")
        try:
            if httpx.get(waiting[0], timeout=2).is_success:
                waiting.pop(0)
        except httpx.HTTPError:
            time.sleep(0.2)
