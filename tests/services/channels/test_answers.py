import pytest

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import Outcome, Verdict
from responder.domain.channels.proof import MessageState
from responder.domain.errors import AnswerLinkRefusedError
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.services.channels.answers import (
    LinkAnswer,
    answer_by_digit,
    answer_by_link,
    confirm_test,
    is_test,
    show_card,
)
from responder.services.channels.contacts import own_channels, send_test
from responder.services.channels.replies import read_reports, take_reports
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.queries import show_incident
from tests.services.channels.world import PAGE, Post

WEN = "hospital.wen"


async def sent(post: Post) -> tuple[IncidentDetail, str]:
    """Raise an alert whose message has arrived, and return it with the token of its link."""
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    link = post.fake.sent[-1].text.link
    assert link is not None
    return detail, link.removeprefix(f"{PAGE}api/answers/")


async def state_of(post: Post, detail: IncidentDetail, username: str = WEN) -> DeliveryState:
    viewer = await post.world.viewer(username)
    now = await show_incident(post.world.database, viewer=viewer, incident_id=detail.incident.id)
    [own] = [
        each
        for each in now.deliveries
        if each.recipient_id in viewer.responder_ids and each.alert_id == detail.alerts[0].id
    ]
    return own.state


async def say(post: Post, token: str, answer: LinkAnswer) -> None:
    await answer_by_link(post.world.database, token=token, answer=answer, clock=post.world.clock)


@pytest.mark.parametrize(
    ("answer", "state"),
    [(LinkAnswer.ACCEPT, DeliveryState.ACCEPTED), (LinkAnswer.CANNOT, DeliveryState.DECLINED)],
)
async def test_an_answer_by_a_link_is_a_receipt_with_its_channel(
    post: Post, answer: LinkAnswer, state: DeliveryState
) -> None:
    await post.contact(WEN, await post.service())
    detail, token = await sent(post)
    card = await show_card(post.world.database, token=token)
    assert card.incident.place.label == "脑科巷7栋"
    assert card.response_s is not None
    assert await state_of(post, detail) is DeliveryState.QUEUED
    await say(post, token, answer)
    assert await state_of(post, detail) is state
    assert await post.rows("SELECT state, channel, device FROM receipt") == [(state.value, "sms", "sms")]
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.answer) == (MessageState.ANSWERED, answer.value)


