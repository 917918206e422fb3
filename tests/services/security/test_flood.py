"""A flood of sign-ins takes neither the connections nor the cores that an alert needs."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from responder.domain.errors import ResponderError, TooManyAttemptsError, WrongCredentialsError
from responder.domain.people.client_info import ClientInfo
from responder.ports.clock import SystemClock
from responder.security import hasher
from responder.security.alert_priority import LONGEST_WAIT_S, AlertPriority
from responder.security.login_queue import LoginQueue
from responder.security.login_throttle import LoginThrottle
from responder.security.sign_in import sign_in
from tests.databases import DEMO_PASSWORD
from tests.patience import PATIENCE_S
from tests.services.conftest import World
from tests.services.security.held_password import HeldPasswords

FLOOD = 20


async def test_an_alert_is_out_before_any_of_a_flood_of_sign_ins_is_answered(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No password is done with before the alert is out: if it waited for what guesses use, it never were."""
    monkeypatch.setattr("responder.security.login_queue.LONGEST_WAIT_S", 10 * PATIENCE_S)
    passwords = HeldPasswords(tmp_path, monkeypatch)
    attempts = LoginThrottle()
    here: set[int] = set()

    async def guess(number: int) -> str:
        here.add(number)
        try:
            await sign_in(
                world.database,
                username=f"stranger-{number}",
                password="guess",  # noqa: S106 - wrong on purpose
                clock=world.clock,
                origin=ClientInfo(address=f"10.1.{number // 200}.{number % 200}"),
                attempts=attempts,
            )
        except ResponderError as error:
            return error.code
        finally:
            here.discard(number)
        return "in"

    flood = [asyncio.create_task(guess(number)) for number in range(FLOOD)]
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not passwords.is_looking:  # noqa: ASYNC110 - another process looks
                await asyncio.sleep(0.01)
        detail = await asyncio.wait_for(world.raise_at(), PATIENCE_S)
        assert detail.deliveries
        assert len(here) == FLOOD
    finally:
        passwords.let_go()
    assert await asyncio.wait_for(flood[0], PATIENCE_S) == "wrong_credentials"
    for each in flood:
        each.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_a_person_signs_in_before_those_who_guess(world: World) -> None:
    queue = LoginQueue()
    attempts = LoginThrottle(queue=queue)
    guessed: list[str] = []

    async def guess(number: int) -> None:
        origin = ClientInfo(address=f"10.2.0.{number}")
        # As if it had been there before: otherwise it comes as a person does.
        queue.failed(origin.address)
        while True:
            try:
                await sign_in(
                    world.database,
                    username=f"stranger-{number}-{len(guessed)}",
                    password="guess",  # noqa: S106 - wrong on purpose
                    clock=world.clock,
                    origin=origin,
                    attempts=attempts,
                )
            except TooManyAttemptsError:
                await asyncio.sleep(0.01)
            except WrongCredentialsError:
                guessed.append(origin.address)

    flood = [asyncio.create_task(guess(number)) for number in range(FLOOD)]
    while len(guessed) < 2:  # noqa: ASYNC110 - the flood is under way when some have been answered
        await asyncio.sleep(0.01)
    before = len(guessed)
    opened = await asyncio.wait_for(
        sign_in(
            world.database,
            username="hospital",
            password=DEMO_PASSWORD,
            clock=world.clock,
            origin=ClientInfo(address="10.3.0.1"),
            attempts=attempts,
        ),
        60,
    )
    assert opened.account.username == "hospital"
    # Only the one who had the slot already.
    assert len(guessed) - before <= hasher.AT_ONCE
    for each in flood:
        each.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


class CountedError(Exception):
    pass


class Uncounted:
    """A database that nothing is asked of."""

    def begin(self) -> None:
        raise CountedError


async def attempt(by: LoginThrottle) -> None:
    database: Any = Uncounted()
    async with by.attempt(
        database, (), what="sign_in", origin=ClientInfo(address="10.4.0.1"), clock=SystemClock()
    ):
        pass


async def test_no_try_is_counted_while_an_alert_is_worked_out() -> None:
    priority = AlertPriority()
    with priority.alert():
        trying = asyncio.create_task(attempt(LoginThrottle(priority=priority)))
        await asyncio.sleep(LONGEST_WAIT_S / 4)
        assert not trying.done()
    with pytest.raises(CountedError):
        await asyncio.wait_for(trying, 60)


async def test_however_long_alerts_go_on_tries_have_their_turn() -> None:
    priority = AlertPriority()
    with priority.alert(), pytest.raises(CountedError):
        await asyncio.wait_for(attempt(LoginThrottle(priority=priority)), 60)


async def test_a_sign_in_without_a_slot_is_refused_before_the_database_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("responder.security.login_queue.WAITING_AT_MOST", 0)
    with pytest.raises(TooManyAttemptsError):
        await attempt(LoginThrottle())
