"""Hazards on the map, and the lanes that they narrow."""

from datetime import date
from typing import Any

import pytest

from geo.errors import OutsideNetworkError
from responder.domain.errors import InvalidValueError, NotAllowedError
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.registers.hazard_life import HazardSource, HazardStepKind
from responder.services.incidents.recompute import model_if_any
from responder.services.map.hazards import NewHazard, record_hazard
from tests.services.conftest import World
from tests.services.log import addressed_events

LANE = {"type": "LineString", "coordinates": [[112.9854918, 28.1595247], [112.9855941, 28.1597798]]}


async def record(world: World, *, by: str = "community", **said: Any) -> Hazard:  # noqa: ANN401 - any field
    viewer = await world.viewer(by)
    new = NewHazard(**{"kind": "blocked_lane", "name": "三轮车占道", "geometry": LANE, **said})
    model = await model_if_any(world.roads, world.circle.id)
    async with world.database.begin() as transaction:
        await transaction.circles.lock(world.circle.id)
        return await record_hazard(
            transaction, world.roads, viewer=viewer, model=model, new=new, at=world.clock.now()
        )


async def closures_of(world: World, hazard: Hazard) -> list[Closure]:
    async with world.database.snapshot() as transaction:
        every = await transaction.layer(Closure).of_circle(world.circle.id)
    return [each for each in every if each.hazard_id == hazard.id]


async def test_a_hazard_begins_with_its_last_day_by_grade_and_its_first_step(world: World) -> None:
    general = await record(world, source=HazardSource.REPORT)
    major = await record(world, grade=HazardGrade.MAJOR)

    assert general.state is HazardState.SEEN
    assert general.due_on is not None
    assert major.due_on is not None
    assert (general.due_on - major.due_on).days == 12, "15 days and 3"
    async with world.database.snapshot() as transaction:
        [step] = await transaction.hazard_steps.of_hazard(world.circle.id, general.id)
        assert await transaction.layer(Hazard).get(world.circle.id, general.id) == general
    assert (step.kind, step.state, step.number) == (HazardStepKind.RECORD, HazardState.SEEN, 1)
    assert (step.source, step.at) == (HazardSource.REPORT, world.clock.now())
    assert not await closures_of(world, general)


async def test_the_last_day_is_counted_in_the_circles_time_zone(world: World) -> None:
    late = world.clock.now().replace(hour=17, minute=0)
    world.clock.move(seconds=(late - world.clock.now()).total_seconds())
    hazard = await record(world, grade=HazardGrade.MAJOR)
    utc: date = late.date()
    assert hazard.due_on is not None
    assert (hazard.due_on - utc).days == 4, "after midnight in China"


async def test_a_hazard_that_narrows_a_lane_is_a_closure_from_that_moment(world: World) -> None:
    narrowing = await record(world, clear_width_m=1.5)
    blocking = await record(world, clear_width_m=0)

    [narrow], [shut] = await closures_of(world, narrowing), await closures_of(world, blocking)
    assert (narrow.wider_than_m, shut.wider_than_m) == (1.5, None)
    assert narrow.name == narrowing.name
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    kinds = [each.recorded.event.kind for each in events]
    assert kinds == ["hazard_changed", "closure_created"] * 2


@pytest.mark.parametrize("width", [-1.0, 51.0, float("nan"), float("inf")])
async def test_a_width_that_cannot_be_records_nothing(world: World, width: float) -> None:
    with pytest.raises(InvalidValueError):
        await record(world, clear_width_m=width)
    assert not await addressed_events(world.database, circle_id=world.circle.id, seq=0)


async def test_what_narrows_a_lane_lies_where_lanes_are(world: World) -> None:
    with pytest.raises(OutsideNetworkError):
        await record(world, clear_width_m=1, geometry={"type": "Point", "coordinates": [100.0, 20.0]})


async def test_only_who_may_edit_the_map_records_and_only_who_may_close_closes(world: World) -> None:
    with pytest.raises(NotAllowedError):
        await record(world, by="police")
    await record(world, by="planner")
    with pytest.raises(NotAllowedError):
        await record(world, by="planner", clear_width_m=1)
