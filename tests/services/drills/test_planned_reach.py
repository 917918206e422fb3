"""Planned reach says of a drill what an alert at that place would find, with the plan's lanes closed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from responder.domain.drills.plan import (
    Drill,
    DrillMode,
    DrillPlan,
    Inject,
    InjectKind,
    PlannedClosure,
    WaitKind,
    WaitsFor,
)
from responder.domain.errors import NotAllowedError
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.map.place import Place
from responder.domain.map.unit import Unit
from responder.domain.people.partner import PartnerKind
from responder.services.drills import planned_reach
from responder.services.drills.drills import plan_drill
from responder.services.drills.planned_reach import PlannedReach, show_planned_reach
from responder.services.drills.running.start_drill import start_drill
from responder.services.map.closures import NewClosure, set_closure
from responder.services.map.set_duty import set_duty
from responder.services.reach.preview import show_reach
from tests.services.conftest import World

AROUND: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [
        [[112.984, 28.157], [112.987, 28.157], [112.987, 28.1598], [112.984, 28.1598], [112.984, 28.157]]
    ],
}
CLOSED = PlannedClosure(geometry=AROUND, wider_than_m=1.0)


def closes(number: int, after_s: float, waits: WaitsFor | None = None) -> Inject:
    return Inject(
        number=number,
        after_s=after_s,
        kind=InjectKind.CLOSURE,
        text=f"通道被堵 {number}",
        closure=CLOSED,
        waits_for=waits,
    )


async def planned(world: World, **parts: object) -> Drill:
    building = await world.building("脑科巷7栋")
    plan = DrillPlan(
        name="演练",
        mode=DrillMode.FIELD,
        kind="fire",
        place=Place(lon=112.985, lat=28.158, building_id=building.id),
        starts_at=None,
        duration_s=1800,
    )
    shown = await plan_drill(
        world.database,
        world.roads,
        viewer=await world.viewer("planner"),
        plan=replace(plan, **cast("dict[str, Any]", parts)),
        clock=world.clock,
    )
    return shown.drill


async def reach_of(world: World, drill: Drill, *, by: str = "observer") -> PlannedReach:
    viewer = await world.viewer(by)
    return await show_planned_reach(
        world.database, world.roads, viewer=viewer, drill_id=drill.id, clock=world.clock
    )


async def alert_would_find(world: World) -> dict[object, float]:
    building = await world.building("脑科巷7栋")
    found = await show_reach(
        world.database,
        world.roads,
        viewer=await world.viewer("observer"),
        building_id=building.id,
        clock=world.clock,
    )
    return times(found)


def times(found: ResponseCircle) -> dict[object, float]:
    return {member.unit_id: member.response_s for member in found.members}


async def test_it_is_what_an_alert_finds_before_and_after_the_lane_is_closed(world: World) -> None:
    reach = await reach_of(world, await planned(world, injects=(closes(1, 90),)))
    start, later = reach.stages
    assert (start.from_s, start.injects) == (0.0, ())
    assert (later.from_s, later.injects) == (90.0, (1,))
    assert times(start.reach) == await alert_would_find(world)
    assert all(member.why_zh and member.why_en and member.legs for member in start.reach.members)

    await set_closure(
        world.database,
        world.roads,
        viewer=await world.viewer("police"),
        new=NewClosure(name="x", geometry=AROUND, wider_than_m=1.0),
        clock=world.clock,
    )
    closed = await alert_would_find(world)
    assert times(later.reach) == closed
    assert times(start.reach) != closed, "or the test shows nothing"


async def test_only_those_who_take_part_are_told(world: World) -> None:
    async with world.database.begin() as transaction:
        partners = await transaction.partners.of_circle(world.circle.id)
    police = next(partner.id for partner in partners if partner.kind is PartnerKind.POLICE)
    reach = await reach_of(world, await planned(world, partner_ids=(police,)))
    [start] = reach.stages
    assert start.reach.members
    assert {member.partner_id for member in start.reach.members} == {police}
    assert {other.partner_id for other in start.reach.non_members} <= {police}


async def test_stages_come_in_the_order_of_time(world: World) -> None:
    """What is closed at once belongs to the start; what waits comes when what it waits for is expected."""
    first = await reach_of(world, await planned(world))
    fastest = first.stages[0].reach.members[0]
    out = Inject(number=9, after_s=20, kind=InjectKind.UNIT_OUT, text="故障", unit_id=fastest.unit_id)
    bare = Inject(number=7, after_s=5, kind=InjectKind.CLOSURE, text="还没画")
    after_other = closes(3, 10, WaitsFor(kind=WaitKind.INJECT, inject=4))
    on_scene = closes(5, 30, WaitsFor(kind=WaitKind.ON_SCENE))
    drill = await planned(world, injects=(closes(1, 0), after_other, closes(4, 20), on_scene, bare, out))
    stages = (await reach_of(world, drill)).stages
    assert [each.injects for each in stages] == [(1,), (4, 9), (3,), (5,)]
    arrival_s = stages[0].reach.members[0].response_s
    assert [each.from_s for each in stages] == [0.0, 20.0, 30.0, arrival_s + 30]
    assert fastest.unit_id in times(stages[0].reach)
    assert fastest.unit_id not in times(stages[1].reach)
    assert stages[1].units_out == (fastest.unit_id,)


async def test_closures_of_the_circle_count_that_are_in_force_when_it_starts(world: World) -> None:
    now = world.clock.now()
    open_way = await alert_would_find(world)
    await set_closure(
        world.database,
        world.roads,
        viewer=await world.viewer("police"),
        new=NewClosure(name="x", geometry=AROUND, wider_than_m=1.0, ends_at=now + timedelta(days=1)),
        clock=world.clock,
    )
    closed = await alert_would_find(world)
    assert closed != open_way
    today = await planned(world, starts_at=now + timedelta(hours=1))
    # A week later at the same time of day, so that nothing else differs.
    next_week = await planned(world, starts_at=now + timedelta(days=7))
    assert times((await reach_of(world, next_week)).stages[0].reach) == open_way
    assert times((await reach_of(world, today)).stages[0].reach) != open_way


async def test_a_long_plan_says_how_much_is_left_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned_reach, "MOST_STAGES", 2)
    drill = await planned(world, injects=tuple(closes(number, 10.0 * number) for number in (1, 2, 3)))
    reach = await reach_of(world, drill)
    assert [each.injects for each in reach.stages] == [(), (1,)]
    assert reach.left_out == 2


async def test_those_who_may_not_see_the_plan_may_not_see_its_reach(world: World) -> None:
    drill = await planned(world)
    with pytest.raises(NotAllowedError):
        await reach_of(world, drill, by="hospital.wen")


async def test_it_says_how_many_people_a_start_calls(world: World) -> None:
    async with world.database.begin() as transaction:
        partners = await transaction.partners.of_circle(world.circle.id)
        units = await transaction.layer(Unit).of_circle(world.circle.id)
    hospital = next(partner.id for partner in partners if partner.kind is PartnerKind.HOSPITAL)
    wen = (await world.viewer("hospital.wen")).unit_ids
    await set_duty(
        world.database,
        world.roads,
        viewer=await world.viewer("hospital"),
        unit_id=next(unit.id for unit in units if unit.partner_id == hospital and unit.id not in wen),
        on_duty=False,
        clock=world.clock,
    )
    # What is closed at once is so after they were called.
    shut = replace(closes(1, 0.0), closure=PlannedClosure(geometry=AROUND))
    drill = await planned(world, partner_ids=(hospital,), injects=(shut,))
    tabletop = await planned(world, mode=DrillMode.TABLETOP)

    expected = (await reach_of(world, drill)).people

    run = await start_drill(
        world.database,
        world.roads,
        viewer=await world.viewer("planner"),
        drill_id=drill.id,
        clock=world.clock,
    )
    assert run.incident_id is not None
    async with world.database.snapshot() as transaction:
        detail = await transaction.incidents.detail(world.circle.id, run.incident_id)
    assert expected == len({each.recipient_id for each in detail.deliveries}) > 0
    assert (await reach_of(world, tabletop)).people == 0