async def test_a_link_works_once_and_an_unknown_one_is_answered_alike(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail, token = await sent(post)
    await say(post, token, LinkAnswer.ACCEPT)
    for refused in (token, "unknown", "", "\udc00"):
        with pytest.raises(AnswerLinkRefusedError):
            await show_card(post.world.database, token=refused)
        with pytest.raises(AnswerLinkRefusedError):
            await say(post, refused, LinkAnswer.CANNOT)
    assert await state_of(post, detail) is DeliveryState.ACCEPTED


async def test_opening_leaves_the_link_as_it_is(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail, token = await sent(post)
    await say(post, token, LinkAnswer.OPEN)
    assert await state_of(post, detail) is DeliveryState.SEEN
    await say(post, token, LinkAnswer.OPEN)
    [proof] = await post.proofs(detail.incident.id)
    assert proof.state is MessageState.OPENED
    await say(post, token, LinkAnswer.ACCEPT)
    assert await state_of(post, detail) is DeliveryState.ACCEPTED


async def test_a_link_ends_with_the_incident(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail, token = await sent(post)
    await end_incident(
        post.world.database,
        viewer=await post.world.viewer("community"),
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=post.world.clock,
    )
    with pytest.raises(AnswerLinkRefusedError):
        await say(post, token, LinkAnswer.ACCEPT)
    with pytest.raises(AnswerLinkRefusedError):
        await show_card(post.world.database, token=token)


async def test_tokens_are_stored_as_hashes_alone(post: Post) -> None:
    """From the row alone a link can be derived only until what became of the message is known."""
    await post.contact(WEN, await post.service())
    detail = await post.world.raise_at()
    keys = [str(row[0]) for row in await post.rows("SELECT link_key FROM outgoing_message")]
    post.world.clock.move(seconds=1)
    await post.round()
    link = post.fake.sent[-1].text.link
    assert link is not None
    token = link.removeprefix(f"{PAGE}api/answers/")
    kept = ""
    for table in ("answer_link", "outgoing_message", "event"):
        rows = await post.rows(f"SELECT row::text FROM {table} AS row")  # noqa: S608 - the names above
        kept += " ".join(row[0] for row in rows)
    assert [word for word in (token, *keys) if word in kept] == []
    await say(post, token, LinkAnswer.ACCEPT)
    assert await state_of(post, detail) is DeliveryState.ACCEPTED


async def test_an_answer_stops_the_further_channels(post: Post) -> None:
    await post.contact(WEN, await post.service(ContactChannel.NTFY), address="wen")
    await post.contact(WEN, await post.service(), turn=1)
    detail, token = await sent(post)
    await say(post, token, LinkAnswer.CANNOT)
    post.world.clock.move(seconds=60)
    await post.round()
    assert len(post.fake.sent) == 1
    assert await post.states(detail.incident.id) == ["answered", "stopped"]


async def test_a_digit_answers_the_newest_open_alert_and_may_be_sent_again(post: Post) -> None:
    sms = await post.service()
    await post.contact(WEN, sms)
    old, _ = await sent(post)
    post.world.clock.move(seconds=1)
    new = await post.world.raise_at(key="new")
    post.world.clock.move(seconds=1)
    await post.round()

    async def reply(number: str, text: str) -> bool:
        post.world.clock.move(seconds=1)
        return await answer_by_digit(
            post.world.database, service=sms, number=number, text=text, clock=post.world.clock
        )

    assert not await reply("13800001234", "哪里？")
    assert not await reply("13800001234", "12")
    # What else begins with a number says something else: a person reads it, not this program.
    for other in ("2分钟到", "2 分钟到", "1号楼没人", "1小时后到", "1 hour", "1 来不了", "2我来"):
        assert not await reply("13800001234", other)
    assert not await reply("13900001234", "1")
    assert not await reply("nobody", "1")
    assert await reply("8613800001234", " １ 到场")
    assert await state_of(post, new) is DeliveryState.ACCEPTED
    assert await state_of(post, old) is DeliveryState.QUEUED
    assert await reply("+86 138-0000-1234", "2。")
    assert await state_of(post, new) is DeliveryState.WITHDRAWN


@pytest.mark.parametrize(
    "text", ["1", " １ ", "1.", "1\ufe0f\u20e3", "1！", "1 我来", "1到场", "(1)", "1: coming", "1\n"]
)
async def test_a_digit_may_stand_with_the_words_that_were_offered(post: Post, text: str) -> None:
    sms = await post.service()
    await post.contact(WEN, sms)
    detail, _ = await sent(post)
    assert await answer_by_digit(
        post.world.database, service=sms, number="13800001234", text=text, clock=post.world.clock
    )
    assert await state_of(post, detail) is DeliveryState.ACCEPTED


async def test_nobody_is_told_that_they_come_who_had_withdrawn(post: Post) -> None:
    sms = await post.service()
    await post.contact(WEN, sms)
    detail, token = await sent(post)
    post.world.clock.move(seconds=1)
    for text in ("1", "2"):
        post.world.clock.move(seconds=1)
        assert await answer_by_digit(
            post.world.database, service=sms, number="13800001234", text=text, clock=post.world.clock
        )
    await post.rows("UPDATE outgoing_message SET answered_at = NULL")
    assert await state_of(post, detail) is DeliveryState.WITHDRAWN
    with pytest.raises(AnswerLinkRefusedError):
        await say(post, token, LinkAnswer.ACCEPT)
    assert not await answer_by_digit(
        post.world.database, service=sms, number="13800001234", text="1", clock=post.world.clock
    )
    [proof] = await post.proofs(detail.incident.id)
    assert proof.answer == "cannot"


async def test_a_number_that_two_people_gave_answers_for_neither(post: Post) -> None:
    sms = await post.service()
    other = next(each for each in await post.called() if each != WEN)
    await post.contact(WEN, sms)
    await post.contact(other, sms)
    detail, _ = await sent(post)
    assert not await answer_by_digit(
        post.world.database, service=sms, number="13800001234", text="1", clock=post.world.clock
    )
    assert await state_of(post, detail) is DeliveryState.QUEUED


async def test_a_service_reports_whether_a_message_arrived(post: Post) -> None:
    sms = await post.service()
    await post.contact(WEN, sms)
    post.fake.answer = lambda _: Verdict(outcome=Outcome.ACCEPTED, service_message_id="7^0")
    detail, token = await sent(post)

    async def report(body: object) -> int:
        return await take_reports(
            post.world.database, service=sms, reports=read_reports(body), clock=post.world.clock
        )

    assert await report([{"biz_id": "unknown", "success": True}]) == 0
    assert await report([{"biz_id": "7^0", "success": False, "err_code": "MOBILE_OFF"}]) == 1
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.reason, proof.detail) == (MessageState.FAILED, "not_delivered", "MOBILE_OFF")
    assert await report({"sid": "7^0", "report_status": "SUCCESS"}) == 1
    assert await post.states(detail.incident.id) == ["delivered"]
    await say(post, token, LinkAnswer.ACCEPT)
    assert await report([{"biz_id": "7^0", "success": False}]) == 1
    assert await post.states(detail.incident.id) == ["answered"]
    for odd in (None, 7, "x", [], [7, None, [], {}], {"status": ["x"]}, {"from": {}, "text": 1}):
        assert await report(odd) == 0


async def test_that_a_test_alarm_came_is_confirmed_by_its_link_once(post: Post) -> None:
    contact = await post.contact(WEN, await post.service(ContactChannel.NTFY), address="wen")
    viewer = await post.world.viewer(WEN)
    await send_test(post.world.database, viewer=viewer, contact_id=contact.id, clock=post.world.clock)
    await post.round()
    link = post.fake.sent[-1].text.link
    assert link is not None
    token = link.removeprefix(f"{PAGE}api/answers/")
    assert await is_test(post.world.database, token=token)
    with pytest.raises(AnswerLinkRefusedError):
        await say(post, token, LinkAnswer.ACCEPT)

    assert await confirm_test(post.world.database, token=token, clock=post.world.clock)
    assert not await confirm_test(post.world.database, token=token, clock=post.world.clock)

    [own] = (await own_channels(post.world.database, viewer=viewer)).contacts
    assert own.last is not None
    assert (own.last.state, own.last.answer) == (MessageState.ANSWERED, LinkAnswer.RECEIVED.value)


async def test_a_link_of_an_alert_confirms_no_test(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail, token = await sent(post)
    assert not await confirm_test(post.world.database, token=token, clock=post.world.clock)
    with pytest.raises(AnswerLinkRefusedError):
        await say(post, token, LinkAnswer.RECEIVED)
    assert await state_of(post, detail) is DeliveryState.QUEUED
