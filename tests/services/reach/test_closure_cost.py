"""What a closure would cost, against setting it for real and asking again."""

from uuid import uuid4

import pytest

from geo.errors import OutsideNetworkError
from responder.domain.errors import InvalidValueError, NotAllowedError, NotFoundError
from responder.domain.ids import BuildingId, ClosureId, HazardId
from responder.domain.incidents.event import ClosureCreated, ClosureLifted
from responder.domain.map.building import Building
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import operator
from responder.domain.reach.criticality import ClosureCost
from responder.services.incidents.queries import show_incident
from responder.services.map.closures import NewClosure, set_closure
from responder.services.reach import closure_cost
from responder.services.reach.closure_cost import FELT_S, cost_of_closure, cost_of_hazard, preview_closure
from responder.services.reach.job_queue import JobQueue
from responder.services.reach.preview import show_reach
from tests.services.conftest import World

MOUTH = {"type": "LineString", "coordinates": [[112.98502, 28.15665], [112.98497, 28.15715]]}
FIELD = {"type": "Point", "coordinates": [112.9575, 28.1335]}
LIMITS_S = (180.0, 300.0, 900.0)


async def test_a_closure_far_from_all_roads_is_refused_before_anyone_relies_on_it(world: World) -> None:
    away = {"type": "LineString", "coordinates": [[0.0, 0.0], [0.001, 0.0]]}
    with pytest.raises(OutsideNetworkError):
        await previewed(world, NewClosure(name="远处", geometry=away))


async def previewed(world: World, new: NewClosure, *, by: str = "community") -> ClosureCost:
    return await preview_closure(
        world.database, world.roads, JobQueue(), viewer=await world.viewer(by), new=new, clock=world.clock
    )


async def soonest(world: World, building_id: BuildingId) -> dict[str, float]:
    found = await show_reach(
        world.database,
        world.roads,
        viewer=operator(world.circle.id),
        building_id=building_id,
        clock=world.clock,
    )
    times: dict[str, float] = {}
    for member in found.members:
        kind = member.partner_kind.value
        times[kind] = min(member.response_s, times.get(kind, float("inf")))
    return times


async def test_the_preview_says_what_setting_it_does(world: World) -> None:
    detail = await world.raise_at("脑科巷14栋")
    async with world.database.begin() as transaction:
        homes = [b for b in await transaction.layer(Building).of_circle(world.circle.id) if b.households]
    before = {home.id: await soonest(world, home.id) for home in homes}
    called = {m.unit_id: m.response_s for m in detail.response_circle.members}
    new = NewClosure(name="南支", geometry=MOUTH)

    told = await previewed(world, new)
    await set_closure(
        world.database, world.roads, viewer=operator(world.circle.id), new=new, clock=world.clock
    )

    lost: dict[tuple[str, float], int] = {}
    slower: dict[str, int] = {}
    lost_households = 0
    for home in homes:
        after = await soonest(world, home.id)
        drops = [
            (kind, limit)
            for kind, seconds in before[home.id].items()
            for limit in LIMITS_S
            if seconds <= limit < after.get(kind, float("inf"))
        ]
        lost_households += home.households if drops else 0
        for drop in drops:
            lost[drop] = lost.get(drop, 0) + home.households
        for kind, seconds in before[home.id].items():
            if after.get(kind, float("inf")) - seconds >= FELT_S:
                slower[kind] = slower.get(kind, 0) + home.households
    assert {(loss.kind.value, loss.limit_s): loss.households for loss in told.losses} == lost
    assert {slow.kind.value: slow.households for slow in told.slowed} == slower
    assert (told.lost, told.households, told.on_road) == (lost_households, 323, True)
    assert lost_households > 0

    [incident] = told.incidents
    assert incident.incident_id == detail.incident.id
    now = await show_incident(
        world.database, viewer=operator(world.circle.id), incident_id=detail.incident.id
    )
    later = {m.unit_id: m.response_s for m in now.response_circle.members}
    assert {d.unit_id: (d.before_s, d.after_s) for d in incident.delays} == {
        unit: (seconds, later.get(unit))
        for unit, seconds in called.items()
        if later.get(unit, float("inf")) - seconds >= FELT_S
    }
    assert incident.delays


