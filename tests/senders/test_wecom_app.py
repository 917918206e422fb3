"""Messages of an application of WeCom, with its tokens."""

import asyncio
from uuid import UUID, uuid4

from responder.demo.services.http_server import HttpResponse
from responder.domain.channels.message import MessageText, Outcome, VerdictReason
from tests.senders.conftest import Desk


async def test_many_messages_at_once_fetch_one_token(desk: Desk) -> None:
    verdicts = await asyncio.gather(*(desk.send("wecom_app") for _ in range(20)))

    assert {verdict.outcome for verdict in verdicts} == {Outcome.ACCEPTED}
    assert desk.services.wecom_app.tokens_given == 1


async def test_a_token_is_renewed_before_its_end(desk: Desk) -> None:
    await desk.send("wecom_app")
    desk.clock.move(minutes=114)
    await desk.send("wecom_app")
    assert desk.services.wecom_app.tokens_given == 1

    desk.clock.move(minutes=2)

    assert (await desk.send("wecom_app")).outcome is Outcome.ACCEPTED
    assert desk.services.wecom_app.tokens_given == 2


async def test_a_token_that_ended_before_its_time_is_replaced(desk: Desk) -> None:
    await desk.send("wecom_app")
    desk.services.wecom_app.end_token()

    assert (await desk.send("wecom_app")).outcome is Outcome.ACCEPTED
    assert desk.services.wecom_app.tokens_given == 2


async def test_a_token_that_is_never_taken_is_not_fetched_for_ever(desk: Desk) -> None:
    http = desk.account("wecom_app").http
    assert http is not None
    given = HttpResponse.of_json({"errcode": 0, "access_token": "useless", "expires_in": 7200})
    refused = HttpResponse.of_json({"errcode": 40014, "errmsg": "invalid access_token useless"})
    http.next += [given, refused, given, refused]

    verdict = await desk.send("wecom_app")

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNAUTHORIZED)
    assert len(http.requests) == 4
    assert "useless" not in verdict.detail


async def test_a_wrong_secret_gives_no_token(desk: Desk) -> None:
    verdict = await desk.send("wecom_app", settings={"secret": "other"})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNAUTHORIZED)
    assert verdict.detail.startswith("40001 gettoken")


async def test_a_wrong_application_is_told(desk: Desk) -> None:
    verdict = await desk.send("wecom_app", settings={"agent_id": "7"})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.WRONG_SETTINGS)


async def test_someone_who_is_no_member_is_told(desk: Desk) -> None:
    verdict = await desk.send("wecom_app", address="LiSi")

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNKNOWN_ADDRESS)


async def test_a_member_beside_errcode_0_did_not_get_it(desk: Desk) -> None:
    http = desk.account("wecom_app").http
    assert http is not None
    await desk.send("wecom_app")
    http.next.append(HttpResponse.of_json({"errcode": 0, "errmsg": "ok", "invaliduser": "ZhangSan"}))

    verdict = await desk.send("wecom_app")

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNKNOWN_ADDRESS)


async def test_what_is_sent_again_is_shown_once(desk: Desk, message_id: UUID) -> None:
    await desk.send("wecom_app", id=message_id)
    verdict = await desk.send("wecom_app", id=message_id)

    assert verdict.outcome is Outcome.ACCEPTED
    assert len(desk.texts) == 1


async def test_the_same_words_about_two_incidents_are_two_messages(desk: Desk) -> None:
    """WeCom drops what a member was sent already, within half an hour, and calls it taken."""
    same = MessageText(head="解除 冒烟异味：脑科巷7栋", lines=("已处置，不用再去",))
    once, again = uuid4(), uuid4()

    for message_id in (once, once, again):
        assert (await desk.send("wecom_app", id=message_id, text=same)).outcome is Outcome.ACCEPTED

    assert [text.rpartition("#")[2] for text in desk.texts] == [
        message_id.hex[:6].upper() for message_id in (once, again)
    ]
