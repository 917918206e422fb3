import pytest
from sqlalchemy import create_engine, text

from responder.domain.errors import NotFoundError, NotSignedInError, TicketRefusedError, WrongCredentialsError
from responder.domain.ids import AccountId, CircleId
from responder.domain.people.access import Role
from responder.domain.people.account import SESSION_LASTS
from responder.live.circle.hub import Hub
from responder.live.sync.admission_batch import Admission, Admitted
from responder.security import sign_in as service
from responder.security.live_ticket import TICKET_LASTS, issue_ticket
from responder.security.sign_in import (
    hash_token,
    list_memberships,
    living_sessions,
    sign_in,
    sign_out,
    whoami,
)
from responder.store.database import driver_url
from tests.circles import make_bare_circle
from tests.databases import DEMO_PASSWORD
from tests.services.conftest import World


async def redeem_ticket(world: World, ticket: str) -> Admitted:
    """Redeem a ticket as the gateway does."""
    admission = Admission(world.database, Hub(world.database, clock=world.clock), clock=world.clock)
    return await admission.admit(ticket=ticket, circle_id=world.circle.id)


async def open_session(world: World, username: str = "hospital") -> str:
    opened = await sign_in(world.database, username=username, password=DEMO_PASSWORD, clock=world.clock)
    assert opened.account.username == username
    return opened.token


async def test_a_session_lasts_until_it_is_ended_or_over(world: World) -> None:
    first, second = await open_session(world), await open_session(world)
    assert first != second
    account = await whoami(world.database, token=first, clock=world.clock)
    assert account.username == "hospital"
    hashes = {hash_token(first), hash_token(second), hash_token("another")}
    await sign_out(world.database, token=first, clock=world.clock)
    with pytest.raises(NotSignedInError):
        await whoami(world.database, token=first, clock=world.clock)
    living = await living_sessions(world.database, session_hashes=hashes, clock=world.clock)
    assert living == {hash_token(second)}
    world.clock.move(seconds=SESSION_LASTS.total_seconds())
    with pytest.raises(NotSignedInError):
        await whoami(world.database, token=second, clock=world.clock)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("hospital", "wrong"),
        ("nobody", DEMO_PASSWORD),
        ("", ""),
        ("hospital", ""),
        ("hospital\x00", DEMO_PASSWORD),
        ("\ud800", DEMO_PASSWORD),
        ("hospital", "\ud800"),
        ("HOSPITAL", DEMO_PASSWORD),
    ],
)
async def test_wrong_credentials_are_refused_without_saying_which_is_wrong(
    world: World, username: str, password: str
) -> None:
    with pytest.raises(WrongCredentialsError) as refusal:
        await sign_in(world.database, username=username, password=password, clock=world.clock)
    assert refusal.value.detail == {}


@pytest.mark.parametrize("token", ["", "no such token", "\ud800", "x" * 10_000, "\x00"])
async def test_a_token_that_no_one_has_is_refused(world: World, token: str) -> None:
    with pytest.raises(NotSignedInError):
        await whoami(world.database, token=token, clock=world.clock)
    with pytest.raises(TicketRefusedError):
        await redeem_ticket(world, token)


async def test_neither_tokens_nor_tickets_nor_passwords_are_stored(world: World) -> None:
    token = await open_session(world)
    ticket = await issue_ticket(world.database, token=token, clock=world.clock)
    engine = create_engine(driver_url(world.url))
    with engine.connect() as connection:
        stored = [
            str(connection.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 - our own tables
            for table in ("session", "live_ticket", "account")
        ]
    engine.dispose()
    assert all(each != "[]" for each in stored)
    for secret in (token, ticket.ticket, DEMO_PASSWORD):
        assert not any(secret in each for each in stored)


async def test_a_ticket_is_good_once_and_not_for_long_and_not_without_its_session(world: World) -> None:
    token = await open_session(world)
    ticket = await issue_ticket(world.database, token=token, clock=world.clock)
    redeemed = (await redeem_ticket(world, ticket.ticket)).redeemed
    assert redeemed.account.username == "hospital"
    assert redeemed.session_hash == hash_token(token)
    with pytest.raises(TicketRefusedError):
        await redeem_ticket(world, ticket.ticket)

    late = await issue_ticket(world.database, token=token, clock=world.clock)
    world.clock.move(seconds=TICKET_LASTS.total_seconds())
    with pytest.raises(TicketRefusedError):
        await redeem_ticket(world, late.ticket)

    orphan = await issue_ticket(world.database, token=token, clock=world.clock)
    await sign_out(world.database, token=token, clock=world.clock)
    with pytest.raises(TicketRefusedError):
        await redeem_ticket(world, orphan.ticket)
    with pytest.raises(NotSignedInError):
        await issue_ticket(world.database, token=token, clock=world.clock)


async def test_an_account_stands_in_its_own_circles_alone(world: World) -> None:
    account = await whoami(world.database, token=await open_session(world, "hospital.wen"), clock=world.clock)
    other = await make_bare_circle(world.database, name="别处", name_en="Elsewhere", centre=(112.9, 28.1))
    [standing] = await list_memberships(world.database, account_id=account.id)
    assert (standing.id, standing.role) == (world.circle.id, Role.RESPONDER)
    viewer = await service.viewer(world.database, account_id=account.id, circle_id=world.circle.id)
    assert len(viewer.responder_ids) == len(viewer.unit_ids) == 1
    for circle_id in (other.id, CircleId(AccountId(account.id))):
        with pytest.raises(NotFoundError):
            await service.viewer(world.database, account_id=account.id, circle_id=circle_id)
