"""Gateways for SMS and calls, by templates."""

import json

import pytest

from responder.demo.services.http_server import HttpResponse
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessageText, Outcome, VerdictReason
from responder.domain.channels.service_fields import providers, service_fields
from responder.domain.channels.template import placeholders
from responder.senders.gateway_template import GENERIC, shipped
from tests.senders.conftest import Desk

CLOUDS = ("sms-aliyun", "sms-tencent", "voice-aliyun", "voice-tencent")
SHIPPED = [
    (channel, provider)
    for channel in (ContactChannel.SMS, ContactChannel.VOICE)
    for provider in providers(channel)
    if provider != GENERIC
]


@pytest.mark.parametrize(("channel", "provider"), SHIPPED)
def test_a_shipped_template_wants_what_a_coordinator_enters(channel: ContactChannel, provider: str) -> None:
    template = shipped(channel, provider)
    entered = {field.name for field in service_fields(channel, provider)}
    parts = {"to", "to_digits", "to_national", "id", "short_id"}

    wanted = {
        *placeholders(template.url),
        *placeholders(dict(template.query)),
        *placeholders(template.json_body),
    }

    assert wanted <= entered | parts
    assert template.reasons


@pytest.mark.parametrize("name", CLOUDS)
async def test_a_wrong_key_is_refused(desk: Desk, name: str) -> None:
    secret = "access_key_secret" if "aliyun" in name else "secret_key"
    verdict = await desk.send(name, settings={secret: "other"})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNAUTHORIZED)
    assert not desk.texts


@pytest.mark.parametrize("name", CLOUDS)
async def test_signatures_hold_for_any_text(desk: Desk, name: str) -> None:
    text = MessageText(
        head="a+b c&d=e/f?g%20h~*'()!,;:@$", lines=('"引号" \\ {to}', "🔥"), link="https://x.example/a/b"
    )

    assert (await desk.send(name, text=text)).outcome is Outcome.ACCEPTED
    assert "a+b c&d=e/f?g%20h~*'()!,;:@$" in desk.texts[0]
    assert '"引号" \\ {to}' in desk.texts[0]


async def test_no_link_stands_in_a_variable_which_gateways_refuse(desk: Desk) -> None:
    for name in ("sms-aliyun", "sms-tencent"):
        verdict = await desk.send(name)
        assert verdict.outcome is Outcome.ACCEPTED
    assert all("Zk3xQ9" in text and "https://" not in text for text in desk.texts)

    verdict = await desk.send("sms-aliyun", settings={"template_params": '{"all": "{text}"}'})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.CONTENT_REFUSED)


async def test_no_link_is_read_out(desk: Desk) -> None:
    for name in ("voice-aliyun", "voice-tencent", "voice-generic"):
        await desk.send(name)

    assert [text.count("Zk3xQ9") for text in desk.texts] == [0, 0, 0]
    assert all("火情 · 七栋二单元。3 楼厨房起火" in text for text in desk.texts)


@pytest.mark.parametrize("name", [*CLOUDS, "sms-generic", "voice-generic"])
async def test_the_gateways_own_id_is_kept(desk: Desk, name: str) -> None:
    assert (await desk.send(name)).service_message_id


@pytest.mark.parametrize("name", CLOUDS)
async def test_a_number_abroad_is_told(desk: Desk, name: str) -> None:
    verdict = await desk.send(name, address="+4915112345678")

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNKNOWN_ADDRESS)
    assert "15112345678" not in verdict.detail


@pytest.mark.parametrize(
    ("name", "body", "outcome", "reason"),
    [
        ("sms-aliyun", {"Code": "isv.BUSINESS_LIMIT_CONTROL"}, Outcome.RETRY, VerdictReason.TOO_FAST),
        ("sms-aliyun", {"Code": "Throttling.User"}, Outcome.RETRY, VerdictReason.TOO_FAST),
        ("sms-aliyun", {"Code": "isv.AMOUNT_NOT_ENOUGH"}, Outcome.REJECTED, VerdictReason.NO_CREDIT),
        ("sms-aliyun", {"Code": "isv.NEW_CODE"}, Outcome.REJECTED, VerdictReason.REFUSED),
        ("sms-aliyun", {"Message": "?"}, Outcome.RETRY, VerdictReason.ANSWER_UNREADABLE),
        (
            "sms-tencent",
            {"Response": {"Error": {"Code": "InternalError", "Message": "x"}}},
            Outcome.RETRY,
            VerdictReason.SERVICE_FAULT,
        ),
        (
            "sms-tencent",
            {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberOneHourLimit"}]}},
            Outcome.RETRY,
            VerdictReason.TOO_FAST,
        ),
        (
            "sms-tencent",
            {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.AppDailyLimit"}]}},
            Outcome.REJECTED,
            VerdictReason.NO_CREDIT,
        ),
        ("sms-tencent", {"Response": {"SendStatusSet": []}}, Outcome.RETRY, VerdictReason.ANSWER_UNREADABLE),
        ("voice-tencent", {"Response": {"SendStatus": {}}}, Outcome.RETRY, VerdictReason.ANSWER_UNREADABLE),
        (
            "voice-tencent",
            {"Response": {"Error": {"Code": "AuthFailure.SignatureExpire"}}},
            Outcome.REJECTED,
            VerdictReason.UNAUTHORIZED,
        ),
        ("sms-generic", {"result": {"code": 429}}, Outcome.RETRY, VerdictReason.TOO_FAST),
        ("sms-generic", {"result": {"code": "0"}}, Outcome.ACCEPTED, None),
        ("sms-generic", {"result": {"code": True}}, Outcome.REJECTED, VerdictReason.REFUSED),
        ("sms-generic", {"result": []}, Outcome.RETRY, VerdictReason.ANSWER_UNREADABLE),
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


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        ({"format": "json"}, Outcome.ACCEPTED),
        ({"format": "form"}, Outcome.ACCEPTED),
        ({"method": "GET", "query": '{"to": "{to}", "text": "{text}"}'}, Outcome.ACCEPTED),
        ({"method": "PUT"}, Outcome.ACCEPTED),
        ({"headers": '{"Authorization": "Token wrong"}'}, Outcome.REJECTED),
    ],
)
async def test_a_gateway_of_ones_own_is_asked_as_it_wants(
    desk: Desk, settings: dict[str, str], outcome: Outcome
) -> None:
    assert (await desk.send("sms-generic", settings=settings)).outcome is outcome


@pytest.mark.parametrize(
    "settings",
    [
        {"headers": '{"X-Text": "{text}"}'},
        {"headers": "[1]"},
        {"query": "[]"},
        {"format": "form", "body": "[1]"},
        {"headers": '{"a b": "c"}'},
        {"body": '{"n": "{text:int}"}'},
    ],
)
async def test_a_template_that_makes_no_request_is_told(desk: Desk, settings: dict[str, str]) -> None:
    verdict = await desk.send("sms-generic", settings=settings)

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.WRONG_SETTINGS)
    assert "七栋" not in repr(verdict)


async def test_a_place_in_a_text_stays_in_its_text(desk: Desk) -> None:
    """No value changes what a template is: quotes and braces stay within their string."""
    head = '"}, "to": "+8613900139000", "x": {"'
    await desk.send("sms-generic", text=MessageText(head=head))

    [message] = desk.services.inbox.messages
    assert message.to == desk.account("sms-generic").address
    assert message.text == head
    assert json.loads(json.dumps(dict(message.raw)))["text"] == head
