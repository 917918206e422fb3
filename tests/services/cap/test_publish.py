"""Alerts as CAP messages: those whom they concern get them, with what they refer to."""

from dataclasses import replace
from uuid import uuid4

import pytest

from responder.domain.cap.message import CapMessageType, CapStatus
from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, AlertId
from responder.domain.incidents.incident import EndReason, Severity
from responder.ports.incidents import IncidentQuery
from responder.services.cap.publish import publish_alert, publish_feed
from responder.services.directing.direct_incident import set_severity
from responder.services.directing.end_incident import end_incident
from responder.services.directing.move_pin import NewPlace, move_pin
from tests.services.conftest import World


async def test_a_cancellation_refers_to_the_alert_as_it_was_sent(world: World) -> None:
    detail = await world.raise_at(note="王小明在三楼")
    viewer = await world.viewer("community")
    first = await publish_alert(world.database, viewer=viewer, alert_id=detail.alerts[0].id)
    world.clock.move(minutes=9, milliseconds=500)
    ended = await end_incident(
        world.database,
        viewer=viewer,
        incident_id=detail.incident.id,
        reason=EndReason.FALSE_ALARM,
        clock=world.clock,
    )
    last = await publish_alert(world.database, viewer=viewer, alert_id=ended.alerts[-1].id)
    assert (first.message_type, last.message_type) == (CapMessageType.ALERT, CapMessageType.CANCEL)
    assert last.references == (first.reference,)
    assert last.identifier != first.identifier
    assert first.incidents == last.incidents
    assert [info.headline for info in last.infos] == [
        "误报解除 · 冒烟异味：脑科巷7栋",
        "False alarm · Smoke or smell: Naoke Alley Block 7",
    ]


async def test_the_area_is_the_building(world: World) -> None:
    detail = await world.raise_at("脑科巷7栋")
    building = await world.building("脑科巷7栋")
    viewer = await world.viewer("community")
    message = await publish_alert(world.database, viewer=viewer, alert_id=detail.alerts[0].id)
    [ring] = message.infos[0].areas[0].polygons
    assert {(round(lon, 6), round(lat, 6)) for lon, lat in building.geometry["coordinates"][0]} == {
        (point.lon, point.lat) for point in ring
    }


async def test_an_earlier_alert_keeps_its_colour_and_place(world: World) -> None:
    detail = await world.raise_at("脑科巷7栋")
    viewer = await world.viewer("community")
    incident_id, clock = detail.incident.id, world.clock
    first = await publish_alert(world.database, viewer=viewer, alert_id=detail.alerts[0].id)
    clock.move(seconds=30)
    await set_severity(
        world.database, viewer=viewer, incident_id=incident_id, severity=Severity.RED, clock=clock
    )
    clock.move(seconds=30)
    there = await world.building("脑科巷2栋")
    moved = await move_pin(
        world.database,
        world.roads,
        viewer=viewer,
        incident_id=incident_id,
        to=NewPlace(building_id=there.id),
        clock=clock,
    )
    clock.move(seconds=30)
    ended = await end_incident(
        world.database, viewer=viewer, incident_id=incident_id, reason=EndReason.RESOLVED, clock=clock
    )
    assert await publish_alert(world.database, viewer=viewer, alert_id=detail.alerts[0].id) == first
    feed = await publish_feed(world.database, viewer=viewer, query=IncidentQuery(limit=5))
    said = {each.id: each.message.infos[0] for each in feed.alerts}
    assert [
        (said[alert.id].codes[1].value, said[alert.id].areas[0].description) for alert in ended.alerts
    ] == [
        ("orange", "脑科巷7栋"),
        ("red", "脑科巷7栋"),
        ("red", "脑科巷2栋"),
        ("red", "脑科巷2栋"),
    ]
    seven, raised_to_red, two, end = (
        said[alert.id].areas[0].polygons for alert in moved.alerts + ended.alerts[-1:]
    )
    assert seven == raised_to_red
    assert seven != two
    assert two == end


async def test_only_those_whom_it_concerns_get_it(world: World) -> None:
    detail = await world.raise_at(by="planner", exercise=True)
    [alert] = detail.alerts
    for username in ("community", "observer", "hospital.wen"):
        viewer = await world.viewer(username)
        message = await publish_alert(world.database, viewer=viewer, alert_id=alert.id)
        assert message.status is CapStatus.EXERCISE
    not_called = replace(
        await world.viewer("hospital.wen"), responder_ids=frozenset(), account_id=AccountId(uuid4())
    )
    with pytest.raises(NotFoundError):
        await publish_alert(world.database, viewer=not_called, alert_id=alert.id)
    feed = await publish_feed(world.database, viewer=not_called, query=IncidentQuery(limit=5))
    assert feed.alerts == ()
    viewer = await world.viewer("community")
    with pytest.raises(NotFoundError):
        await publish_alert(world.database, viewer=viewer, alert_id=AlertId(uuid4()))


async def test_the_feed_goes_on_page_by_page(world: World) -> None:
    raised = []
    for _ in range(3):
        raised.append(await world.raise_at())
        world.clock.move(seconds=5)
    viewer = await world.viewer("community")
    first = await publish_feed(world.database, viewer=viewer, query=IncidentQuery(limit=2))
    assert [each.id for each in first.alerts] == [raised[2].alerts[0].id, raised[1].alerts[0].id]
    assert first.next == raised[1].incident.id
    rest = await publish_feed(world.database, viewer=viewer, query=IncidentQuery(limit=2, before=first.next))
    assert [each.id for each in rest.alerts] == [raised[0].alerts[0].id]
    assert rest.next is None
