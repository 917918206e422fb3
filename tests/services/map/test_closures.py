import asyncio
from datetime import timedelta
from typing import Any

import pytest

from geo.errors import GeometryTooLargeError, InvalidGeometryError, OutsideNetworkError
from responder.domain.errors import AlreadyLiftedError, InvalidValueError, NotAllowedError, NotFoundError
from responder.domain.ids import ClosureId, HazardId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason
from responder.domain.map.closure import Closure
from responder.domain.people.access import operator
from responder.runtime.scheduler import keep_time
from responder.services.circles.snapshot import show_circle
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.queries import show_incident
from responder.services.incidents.recompute import recompute_due
from responder.services.map.closures import NewClosure, lift_closure, set_closure
from responder.services.map.queries import list_layer
from tests.circles import make_bare_circle
from tests.patience import PATIENCE_S
from tests.services.conftest import World
from tests.services.log import addressed_events

EVERYWHERE = {
    "type": "Polygon",
    "coordinates": [[[112.97, 28.15], [113, 28.15], [113, 28.17], [112.97, 28.17], [112.97, 28.15]]],
}


def closed(geometry: dict[str, Any] | None = None, **bounds: Any) -> NewClosure:  # noqa: ANN401 - any bound
    return NewClosure(name="围挡", geometry=geometry or EVERYWHERE, **bounds)


async def test_closing_and_opening_changes_who_can_be_there_and_calls_who_newly_can(world: World) -> None:
    coordinator = await world.viewer("community")
    closure = await set_closure(
        world.database, world.roads, viewer=coordinator, new=closed(), clock=world.clock
    )
    during = await world.raise_at()
    called_first = {delivery.recipient_id for delivery in during.deliveries}
    world.clock.move(seconds=60)
    lifted = await lift_closure(
        world.database, world.roads, viewer=coordinator, closure_id=closure.id, clock=world.clock
    )
    assert lifted.lifted_at == world.clock.now()
    after = await show_incident(world.database, viewer=coordinator, incident_id=during.incident.id)
    fresh = await world.raise_at()
    in_time = {member.unit_id for member in after.response_circle.members}
    assert in_time == {member.unit_id for member in fresh.response_circle.members}
    assert called_first < {delivery.recipient_id for delivery in after.deliveries}
    newcomers = [d for d in after.deliveries if d.recipient_id not in called_first]
    assert {d.alert_id for d in newcomers} == {during.alerts[0].id}
    assert all(d.times == {DeliveryState.QUEUED.value: world.clock.now()} for d in newcomers)
    assert after.alerts == during.alerts
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert [event.recorded.event.kind for event in events] == [
        "closure_created",
        "alert_raised",
        "closure_lifted",
        "alert_extended",
        "alert_raised",
    ]


async def test_a_person_who_was_called_stays_called_when_the_way_is_closed_behind_them(world: World) -> None:
    coordinator = await world.viewer("community")
    before = await world.raise_at()
    await set_closure(world.database, world.roads, viewer=coordinator, new=closed(), clock=world.clock)
    after = await show_incident(world.database, viewer=coordinator, incident_id=before.incident.id)
    assert len(after.response_circle.members) < len(before.response_circle.members)
    assert after.deliveries == before.deliveries


async def test_a_closure_that_changes_nothing_for_an_incident_is_no_news_about_it(world: World) -> None:
    await world.raise_at()
    far_away = {"type": "Point", "coordinates": [112.98001, 28.15601]}
    new = closed(far_away, heavier_than_t=500.0)
    viewer = await world.viewer("police")
    await set_closure(world.database, world.roads, viewer=viewer, new=new, clock=world.clock)
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=1)
    assert [event.recorded.event.kind for event in events] == ["closure_created"]


async def test_a_closure_that_ends_by_its_own_time_changes_who_can_be_there(world: World) -> None:
    coordinator = await world.viewer("community")
    now = world.clock.now()
    new = closed(starts_at=now + timedelta(minutes=1), ends_at=now + timedelta(minutes=2))
    await set_closure(world.database, world.roads, viewer=coordinator, new=new, clock=world.clock)
    before = await world.raise_at()
    members = []
    for _ in range(4):
        due = await asyncio.gather(
            *(recompute_due(world.database, world.roads, clock=world.clock) for _ in range(3))
        )
        detail = await show_incident(world.database, viewer=coordinator, incident_id=before.incident.id)
        members.append((max(due), len(detail.response_circle.members)))
        assert await recompute_due(world.database, world.roads, clock=world.clock) == 0
        world.clock.move(seconds=45)
    free, shut = len(before.response_circle.members), members[2][1]
    assert shut < free
    assert members == [(0, free), (0, free), (1, shut), (1, free)]
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=2)
    assert [event.recorded.event.kind for event in events] == ["response_circle_updated"] * 2


