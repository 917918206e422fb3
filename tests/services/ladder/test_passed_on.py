"""What changes of an incident, passed on to the people of a neighbouring circle who help."""

from functools import reduce

from responder.domain.ids import IncidentId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import EndReason, IncidentStage, Severity
from responder.domain.ladder.ladder import HelpState
from responder.domain.people.access import Viewer
from responder.services.circles.snapshot import show_circle
from responder.services.directing.direct_incident import send_update, set_severity, set_stage
from responder.services.directing.merge_incidents import merge_incidents
from responder.services.directing.move_pin import NewPlace, move_pin
from tests.services.ladder.conftest import Night
from tests.services.ladder.twin import Twin, helps, theirs_now, they_accept
from tests.services.log import events_after


async def test_what_the_people_of_an_incident_are_told_its_helpers_are_told(night: Night, twin: Twin) -> None:
    world, staff = night.world, await night.world.viewer("community")
    await twin.agrees("急救车组")
    await twin.is_named()
    detail = await night.raises()
    await night.until(20)
    incident_id = detail.incident.id
    # Before they are called: they are called with it, and told nothing further.
    await send_update(world.database, viewer=staff, incident_id=incident_id, text="早", clock=world.clock)
    await night.until(182)
    await send_update(
        world.database, viewer=staff, incident_id=incident_id, text="从北门进", clock=world.clock
    )
    await night.until(183)
    [call] = await theirs_now(night, twin)
    assert [(each.cause, each.text) for each in call.alerts] == [
        (AlertCause.RAISED, ""),
        (AlertCause.TEXT, "从北门进"),
    ]
    await set_severity(
        world.database, viewer=staff, incident_id=incident_id, severity=Severity.RED, clock=world.clock
    )
    there = await world.building("脑科巷2栋")
    await move_pin(
        world.database,
        world.roads,
        viewer=staff,
        incident_id=incident_id,
        to=NewPlace(building_id=there.id),
        clock=world.clock,
    )
    before = await show_circle(world.database, viewer=twin.staff, clock=world.clock)
    await night.until(190)
    [call] = await theirs_now(night, twin)
    asked = await night.now(detail)
    assert [each.cause for each in call.alerts[2:]] == [AlertCause.LEVEL_RAISED, AlertCause.MOVED]
    assert call.incident.severity is Severity.RED
    assert (call.incident.place.lon, call.incident.place.lat) == (
        asked.incident.place.lon,
        asked.incident.place.lat,
    )
    # A building of theirs with the same id is another one.
    assert call.incident.place.building_id is None
    assert call.response_circle.members
    assert call.response_circle != before.incidents[0].response_circle
    told = [{each.recipient_id for each in call.deliveries if each.alert_id == a.id} for a in call.alerts]
    assert told == [told[0]] * 4
    assert len(told[0]) == 2
    assert str(incident_id) not in str(call)
    after = await show_circle(world.database, viewer=twin.staff, clock=world.clock)
    events = await events_after(
        world.database, viewer=twin.staff, epoch=before.epoch, seq=before.seq, event_id=before.event_id
    )
    assert events is not None
    assert reduce(apply, events, before) == after


async def test_how_far_an_incident_has_come_its_helpers_see_once(night: Night, twin: Twin) -> None:
    world, staff = night.world, await night.world.viewer("community")
    await twin.agrees("急救车组")
    await twin.is_named()
    detail = await night.raises()

    async def says(viewer: Viewer, incident_id: IncidentId, stage: IncidentStage) -> None:
        await set_stage(
            world.database, viewer=viewer, incident_id=incident_id, stage=stage, clock=world.clock
        )

    await night.until(20)
    # Before they are called: they find it so.
    await says(staff, detail.incident.id, IncidentStage.CONFIRMED)
    await night.until(183)
    [call] = await theirs_now(night, twin)
    assert call.incident.stage is IncidentStage.CONFIRMED
    # What staff there say of it stays, until something new comes.
    await says(twin.staff, call.incident.id, IncidentStage.UNDER_CONTROL)
    before = await show_circle(world.database, viewer=twin.staff, clock=world.clock)
    await night.until(190)
    assert await show_circle(world.database, viewer=twin.staff, clock=world.clock) == before
    for stage in (IncidentStage.UNDER_CONTROL, IncidentStage.RAISED):
        await says(staff, detail.incident.id, stage)
        await night.until((world.clock.now() - detail.incident.raised_at).total_seconds() + 1)
        [call] = await theirs_now(night, twin)
        asked = (await night.now(detail)).incident
        assert (call.incident.stage, call.incident.stage_times) == (stage, asked.stage_times)
    # No one is called or told again: it is seen in the alert.
    assert [each.cause for each in call.alerts] == [AlertCause.RAISED]
    after = await show_circle(world.database, viewer=twin.staff, clock=world.clock)
    events = await events_after(
        world.database, viewer=twin.staff, epoch=before.epoch, seq=before.seq, event_id=before.event_id
    )
    assert events is not None
    assert len(events) == 2
    assert reduce(apply, events, before) == after


async def test_who_helps_with_an_incident_that_is_merged_goes_on_with_the_other(
    night: Night, twin: Twin
) -> None:
    world, staff = night.world, await night.world.viewer("community")
    await twin.agrees("急救车组")
    await twin.is_named()
    first = await night.raises()
    await night.until(100)
    second = await night.raises(severity=Severity.RED)
    await night.until(182)
    [call] = await theirs_now(night, twin)
    await they_accept(night, twin, call)
    await merge_incidents(
        world.database,
        viewer=staff,
        incident_id=first.incident.id,
        into=second.incident.id,
        clock=world.clock,
    )
    await night.until(185)
    [same] = await theirs_now(night, twin)
    assert same.incident.id == call.incident.id
    assert (same.incident.is_open, same.incident.severity) == (True, Severity.RED)
    assert [each.cause for each in same.alerts] == [AlertCause.RAISED, AlertCause.MERGED]
    helping = await helps(night, second)
    assert helping is not None
    assert (helping.state, helping.called, helping.coming) == (HelpState.CALLED, 2, 1)
    # The other's own time to ask comes: they are not called once more.
    await night.until(290)
    assert len(await theirs_now(night, twin)) == 1
    await night.ends(second)
    await night.until(292)
    [over] = await theirs_now(night, twin)
    assert over.incident.end_reason is EndReason.RESOLVED


async def test_help_for_both_of_two_that_are_merged_is_merged(night: Night, twin: Twin) -> None:
    world, staff = night.world, await night.world.viewer("community")
    await twin.agrees("急救车组")
    await twin.is_named()
    first, second = await night.raises(), await night.raises(severity=Severity.YELLOW)
    await night.until(182)
    calls = {each.incident.severity: each for each in await theirs_now(night, twin)}
    await they_accept(night, twin, calls[Severity.ORANGE])
    await merge_incidents(
        world.database,
        viewer=staff,
        incident_id=first.incident.id,
        into=second.incident.id,
        clock=world.clock,
    )
    await night.until(185)
    now = {each.incident.severity: each for each in await theirs_now(night, twin)}
    over, goes_on = now[Severity.ORANGE], now[Severity.YELLOW]
    assert over.incident.end_reason is EndReason.MERGED
    assert over.incident.merged_into == goes_on.incident.id
    assert goes_on.incident.is_open
    states = sorted(each.state for each in goes_on.deliveries)
    assert states == [DeliveryState.ACCEPTED, DeliveryState.QUEUED]
    helping = await helps(night, second)
    assert helping is not None
    assert (helping.state, helping.called, helping.coming) == (HelpState.CALLED, 2, 1)
