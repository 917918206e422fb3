from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from responder.domain.channels.contact import GROUP_CHANNELS, ContactChannel, PersonalQuietHours
from responder.domain.channels.message import MessagePurpose, Outcome, Verdict, VerdictReason
from responder.domain.channels.proof import GRACE_S, MessageState
from responder.domain.incidents.alert import EXERCISE_PREFIX
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.services.channels.contacts import set_quiet_hours
from responder.services.channels.manage_services import set_next_channel_after_s
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.acknowledge import acknowledge
from responder.services.incidents.mark_sent import mark_sent
from tests.services.channels.world import PAGE, Post

WEN = "hospital.wen"


async def end(post: Post, incident_id: object) -> None:
    await end_incident(
        post.world.database,
        viewer=await post.world.viewer("community"),
        incident_id=incident_id,  # type: ignore[arg-type]
        reason=EndReason.FALSE_ALARM,
        clock=post.world.clock,
    )


async def test_a_called_person_gets_one_message_a_channel_in_their_own_order(post: Post) -> None:
    push, sms = await post.service(ContactChannel.NTFY), await post.service()
    await post.contact(WEN, sms, turn=1)
    await post.contact(WEN, push, turn=0, address="wen")
    off = await post.service(ContactChannel.VOICE, enabled=False)
    await post.contact(WEN, off, turn=2)
    mail = await post.service(ContactChannel.EMAIL)
    await post.contact(WEN, mail, turn=3, address="w@example.org", verified=False)
    detail = await post.world.raise_at()
    now = post.world.clock.now()
    proofs = await post.proofs(detail.incident.id)
    assert [(each.service_id, each.turn, each.state) for each in proofs] == [
        (push.id, 0, MessageState.QUEUED),
        (sms.id, 1, MessageState.QUEUED),
    ]
    assert [(each.due_at - now).total_seconds() for each in proofs] == [GRACE_S, GRACE_S + 20]
    assert proofs[1].address == "138****1234"


async def test_the_circle_says_how_long_to_wait_for_the_next_channel(post: Post) -> None:
    push, sms = await post.service(ContactChannel.NTFY), await post.service()
    await post.contact(WEN, push)
    await post.contact(WEN, sms, turn=1)
    await set_next_channel_after_s(
        post.world.database,
        viewer=await post.world.viewer("community"),
        seconds=45,
        clock=post.world.clock,
    )
    proofs = await post.proofs((await post.world.raise_at()).incident.id)
    assert proofs[1].due_at - proofs[0].due_at == timedelta(seconds=45)


async def test_a_message_is_sent_once_and_accepted(post: Post) -> None:
    await post.contact(WEN, await post.service())
    post.fake.answer = lambda _: Verdict(outcome=Outcome.ACCEPTED, service_message_id="m-1")
    detail = await post.world.raise_at()
    await post.round()
    assert post.fake.sent == []
    post.world.clock.move(seconds=1)
    await post.round()
    post.world.clock.move(seconds=60)
    await post.round()
    [message] = post.fake.sent
    assert message.address == "+8613800001234"
    assert message.text.head == detail.alerts[0].headline
    assert "分钟可到" in message.text.lines[0]
    assert "回复 1 到场" in message.text.lines[1]
    assert message.text.link is not None
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.service_message_id, proof.attempts) == (MessageState.ACCEPTED, "m-1", 1)


@pytest.mark.parametrize("channel", sorted(GROUP_CHANNELS))
async def test_a_group_gets_no_link_by_which_anyone_could_answer_for_another(
    post: Post, channel: ContactChannel
) -> None:
    await post.contact(WEN, await post.service(channel))
    await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    [message] = post.fake.sent
    assert message.text.link == PAGE
    assert await post.rows("SELECT 1 FROM answer_link") == []


async def test_who_confirms_on_an_open_page_is_sent_nothing(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail = await post.world.raise_at()
    viewer = await post.world.viewer(WEN)
    [own] = [each for each in detail.deliveries if each.recipient_id in viewer.responder_ids]
    pairs = [(own.alert_id, own.recipient_id)]
    await mark_sent(post.world.database, circle_id=viewer.circle_id, pairs=pairs, clock=post.world.clock)
    post.world.clock.move(seconds=9)
    await post.round()
    assert post.fake.sent == []
    await confirm(post, detail)
    post.world.clock.move(seconds=60)
    await post.round()
    assert post.fake.sent == []
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.reason) == (MessageState.STOPPED, "confirmed")


