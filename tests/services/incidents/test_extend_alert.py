"""A person who joins a unit that an open incident counts on is called at once; one who comes back, too."""

from uuid import uuid4

import pytest

from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason
from responder.domain.people.access import Role
from responder.services.directing.end_incident import end_incident
from responder.services.imports.features import Noun, import_features
from responder.services.incidents.queries import show_incident
from tests.services.conftest import World
from tests.services.feature_tables import table_of
from tests.services.incidents.joining import (
    JOINS,
    WHO,
    Join,
    answer,
    call_of,
    calls_of,
    change,
    circle,
    come_back,
    kinds,
    newest,
    on_duty,
    person,
    point,
    remove,
    units,
)


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
        table=table_of([{**row, "on_duty": True}, *more], [point(unit.post)] * (1 + len(more))),
        clock=world.clock,
    )
    assert (summary.created, summary.updated, summary.skipped) == (len(more), 1, ())
    assert (await call_of(world, detail, WHO)).unit_id == own
    now = await show_incident(
        world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
    )
    assert len(now.response_circle.members) == len(detail.response_circle.members) + 1 + len(more)
