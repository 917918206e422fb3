"""A flood of sign-ins waits for a person, never a person for the flood."""

import asyncio
from collections.abc import Iterator

import pytest

from responder.domain.errors import TooManyAttemptsError
from responder.security import hasher, login_queue
from responder.security.login_queue import (
    COOLDOWN_FACTOR,
    FAILED_LATELY_S,
    FREE_FAILURES,
    LONGEST_REST_S,
    SLOW_WAITING_AT_MOST,
    WAITING_AT_MOST,
    LoginQueue,
)

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
        except TooManyAttemptsError as error:
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


def is_refused(by: LoginQueue, address: str) -> bool:
    try:
        by.require_room(address)
    except TooManyAttemptsError:
        return True
    return False


async def a_moment() -> None:
    await asyncio.sleep(3 * login_queue.LOOK_AGAIN_S)


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
    for guesser in ("a", "b"):
        hall.enter(fail(hall.queue, guesser, FREE_FAILURES + 1))
    await a_moment()
    assert hall.order == ["a"]
    took_s = 0.1
    watch.now_s += took_s
    hall.may_leave.set()
    await a_moment()
    assert hall.order == ["a"]
    hall.enter(PERSON)
    await a_moment()
    assert hall.order == ["a", PERSON]
    watch.now_s += COOLDOWN_FACTOR * took_s - 0.01
    await a_moment()
    assert hall.order == ["a", PERSON]
    watch.now_s += 0.02
    await a_moment()
    assert hall.order == ["a", PERSON, "b"]
    assert COOLDOWN_FACTOR * took_s < LONGEST_REST_S


async def test_few_guessers_wait_and_a_person_finds_room() -> None:
    hall = Hall(LoginQueue())
    guessers = [fail(hall.queue, f"guesser {number}", FREE_FAILURES + 1) for number in range(30)]
    hall.enter(guessers[0])
    await a_moment()
    for guesser in guessers[1:]:
        hall.enter(guesser)
    await a_moment()
    told = [task.result() for task in hall.tasks if task.done()]
    # The first has its turn.
    assert len(told) == len(guessers) - 1 - SLOW_WAITING_AT_MOST
    assert set(told) == {"too_many_attempts"}
    assert is_refused(hall.queue, fail(hall.queue, GUESSER, FREE_FAILURES + 1))
    assert not is_refused(hall.queue, PERSON)
    await hall.close()


async def test_in_a_full_queue_addresses_with_failures_give_way_to_those_without() -> None:
    hall = Hall(LoginQueue())
    hall.enter("has the turn")
    await a_moment()
    guess = hall.enter(GUESSER)
    for number in range(WAITING_AT_MOST - 1):
        hall.enter(f"person {number}")
    await a_moment()
    assert is_refused(hall.queue, PERSON)
    fail(hall.queue, GUESSER, 1)
    assert not is_refused(hall.queue, PERSON)
    hall.enter(PERSON)
    await a_moment()
    assert guess.result() == "too_many_attempts"
    assert is_refused(hall.queue, "one too many")
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
    called = hall.enter("gone when called")
    # The moment between the call and the coming.
    while not hall.queue._in_hand:  # noqa: SLF001, ASYNC110 - see above
        await asyncio.sleep(0)
    called.cancel()
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


def test_a_flood_writes_one_line_a_minute(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(login_queue, "WAITING_AT_MOST", 0)
    full = LoginQueue(now_s=watch)
    for _ in range(100):
        assert is_refused(full, GUESSER)
    watch.now_s += login_queue.SAY_EVERY_S
    assert is_refused(full, GUESSER)
    assert [record.getMessage() for record in caplog.records] == [
        "sign_in_rate_limited tries=1",
        "sign_in_rate_limited tries=100",
    ]
