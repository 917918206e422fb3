"""Guessing passwords gets slower with every failure."""

from datetime import UTC, datetime, timedelta

from responder.api.attempts import PER_ACCOUNT, PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, Attempts
from responder.domain.errors import TooManyAttemptsError

NOON = datetime(2025, 1, 31, 12, tzinfo=UTC)


def fail(attempts: Attempts, times: int, *, username: str = "wang", address: str = "10.0.0.1") -> datetime:
    """Fail as often as is let pass, waiting each time as long as one is told to."""
    now = NOON
    for _ in range(times):
        try:
            attempts.begin(username, address, now=now)
        except TooManyAttemptsError as error:
            now += timedelta(seconds=float(str(error.detail["retry_after_s"])) + 0.1)
            attempts.begin(username, address, now=now)
    return now


def waits(attempts: Attempts, *, username: str = "wang", address: str = "10.0.0.1", now: datetime) -> float:
    try:
        attempts.begin(username, address, now=now)
    except TooManyAttemptsError as error:
        return float(str(error.detail["retry_after_s"]))
    return 0.0


def test_people_may_mistype() -> None:
    attempts = Attempts()
    assert fail(attempts, PER_ACCOUNT_AND_ADDRESS.free_tries) == NOON


def test_each_further_failure_waits_twice_as_long() -> None:
    attempts = Attempts()
    found = []
    now = fail(attempts, PER_ACCOUNT_AND_ADDRESS.free_tries)
    for _ in range(5):
        attempts.begin("wang", "10.0.0.1", now=now)
        found.append(waits(attempts, now=now))
        now += timedelta(seconds=found[-1] + 0.1)
    assert found == [1, 2, 4, 8, 16]


def test_it_never_waits_longer_than_the_longest() -> None:
    assert PER_ACCOUNT_AND_ADDRESS.wait_s(10_000) == PER_ACCOUNT_AND_ADDRESS.longest_wait_s


def test_many_tries_at_once_do_not_slip_through_together() -> None:
    attempts = Attempts()
    let_pass = 0
    for _ in range(100):
        let_pass += waits(attempts, now=NOON) == 0
    assert let_pass == PER_ACCOUNT_AND_ADDRESS.free_tries + 1


def test_getting_in_forgets_the_failures() -> None:
    attempts = Attempts()
    now = fail(attempts, PER_ACCOUNT_AND_ADDRESS.free_tries)
    attempts.begin("wang", "10.0.0.1", now=now)
    attempts.succeeded("wang", "10.0.0.1")
    assert waits(attempts, now=now) == 0


def test_getting_in_again_and_again_never_has_to_wait() -> None:
    attempts = Attempts()
    for _ in range(3 * PER_ADDRESS.free_tries):
        assert waits(attempts, now=NOON) == 0
        attempts.succeeded("wang", "10.0.0.1")


def test_one_address_cannot_try_every_account() -> None:
    attempts = Attempts()
    for number in range(PER_ADDRESS.free_tries + 1):
        attempts.begin(f"account-{number}", "10.0.0.1", now=NOON)
    assert waits(attempts, username="another", now=NOON) > 0
    assert waits(attempts, username="another", address="10.0.0.2", now=NOON) == 0


def test_many_addresses_slow_one_account_down_but_never_lock_it() -> None:
    attempts = Attempts()
    for number in range(PER_ACCOUNT.free_tries + 30):
        waits(attempts, address=f"10.0.1.{number}", now=NOON)
    assert 0 < waits(attempts, address="10.0.2.1", now=NOON) <= PER_ACCOUNT.longest_wait_s


def test_failures_are_forgotten_in_time() -> None:
    attempts = Attempts()
    now = fail(attempts, PER_ACCOUNT_AND_ADDRESS.free_tries + 3)
    later = now + timedelta(seconds=PER_ACCOUNT_AND_ADDRESS.forget_after_s + 1)
    assert waits(attempts, now=later) == 0


def test_a_flood_does_not_fill_the_memory() -> None:
    attempts = Attempts(kept=100)
    for number in range(1000):
        waits(
            attempts, username=f"account-{number}", address=f"10.0.{number // 250}.{number % 250}", now=NOON
        )
    assert len(attempts) <= 100
