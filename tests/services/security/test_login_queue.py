"""A flood of sign-ins waits for a person, never a person for the flood."""

import asyncio
from collections.abc import Iterator

import pytest

from responder.domain.errors import BusyError, ResponderError, WrongCredentialsError
from responder.security import hasher, login_queue
from responder.security.login_queue import (
    COOLDOWN_S,
    FAILED_LATELY_S,
    FAILED_WAITING_AT_MOST,
    FREE_FAILURES,
    WAITING_AT_MOST,
    LoginQueue,
)
from tests.patience import PATIENCE_S

PERSON, GUESSER = "10.0.0.1", "10.6.6.6"


class Watch:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(autouse=True)
def _one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hasher, "AT_ONCE", 1)


@pytest.fixture
def watch() -> Iterator[Watch]:
    return Watch()


class Hall:
    """Those who wait for a turn, and in which order they had it."""

    def __init__(self, of: LoginQueue) -> None:
        self.queue = of
        self.order: list[str] = []
        self.may_leave = asyncio.Event()
        self.tasks: list[asyncio.Task[str]] = []

    def enter(self, address: str) -> asyncio.Task[str]:
        task = asyncio.create_task(self._wait(address))
        self.tasks.append(task)
        return task

    async def _wait(self, address: str) -> str:
        try:
            async with self.queue.slot(address):
                self.order.append(address)
                await self.may_leave.wait()
                if address.startswith("guesser"):
                    raise WrongCredentialsError
        except ResponderError as error:
            return error.code
        return "had it"

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def fail(at: LoginQueue, address: str, times: int) -> str:
    for _ in range(times):
        at.failed(address)
    return address


async def is_refused(hall: Hall, address: str) -> bool:
    """Come, and go away again."""
    coming = hall.enter(address)
    await a_moment()
    refused = coming.done()
    coming.cancel()
    await asyncio.wait([coming])
    return refused


async def a_moment() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_one_with_fewest_failures_is_next_however_late_they_came() -> None:
    hall = Hall(LoginQueue())
    hall.enter("first")
    await a_moment()
    for address, failures in (("twice", 2), ("once", 1), (PERSON, 0)):
        hall.enter(fail(hall.queue, address, failures))
    await a_moment()
    assert hall.order == ["first"]
    hall.may_leave.set()
    await asyncio.gather(*hall.tasks)
    assert hall.order == ["first", PERSON, "once", "twice"]


async def test_after_a_guesser_the_next_guesser_waits_and_a_person_does_not(watch: Watch) -> None:
    hall = Hall(LoginQueue(now_s=watch))
    for guesser in ("guesser a", "guesser b"):
        hall.enter(fail(hall.queue, guesser, FREE_FAILURES + 1))
    await a_moment()
    assert hall.order == ["guesser a"]
    hall.may_leave.set()
    await a_moment()
    assert hall.order == ["guesser a"]
    hall.enter(PERSON)
    await a_moment()
    watch.now_s += COOLDOWN_S - 0.01
    hall.enter(PERSON)
    await a_moment()
    assert hall.order == ["guesser a", PERSON, PERSON]
    watch.now_s += 0.02
    await asyncio.wait_for(hall.tasks[1], PATIENCE_S)
    assert hall.order == ["guesser a", PERSON, PERSON, "guesser b"]


async def test_few_guessers_wait_and_a_person_finds_room() -> None:
    hall = Hall(LoginQueue())
    guessers = [fail(hall.queue, f"guesser {number}", FREE_FAILURES + 1) for number in range(30)]
    for guesser in guessers:
        hall.enter(guesser)
    await a_moment()
    told = [task.result() for task in hall.tasks if task.done()]
    # The first has its turn.
    assert len(told) == len(guessers) - 1 - FAILED_WAITING_AT_MOST
    assert set(told) == {"too_many_attempts"}
    assert await is_refused(hall, fail(hall.queue, GUESSER, FREE_FAILURES + 1))
    assert not await is_refused(hall, PERSON)
    await hall.close()


