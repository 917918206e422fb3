"""What an endpoint needs is found on the event loop: each way through a thread would hold up an alert."""

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx
import pytest
from fastapi.dependencies.models import Dependant

from responder.api.application import areas


def called(dependant: Dependant) -> Iterator[Any]:
    """Yield whatever FastAPI calls for an endpoint, itself included."""
    yield dependant.call
    for each in dependant.dependencies:
        yield from called(each)


def is_awaited(function: object) -> bool:
    """Tell whether FastAPI calls it on the event loop."""
    here = function if inspect.isroutine(function) else type(function).__call__
    return inspect.iscoroutinefunction(here) or inspect.isasyncgenfunction(here)


@pytest.mark.parametrize("area", areas(), ids=lambda area: area.__name__.rpartition(".")[2])
def test_nothing_that_an_endpoint_needs_is_called_in_a_thread(area: ModuleType) -> None:
    found = {each for route in area.router.routes for each in called(route.dependant)}
    assert found
    assert [each for each in found if not is_awaited(each)] == []


async def test_nor_is_what_all_of_them_need(
    staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(function: object, *_: object, **__: object) -> None:
        message = f"{function} in a thread"
        raise AssertionError(message)

    monkeypatch.setattr("fastapi.dependencies.utils.run_in_threadpool", refuse)
    monkeypatch.setattr("fastapi.routing.run_in_threadpool", refuse)
    assert (await staff.get("/api/session")).status_code == 200