async def test_a_page_that_took_the_alert_and_says_nothing_more_has_ten_seconds(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail = await post.world.raise_at()
    viewer = await post.world.viewer(WEN)
    [own] = [each for each in detail.deliveries if each.recipient_id in viewer.responder_ids]
    pairs = [(own.alert_id, own.recipient_id)]
    await mark_sent(post.world.database, circle_id=viewer.circle_id, pairs=pairs, clock=post.world.clock)
    post.world.clock.move(seconds=9.9)
    await post.round()
    assert post.fake.sent == []
    post.world.clock.move(seconds=0.2)
    await post.round()
    assert len(post.fake.sent) == 1


async def confirm(post: Post, detail: object, state: DeliveryState = DeliveryState.DELIVERED) -> None:
    await acknowledge(
        post.world.database,
        viewer=await post.world.viewer(WEN),
        alert_id=detail.alerts[0].id,  # type: ignore[attr-defined]
        state=state,
        action_id=uuid4(),
        device_at=post.world.clock.now(),
        device="page",
        clock=post.world.clock,
    )


async def test_a_receipt_by_any_way_stops_all_further_channels(post: Post) -> None:
    push, sms = await post.service(ContactChannel.NTFY), await post.service()
    await post.contact(WEN, push, address="wen")
    await post.contact(WEN, sms, turn=1)
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    await confirm(post, detail)
    post.world.clock.move(seconds=30)
    await post.round()
    assert [each.channel for each in post.fake.sent] == [ContactChannel.NTFY]
    assert await post.states(detail.incident.id) == ["accepted", "stopped"]


async def test_the_next_channel_follows_after_silence_and_at_once_after_a_refusal(post: Post) -> None:
    push, sms = await post.service(ContactChannel.NTFY), await post.service()
    await post.contact(WEN, push, address="wen")
    await post.contact(WEN, sms, turn=1)
    await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    post.world.clock.move(seconds=19)
    await post.round()
    assert [each.channel for each in post.fake.sent] == [ContactChannel.NTFY]
    post.world.clock.move(seconds=1)
    await post.round()
    assert [each.channel for each in post.fake.sent] == [ContactChannel.NTFY, ContactChannel.SMS]
    post.fake.sent.clear()
    post.fake.answer = lambda message: Verdict(
        outcome=Outcome.REJECTED if message.channel is ContactChannel.NTFY else Outcome.ACCEPTED,
        reason=VerdictReason.UNAUTHORIZED,
        detail="errcode 310000",
    )
    detail = await post.world.raise_at(key="second")
    post.world.clock.move(seconds=1)
    await post.round()
    assert [each.channel for each in post.fake.sent] == [ContactChannel.NTFY, ContactChannel.SMS]
    failed, accepted = await post.proofs(detail.incident.id)
    assert (failed.state, failed.reason, failed.detail) == (
        MessageState.FAILED,
        "unauthorized",
        "errcode 310000",
    )
    assert accepted.state is MessageState.ACCEPTED


async def test_quiet_hours_hold_back_all_but_red(post: Post) -> None:
    await post.contact(WEN, await post.service())
    quiet = PersonalQuietHours(begin=time(22), until=time(7))
    await set_quiet_hours(post.world.database, viewer=await post.world.viewer(WEN), quiet=quiet)
    night = datetime(2025, 11, 3, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    post.world.clock.time = night
    orange = await post.world.raise_at()
    [proof] = await post.proofs(orange.incident.id)
    assert (proof.state, proof.reason) == (MessageState.STOPPED, "quiet_hours")
    red = await post.world.raise_at(severity=Severity.RED)
    assert await post.states(red.incident.id) == ["queued"]
    post.world.clock.time = night + timedelta(hours=8)
    day = await post.world.raise_at()
    assert await post.states(day.incident.id) == ["queued"]


async def test_a_colour_with_quiet_hours_waits_for_their_end(post: Post) -> None:
    await post.contact(WEN, await post.service())
    local = ZoneInfo("Asia/Shanghai")
    post.world.clock.time = datetime(2025, 11, 3, 23, 30, tzinfo=local)
    blue = await post.world.raise_at(severity=Severity.BLUE)
    [proof] = await post.proofs(blue.incident.id)
    hours = SHIPPED.level(Severity.BLUE).quiet_hours
    assert hours is not None
    assert f"{proof.due_at.astimezone(local):%d %H:%M}" == f"04 {hours.end}"
    yellow = await post.world.raise_at(severity=Severity.YELLOW)
    [proof] = await post.proofs(yellow.incident.id)
    assert proof.due_at < post.world.clock.now() + timedelta(seconds=1)
    post.world.clock.time = proof.due_at.replace(hour=23, minute=1)
    await post.round()
    assert Severity.BLUE in {each.severity for each in post.fake.sent}


async def test_a_correction_goes_to_exactly_the_channels_that_had_the_alert(post: Post) -> None:
    push, sms = await post.service(ContactChannel.NTFY), await post.service()
    for username in await post.called():
        await post.contact(username, push, address=username.replace(".", "-"))
        await post.contact(username, sms, turn=1)
    assert len(await post.called()) > 1
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    had = {each.address for each in post.fake.sent}
    assert had == {username.replace(".", "-") for username in await post.called()}
    await confirm(post, detail, DeliveryState.ACCEPTED)
    post.fake.sent.clear()
    await end(post, detail.incident.id)
    await post.round()
    assert {(each.address, each.purpose) for each in post.fake.sent} == {
        (address, MessagePurpose.CORRECTION) for address in had
    }
    assert len(post.fake.sent) == len(had)
    post.world.clock.move(seconds=60)
    await post.round()
    assert len(post.fake.sent) == len(had)


async def test_what_may_have_arrived_is_corrected_too(post: Post) -> None:
    await post.contact(WEN, await post.service())
    post.fake.answer = lambda _: Verdict(outcome=Outcome.RETRY, reason=VerdictReason.TIMED_OUT)
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    assert len(post.fake.sent) == 1
    await end(post, detail.incident.id)
    post.fake.answer = lambda _: Verdict(outcome=Outcome.ACCEPTED)
    post.world.clock.move(seconds=30)
    await post.round()
    assert [each.purpose for each in post.fake.sent] == [MessagePurpose.ALERT, MessagePurpose.CORRECTION]


async def test_an_exercise_goes_to_no_outside_public_channel_and_always_with_its_mark(post: Post) -> None:
    public = await post.service(ContactChannel.FEISHU, outside_public=True)
    services = [public, *[await post.service(channel) for channel in ContactChannel]]
    for turn, service in enumerate(services):
        await post.contact(WEN, service, turn=turn, address=f"a{turn}")
    detail = await post.world.raise_at(by="planner", exercise=True)
    for _ in services:
        post.world.clock.move(seconds=21)
        await post.round()
    planner = await post.world.viewer("planner")
    await end_incident(
        post.world.database,
        viewer=planner,
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=post.world.clock,
    )
    await post.round()
    alerts = [each for each in post.fake.sent if each.purpose is MessagePurpose.ALERT]
    assert {each.channel for each in alerts} == set(ContactChannel)
    assert len(post.fake.sent) == 2 * len(alerts) == 2 * len(ContactChannel)
    assert all(each.exercise and each.text.head.startswith(EXERCISE_PREFIX) for each in post.fake.sent)
    assert "a0" not in {each.address for each in post.fake.sent}
    assert public.id not in {each.service_id for each in await post.proofs(detail.incident.id)}
    real = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    assert post.fake.sent[-1].address == "a0"
    assert await post.states(real.incident.id)


async def test_a_service_that_turns_public_after_the_exercise_was_queued_is_sent_nothing(post: Post) -> None:
    service = await post.service()
    await post.contact(WEN, service)
    detail = await post.world.raise_at(by="planner", exercise=True)
    await post.rows("UPDATE channel_service SET outside_public = true")
    post.world.clock.move(seconds=1)
    await post.round()
    assert post.fake.sent == []
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.reason) == (MessageState.FAILED, "exercise_refused")
