"""From raised to ended: what staff say of an incident, and who hears of it."""

import asyncio

import pytest

from responder.domain.audit import AuditAction
from responder.domain.errors import (
    IdempotencyConflictError,
    IncidentEndedError,
    InvalidValueError,
    NotAllowedError,
    ResponderError,
    UndoExpiredError,
)
from responder.domain.incidents.alert import AlertCause, MessageType
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import AlertUpdated, IncidentStageChanged
from responder.domain.incidents.incident import EndReason, IncidentStage, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports.audit import AuditQuery
from responder.services.audit.read_audit import read_audit
from responder.services.directing.direct_incident import UPDATE_LENGTH, send_update
from responder.services.directing.end_incident import end_incident
from tests.services.conftest import World
from tests.services.directing.acts import (
    answered,
    coloured,
    last_event,
    merged,
    recipients,
    shown,
    staged,
    told,
    undone,
)
from tests.services.log import addressed_events


async def test_it_is_confirmed_comes_under_control_and_may_flare_up_again(world: World) -> None:
    detail = await world.raise_at()
    for stage in (IncidentStage.CONFIRMED, IncidentStage.UNDER_CONTROL, IncidentStage.CONFIRMED):
        world.clock.move(minutes=1)
        after = await staged(world, detail, stage)
        assert (after.incident.stage, after.incident.stage_times[stage]) == (stage, world.clock.now())
        assert await last_event(world) == IncidentStageChanged(incident=after.incident)
        assert await shown(world, detail) == after
        # Those who are called see it; it wakes no one.
        assert after.deliveries == detail.deliveries
    again = await staged(world, detail, IncidentStage.CONFIRMED)
    assert again.incident == after.incident
    assert len(await addressed_events(world.database, circle_id=world.circle.id, seq=0)) == 4


async def test_another_colour_is_told_to_exactly_those_who_were_called(world: World) -> None:
    detail = await world.raise_at()
    raised = await coloured(world, detail, Severity.RED)
    assert raised.incident.severity is Severity.RED
    update = raised.alerts[-1]
    assert (update.message_type, update.cause) == (MessageType.UPDATE, AlertCause.LEVEL_RAISED)
    assert update.references == (detail.alerts[0].id,)
    assert recipients(raised, 1) == recipients(raised, 0)
    event = await last_event(world)
    assert isinstance(event, AlertUpdated)
    assert (event.incident, event.alert) == (raised.incident, update)
    assert await shown(world, detail) == raised

    assert await coloured(world, detail, Severity.RED) == raised
    lowered = await coloured(world, detail, Severity.YELLOW)
    assert lowered.alerts[-1].cause is AlertCause.LEVEL_LOWERED
    assert lowered.alerts[-1].references == tuple(alert.id for alert in raised.alerts)


async def test_an_update_says_what_was_written_and_an_exercise_says_so(world: World) -> None:
    detail = await world.raise_at(by="planner", exercise=True)
    after = await told(world, detail, "  先到门岗拿钥匙 ", by="planner")
    assert (after.alerts[-1].text, after.alerts[-1].cause) == ("先到门岗拿钥匙", AlertCause.TEXT)
    assert after.alerts[-1].headline == "【演练】警情通报 · 冒烟异味：脑科巷7栋"
    assert recipients(after, 1) == recipients(after, 0)
    assert await shown(world, detail) == after
    for text in ("", "  ", "长" * (UPDATE_LENGTH + 1), "x\x00"):
        with pytest.raises(InvalidValueError):
            await told(world, detail, text, by="planner")


async def test_an_update_that_is_sent_again_tells_no_one_twice(world: World) -> None:
    detail = await world.raise_at()

    async def sent(text: str, key: str) -> IncidentDetail:
        return await send_update(
            world.database,
            viewer=await world.viewer("community"),
            incident_id=detail.incident.id,
            text=text,
            idempotency_key=key,
            clock=world.clock,
        )

    both = await asyncio.gather(sent("先断电", "one"), sent("先断电", "one"))
    assert [len(each.alerts) for each in both] == [2, 2]
    with pytest.raises(IdempotencyConflictError):
        await sent("先断气", "one")
    assert len((await sent("先断电", "two")).alerts) == 3


async def test_an_answer_to_an_update_is_one_to_the_call(world: World) -> None:
    detail = await world.raise_at()
    after = await told(world, detail, "带 AED")
    update = after.alerts[-1].id
    seen = await answered(world, update, DeliveryState.SEEN, by="hospital.wen")
    assert (seen.alert_id, seen.state) == (update, DeliveryState.SEEN)
    accepted = await answered(world, update, DeliveryState.ACCEPTED, by="hospital.wen")
    assert (accepted.alert_id, accepted.state) == (detail.alerts[0].id, DeliveryState.ACCEPTED)
    own = [
        each for each in (await shown(world, detail)).deliveries if each.recipient_id == accepted.recipient_id
    ]
    assert {each.alert_id: each.state for each in own} == {
        detail.alerts[0].id: DeliveryState.ACCEPTED,
        update: DeliveryState.SEEN,
    }


