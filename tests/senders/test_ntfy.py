"""ntfy."""

import pytest

from responder.demo.services.http_server import HttpResponse
from responder.domain.channels.message import MessagePurpose, MessageText, Outcome, VerdictReason
from responder.domain.incidents.incident import Severity
from tests.senders.conftest import LINK, Desk


async def test_a_tap_opens_the_link(desk: Desk) -> None:
    verdict = await desk.send("ntfy", exercise=True)

    [message] = desk.services.inbox.messages
    assert verdict.service_message_id == "n00000000000"
    assert message.raw["click"] == LINK
    assert [action["url"] for action in message.raw["actions"]] == [LINK]
    assert message.raw["title"] == "【演练】火情 · 七栋二单元"
    assert message.raw["message"].startswith("3 楼厨房起火")
    assert "exercise" in message.raw["tags"]


@pytest.mark.parametrize(
    ("severity", "purpose", "priority"),
    [
        (Severity.RED, MessagePurpose.ALERT, 5),
        (Severity.ORANGE, MessagePurpose.ALERT, 5),
        (Severity.YELLOW, MessagePurpose.ALERT, 4),
        (Severity.BLUE, MessagePurpose.ALERT, 3),
        (Severity.RED, MessagePurpose.CORRECTION, 5),
        (Severity.RED, MessagePurpose.SELF_TEST, 3),
        (Severity.RED, MessagePurpose.VERIFICATION, 3),
    ],
)
async def test_what_is_grave_is_loud(
    desk: Desk, severity: Severity, purpose: MessagePurpose, priority: int
) -> None:
    await desk.send("ntfy", severity=severity, purpose=purpose)

    assert desk.services.inbox.messages[0].raw["priority"] == priority


async def test_a_message_without_lines_says_what_it_is(desk: Desk) -> None:
    await desk.send("ntfy", text=MessageText(head="警报解除"))

    assert desk.texts == ["警报解除\n警报解除"]


async def test_a_wrong_token_is_told(desk: Desk) -> None:
    verdict = await desk.send("ntfy", settings={"token": "tk_other"})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNAUTHORIZED)


async def test_a_message_that_became_a_file_did_not_arrive(desk: Desk) -> None:
    http = desk.account("ntfy").http
    assert http is not None
    body = {"id": "x", "event": "message", "attachment": {"name": "attachment.txt"}}
    http.next.append(HttpResponse.of_json(body))

    assert (await desk.send("ntfy")).reason is VerdictReason.TOO_LONG


async def test_4095_bytes_are_a_message_yet(desk: Desk) -> None:
    """The server counts from 4,096 on: one byte more would be a file."""
    fill = 4095 - len(LINK) - 1
    await desk.send("ntfy", text=MessageText(head="x", lines=("a" * fill,), link=LINK))
    await desk.send("ntfy", text=MessageText(head="x", lines=("a" * (fill + 1),), link=LINK))

    whole, cut = desk.services.inbox.messages
    assert len(whole.raw["message"].encode()) == 4095
    assert cut.raw["message"] == LINK
    assert "attachment" not in whole.text


@pytest.mark.parametrize(
    ("code", "outcome", "reason"),
    [
        (42908, Outcome.RETRY, VerdictReason.TOO_FAST),
        (50001, Outcome.RETRY, VerdictReason.SERVICE_FAULT),
        (41303, Outcome.REJECTED, VerdictReason.TOO_LONG),
        (40024, Outcome.REJECTED, VerdictReason.REFUSED),
        (40010, Outcome.REJECTED, VerdictReason.UNKNOWN_ADDRESS),
    ],
)
async def test_codes_of_the_server_are_understood(
    desk: Desk, code: int, outcome: Outcome, reason: VerdictReason
) -> None:
    http = desk.account("ntfy").http
    assert http is not None
    status = code // 100
    http.next.append(HttpResponse.of_json({"code": code, "http": status, "error": "x"}, status=status))

    verdict = await desk.send("ntfy")

    assert (verdict.outcome, verdict.reason) == (outcome, reason)
    assert (verdict.retry_after_s is not None) == (reason is VerdictReason.TOO_FAST)
