from uuid import uuid4

import pytest

from responder.demo.demo_data import read_demo
from responder.domain.errors import NotAllowedError, NotFoundError
from responder.domain.ids import IncidentId
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    ClosureCreated,
    Event,
    ResponseCircleUpdated,
)
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import ENDED_KEPT, IncidentDetail
from responder.domain.people.access import Role, Viewer
from responder.ports.incidents import IncidentQuery
from responder.services.circles.snapshot import show_circle
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.queries import as_shown_to, audience_of, list_incidents, show_incident
from responder.services.map.closures import NewClosure, set_closure
from tests.services.conftest import World
from tests.services.log import addressed_events, as_told, events_after

CUT_OFF = {
    "type": "Polygon",
    "coordinates": [
        [[112.984, 28.157], [112.987, 28.157], [112.987, 28.1598], [112.984, 28.1598], [112.984, 28.157]]
    ],
}
USERNAMES = tuple(each.account.username for each in read_demo().accounts)


async def two_incidents(world: World) -> None:
    """One that concerns nearly everyone, and one that fewer can come to."""
    await world.raise_at()
    await set_closure(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        new=NewClosure(name="围挡", geometry=CUT_OFF),
        clock=world.clock,
    )
    await world.raise_at("脑科巷3栋")


async def raised_first(
    world: World,
    viewer: Viewer,
    *,
    exercise: bool | None = None,
    open: bool | None = None,  # noqa: A002 - as the query says
) -> tuple[IncidentDetail, ...]:
    """Return all that concern the viewer, the first raised first, from pages of two."""
    found: list[IncidentDetail] = []
    before: IncidentId | None = None
    while True:
        query = IncidentQuery(exercise=exercise, open=open, before=before, limit=2)
        page, before = await list_incidents(world.database, viewer=viewer, query=query)
        found += page
        if before is None:
            return tuple(found[::-1])


async def test_another_page_begins_at_an_incident_that_the_viewer_sees(world: World) -> None:
    await two_incidents(world)
    [hidden] = [
        each
        for each in await raised_first(world, await world.viewer("community"))
        if not audience_of(each).includes(await world.viewer("fire"))
    ]
    for before in (hidden.incident.id, IncidentId(uuid4())):
        query = IncidentQuery(before=before, limit=2)
        with pytest.raises(NotFoundError):
            await list_incidents(world.database, viewer=await world.viewer("fire"), query=query)


async def test_the_database_and_the_domain_agree_on_whom_an_incident_concerns(world: World) -> None:
    await two_incidents(world)
    everything = await raised_first(world, await world.viewer("community"))
    assert len(everything) == 2
    answers = set()
    for username in USERNAMES:
        viewer = await world.viewer(username)
        own = await raised_first(world, viewer)
        assert own == tuple(
            as_shown_to(viewer, each) for each in everything if audience_of(each).includes(viewer)
        ), username
        answers.add(len(own))
        snapshot = await show_circle(world.database, viewer=viewer, clock=world.clock)
        assert snapshot.incidents == own
    assert answers == {0, 1, 2}, "the demo no longer shows a difference"


async def test_events_reach_exactly_those_whom_they_concern(world: World) -> None:
    await two_incidents(world)
    log = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    for username in USERNAMES:
        viewer = await world.viewer(username)
        head = await show_circle(world.database, viewer=viewer, clock=world.clock)
        told = await events_after(world.database, viewer=viewer, epoch=head.epoch, seq=0, event_id=None)
        own = {detail.incident.id for detail in head.incidents}
        concerning = [each.recorded for each in log if incident_of(each.recorded.event) in {None, *own}]
        expected = [shown for each in concerning if (shown := as_told(viewer, each)) is not None]
        assert told == expected, username


def incident_of(event: Event) -> IncidentId | None:
    if isinstance(event, AlertRaised | AlertExtended):
        return event.detail.incident.id
    if isinstance(event, ResponseCircleUpdated):
        return event.incident_id
    assert isinstance(event, ClosureCreated)
    return None


async def test_another_persons_incident_is_not_there(world: World) -> None:
    detail = await world.raise_at()
    night_volunteer = await world.viewer("volunteer.luo")
    with pytest.raises(NotFoundError):
        await show_incident(world.database, viewer=night_volunteer, incident_id=detail.incident.id)
    with pytest.raises(NotFoundError):
        await end_incident(
            world.database,
            viewer=night_volunteer,
            incident_id=detail.incident.id,
            reason=EndReason.RESOLVED,
            clock=world.clock,
        )
    with pytest.raises(NotAllowedError):
        await end_incident(
            world.database,
            viewer=await world.viewer("observer"),
            incident_id=detail.incident.id,
            reason=EndReason.RESOLVED,
            clock=world.clock,
        )


async def test_a_false_alarm_goes_to_exactly_the_people_who_had_the_alert(world: World) -> None:
    before = await world.raise_at()
    ended = await end_incident(
        world.database,
        viewer=await world.viewer("community"),
        incident_id=before.incident.id,
        reason=EndReason.FALSE_ALARM,
        clock=world.clock,
    )
    first, cancel = ended.alerts
    assert cancel.references == (first.id,)
    assert cancel.headline == "误报解除 · 冒烟异味：脑科巷7栋"
    told = [delivery.recipient_id for delivery in ended.deliveries if delivery.alert_id == cancel.id]
    assert sorted(told) == sorted({delivery.recipient_id for delivery in before.deliveries})


async def test_a_snapshot_keeps_the_last_ended_that_its_viewer_may_see(world: World) -> None:
    hospital, coordinator = await world.viewer("hospital"), await world.viewer("community")
    own = []
    for number in range(ENDED_KEPT + 2):
        world.clock.move(seconds=1)
        detail = await world.raise_at(exercise=number % 2 == 0, by="community")
        await end_incident(
            world.database,
            viewer=coordinator,
            incident_id=detail.incident.id,
            reason=EndReason.RESOLVED,
            clock=world.clock,
        )
        own.append(detail.incident.id)
    world.clock.move(seconds=1)
    still_open = await world.raise_at()
    expected = [*own[-ENDED_KEPT:], still_open.incident.id]
    for viewer in (hospital, coordinator):
        shown = await show_circle(world.database, viewer=viewer, clock=world.clock)
        assert [each.incident.id for each in shown.incidents] == expected
    practised = await raised_first(world, hospital, exercise=True)
    assert [each.incident.id for each in practised] == own[::2]
    assert [each.incident.id for each in await raised_first(world, hospital, open=False)] == own
    assert [each.incident.id for each in await raised_first(world, hospital, open=True)] == expected[-1:]


async def test_resuming_is_refused_when_only_a_fresh_snapshot_helps(world: World) -> None:
    viewer = await world.viewer("hospital")
    snapshot = await show_circle(world.database, viewer=viewer, clock=world.clock)
    assert await events_after(world.database, viewer=viewer, epoch=snapshot.epoch, seq=0, event_id=None) == []
    assert (
        await events_after(world.database, viewer=viewer, epoch="of a database before", seq=0, event_id=None)
        is None
    )
    assert (
        await events_after(world.database, viewer=viewer, epoch=snapshot.epoch, seq=1, event_id=None) is None
    )


def test_the_demo_has_an_account_for_every_role() -> None:
    roles = {each.role for each in read_demo().accounts}
    assert roles == set(Role)