async def test_the_end_carries_what_was_said_of_it_and_cancels_every_alert(world: World) -> None:
    detail = await told(world, await world.raise_at(), "带 AED")
    ended = await end_incident(
        world.database,
        viewer=await world.viewer("community"),
        incident_id=detail.incident.id,
        reason=EndReason.FALSE_ALARM,
        note=" 是炒菜的油烟 ",
        clock=world.clock,
    )
    assert (ended.incident.end_reason, ended.incident.end_note) == (EndReason.FALSE_ALARM, "是炒菜的油烟")
    cancel = ended.alerts[-1]
    assert (cancel.cause, cancel.text) == (AlertCause.FALSE_ALARM, "是炒菜的油烟")
    assert cancel.references == tuple(alert.id for alert in detail.alerts)
    assert recipients(ended, 2) == recipients(ended, 0)


@pytest.mark.parametrize("reason", [EndReason.MISTAKE, EndReason.MERGED])
async def test_an_end_with_a_deed_of_its_own_is_no_reason_by_hand(world: World, reason: EndReason) -> None:
    detail = await world.raise_at()
    with pytest.raises(InvalidValueError):
        await end_incident(
            world.database,
            viewer=await world.viewer("community"),
            incident_id=detail.incident.id,
            reason=reason,
            clock=world.clock,
        )


async def test_the_sender_takes_an_alert_back_within_seconds_and_all_who_had_it_hear_so(world: World) -> None:
    detail = await world.raise_at(by="hospital")
    # Sent at once: no time to think it over stands before the first wave.
    assert recipients(detail, 0)
    world.clock.move(seconds=5)
    with pytest.raises(UndoExpiredError):
        await undone(world, detail, by="community")
    after = await undone(world, detail, by="hospital")
    assert after.incident.end_reason is EndReason.MISTAKE
    assert (after.alerts[-1].message_type, after.alerts[-1].cause) == (MessageType.CANCEL, AlertCause.MISTAKE)
    assert after.alerts[-1].headline == "误发撤回 · 冒烟异味：脑科巷7栋"
    assert recipients(after, 1) == recipients(after, 0)
    with pytest.raises(IncidentEndedError):
        await undone(world, detail, by="hospital")


async def test_after_some_seconds_it_is_a_false_alarm_and_no_longer_undone(world: World) -> None:
    detail = await world.raise_at()
    world.clock.move(seconds=16)
    with pytest.raises(UndoExpiredError):
        await undone(world, detail)
    assert (await shown(world, detail)).incident.is_open


@pytest.mark.parametrize(
    ("by", "exercise", "refusal"),
    [
        ("hospital.wen", False, NotAllowedError),
        ("planner", False, NotAllowedError),
        ("observer", False, NotAllowedError),
        ("hospital", True, NotAllowedError),
    ],
)
async def test_only_staff_direct_an_incident(
    world: World, by: str, *, exercise: bool, refusal: type[ResponderError]
) -> None:
    detail = await world.raise_at(exercise=exercise)
    other = await world.raise_at("脑科巷9栋", exercise=exercise)
    with pytest.raises(refusal):
        await staged(world, detail, IncidentStage.CONFIRMED, by=by)
    with pytest.raises(refusal):
        await coloured(world, detail, Severity.RED, by=by)
    with pytest.raises(refusal):
        await told(world, detail, "x", by=by)
    with pytest.raises(refusal):
        await merged(world, detail, other, by=by)
    with pytest.raises(refusal):
        await undone(world, detail, by=by)
    assert await shown(world, detail) == detail


async def test_nothing_more_is_said_of_one_that_has_ended(world: World) -> None:
    detail = await undone(world, await world.raise_at())
    with pytest.raises(IncidentEndedError):
        await staged(world, detail, IncidentStage.CONFIRMED)
    with pytest.raises(IncidentEndedError):
        await coloured(world, detail, Severity.RED)
    with pytest.raises(IncidentEndedError):
        await told(world, detail, "x")
    assert await shown(world, detail) == detail


async def test_the_audit_log_says_who_did_what(world: World) -> None:
    detail = await world.raise_at()
    await staged(world, detail, IncidentStage.CONFIRMED)
    await coloured(world, detail, Severity.RED)
    await told(world, detail, "王小明在三楼")
    await undone(world, detail)
    viewer = await world.viewer("community")
    found, _ = await read_audit(world.database, viewer=viewer, query=AuditQuery(), clock=world.clock)
    actions = {record.action: record.detail for record in found}
    assert actions[AuditAction.INCIDENT_STAGE_SET] == {"stage": "confirmed", "exercise": False}
    assert actions[AuditAction.INCIDENT_SEVERITY_SET]["severity_before"] == "orange"
    # What was written may name people; the chain keeps only how many were told.
    assert actions[AuditAction.UPDATE_SENT] == {"told": len(recipients(detail, 0)), "exercise": False}
    assert actions[AuditAction.INCIDENT_ENDED]["reason"] == "mistake"
