"""Sign-ins for which there is no turn, and from addresses that were refused, get no further than the door."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from responder.domain.patience import PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, address_counter
from responder.services import passwords
from responder.services.attempts import Attempts
from responder.services.turns import LOOK_AGAIN_S, REFUSALS, WAITING_AT_MOST, Turns
from tests.api.conftest import StoppedClock, World

REFUSED = (429, "too_many_attempts")
ADDRESS = "10.9.9.9"
NOT_READ = b"this is no JSON, and would be answered 422"


@pytest_asyncio.fixture
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who comes from an address of their own."""
    transport = httpx.ASGITransport(world.api, client=(ADDRESS, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        yield http


async def try_in(http: httpx.AsyncClient, content: bytes = NOT_READ) -> tuple[int, str]:
    answer = await http.post("/api/session", content=content, headers={"Content-Type": "application/json"})
    return answer.status_code, answer.json()["code"]


async def test_with_room_the_endpoint_decides(stranger: httpx.AsyncClient) -> None:
    assert (await try_in(stranger))[0] == 422


async def test_without_a_turn_nothing_is_read_and_afterwards_everything_is_as_before(
    world: World, stranger: httpx.AsyncClient
) -> None:
    turns = Turns()

    async def wait() -> None:
        async with turns.turn("10.9.9.8"):
            await asyncio.Event().wait()

    # Those who have their turn, and all who may wait.
    crowd = [asyncio.create_task(wait()) for _ in range(passwords.AT_ONCE)]
    await asyncio.sleep(3 * LOOK_AGAIN_S)
    crowd += [asyncio.create_task(wait()) for _ in range(WAITING_AT_MOST)]
    await asyncio.sleep(3 * LOOK_AGAIN_S)
    with world.changed(turns=turns):
        assert await try_in(stranger) == REFUSED
        assert (await stranger.get("/api/config")).status_code == 200
        assert (await stranger.delete("/api/session")).status_code == 401
        for each in crowd:
            each.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        assert (await try_in(stranger))[0] == 422


async def test_whoever_is_turned_away_is_told_when_to_come_again_and_the_answer_is_dressed_as_any(
    world: World, stranger: httpx.AsyncClient
) -> None:
    turns = Turns()
    for _ in range(REFUSALS):
        turns.came_too_early(ADDRESS)
    with world.changed(turns=turns):
        refused = await stranger.post("/api/session", content=NOT_READ)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    # Or the next would come by a connection that nobody has to let in.
    assert refused.headers["Connection"] == "close"
    usual = await stranger.delete("/api/session")
    assert refused.headers["Content-Type"] == usual.headers["Content-Type"]
    of_us = {name for name in usual.headers if name not in {"content-length", "www-authenticate"}}
    assert "content-security-policy" in of_us
    assert of_us <= set(refused.headers)


async def test_tries_that_come_too_early_are_soon_read_no_more(
    world: World, stranger: httpx.AsyncClient
) -> None:
    body = b'{"username": "nobody here", "password": "guess"}'
    with world.changed(attempts=Attempts(), turns=Turns(), clock=StoppedClock()):
        for _ in range(PER_ACCOUNT_AND_ADDRESS.free_tries + 1):
            assert await try_in(stranger, body) == (401, "wrong_credentials")
        assert (await try_in(stranger))[0] == 422
        for _ in range(REFUSALS):
            assert await try_in(stranger, body) == REFUSED
        assert await try_in(stranger) == REFUSED


async def test_an_address_that_was_refused_is_not_read_either(
    world: World, stranger: httpx.AsyncClient
) -> None:
    guessed = [address_counter(ADDRESS)]
    for _ in range(PER_ADDRESS.free_tries + 1):
        async with world.database.begin() as transaction:
            await transaction.failed_tries.begin(guessed, now=world.api.state.parts.clock.now())
    with world.changed(attempts=Attempts()):
        assert (await try_in(stranger))[0] == 422
        assert await try_in(stranger, b'{"username": "nobody", "password": "guess"}') == REFUSED
        assert await try_in(stranger) == REFUSED
