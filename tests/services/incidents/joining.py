"""People who join, leave and come back to units of the demo circle, and the calls that they have."""

from collections.abc import Awaitable, Callable
from functools import reduce
from typing import Any
from uuid import uuid4

from shapely.geometry import Point

from responder.domain.ids import AccountId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.fold import apply
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.map.unit import Unit
from responder.domain.people.access import Role
from responder.domain.people.account import Person
from responder.ports.audit import AuditQuery, FoundRecord
from responder.services.circles.snapshot import show_circle
from responder.services.incidents.acknowledge import acknowledge
from responder.services.incidents.queries import show_incident
from responder.services.map.set_duty import set_duty
from responder.services.people.accept_invitation import NewAccount, accept_as, accept_as_new
from responder.services.people.change_person import PersonChange, change_person
from responder.services.people.invite import NewInvitation, invite
from responder.services.people.list_people import list_people
from responder.services.people.remove_person import remove_person
from tests.databases import DEMO_PASSWORD
from tests.services.conftest import World
from tests.services.log import events_after

WHO = "hospital.wen"
OTHER = "planner"
"""In no unit; belongs to no partner."""


async def account_id(world: World, username: str) -> AccountId:
    async with world.database.begin() as transaction:
        stored = await transaction.accounts.find(username)
    assert stored is not None
    return stored.account.id


async def units(world: World) -> tuple[UnitId, UnitId]:
    """The person's unit, and another one of the same partner."""
    wen = await world.viewer(WHO)
    async with world.database.begin() as transaction:
        everything = await transaction.layer(Unit).of_circle(world.circle.id)
    [own] = wen.unit_ids
    return own, next(each.id for each in everything if each.partner_id == wen.partner_id and each.id != own)


async def change(world: World, username: str, **fields: Any) -> None:  # noqa: ANN401 - any of its fields
    await change_person(
        world.database,
        viewer=await world.viewer("community"),
        account_id=await account_id(world, username),
        change=PersonChange(fields=frozenset(fields), **fields),
        clock=world.clock,
    )


async def invited(world: World, unit_id: UnitId) -> str:
    async with world.database.begin() as transaction:
        unit = await transaction.layer(Unit).get(world.circle.id, unit_id)
    new = NewInvitation(role=Role.RESPONDER, partner_id=unit.partner_id, unit_id=unit_id)
    made = await invite(world.database, viewer=await world.viewer("community"), new=new, clock=world.clock)
    return made.token


async def remove(world: World, username: str) -> None:
    await remove_person(
        world.database,
        viewer=await world.viewer("community"),
        account_id=await account_id(world, username),
        clock=world.clock,
    )


async def come_back(world: World, username: str, unit_id: UnitId) -> None:
    token = await invited(world, unit_id)
    async with world.database.begin() as transaction:
        stored = await transaction.accounts.find(username)
    assert stored is not None
    await accept_as(world.database, token=token, account=stored.account, clock=world.clock)


async def answer(world: World, detail: IncidentDetail, state: DeliveryState, *, who: str = WHO) -> Delivery:
    return await acknowledge(
        world.database,
        viewer=await world.viewer(who),
        alert_id=detail.alerts[0].id,
        state=state,
        action_id=uuid4(),
        device_at=world.clock.now(),
        device="phone",
        clock=world.clock,
    )


async def on_duty(world: World, unit_id: UnitId, *, on_duty: bool) -> None:
    await set_duty(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        unit_id=unit_id,
        on_duty=on_duty,
        clock=world.clock,
    )


async def calls_of(world: World, detail: IncidentDetail, username: str) -> list[Delivery]:
    """All deliveries that the account has of the incident, by any unit that it is or was in."""
    who = await account_id(world, username)
    now = await show_incident(
        world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
    )
    async with world.database.begin() as transaction:
        people = await transaction.responders.known(
            world.circle.id, {each.recipient_id for each in now.deliveries}
        )
    return [each for each in now.deliveries if people[each.recipient_id].account_id == who]


async def person(world: World, username: str) -> Person:
    people = await list_people(world.database, viewer=await world.viewer("community"), clock=world.clock)
    return next(each for each in people if each.username == username)


async def call_of(world: World, detail: IncidentDetail, username: str) -> Delivery:
    """The one delivery, by which the person can be told and answer."""
    [call] = await calls_of(world, detail, username)
    assert call.recipient_id in (await world.viewer(username)).responder_ids
    return call


async def circle(world: World) -> CircleSnapshot:
    return await show_circle(world.database, viewer=await world.viewer("community"), clock=world.clock)


async def kinds(world: World, before: CircleSnapshot) -> list[str]:
    """What happened since; a client that follows it sees what the database says now."""
    viewer = await world.viewer("community")
    events = await events_after(
        world.database, viewer=viewer, epoch=before.epoch, seq=before.seq, event_id=before.event_id
    )
    assert events is not None
    assert reduce(apply, events, before) == await circle(world)
    return [each.event.kind for each in events]


async def newest(world: World) -> FoundRecord:
    async with world.database.begin() as transaction:
        record, *_ = await transaction.audit.search(world.circle.id, AuditQuery())
    return record


def point(post: tuple[float, float]) -> Point:
    return Point(*post)


async def join_by_invitation(world: World, unit_id: UnitId) -> str:
    new = NewAccount(username="li", name="李医生", password=DEMO_PASSWORD)
    await accept_as_new(world.database, token=await invited(world, unit_id), new=new, clock=world.clock)
    return "li"


async def join_with_an_account(world: World, unit_id: UnitId) -> str:
    await remove(world, OTHER)
    await come_back(world, OTHER, unit_id)
    return OTHER


async def join_by_a_change(world: World, unit_id: UnitId) -> str:
    partner_id = (await world.unit(unit_id)).partner_id
    await change(world, OTHER, role=Role.RESPONDER, partner_id=partner_id, unit_ids=(unit_id,))
    return OTHER


Join = Callable[[World, UnitId], Awaitable[str]]
JOINS: list[Join] = [join_by_invitation, join_with_an_account, join_by_a_change]
