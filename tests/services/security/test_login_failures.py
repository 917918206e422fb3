"""Failed tries to get in are written down: each in the log, and in the chain when they lock an account."""

import logging

import pytest

from responder.domain.audit import PLATFORM
from responder.domain.backoff import (
    PER_ACCOUNT,
    PER_ACCOUNT_AND_ADDRESS,
    Lockout,
    lockout_after,
    sign_in_counters,
)
from responder.domain.errors import InvitationRefusedError, TooManyAttemptsError, WrongCredentialsError
from responder.domain.people.client_info import ClientInfo
from responder.ports.audit import AuditQuery, FoundRecord
from responder.security.sign_in import sign_in
from responder.services.people.accept_invitation import preview_invitation
from tests.services.conftest import World

FREE = PER_ACCOUNT_AND_ADDRESS.free_attempts
GUESS = "guess-in-clear"
GUESSER = ClientInfo(address="10.0.0.66", device="curl")


async def guess(world: World, username: str, *, origin: ClientInfo = GUESSER) -> str:
    try:
        await sign_in(world.database, username=username, password=GUESS, clock=world.clock, origin=origin)
    except (WrongCredentialsError, TooManyAttemptsError) as error:
        return error.code
    return "in"


async def locks(world: World) -> list[FoundRecord]:
    async with world.database.begin() as transaction:
        found = await transaction.audit.search(PLATFORM, AuditQuery(action="account_locked"))
    return list(found)


async def test_each_failure_is_a_line_that_names_no_one(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for username in ("hospital", "hospital", "my-password-by-mistake"):
        assert await guess(world, username) == "wrong_credentials"
    known, again, unknown = [line for line in caplog.messages if line.startswith("sign_in_failed")]
    assert "why=wrong_credentials" in known
    assert known == again, "what belongs together is seen to"
    assert "account=-" not in known
    assert "account=-" in unknown
    for secret in ("hospital", "my-password-by-mistake", GUESS, GUESSER.address):
        assert secret not in caplog.text


async def test_an_attempt_that_comes_too_early_is_a_line_as_well(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(FREE + 2):
        last = await guess(world, "hospital")
    assert last == "too_many_attempts"
    assert "sign_in_failed why=too_many_attempts" in caplog.messages[-1]


async def test_an_invitation_that_is_none_is_a_line(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(InvitationRefusedError):
        await preview_invitation(world.database, token="none", clock=world.clock, origin=GUESSER)  # noqa: S106 - it is none
    assert "invitation_failed why=invitation_refused" in caplog.text


async def test_a_lock_is_in_the_platforms_chain_once_and_in_no_circles(world: World) -> None:
    for _ in range(FREE):
        await guess(world, "hospital")
    assert await locks(world) == []
    for _ in range(3):
        await guess(world, "hospital")
    [lock] = await locks(world)
    assert lock.detail == {"failures": FREE + 1, "everywhere": False}
    assert lock.subject_name
    assert (lock.address, lock.device) == (GUESSER.address, GUESSER.device)
    async with world.database.begin() as transaction:
        in_circle = await transaction.audit.search(world.circle.id, AuditQuery(action="account_locked"))
    assert in_circle == ()


async def test_a_name_that_no_one_has_locks_nothing_in_the_chain(world: World) -> None:
    for _ in range(FREE + 2):
        await guess(world, "nobody-here")
    assert await locks(world) == []


def lock_after(of_both: int, of_account: int) -> Lockout | None:
    both, _, account = (counter.key for counter in sign_in_counters("wang", "10.0.0.1"))
    return lockout_after("wang", "10.0.0.1", {both: of_both, account: of_account})


def test_however_many_addresses_guess_there_are_few_locks() -> None:
    recorded = [
        lock
        for number in range(1000)
        for of_both in range(1, FREE + 2)
        if (lock := lock_after(of_both, number * (FREE + 1) + of_both)) is not None
    ]
    assert len(recorded) <= PER_ACCOUNT.free_attempts // (FREE + 1) + 1
    assert recorded[-1] == Lockout(failures=PER_ACCOUNT.free_attempts + 1, everywhere=True)
