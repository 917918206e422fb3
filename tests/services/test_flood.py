"""A flood of sign-ins takes neither the connections nor the cores that an alert needs."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from responder.domain.errors import ResponderError, TooManyAttemptsError
from responder.domain.origin import Origin
from responder.services import passwords
from responder.services.attempts import AT_ONCE, Attempts
from responder.services.ports.clock import SystemClock
from responder.services.sign_in import sign_in
from responder.services.urgent import LONGEST_WAIT_S, after_what_is_urgent, urgent
from tests.services.conftest import World

FLOOD = 24


async def test_an_alert_is_out_long_before_a_flood_of_sign_ins_is_answered(world: World) -> None:
    await world.raise_at()  # So that the roads are in memory, as they are once a process is ready.
    attempts = Attempts()
    here: set[int] = set()

    async def guess(number: int) -> str:
        here.add(number)
        try:
            await sign_in(
                world.database,
                username=f"stranger-{number}",
                password="guess",  # noqa: S106 - wrong on purpose
                clock=world.clock,
                origin=Origin(address=f"10.1.{number // 200}.{number % 200}"),
                attempts=attempts,
            )
        except ResponderError as error:
            return error.code
        finally:
            here.discard(number)
        return "in"

    flood = [asyncio.create_task(guess(number)) for number in range(FLOOD)]
    await asyncio.sleep(0)
    assert len(here) == FLOOD
    picture = await world.raise_at()
    assert picture.deliveries
    assert len(here) > FLOOD * 2 / 3, "the alert did not wait for those who guess"
    assert await asyncio.wait_for(flood[0], 60) == "wrong_credentials"
    for each in flood:
        each.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_no_more_than_some_wait_for_their_turn() -> None:
    async def hash_one() -> str:
        try:
            await passwords.hash_password("a long enough password")
        except TooManyAttemptsError as error:
            return error.code
        return "hashed"

    crowd = [asyncio.create_task(hash_one()) for _ in range(passwords.WAITING_AT_MOST + 20)]
    await asyncio.sleep(0)
    told = [each.result() for each in crowd if each.done()]
    assert told == ["too_many_attempts"] * 20
    for each in crowd:
        each.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    # Places are given back by those who went away.
    assert await asyncio.wait_for(hash_one(), 60) == "hashed"
    assert AT_ONCE < 20, "fewer than the pool has connections"


async def test_no_password_is_looked_at_while_an_alert_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    order = []

    async def wait() -> None:
        await after_what_is_urgent()
        order.append("the password's turn")

    monkeypatch.setattr(passwords, "after_what_is_urgent", wait)
    with urgent():
        waiting = asyncio.create_task(passwords.hash_password("a long enough password"))
        await asyncio.sleep(LONGEST_WAIT_S / 4)
        order.append("the alert is out")
    assert await asyncio.wait_for(waiting, 60)
    assert order == ["the alert is out", "the password's turn"]


async def test_no_try_is_counted_while_an_alert_is_worked_out() -> None:
    class CountedError(Exception):
        pass

    class Database:
        def begin(self) -> None:
            raise CountedError

    async def begin() -> None:
        async with Attempts().begun(Database(), (), now=datetime.now(UTC)):  # type: ignore[arg-type]
            pass

    with urgent():
        trying = asyncio.create_task(begin())
        await asyncio.sleep(LONGEST_WAIT_S / 4)
        assert not trying.done()
    with pytest.raises(CountedError):
        await asyncio.wait_for(trying, 60)


async def test_whoever_would_have_no_turn_is_turned_away_before_the_database_is_asked() -> None:
    crowd = [
        asyncio.create_task(passwords.hash_password("a long enough password"))
        for _ in range(passwords.WAITING_AT_MOST)
    ]
    await asyncio.sleep(0)
    nobody: Any = None
    with pytest.raises(TooManyAttemptsError):
        await sign_in(nobody, username="wang", password="guess", clock=SystemClock())  # noqa: S106 - wrong
    for each in crowd:
        each.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)


async def test_however_long_alerts_go_on_sign_ins_have_their_turn() -> None:
    with urgent():
        assert await asyncio.wait_for(passwords.hash_password("a long enough password"), 60)
