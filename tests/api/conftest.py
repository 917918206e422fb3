"""The interface in-process, on a real PostGIS with the demo circle in it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from responder.app import build_api
from responder.demo.demo_circle import demo_accounts
from responder.domain.errors import SimilarIncidentError
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.security.login_throttle import LoginThrottle
from responder.services.circles.create import list_circles
from responder.settings import Settings
from responder.store.database import connect
from responder.store.road_cache import StoredRoads
from tests.circles import make_bare_circle
from tests.databases import DEMO_PASSWORD

ORIGIN = "http://127.0.0.1:8000"


class SayingThatItIsAnother(httpx.ASGITransport):
    """A caller who raises one alert after the other, and says of each that it is none of those nearby."""

    def __init__(self, api: FastAPI) -> None:
        super().__init__(api, raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        await answer.aread()
        if answer.status_code != httpx.codes.CONFLICT or SimilarIncidentError.code not in answer.text:
            return answer
        others = [each["incident_id"] for each in answer.json()["candidates"]]
        said = json.loads(request.content)
        again = httpx.Request(
            request.method,
            request.url,
            headers={name: value for name, value in request.headers.items() if name != "content-length"},
            json={**said, "not_same_as": [*others, *said.get("not_same_as", [])][:20]},
        )
        return await super().handle_async_request(again)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An installation with the demo circle, and a second circle that no account of the demo may see."""

    api: FastAPI
    database: Database
    circle_id: UUID
    strange_circle_id: UUID

    @property
    def path(self) -> str:
        return f"/api/circles/{self.circle_id}"

    def anonymous(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=SayingThatItIsAnother(self.api), base_url=ORIGIN)

    @contextmanager
    def changed(self, **parts: object) -> Iterator[None]:
        """Run a block with other parts in place."""
        before = self.api.state.context
        self.api.state.context = replace(before, **parts)
        try:
            yield
        finally:
            self.api.state.context = before


class StoppedClock:
    """Tells one time, so that how slow the machine is does not matter."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        return self._now


SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="module")
async def world(demo_database_url: str) -> AsyncIterator[World]:
    database = connect(demo_database_url)
    strange = await make_bare_circle(database, name="别处", name_en="Elsewhere", centre=(113.0, 28.2))
    [demo] = [circle for circle in await list_circles(database) if circle.id != strange.id]
    api = build_api(Settings(), database=database, roads=StoredRoads(database), clock=SystemClock())
    yield World(api=api, database=database, circle_id=demo.id, strange_circle_id=strange.id)
    await api.state.context.jobs.idle()
    await database.dispose()


@pytest.fixture(scope="module")
async def sign_in(world: World) -> AsyncIterator[SignIn]:
    """Sign accounts of the demo in as devices, each once."""
    clients: dict[str, httpx.AsyncClient] = {}

    async def signed_in(username: str) -> httpx.AsyncClient:
        if username not in clients:
            http = world.anonymous()
            body = {"username": username, "password": DEMO_PASSWORD, "device": True}
            answer = await http.post("/api/session", json=body)
            assert answer.status_code == 200, answer.text
            http.cookies.clear()
            http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            clients[username] = http
        return clients[username]

    yield signed_in
    for http in clients.values():
        await http.aclose()


@pytest.fixture(scope="module")
async def staff(sign_in: SignIn) -> httpx.AsyncClient:
    """Give the community's coordinator."""
    return await sign_in(demo_accounts().staff)


@pytest.fixture(scope="module")
async def building_id(world: World, staff: httpx.AsyncClient) -> str:
    """Give the id of a building in the alley."""
    features = (await staff.get(f"{world.path}/buildings")).json()["features"]
    return next(one["id"] for one in features if one["properties"]["name"] == "脑科巷7栋")


def new_key() -> dict[str, str]:
    """Make the header of something that was not done before."""
    return {"Idempotency-Key": str(uuid4())}


async def forgive(world: World) -> None:
    """Forget every failed try, as time does."""
    context = world.api.state.context
    world.api.state.context = replace(context, attempts=LoginThrottle(priority=context.priority))
    async with world.database.begin() as transaction:
        await transaction.login_failures.delete_old(before=SystemClock().now() + timedelta(days=1))
