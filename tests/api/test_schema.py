"""What the description of the interface says is what the interface does, whatever is sent."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from responder.app import build_api
from responder.demo.demo_circle import demo_accounts
from responder.ports.clock import SystemClock
from responder.settings import Settings
from responder.store.database import connect
from responder.store.road_cache import StoredRoads
from tests import examples
from tests.databases import DEMO_PASSWORD

EXAMPLES = examples.size(150, by_day=3)
"""Of each endpoint."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An installation behind a real server on a port of its own."""

    url: str
    token: str
    circle_id: str


class Server:
    """Serves in a thread until told to stop."""

    def __init__(self, database_url: str) -> None:
        self.uvicorn: uvicorn.Server | None = None
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve(database_url)))

    async def _serve(self, database_url: str) -> None:
        database = connect(database_url)
        roads = StoredRoads(database)
        api = build_api(Settings(), database=database, roads=roads, clock=SystemClock())
        self.uvicorn = uvicorn.Server(uvicorn.Config(api, port=0, log_config=None, ws="none"))
        await self.uvicorn.serve()
        await database.dispose()

    def start(self) -> str:
        self.thread.start()
        while self.uvicorn is None or not self.uvicorn.started:
            assert self.thread.is_alive()
            time.sleep(0.05)
        return f"http://127.0.0.1:{self.uvicorn.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        if self.uvicorn is not None:
            self.uvicorn.should_exit = True
        self.thread.join()


@pytest.fixture(scope="module")
def served(demo_database_url: str) -> Iterator[Served]:
    server = Server(demo_database_url)
    try:
        url = server.start()
        body = {"username": demo_accounts().staff, "password": DEMO_PASSWORD, "device": True}
        session = httpx.post(f"{url}/api/session", json=body).json()
        yield Served(url=url, token=session["token"], circle_id=session["circles"][0]["id"])
    finally:
        server.stop()


def test_every_answer_is_as_described(served: Served) -> None:
    schema = schemathesis.openapi.from_url(f"{served.url}/api/openapi.json", timeout=120)
    # Signing out would leave everything after it with nothing to be refused but the session.
    schema = schema.exclude(method="DELETE", path="/api/session")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:
        _try_out(operation, served)


def _try_out(operation: schemathesis.APIOperation, served: Served) -> None:
    # Both what fits the description and what does not.
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def try_one(case: schemathesis.Case) -> None:
        # A circle that exists: with a made-up one nothing but 404 would be seen.
        if "circle_id" in case.path_parameters:
            case.path_parameters["circle_id"] = served.circle_id
        case.call_and_validate(
            headers={"Authorization": f"Bearer {served.token}"},
            checks=CHECKS,
            # The first file that is sent has to wait for what reads it to be loaded.
            timeout=120,
        )

    try_one()
