"""Web Push: encrypted for one browser, signed for one push service."""

import base64
import json

import pytest

from responder.demo.services.http_server import HttpResponse
from responder.domain.channels.message import MessagePurpose, MessageText, Outcome, VerdictReason
from responder.senders.web_push import VapidKeys
from tests.senders.conftest import LINK, Desk


async def test_the_browser_reads_all_that_its_card_needs(desk: Desk) -> None:
    message = desk.message("web_push", exercise=True)
    account = desk.account("web_push")
    await desk.senders[account.channel].send(message, service=account.settings)

    [received] = desk.services.inbox.messages
    # What it is about stands in test_push_payload.py.
    assert (
        received.raw["said"].items()
        >= {
            "head": "【演练】火情 · 七栋二单元",
            "lines": ["3 楼厨房起火", "步行 4 分钟"],
            "link": LINK,
            "purpose": "alert",
            "severity": "red",
            "exercise": True,
            "expires_at": "2026-11-30T03:44:15+00:00",
        }.items()
    )
    assert received.raw["topic"] == message.id.hex


async def test_the_push_service_cannot_read_it(desk: Desk) -> None:
    await desk.send("web_push")

    http = desk.account("web_push").http
    assert http is not None
    [request] = http.requests
    assert "火情".encode() not in request.body
    assert len(request.body) <= 4096


@pytest.mark.parametrize(
    ("purpose", "urgency"),
    [
        (MessagePurpose.ALERT, "high"),
        (MessagePurpose.CORRECTION, "high"),
        (MessagePurpose.SELF_TEST, "normal"),
    ],
)
async def test_what_is_urgent_wakes_and_waits_until_it_expires(
    desk: Desk, purpose: MessagePurpose, urgency: str
) -> None:
    await desk.send("web_push", purpose=purpose)

    [received] = desk.services.inbox.messages
    assert (received.raw["urgency"], received.raw["ttl"]) == (urgency, "1800")


async def test_a_full_record_is_exactly_what_services_take(desk: Desk) -> None:
    lines = tuple("火" * 10 for _ in range(300))
    await desk.send("web_push", text=MessageText(head="火情", lines=lines, link=LINK))

    http = desk.account("web_push").http
    assert http is not None
    size = len(http.requests[0].body)
    kept = len(desk.services.inbox.messages[0].raw["said"]["lines"])
    one_more = len(json.dumps("火" * 10, ensure_ascii=False).encode()) + 1
    assert 4096 - one_more < size <= 4096
    assert 90 < kept < 300


async def test_a_subscription_that_was_given_up_is_gone(desk: Desk) -> None:
    for status in (404, 410):
        http = desk.account("web_push").http
        assert http is not None
        http.next.append(HttpResponse(status=status))
        verdict = await desk.send("web_push")
        assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.GONE)


async def test_two_push_services_get_tokens_of_their_own(desk: Desk) -> None:
    """A token for one is not taken by the other."""
    keys = VapidKeys()
    private_key = desk.account("web_push").settings["private_key"]
    second = desk.services.push.subscribe(keys.public_key(private_key))
    localhost = second.subscription.replace("127.0.0.1", "localhost")

    first = await desk.send("web_push")
    other = await desk.send("web_push", address=second.subscription)

    assert {first.outcome, other.outcome} == {Outcome.ACCEPTED}
    refused = await desk.send("web_push", address=localhost)
    assert refused.reason is VerdictReason.HOST_NOT_ALLOWED


async def test_another_key_than_the_subscription_was_made_with_is_refused(desk: Desk) -> None:
    verdict = await desk.send("web_push", settings={"private_key": VapidKeys().new_private_key()})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNAUTHORIZED)


@pytest.mark.parametrize("number", [0, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551])
async def test_a_number_that_is_no_key_of_the_curve_is_told(desk: Desk, number: int) -> None:
    key = base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
    verdict = await desk.send("web_push", settings={"private_key": key})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.WRONG_SETTINGS)


async def test_a_point_beside_the_curve_is_no_browser(desk: Desk) -> None:
    subscription = json.loads(desk.account("web_push").address)
    subscription["keys"]["p256dh"] = "B" + "A" * 86

    verdict = await desk.send("web_push", address=json.dumps(subscription))

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.INVALID_ADDRESS)


def test_keys_differ_and_belong_together() -> None:
    keys = VapidKeys()
    first, second = keys.new_private_key(), keys.new_private_key()

    assert len(first) == 43
    assert first != second
    assert len(keys.public_key(first)) == 87
    assert keys.public_key(first) == keys.public_key(first) != keys.public_key(second)
