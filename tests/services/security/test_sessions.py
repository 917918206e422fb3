"""One's own sessions and password: seen, ended, changed, and no one else's touched."""

import pytest

from responder.domain.backoff import PER_ACCOUNT_AND_ADDRESS
from responder.domain.errors import (
    NotFoundError,
    NotSignedInError,
    TooManyAttemptsError,
    WeakPasswordError,
    WrongCredentialsError,
    WrongPasswordError,
)
from responder.domain.people.account import SEEN_EVERY, SESSION_IDLES, SESSION_LASTS
from responder.domain.people.client_info import ClientInfo
from responder.security.change_password import change_password
from responder.security.password_policy import checked_password
from responder.security.sessions import end_other_sessions, end_session, list_sessions
from responder.security.sign_in import hash_token, living_sessions, sign_in, whoami
from tests.databases import DEMO_PASSWORD
from tests.services.conftest import World

PHONE = ClientInfo(address="203.0.113.9", device="微信 · Android")
NEW = "eine ganz andere Losung"


async def opened(world: World, username: str = "hospital", origin: ClientInfo = PHONE) -> str:
    found = await sign_in(
        world.database, username=username, password=DEMO_PASSWORD, clock=world.clock, origin=origin
    )
    return found.token


async def is_open(world: World, token: str) -> bool:
    try:
        await whoami(world.database, token=token, clock=world.clock)
    except NotSignedInError:
        return False
    return True


async def test_sessions_are_listed_with_device_address_and_last_use(world: World) -> None:
    first = await opened(world)
    world.clock.move(minutes=10)
    second = await opened(world, origin=ClientInfo(address="198.51.100.7", device="Edge · Windows"))
    account = await whoami(world.database, token=first, clock=world.clock)
    found = await list_sessions(world.database, account=account, token=second, clock=world.clock)
    assert {(each.device, each.address, each.current) for each in found} == {
        ("微信 · Android", "203.0.113.9", False),
        ("Edge · Windows", "198.51.100.7", True),
    }
    assert all(each.last_seen_at == world.clock.now() for each in found)
    assert all(each.expires_at == each.created_at + SESSION_LASTS for each in found)


async def test_use_is_written_down_once_a_minute(world: World) -> None:
    token = await opened(world)
    account = await whoami(world.database, token=token, clock=world.clock)

    async def last_seen_s() -> float:
        [session] = await list_sessions(world.database, account=account, token=token, clock=world.clock)
        return (world.clock.now() - session.last_seen_at).total_seconds()

    world.clock.move(seconds=SEEN_EVERY.total_seconds() - 1)
    assert await is_open(world, token)
    assert await last_seen_s() == SEEN_EVERY.total_seconds() - 1
    world.clock.move(seconds=1)
    assert await is_open(world, token)
    assert await last_seen_s() == 0


async def test_an_idle_session_ends_and_one_with_an_open_socket_does_not(world: World) -> None:
    idle, with_socket = await opened(world), await opened(world)
    for _ in range(3):
        world.clock.move(seconds=SESSION_IDLES.total_seconds() / 2)
        await living_sessions(world.database, session_hashes=[hash_token(with_socket)], clock=world.clock)
    assert not await is_open(world, idle)
    assert await is_open(world, with_socket)
    world.clock.move(seconds=SESSION_LASTS.total_seconds())
    assert not await is_open(world, with_socket), "in the end everyone signs in again"


async def test_one_ends_ones_own_session_and_no_one_elses(world: World) -> None:
    mine, other, strangers = await opened(world), await opened(world), await opened(world, "police")
    me = await whoami(world.database, token=mine, clock=world.clock)
    stranger = await whoami(world.database, token=strangers, clock=world.clock)
    [theirs] = await list_sessions(world.database, account=stranger, token=strangers, clock=world.clock)
    with pytest.raises(NotFoundError):
        await end_session(world.database, account=me, session_id=theirs.id, clock=world.clock)
    assert await is_open(world, strangers)
    found = await list_sessions(world.database, account=me, token=mine, clock=world.clock)
    [elsewhere] = [each for each in found if not each.current]
    await end_session(world.database, account=me, session_id=elsewhere.id, clock=world.clock)
    assert not await is_open(world, other)
    with pytest.raises(NotFoundError):
        await end_session(world.database, account=me, session_id=elsewhere.id, clock=world.clock)
    third = await opened(world)
    await end_other_sessions(world.database, account=me, token=mine, clock=world.clock)
    assert [await is_open(world, each) for each in (mine, third, strangers)] == [True, False, True]


async def test_a_new_password_ends_all_other_sessions(world: World) -> None:
    mine, other = await opened(world), await opened(world)
    me = await whoami(world.database, token=mine, clock=world.clock)
    await change_password(
        world.database, account=me, token=mine, current=DEMO_PASSWORD, new=NEW, clock=world.clock
    )
    assert [await is_open(world, each) for each in (mine, other)] == [True, False]
    with pytest.raises(WrongCredentialsError):
        await opened(world)
    assert await sign_in(world.database, username="hospital", password=NEW, clock=world.clock)


async def test_an_open_session_is_no_way_to_guess_the_password(world: World) -> None:
    mine = await opened(world)
    me = await whoami(world.database, token=mine, clock=world.clock)

    async def guess(current: str) -> None:
        await change_password(
            world.database, account=me, token=mine, current=current, new=NEW, clock=world.clock
        )

    with pytest.raises(WeakPasswordError):
        await change_password(
            world.database, account=me, token=mine, current=DEMO_PASSWORD, new="short", clock=world.clock
        )
    for _ in range(PER_ACCOUNT_AND_ADDRESS.free_attempts + 1):
        with pytest.raises(WrongPasswordError):
            await guess("wrong")
    with pytest.raises(TooManyAttemptsError):
        await guess(DEMO_PASSWORD)
    assert await is_open(world, mine)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elf_zeichen", "too_short"),
        ("x" * 1025, "too_long"),
        ("hospital.wenHOSPITAL.WEN", "user_name"),
        ("123456789012", "common"),
        ("PASSWORD1234", "common"),
        ("aaaaaabbbbbb", "common"),
        ("\ud800" + "abcdefghijklm", "unfit"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, reason: str) -> None:
    with pytest.raises(WeakPasswordError) as refusal:
        checked_password(password, username="hospital.wen")
    assert refusal.value.detail["reason"] == reason


@pytest.mark.parametrize("password", ["correct horse", "脑科巷七栋的老槐树很高大", "hospital.wen at home"])
def test_a_long_password_of_any_letters_will_do(password: str) -> None:
    assert checked_password(password, username="hospital.wen") == password
