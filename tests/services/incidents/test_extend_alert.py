"""A person who joins a unit that an open incident counts on is called at once; one who comes back, too."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import reduce
from typing import Any
from uuid import uuid4

import pytest
from shapely.geometry import Point

from responder.domain.errors import ResponderError
from responder.domain.ids import AccountId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.map.unit import Unit
from responder.domain.people.access import Role
from responder.domain.people.account import Person
from responder.ports.audit import AuditQuery, FoundRecord
from responder.services.circles.snapshot import show_circle
from responder.services.directing.end_incident import end_incident
from responder.services.imports.features import Noun, import_features
from responder.services.incidents import raise_alert as raising
from responder.services.incidents.acknowledge import acknowledge
from responder.services.incidents.queries import show_incident
from responder.services.incidents.response_circle import compute
from responder.services.map.set_duty import set_duty
from responder.services.people.accept_invitation import NewAccount, accept_as, accept_as_new
from responder.services.people.change_person import PersonChange, change_person
from responder.services.people.invite import NewInvitation, invite
from responder.services.people.list_people import list_people
from responder.services.people.remove_person import remove_person
from responder.store.incidents.delivery import PostgresDeliveries
from tests.databases import DEMO_PASSWORD
from tests.services.conftest import World
from tests.services.feature_tables import table_of
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


@pytest.mark.parametrize("join", JOINS)
async def test_who_joins_a_called_unit_is_called_at_once_as_others_are(world: World, join: Join) -> None:
    own, _ = await units(world)
    detail = await world.raise_at()
    before = await circle(world)
    world.clock.move(seconds=90)

    who = await join(world, own)

    call = await call_of(world, detail, who)
    assert (call.alert_id, call.unit_id, call.unit_ids) == (detail.alerts[0].id, own, (own,))
    assert (call.state, call.times) == (DeliveryState.QUEUED, {"queued": world.clock.now()})
    assert await kinds(world, before) == ["alert_extended"]
    record = await newest(world)
    assert record.detail["calls"] == 1
    assert (await answer(world, detail, DeliveryState.ACCEPTED, who=who)).state is DeliveryState.ACCEPTED


@pytest.mark.parametrize("join", JOINS)
async def test_no_one_is_called_by_a_unit_that_is_not_or_when_it_is_over(world: World, join: Join) -> None:
    _, second = await units(world)
    await on_duty(world, second, on_duty=False)
    detail, over = await world.raise_at(), await world.raise_at("脑科巷2栋")
    await end_incident(
        world.database,
        viewer=await world.viewer("community"),
        incident_id=over.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    before = await circle(world)
    who = await join(world, second)
    assert await calls_of(world, detail, who) == await calls_of(world, over, who) == []
    assert await kinds(world, before) == []
    assert (await newest(world)).detail["calls"] == 0
    # When the unit comes within reach after all, they are.
    await on_duty(world, second, on_duty=True)
    assert (await call_of(world, detail, who)).unit_id == second


async def test_a_second_called_unit_is_one_more_to_go_with(world: World) -> None:
    own, second = await units(world)
    detail = await world.raise_at()
    before = await circle(world)
    await answer(world, detail, DeliveryState.ACCEPTED)
    await change(world, WHO, unit_ids=(own, second))
    call = await call_of(world, detail, WHO)
    assert (call.state, call.unit_id, {*call.unit_ids}) == (DeliveryState.ACCEPTED, own, {own, second})
    assert await kinds(world, before) == ["deliveries_updated", "deliveries_updated"]
    assert (await newest(world)).detail["calls"] == 0, "they were called before"


@pytest.mark.parametrize("said", [None, DeliveryState.DECLINED, DeliveryState.EN_ROUTE])
async def test_who_goes_to_another_called_unit_is_called_by_that_one(
    world: World, said: DeliveryState | None
) -> None:
    own, second = await units(world)
    detail = await world.raise_at()
    if said is not None:
        await answer(world, detail, said)
    before = await circle(world)
    await change(world, WHO, unit_ids=(second,))
    call = await call_of(world, detail, WHO)
    assert (call.state, call.unit_ids) == (DeliveryState.QUEUED, (second,))
    assert own not in call.unit_ids
    assert (await kinds(world, before))[-1] == "alert_extended"
    assert (await answer(world, detail, DeliveryState.ACCEPTED)).unit_id == second


async def test_who_goes_to_another_partner_is_called_as_one_of_theirs(world: World) -> None:
    police = await world.viewer("police.tang")
    [unit_id] = police.unit_ids
    detail = await world.raise_at()
    await change(world, WHO, partner_id=police.partner_id, unit_ids=(unit_id,))
    call = await call_of(world, detail, WHO)
    assert (call.partner_id, call.unit_id) == (police.partner_id, unit_id)
    seen = await show_incident(
        world.database, viewer=await world.viewer("police"), incident_id=detail.incident.id
    )
    assert call in seen.deliveries


@pytest.mark.parametrize("said", [None, DeliveryState.DECLINED, DeliveryState.ON_SCENE])
@pytest.mark.parametrize("way", ["units", "role", "circle"])
async def test_who_left_all_called_units_and_comes_back_is_called_again(
    world: World, way: str, said: DeliveryState | None
) -> None:
    own, second = await units(world)
    await change(world, WHO, unit_ids=(own, second))
    detail = await world.raise_at()
    if said is not None:
        await answer(world, detail, said)
    for _ in range(2):
        before = await circle(world)
        match way:
            case "units":
                await change(world, WHO, unit_ids=())
            case "role":
                await change(world, WHO, role=Role.OBSERVER)
            case _:
                await remove(world, WHO)
        [gone] = await calls_of(world, detail, WHO)
        assert gone.state in {DeliveryState.WITHDRAWN, DeliveryState.DECLINED}
        world.clock.move(seconds=5)
        match way:
            case "units":
                await change(world, WHO, unit_ids=(own,))
            case "role":
                await change(world, WHO, role=Role.RESPONDER, unit_ids=(own,))
            case _:
                await come_back(world, WHO, own)
        call = await call_of(world, detail, WHO)
        assert (call.state, call.unit_ids) == (DeliveryState.QUEUED, (own,))
        assert call.times == {"queued": world.clock.now()}
        assert (await kinds(world, before))[-1] == "alert_extended"
    assert (await answer(world, detail, DeliveryState.ACCEPTED)).state is DeliveryState.ACCEPTED


async def test_who_said_that_they_cannot_come_is_not_called_again_while_they_stay(world: World) -> None:
    own, second = await units(world)
    detail = await world.raise_at()
    await answer(world, detail, DeliveryState.ACCEPTED)
    await answer(world, detail, DeliveryState.WITHDRAWN)
    await change(world, WHO, unit_ids=(own, second))
    await change(world, WHO, role=Role.DISPATCHER)
    assert (await call_of(world, detail, WHO)).state is DeliveryState.WITHDRAWN


@pytest.mark.parametrize("many", [False, True])
async def test_a_file_that_brings_units_into_reach_calls_their_people(world: World, *, many: bool) -> None:
    own, _ = await units(world)
    unit = await world.unit(own)
    row = {
        "id": str(own),
        "partner": (await person(world, WHO)).partner_name,
        "name": unit.name,
        "kind": unit.kind,
        "profile": unit.profile,
        "turnout_s": unit.turnout_s,
        "people": unit.people,
    }
    await on_duty(world, own, on_duty=False)
    detail = await world.raise_at()
    assert await calls_of(world, detail, WHO) == []
    more = [{**row, "id": str(uuid4()), "name": f"新队{number}"} for number in range(101 * many)]
    summary = await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        noun=Noun.UNITS,
        table=table_of([{**row, "on_duty": True}, *more], [_point(unit.post)] * (1 + len(more))),
        clock=world.clock,
    )
    assert (summary.created, summary.updated, summary.skipped) == (len(more), 1, ())
    assert (await call_of(world, detail, WHO)).unit_id == own
    now = await show_incident(
        world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
    )
    assert len(now.response_circle.members) == len(detail.response_circle.members) + 1 + len(more)


@pytest.mark.parametrize("join", JOINS)
async def test_who_joins_while_ways_are_being_found_is_called_with_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, join: Join
) -> None:
    """The join is committed before the alert, which had read its units before."""
    own, _ = await units(world)
    await world.roads.model(world.circle.id)
    loop = asyncio.get_running_loop()

    def slow(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as compute has it
        found = compute(*args, **kwargs)
        asyncio.run_coroutine_threadsafe(join(world, own), loop).result(timeout=60)
        return found

    monkeypatch.setattr(raising, "compute", slow)
    detail = await world.raise_at()
    who = "li" if join is join_by_invitation else OTHER
    assert (await call_of(world, detail, who)).unit_id == own


@pytest.mark.parametrize("join", JOINS)
async def test_who_joins_while_an_alert_is_being_written_waits_for_it_and_is_called(
    world: World, monkeypatch: pytest.MonkeyPatch, join: Join
) -> None:
    """The alert has read who is in its units, and commits before the join."""
    own, _ = await units(world)
    joining: list[asyncio.Future[str]] = []
    original = raising.call

    def called(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as call has it
        joining.append(asyncio.ensure_future(join(world, own)))
        return original(*args, **kwargs)

    async def slow_add(*args: Any) -> None:  # noqa: ANN401 - as add has it
        await asyncio.sleep(0.5)
        assert not joining[0].done()
        await add(*args)

    add = PostgresDeliveries.add
    monkeypatch.setattr(raising, "call", called)
    monkeypatch.setattr(PostgresDeliveries, "add", slow_add)
    detail = await world.raise_at()
    monkeypatch.setattr(PostgresDeliveries, "add", add)
    who = await joining[0]
    assert (await call_of(world, detail, who)).unit_id == own


async def test_a_file_of_many_units_that_comes_while_ways_are_being_found_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many changes are told by another epoch of the log, not by events."""
    own, _ = await units(world)
    unit = await world.unit(own)
    row = {
        "partner": (await person(world, WHO)).partner_name,
        "kind": unit.kind,
        "profile": unit.profile,
        "turnout_s": 60,
    }
    rows = [{**row, "id": str(uuid4()), "name": f"新队{number}"} for number in range(101)]
    viewer = await world.viewer("community")
    await world.roads.model(world.circle.id)
    loop = asyncio.get_running_loop()
    once = iter([True])

    def slow(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as compute has it
        found = compute(*args, **kwargs)
        if next(once, False):
            imported = import_features(
                world.database,
                world.roads,
                viewer=viewer,
                noun=Noun.UNITS,
                table=table_of(rows, [_point(unit.post)] * len(rows)),
                clock=world.clock,
            )
            asyncio.run_coroutine_threadsafe(imported, loop).result(timeout=60)
        return found

    monkeypatch.setattr(raising, "compute", slow)
    detail = await world.raise_at()
    names = {member.unit_name for member in detail.response_circle.members}
    assert names >= {each["name"] for each in rows}


async def test_several_who_join_leave_and_return_at_once_have_one_call_each(world: World) -> None:
    own, second = await units(world)
    detail = await world.raise_at()

    async def slot(*unit_ids: UnitId) -> None:
        try:
            await change(world, WHO, unit_ids=unit_ids)
        except ResponderError as error:
            raise AssertionError(error.code) from error

    await asyncio.gather(*(slot(*each) for each in [(own,), (), (second,), (own, second), ()] * 4))
    await slot(own)
    assert (await call_of(world, detail, WHO)).unit_ids == (own,)


def _point(post: tuple[float, float]) -> Point:
    return Point(*post)
