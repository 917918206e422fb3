"""Robots of WeCom, DingTalk and Feishu."""

import pytest

from responder.demo.services.http_server import HttpResponse
from responder.domain.channels.message import MessageText, Outcome, VerdictReason
from tests.senders.conftest import Desk
from tests.services_of_others.services import MOBILE

ROBOTS = ("wecom_robot", "dingtalk", "feishu")


@pytest.mark.parametrize(
    ("name", "settings", "code"),
    [
        ("wecom_robot", {"key": "other"}, "93000"),
        ("dingtalk", {"access_token": "other"}, "300001"),
        ("dingtalk", {"secret": "other"}, "310000"),
        ("feishu", {"token": "other"}, "19001"),
        ("feishu", {"secret": "other"}, "19021"),
    ],
)
async def test_a_wrong_key_is_refused_with_http_200(
    desk: Desk, name: str, settings: dict[str, str], code: str
) -> None:
    verdict = await desk.send(name, settings=settings)

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNAUTHORIZED)
    assert verdict.detail.startswith(code)
    assert not desk.texts


@pytest.mark.parametrize("name", ROBOTS)
async def test_a_signature_holds_at_any_moment(desk: Desk, name: str) -> None:
    """Base64 with `+`, `/` and `=` is encoded once on its way: some moments have each of them."""
    for _ in range(15):
        desk.clock.move(seconds=61, milliseconds=7)
        assert (await desk.send(name)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(("name", "waits_s"), [("wecom_robot", 60), ("dingtalk", 600)])
async def test_the_21st_message_in_a_minute_has_to_wait(desk: Desk, name: str, waits_s: float) -> None:
    for _ in range(20):
        assert (await desk.send(name)).outcome is Outcome.ACCEPTED

    verdict = await desk.send(name)

    assert (verdict.outcome, verdict.reason) == (Outcome.RETRY, VerdictReason.TOO_FAST)
    assert verdict.retry_after_s == waits_s
    desk.clock.move(seconds=waits_s + 1)
    assert (await desk.send(name)).outcome is Outcome.ACCEPTED
    assert len(desk.texts) == 21


async def test_dingtalk_blocks_for_ten_minutes(desk: Desk) -> None:
    for _ in range(21):
        await desk.send("dingtalk")
    desk.clock.move(seconds=599)

    assert (await desk.send("dingtalk")).reason is VerdictReason.TOO_FAST


@pytest.mark.parametrize("name", ROBOTS)
async def test_the_person_is_mentioned_and_nobody_without_an_address(desk: Desk, name: str) -> None:
    await desk.send(name)
    await desk.send(name, address="")

    mentioned, nobody = (message.to for message in desk.services.inbox.messages)
    assert mentioned == ("ou_84aad35d" if name == "feishu" else MOBILE.removeprefix("+86"))
    assert nobody == ""


async def test_a_text_mentions_no_one_by_tags_of_its_own(desk: Desk) -> None:
    text = MessageText(head='火情 <at user_id="all"></at>')
    await desk.send("feishu", text=text, address="")

    [message] = desk.services.inbox.messages
    assert message.to == ""


@pytest.mark.parametrize(
    ("name", "body", "outcome", "reason"),
    [
        ("wecom_robot", {"errcode": -1, "errmsg": "system busy"}, Outcome.RETRY, VerdictReason.SERVICE_FAULT),
        ("wecom_robot", {"errcode": 12345, "errmsg": "new"}, Outcome.REJECTED, VerdictReason.REFUSED),
        ("wecom_robot", {"errcode": False}, Outcome.REJECTED, VerdictReason.REFUSED),
        ("wecom_robot", {"errcode": [0]}, Outcome.REJECTED, VerdictReason.REFUSED),
        ("wecom_robot", {"errmsg": "ok"}, Outcome.RETRY, VerdictReason.ANSWER_UNREADABLE),
        ("dingtalk", {"errcode": 430102, "errmsg": "bad"}, Outcome.REJECTED, VerdictReason.CONTENT_REFUSED),
        ("dingtalk", {"errcode": 130101, "errmsg": "x"}, Outcome.RETRY, VerdictReason.TOO_FAST),
        ("feishu", {"StatusCode": 0, "StatusMessage": "success"}, Outcome.ACCEPTED, None),
        (
            "feishu",
            {"code": 19024, "msg": "Key Words Not Found"},
            Outcome.REJECTED,
            VerdictReason.CONTENT_REFUSED,
        ),
        ("feishu", {}, Outcome.RETRY, VerdictReason.ANSWER_UNREADABLE),
    ],
)
async def test_the_verdict_is_read_from_the_body(
    desk: Desk, name: str, body: dict[str, object], outcome: Outcome, reason: VerdictReason | None
) -> None:
    http = desk.account(name).http
    assert http is not None
    http.next.append(HttpResponse.of_json(body))

    verdict = await desk.send(name)

    assert (verdict.outcome, verdict.reason) == (outcome, reason)


async def test_a_code_of_success_beside_a_bad_status_is_none(desk: Desk) -> None:
    http = desk.account("wecom_robot").http
    assert http is not None
    http.next.append(HttpResponse.of_json({"errcode": 0, "errmsg": "ok"}, status=500))

    assert (await desk.send("wecom_robot")).outcome is Outcome.RETRY


@pytest.mark.parametrize(
    ("name", "addresses", "mentioned"),
    [
        ("wecom_robot", ("+8613800138000", "ZhangSan", "+8613800138001"), "13800138000,13800138001,ZhangSan"),
        ("dingtalk", ("+8613800138000", "", "+8613800138001"), "13800138000,13800138001"),
        ("feishu", ("ou_84aad35d", "ou_84aad35e"), "ou_84aad35d,ou_84aad35e"),
    ],
)
async def test_one_post_mentions_all_who_are_told(
    desk: Desk, name: str, addresses: tuple[str, ...], mentioned: str
) -> None:
    verdict = await desk.send(name, address=addresses[0], also_to=addresses[1:])

    assert verdict.outcome is Outcome.ACCEPTED
    [taken] = desk.services.inbox.messages
    assert taken.to == mentioned


@pytest.mark.parametrize("name", ROBOTS)
async def test_a_post_to_a_thousand_mentions_a_hundred_and_keeps_its_words(desk: Desk, name: str) -> None:
    addresses = tuple(
        f"+8613{number:09}" if name != "feishu" else f"ou_{number:032}" for number in range(1000)
    )

    verdict = await desk.send(name, address=addresses[0], also_to=addresses[1:])

    assert verdict.outcome is Outcome.ACCEPTED
    [taken] = desk.services.inbox.messages
    assert len(taken.to.split(",")) == 100
    assert "火情 · 七栋二单元" in taken.text