async def test_what_the_clock_changes_needs_no_request(world: World) -> None:
    coordinator = await world.viewer("community")
    now = world.clock.now()
    new = closed(starts_at=now + timedelta(minutes=1))
    await set_closure(world.database, world.roads, viewer=coordinator, new=new, clock=world.clock)
    before = await world.raise_at()
    timekeeper = asyncio.create_task(keep_time(world.database, world.roads, clock=world.clock, every_s=0.02))
    world.clock.move(seconds=61)
    async with asyncio.timeout(PATIENCE_S):
        while not await addressed_events(  # noqa: ASYNC110 - it is the log that is waited for
            world.database, circle_id=world.circle.id, seq=2
        ):
            await asyncio.sleep(0.02)
    timekeeper.cancel()
    await asyncio.gather(timekeeper, return_exceptions=True)
    after = await show_incident(world.database, viewer=coordinator, incident_id=before.incident.id)
    assert len(after.response_circle.members) < len(before.response_circle.members)


async def test_an_ended_incident_keeps_the_answer_it_had(world: World) -> None:
    coordinator = await world.viewer("community")
    before = await world.raise_at()
    ended = await end_incident(
        world.database,
        viewer=coordinator,
        incident_id=before.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    await set_closure(world.database, world.roads, viewer=coordinator, new=closed(), clock=world.clock)
    after = await show_incident(world.database, viewer=coordinator, incident_id=before.incident.id)
    assert after == ended


async def test_a_circle_without_roads_can_have_closures(world: World) -> None:
    other = await make_bare_circle(world.database, name="别处", name_en="Elsewhere", centre=(112.9, 28.1))
    viewer = operator(other.id)
    closure = await set_closure(world.database, world.roads, viewer=viewer, new=closed(), clock=world.clock)
    assert await list_layer(world.database, viewer=viewer, kind=Closure) == (closure,)
    stranger = await world.viewer("community")
    with pytest.raises(NotFoundError):
        await lift_closure(
            world.database, world.roads, viewer=stranger, closure_id=closure.id, clock=world.clock
        )


async def test_lifting_twice_and_lifting_nothing_is_refused(world: World) -> None:
    viewer = await world.viewer("community")
    [hazard_closure] = await list_layer(world.database, viewer=viewer, kind=Closure)
    await lift_closure(
        world.database, world.roads, viewer=viewer, closure_id=hazard_closure.id, clock=world.clock
    )
    assert await list_layer(world.database, viewer=viewer, kind=Closure) == ()
    for closure_id, refusal in (
        (hazard_closure.id, AlreadyLiftedError),
        (ClosureId(hazard_closure.circle_id), NotFoundError),
    ):
        with pytest.raises(refusal):
            await lift_closure(
                world.database, world.roads, viewer=viewer, closure_id=closure_id, clock=world.clock
            )


CROSSING = {
    "type": "Polygon",
    "coordinates": [[[112.98, 28.15], [112.99, 28.16], [112.99, 28.15], [112.98, 28.16], [112.98, 28.15]]],
}


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (closed(CROSSING), InvalidGeometryError),
        (closed({"type": "Point", "coordinates": [float("nan"), 28.1]}), InvalidGeometryError),
        (
            closed(
                {"type": "LineString", "coordinates": [[112.9, 28.1], [112.9, float("nan")], [112.91, 28.1]]}
            ),
            InvalidGeometryError,
        ),
        (closed({"type": "Point", "coordinates": [112.9, 999]}), InvalidGeometryError),
        (closed({"type": "Point", "coordinates": [112.9, False]}), InvalidGeometryError),
        (closed({"type": "Point", "coordinates": []}), InvalidGeometryError),
        (closed({"type": "Point", "coordinates": "x"}), InvalidGeometryError),
        (closed({"type": "Point", "coordinates": [[[1]]]}), InvalidGeometryError),
        (closed({"type": "Polygon", "coordinates": [[[1, 2]]]}), InvalidGeometryError),
        (closed({"type": "GeometryCollection", "geometries": []}), InvalidGeometryError),
        (closed({"type": "Nothing"}), InvalidGeometryError),
        (closed({"kind": "Point"}), InvalidGeometryError),
        (
            closed({"type": "LineString", "coordinates": [[112 + n / 1e4, 28.1] for n in range(2001)]}),
            GeometryTooLargeError,
        ),
        (
            closed({"type": "LineString", "coordinates": [[28.157, 28.158], [28.158, 28.158]]}),
            OutsideNetworkError,
        ),
        (closed(wider_than_m=0.0), InvalidValueError),
        (closed(wider_than_m=float("nan")), InvalidValueError),
        (closed(heavier_than_t=float("inf")), InvalidValueError),
        (closed(profiles=("hovercraft",)), InvalidValueError),
        (closed(hazard_id=HazardId(ClosureId.__supertype__(int=7))), NotFoundError),
    ],
)
async def test_a_closure_that_cannot_be_is_refused_and_nothing_is_written(
    world: World, new: NewClosure, refusal: type[Exception]
) -> None:
    viewer = await world.viewer("community")
    before = await show_circle(world.database, viewer=viewer, clock=world.clock)
    with pytest.raises(refusal):
        await set_closure(world.database, world.roads, viewer=viewer, new=new, clock=world.clock)
    assert await show_circle(world.database, viewer=viewer, clock=world.clock) == before


@pytest.mark.parametrize("by", ["planner", "observer", "hospital.wen"])
async def test_closing_lanes_is_for_coordinators_and_dispatchers(world: World, by: str) -> None:
    viewer = await world.viewer(by)
    with pytest.raises(NotAllowedError):
        await set_closure(world.database, world.roads, viewer=viewer, new=closed(), clock=world.clock)