async def test_a_preview_changes_nothing_and_calls_no_one(world: World) -> None:
    detail = await world.raise_at("脑科巷14栋")

    await previewed(world, NewClosure(name="南支", geometry=MOUTH))

    async with world.database.begin() as transaction:
        assert "南支" not in [c.name for c in await transaction.layer(Closure).of_circle(world.circle.id)]
        events = [each.recorded.event for each in await transaction.events.after(world.circle.id, 0)]
        assert not any(isinstance(event, ClosureCreated | ClosureLifted) for event in events)
        assert await transaction.incidents.detail(world.circle.id, detail.incident.id) == detail


async def test_what_holds_already_costs_what_it_was_said_to(world: World) -> None:
    new = NewClosure(name="南支", geometry=MOUTH, wider_than_m=1.0)
    told = await previewed(world, new)
    closure = await set_closure(
        world.database, world.roads, viewer=operator(world.circle.id), new=new, clock=world.clock
    )

    held = await cost_of_closure(
        world.database,
        world.roads,
        JobQueue(),
        viewer=await world.viewer("observer"),
        closure_id=closure.id,
        clock=world.clock,
    )

    assert held == told
    assert held.lost > 0


async def test_a_closure_on_no_road_says_so(world: World) -> None:
    told = await previewed(world, NewClosure(name="田里", geometry=FIELD))

    assert (told.on_road, told.lost, told.losses, told.slowed, told.incidents) == (False, 0, (), (), ())
    assert (told.buildings, told.excluded) == (0, 0)


async def test_when_time_is_short_the_nearest_are_asked_and_the_others_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await previewed(world, NewClosure(name="南支", geometry=MOUTH))
    monkeypatch.setattr(closure_cost, "PATIENCE_S", 0.0)
    monkeypatch.setattr(closure_cost, "AT_LEAST_HOMES", 3)

    told = await previewed(world, NewClosure(name="南支", geometry=MOUTH))

    assert (told.buildings, told.excluded) == (3, whole.buildings - 3)
    assert 0 < told.households < whole.households
    # Those at the closure itself are the ones that it shuts off.
    assert told.lost > 0


async def test_whom_an_incident_does_not_concern_does_not_hear_of_its_delays(world: World) -> None:
    await world.raise_at("脑科巷14栋")
    closure = await set_closure(
        world.database,
        world.roads,
        viewer=operator(world.circle.id),
        new=NewClosure(name="南支", geometry=MOUTH),
        clock=world.clock,
    )

    async def incidents_of(username: str) -> int:
        told = await cost_of_closure(
            world.database,
            world.roads,
            JobQueue(),
            viewer=await world.viewer(username),
            closure_id=closure.id,
            clock=world.clock,
        )
        assert told.lost > 0
        return len(told.incidents)

    # Her unit is off duty, so that she was not called.
    assert (await incidents_of("volunteer.luo"), await incidents_of("hospital")) == (0, 1)


async def test_a_hazard_costs_what_shutting_the_road_there_to_vehicles_costs(world: World) -> None:
    async with world.database.begin() as transaction:
        hazards = await transaction.layer(Hazard).of_circle(world.circle.id)
    [parking] = [hazard for hazard in hazards if hazard.name == "北支违停占道"]

    cost = await cost_of_hazard(
        world.database,
        world.roads,
        JobQueue(),
        viewer=await world.viewer("observer"),
        hazard_id=parking.id,
        clock=world.clock,
    )

    assert cost.on_road
    same = await previewed(
        world,
        NewClosure(
            name="x",
            geometry=parking.geometry,
            profiles=("ebike", "car", "ambulance", "mini_engine", "fire_engine"),
        ),
    )
    assert cost == same


async def test_what_cannot_be_is_refused(world: World) -> None:
    with pytest.raises(InvalidValueError):
        await previewed(world, NewClosure(name="x", geometry=MOUTH, wider_than_m=-1))
    with pytest.raises(NotAllowedError):
        await previewed(world, NewClosure(name="x", geometry=MOUTH), by="observer")
    viewer = operator(world.circle.id)
    with pytest.raises(NotFoundError):
        await cost_of_closure(
            world.database,
            world.roads,
            JobQueue(),
            viewer=viewer,
            closure_id=ClosureId(uuid4()),
            clock=world.clock,
        )
    with pytest.raises(NotFoundError):
        await cost_of_hazard(
            world.database,
            world.roads,
            JobQueue(),
            viewer=viewer,
            hazard_id=HazardId(uuid4()),
            clock=world.clock,
        )
