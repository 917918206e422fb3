"""A robot posts to a group once for all who are told by it, and each of them has the verdict."""

import asyncio

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, Verdict, VerdictReason
from responder.domain.channels.proof import MessageState
from responder.domain.incidents.incident import EndReason
from responder.services.directing.end_incident import end_incident
from tests.services.channels.test_worker import add_people
from tests.services.channels.world import ACCEPTED, Post


async def test_a_group_gets_one_post_of_an_alert_which_mentions_all_who_are_told(post: Post) -> None:
    group = await post.service(ContactChannel.WECOM_ROBOT)
    await add_people(post, 30, group.id)
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    workers = [post.worker(), post.worker()]
    await asyncio.gather(*(worker.step() for worker in workers))
    await asyncio.gather(*(worker.finish() for worker in workers))

    [sent] = post.fake.sent
    assert len({sent.address, *sent.also_to}) == 30
    assert not any("分钟" in line for line in sent.text.lines)
    proofs = await post.proofs(detail.incident.id)
    assert [(each.state, each.attempts) for each in proofs] == [(MessageState.ACCEPTED, 1)] * 30

    await end_incident(
        post.world.database,
        viewer=await post.world.viewer("community"),
        incident_id=detail.incident.id,
        reason=EndReason.FALSE_ALARM,
        clock=post.world.clock,
    )
    await post.round()
    assert [each.purpose for each in post.fake.sent] == [MessagePurpose.ALERT, MessagePurpose.CORRECTION]
    correction = post.fake.sent[1]
    assert {correction.address, *correction.also_to} == {sent.address, *sent.also_to}
    [budget] = await post.rows("SELECT cardinality(requested_at) FROM service_budget")
    assert budget[0] == 2


async def test_a_refused_post_is_refused_for_each_and_each_goes_on_by_the_next_channel(post: Post) -> None:
    group, sms = await post.service(ContactChannel.FEISHU), await post.service()
    people = await post.called()
    assert len(people) > 1
    for username in people:
        await post.contact(username, group, address=username)
        await post.contact(username, sms, turn=1)
    post.fake.answer = lambda message: (
        Verdict.refused(VerdictReason.UNAUTHORIZED, "19021")
        if message.channel is ContactChannel.FEISHU
        else ACCEPTED
    )
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()

    channels = [each.channel for each in post.fake.sent]
    assert channels == [ContactChannel.FEISHU, *[ContactChannel.SMS] * len(people)]
    proofs = await post.proofs(detail.incident.id)
    refused = [each for each in proofs if each.channel is ContactChannel.FEISHU]
    assert [(each.state, each.reason, each.detail) for each in refused] == [
        (MessageState.FAILED, "unauthorized", "19021")
    ] * len(people)


async def test_who_is_told_later_gets_a_post_that_mentions_them_alone(post: Post) -> None:
    group, push = await post.service(ContactChannel.DINGTALK), await post.service(ContactChannel.NTFY)
    first, second = (await post.called())[:2]
    await post.contact(first, group, address="+8613800000001")
    await post.contact(second, push, address="second")
    await post.contact(second, group, turn=1, address="+8613800000002")
    await post.world.raise_at()
    for _ in range(25):
        post.world.clock.move(seconds=1)
        await post.round()
    posts = [each for each in post.fake.sent if each.channel is ContactChannel.DINGTALK]
    assert [(each.address, each.also_to) for each in posts] == [
        ("+8613800000001", ()),
        ("+8613800000002", ()),
    ]


async def test_two_alerts_are_two_posts(post: Post) -> None:
    group = await post.service(ContactChannel.WECOM_ROBOT)
    await add_people(post, 3, group.id)
    await post.world.raise_at()
    await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    assert len(post.fake.sent) == len({each.about for each in post.fake.sent}) == 2
