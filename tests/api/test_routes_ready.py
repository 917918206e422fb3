"""Routes are built with the application: a first alert does not wait for the schemas of its router."""

from uuid import uuid4

import httpx
import pytest
from pydantic import TypeAdapter

from responder.api.application import make_application
from tests.api.conftest import World


async def test_no_schema_is_built_when_a_path_is_asked_for_the_first_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = make_application(world.api.state.context)

    def refuse(*_: object, **__: object) -> None:
        message = "a schema is built during a request"
        raise AssertionError(message)

    monkeypatch.setattr(TypeAdapter, "__init__", refuse)
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        for path in (f"/api/circles/{uuid4()}/incidents", "/api/circles", "/api/sessions"):
            assert (await client.get(path)).status_code == 401
