"""Sign-ins for which there is no turn, and those that come too early, get no further than the door."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from responder.api.middleware.body_cap import BodyCaps
from responder.api.middleware.login_throttle import READ_BYTES
from responder.domain.backoff import PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, address_counter
from responder.security import hasher
from responder.security.login_queue import COME_AGAIN_S, LOOK_AGAIN_S, WAITING_AT_MOST, LoginQueue
from responder.security.login_throttle import LoginThrottle
from tests.api.conftest import StoppedClock, World

REFUSED = (429, "too_many_attempts")
ADDRESS = "10.9.9.9"
GUESS = b'{"username": "nobody here", "password": "guess"}'
NOT_READ = b"this is no JSON, and would be answered 422"


@pytest_asyncio.fixture
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client with an address of its own."""
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
    login_queue = LoginQueue()

    async def wait() -> None:
        async with login_queue.slot("10.9.9.8"):
            await asyncio.Event().wait()

    # Those who have their turn, and all who may wait.
    crowd = [asyncio.create_task(wait()) for _ in range(hasher.AT_ONCE)]
    await asyncio.sleep(3 * LOOK_AGAIN_S)
    crowd += [asyncio.create_task(wait()) for _ in range(WAITING_AT_MOST)]
    await asyncio.sleep(3 * LOOK_AGAIN_S)
    with world.changed(login_queue=login_queue):
        assert await try_in(stranger) == REFUSED
        assert (await stranger.get("/api/config")).status_code == 200
        assert (await stranger.delete("/api/session")).status_code == 401
        for each in crowd:
            each.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        assert (await try_in(stranger))[0] == 422


async def test_a_rejected_client_is_told_when_to_retry_and_gets_the_usual_headers(
    world: World, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("responder.security.login_queue.WAITING_AT_MOST", 0)
    with world.changed(login_queue=LoginQueue()):
        refused = await stranger.post("/api/session", content=NOT_READ)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, f"{COME_AGAIN_S:.0f}")
    # Or the next would come by a connection that is open already.
    assert refused.headers["Connection"] == "close"
    usual = await stranger.delete("/api/session")
    assert refused.headers["Content-Type"] == usual.headers["Content-Type"]
    of_us = {name for name in usual.headers if name not in {"content-length", "www-authenticate"}}
    assert "content-security-policy" in of_us
    assert of_us <= set(refused.headers)


async def test_a_try_that_comes_too_early_for_its_name_reaches_no_endpoint(
    world: World, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.changed(attempts=LoginThrottle(), login_queue=LoginQueue(), clock=StoppedClock()):
        for _ in range(PER_ACCOUNT_AND_ADDRESS.free_attempts + 1):
            assert await try_in(stranger, GUESS) == (401, "wrong_credentials")
        assert await try_in(stranger, GUESS) == REFUSED
        monkeypatch.setattr("responder.security.sign_in.sign_in", None)
        assert await try_in(stranger, GUESS) == REFUSED
        # Whatever else is asked for, or has another form, is the endpoint's.
        for other in (b'["nobody here"]', b'{"username": 7}', b'{"username": "nobody here"}  {}', NOT_READ):
            assert (await try_in(stranger, other))[0] == 422
        with pytest.raises(TypeError):
            await try_in(stranger, GUESS.replace(b"nobody here", b"somebody else"))


@pytest.mark.parametrize("cut", [0, 1, 20])
async def test_a_sign_in_that_comes_in_pieces_is_read_whole(
    world: World, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    body = GUESS.replace(b"here", b"in %d pieces" % cut)

    async def pieces() -> AsyncIterator[bytes]:
        yield body[:cut]
        await asyncio.sleep(0)
        yield body[cut:]

    with world.changed(attempts=LoginThrottle(), login_queue=LoginQueue(), clock=StoppedClock()):
        for number, expected in enumerate([401] * (PER_ACCOUNT_AND_ADDRESS.free_attempts + 1) + [429] * 3):
            if number > PER_ACCOUNT_AND_ADDRESS.free_attempts + 1:
                # What the database has refused is remembered: it is known without the endpoint.
                monkeypatch.setattr("responder.security.sign_in.sign_in", None)
            answer = await stranger.post(
                "/api/session", content=pieces(), headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == expected


async def test_a_body_too_large_for_any_sign_in_is_not_read_on(stranger: httpx.AsyncClient) -> None:
    cap = BodyCaps().usual_bytes
    given: list[int] = []

    async def large() -> AsyncIterator[bytes]:
        while sum(given) < 3 * cap:
            given.append(READ_BYTES // 2)
            yield b" " * given[-1]

    answer = await stranger.post("/api/session", content=large())
    assert answer.status_code == 413
    # What the turnstile has read is counted by the cap behind it, too.
    assert cap < sum(given) <= cap + READ_BYTES


async def test_an_address_that_was_refused_is_not_read_either(
    world: World, stranger: httpx.AsyncClient
) -> None:
    guessed = [address_counter(ADDRESS)]
    for _ in range(PER_ADDRESS.free_attempts + 1):
        async with world.database.begin() as transaction:
            await transaction.login_failures.begin(guessed, now=world.api.state.context.clock.now())
    with world.changed(attempts=LoginThrottle()):
        assert (await try_in(stranger))[0] == 422
        assert await try_in(stranger, b'{"username": "nobody", "password": "guess"}') == REFUSED
        assert await try_in(stranger) == REFUSED