async def test_no_more_than_some_wait() -> None:
    hall = Hall(LoginQueue())
    for number in range(1 + WAITING_AT_MOST):
        hall.enter(f"person {number}")
    await a_moment()
    assert not any(task.done() for task in hall.tasks)
    assert await is_refused(hall, PERSON)
    # Who goes away leaves room.
    hall.tasks[1].cancel()
    assert not await is_refused(hall, PERSON)
    await hall.close()


async def test_waits_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_queue, "LONGEST_WAIT_S", 0.1)
    hall = Hall(LoginQueue())
    hall.enter("has the turn")
    await a_moment()
    assert await asyncio.wait_for(hall.enter(PERSON), 5) == "too_many_attempts"
    hall.may_leave.set()
    await a_moment()
    assert await asyncio.wait_for(hall.enter(PERSON), 5) == "had it"


async def test_a_client_that_goes_away_takes_no_slot() -> None:
    hall = Hall(LoginQueue())
    for gone in (hall.enter("gone before"), hall.enter("gone while waiting")):
        await a_moment()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    async with hall.queue.slot("first"):
        called = hall.enter("gone when called")
        await a_moment()
    # It is called when the first leaves, and is gone before it comes.
    called.cancel()
    await asyncio.wait([called])
    assert hall.order == ["gone before", "gone while waiting"]
    hall.may_leave.set()
    assert await asyncio.wait_for(hall.enter(PERSON), 5) == "had it"


async def test_an_attempt_that_is_given_up_as_a_slot_becomes_free_keeps_none() -> None:
    hall = Hall(LoginQueue())
    async with hall.queue.slot("first"):
        gone = hall.enter("gone")
        await a_moment()
        # Before the slot is free; that it is gone it hears afterwards.
        gone.cancel()
    await asyncio.wait([gone])
    hall.may_leave.set()
    assert await asyncio.wait_for(hall.enter(PERSON), 5) == "had it"


def test_failures_are_forgotten_in_time_and_do_not_fill_the_memory(watch: Watch) -> None:
    counted = LoginQueue(now_s=watch, kept=3)
    for number in range(5):
        fail(counted, f"guesser {number}", 1)
    assert [counted.failures(f"guesser {number}") for number in range(5)] == [0, 0, 1, 1, 1]
    watch.now_s += FAILED_LATELY_S
    assert counted.failures("guesser 4") == 0


def test_a_success_makes_up_for_half_of_the_failures() -> None:
    office = LoginQueue()
    fail(office, PERSON, FREE_FAILURES + 1)
    office.succeeded(PERSON)
    office.succeeded("somebody else")
    assert office.failures(PERSON) == (FREE_FAILURES + 1) // 2 <= FREE_FAILURES


async def test_a_flood_writes_one_line_a_minute(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(login_queue, "WAITING_AT_MOST", 0)
    hall = Hall(LoginQueue(now_s=watch))
    for _ in range(100):
        assert await is_refused(hall, GUESSER)
    watch.now_s += login_queue.SAY_EVERY_S
    assert await is_refused(hall, GUESSER)
    assert [record.getMessage() for record in caplog.records] == [
        "sign_in_rate_limited tries=1",
        "sign_in_rate_limited tries=100",
    ]


async def test_an_attempt_that_raises_has_failed_and_one_that_does_not_makes_up_for_it() -> None:
    hall = Hall(LoginQueue())
    hall.may_leave.set()
    for _ in range(3):
        await hall.enter("guesser")
    assert hall.queue.failures("guesser") == 3
    fail(hall.queue, PERSON, 3)
    await hall.enter(PERSON)
    assert hall.queue.failures(PERSON) == 1


async def test_an_attempt_for_which_the_database_has_no_time_is_no_failure() -> None:
    queue = LoginQueue()
    with pytest.raises(BusyError):
        async with queue.slot(PERSON):
            raise BusyError
    assert queue.failures(PERSON) == 0
