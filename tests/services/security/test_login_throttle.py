"""Guessing gets slower with every failure, whichever process it is sent to."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from responder.domain.backoff import (
    FORGET_AFTER,
    PER_ACCOUNT,
    PER_ACCOUNT_AND_ADDRESS,
    PER_ADDRESS,
    Counter,
    sign_in_counters,
)
from responder.domain.errors import TooManyAttemptsError, WrongCredentialsError
from responder.domain.people.client_info import ClientInfo
from responder.ports import Database
from responder.security import login_throttle
from responder.security.login_throttle import LoginThrottle
from responder.security.sign_in import sign_in
from responder.store.database import driver_url
from tests.databases import DEMO_PASSWORD
from tests.services.conftest import World

NOON = datetime(2025, 1, 31, 12, tzinfo=UTC)
FREE = PER_ACCOUNT_AND_ADDRESS.free_attempts
WANG = sign_in_counters("wang", "10.0.0.1")


@dataclass(frozen=True)
class At:
    """A clock that shows one time."""

    time: datetime

    def now(self) -> datetime:
        return self.time


def attempt(
    by: LoginThrottle, database: Database, counters: Sequence[Counter], *, now: datetime = NOON
) -> AbstractAsyncContextManager[Mapping[str, int]]:
    return by.attempt(
        database, counters, what="sign_in", origin=ClientInfo(address="10.0.0.1"), clock=At(now)
    )


async def wait_s(world: World, counters: Sequence[Counter] = WANG, *, now: datetime = NOON) -> float:
    """Try, and return how long one is told to wait."""
    try:
        async with attempt(LoginThrottle(), world.database, counters, now=now):
            return 0.0
    except TooManyAttemptsError as error:
        return float(str(error.detail["retry_after_s"]))


async def fail(world: World, times: int) -> datetime:
    """Fail as often as is said, waiting each time as long as one is told to."""
    now = NOON
    for _ in range(times):
        if (told := await wait_s(world, now=now)) > 0:
            now += timedelta(seconds=told + 0.1)
            assert await wait_s(world, now=now) == 0
    return now


async def succeed(world: World, counters: Sequence[Counter] = WANG) -> None:
    async with world.database.begin() as transaction:
        await transaction.login_failures.succeeded(counters)


async def test_people_may_mistype(world: World) -> None:
    assert await fail(world, FREE) == NOON


async def test_an_attempt_counted_after_a_later_one_does_not_wait(world: World) -> None:
    assert await wait_s(world, now=NOON + timedelta(seconds=5)) == 0
    assert await wait_s(world, now=NOON) == 0


async def test_each_further_failure_waits_twice_as_long(world: World) -> None:
    now = await fail(world, FREE + 1)
    found = []
    for _ in range(5):
        found.append(await wait_s(world, now=now))
        now += timedelta(seconds=found[-1] + 0.1)
        assert await wait_s(world, now=now) == 0
    assert found == [1, 2, 4, 8, 16]


def test_it_never_waits_longer_than_the_longest() -> None:
    assert PER_ACCOUNT_AND_ADDRESS.delay_s(10_000) == PER_ACCOUNT_AND_ADDRESS.longest_delay_s


async def test_many_tries_at_once_do_not_slip_through_together(world: World) -> None:
    told = await asyncio.gather(*(wait_s(world) for _ in range(30)))
    assert sum(each == 0 for each in told) == FREE + 1


async def test_getting_in_forgets_the_failures(world: World) -> None:
    now = await fail(world, FREE + 1)
    await succeed(world)
    assert await wait_s(world, now=now) == 0


async def test_getting_in_again_and_again_never_has_to_wait(world: World) -> None:
    for _ in range(PER_ADDRESS.free_attempts + 5):
        assert await wait_s(world) == 0
        await succeed(world)


async def test_one_address_cannot_try_every_account(world: World) -> None:
    for number in range(PER_ADDRESS.free_attempts + 1):
        assert await wait_s(world, sign_in_counters(f"account-{number}", "10.0.0.1")) == 0
    assert await wait_s(world, sign_in_counters("another", "10.0.0.1")) > 0
    assert await wait_s(world, sign_in_counters("another", "10.0.0.2")) == 0


async def test_many_addresses_slow_one_account_down_but_never_lock_it(world: World) -> None:
    for number in range(PER_ACCOUNT.free_attempts + 10):
        await wait_s(world, sign_in_counters("wang", f"10.0.1.{number}"))
    assert 0 < await wait_s(world, sign_in_counters("wang", "10.0.2.1")) <= PER_ACCOUNT.longest_delay_s


async def test_failures_are_forgotten_in_time(world: World) -> None:
    now = await fail(world, FREE + 3)
    later = now + FORGET_AFTER + timedelta(seconds=1)
    assert await wait_s(world, now=later) == 0


async def test_what_was_typed_for_a_name_is_not_kept(world: World) -> None:
    await wait_s(world, sign_in_counters("my-password-by-mistake", "10.9.8.7"))
    engine = create_engine(driver_url(world.url))
    with engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM attempt")).all())
    engine.dispose()
    assert kept != "[]"
    assert "my-password-by-mistake" not in kept
    assert "10.9.8.7" not in kept


async def test_a_flood_is_turned_away_without_asking_the_database(world: World) -> None:
    attempts = LoginThrottle()
    await fail(world, FREE + 1)
    with pytest.raises(TooManyAttemptsError):
        async with attempt(attempts, world.database, WANG):
            pass
    nobody: Any = None
    with pytest.raises(TooManyAttemptsError) as refusal:
        async with attempt(attempts, nobody, WANG):
            pass
    assert refusal.value.detail["retry_after_s"] == 1


async def test_a_flood_does_not_fill_the_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_throttle, "KEPT", 3)
    attempts = LoginThrottle()
    of_accounts = [sign_in_counters(f"account-{number}", f"10.0.3.{number}") for number in range(5)]
    for counters in of_accounts:
        for _ in range(FREE + 2):
            with suppress(TooManyAttemptsError):
                async with attempt(attempts, world.database, counters):
                    pass
    nobody: Any = None
    asked = []
    for counters in of_accounts:
        try:
            async with attempt(attempts, nobody, counters):
                pass
        except TooManyAttemptsError:
            asked.append(False)
        except AttributeError:
            asked.append(True)
    assert asked == [True, True, False, False, False]


async def test_guessing_locks_the_right_password_out_too_but_not_from_elsewhere(world: World) -> None:
    guesser, owner = ClientInfo(address="10.0.0.66"), ClientInfo(address="10.0.0.7")
    for _ in range(FREE + 1):
        with pytest.raises(WrongCredentialsError):
            await sign_in(
                world.database,
                username="hospital",
                password="guess",  # noqa: S106 - wrong on purpose
                clock=world.clock,
                origin=guesser,
            )
    for origin, refused in ((guesser, True), (owner, False)):
        try:
            await sign_in(
                world.database, username="hospital", password=DEMO_PASSWORD, clock=world.clock, origin=origin
            )
        except TooManyAttemptsError:
            assert refused
        else:
            assert not refused


async def test_a_process_remembers_its_refusals_from_the_first_on(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    attempts = LoginThrottle()
    refused = 0
    for _ in range(FREE + 3):
        try:
            await sign_in(
                world.database,
                username="hospital",
                password="guess",  # noqa: S106 - wrong on purpose
                clock=world.clock,
                origin=ClientInfo(address="10.0.0.77"),
                attempts=attempts,
            )
        except TooManyAttemptsError:
            refused += 1
        except WrongCredentialsError:
            pass
    assert refused == 2
    # The second was not asked about, and is not written down.
    assert caplog.text.count("why=too_many_attempts") == 1


async def test_no_disk_is_waited_for_to_count_a_failure(world: World) -> None:
    async with world.database.begin() as transaction:
        connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - what only PostgreSQL's have
        # The tests' own database never waits.
        await connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
        await transaction.login_failures.begin(WANG, now=NOON)
        asked = await connection.exec_driver_sql("SHOW synchronous_commit")
        assert asked.scalar_one() == "off"


@pytest.mark.parametrize(("wait_s", "told_s"), [(15.04, 15.1), (15.0, 15.0), (0.3, 0.3), (0.001, 0.1)])
def test_a_client_that_waits_as_long_as_told_is_not_too_early(wait_s: float, told_s: float) -> None:
    assert TooManyAttemptsError(retry_after_s=wait_s).detail == {"retry_after_s": told_s}
