"""What holds for every sender, with each kind of service."""

import json
import logging
from uuid import UUID

import pytest

from responder.demo.services.http_server import HttpResponse
from responder.domain.channels.allowed_hosts import AllowedHosts
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessageText, Outcome, VerdictReason
from responder.domain.channels.service_fields import secret_names
from responder.senders.registry import open_senders
from tests.senders.conftest import ACCOUNTS, LINK, TLS, Desk
from tests.services_of_others import Fault

BY_HTTP = [name for name in ACCOUNTS if name != "email"]


async def test_every_channel_has_a_sender_and_a_service_here(desk: Desk) -> None:
    assert set(desk.senders) == set(ContactChannel)
    assert {account.channel for account in desk.services.accounts.values()} == set(ContactChannel)
    assert set(desk.services.accounts) == set(ACCOUNTS)


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_a_message_arrives(desk: Desk, name: str) -> None:
    verdict = await desk.send(name)

    assert verdict.outcome is Outcome.ACCEPTED, verdict
    [received] = desk.services.inbox.messages
    assert received.channel is desk.account(name).channel
    assert "火情 · 七栋二单元" in received.text
    assert "3 楼厨房起火" in received.text


@pytest.mark.parametrize("name", ACCOUNTS)
@pytest.mark.parametrize("head", ["【演练】火情 · 七栋二单元", "火情 · 七栋二单元"])
async def test_an_exercise_bears_its_mark_whoever_wrote_the_text(desk: Desk, name: str, head: str) -> None:
    verdict = await desk.send(
        name, exercise=True, text=MessageText(head=head, lines=("3 楼起火",), link=LINK)
    )

    assert verdict.outcome is Outcome.ACCEPTED
    [text] = desk.texts
    assert "【演练】火情 · 七栋二单元" in text
    assert "【演练】【演练】" not in text


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_a_long_text_is_cut_at_a_line_and_keeps_mark_place_and_link(desk: Desk, name: str) -> None:
    lines = tuple(f"第{number}行：" + "火" * 40 for number in range(1000))
    text = MessageText(head="火情 · 七栋二单元", lines=lines, link=LINK)

    verdict = await desk.send(name, exercise=True, text=text)

    assert verdict.outcome is Outcome.ACCEPTED, verdict
    [received] = desk.texts
    assert "【演练】火情 · 七栋二单元" in received
    assert "第0行" in received
    assert "第999行" not in received
    # Each line that is there is there as a whole.
    assert received.count("第") == received.count("火" * 40)
    if not name.startswith("voice"):
        assert "Zk3xQ9" in received


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_what_cannot_be_shortened_is_not_sent(desk: Desk, name: str) -> None:
    verdict = await desk.send(name, text=MessageText(head="火" * 40_000))

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.TOO_LONG)
    assert not desk.texts


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_odd_signs_in_a_name_stop_nothing(desk: Desk, name: str) -> None:
    head = '火情\r\nBcc: all@example.org\x00\ud83d "<at user_id="all">{to}{secret}'
    verdict = await desk.send(name, text=MessageText(head=head, lines=("a\u2028b", " ", "\n.\n"), link=LINK))

    assert verdict.outcome is Outcome.ACCEPTED, verdict
    [received] = desk.services.inbox.messages
    assert "火情 Bcc: all@example.org" in received.text
    assert "{secret}" in received.text
    assert "bcc" not in received.raw


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_an_expired_message_is_not_sent(desk: Desk, name: str) -> None:
    verdict = await desk.send(name, expires_at=desk.clock.now())

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.EXPIRED)
    assert not desk.texts


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_a_wrong_address_is_not_sent_to(desk: Desk, name: str) -> None:
    for address in ("@all", "a|b", "13800138000,13800138001", "a@b,c@d", "x y", "{}", "火"):
        verdict = await desk.send(name, address=address)
        assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.INVALID_ADDRESS), address
    assert not desk.texts


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_incomplete_settings_are_told(desk: Desk, name: str) -> None:
    account = desk.account(name)
    verdict = await desk.senders[account.channel].send(desk.message(name), service={"nonsense": "x"})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.WRONG_SETTINGS)
    assert verdict.detail


@pytest.mark.parametrize("name", BY_HTTP)
@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        (Fault.DROP, Outcome.RETRY, VerdictReason.CONNECTION_LOST),
        (Fault.REDIRECT, Outcome.REJECTED, VerdictReason.REDIRECTED),
        (Fault.OVERSIZED, Outcome.RETRY, VerdictReason.ANSWER_TOO_LARGE),
        (Fault.BROKEN, Outcome.RETRY, VerdictReason.SERVICE_FAULT),
        (Fault.TOO_MANY, Outcome.RETRY, VerdictReason.TOO_FAST),
    ],
)
async def test_a_fault_of_the_service_is_told(
    desk: Desk, name: str, fault: Fault, outcome: Outcome, reason: VerdictReason
) -> None:
    http = desk.account(name).http
    assert http is not None
    http.next.append(fault)

    verdict = await desk.send(name)

    assert (verdict.outcome, verdict.reason) == (outcome, reason)
    assert len(http.requests) == 1
    assert verdict.retry_after_s == (7 if fault is Fault.TOO_MANY else None)
    assert not desk.texts


@pytest.mark.parametrize("name", [name for name in BY_HTTP if name != "web_push"])
async def test_a_page_with_status_200_is_no_success(desk: Desk, name: str) -> None:
    http = desk.account(name).http
    assert http is not None
    http.next.append(Fault.HTML)

    verdict = await desk.send(name)

    assert (verdict.outcome, verdict.reason) == (Outcome.RETRY, VerdictReason.ANSWER_UNREADABLE)


@pytest.mark.parametrize("name", BY_HTTP)
async def test_a_silent_service_takes_no_longer_than_allowed(desk: Desk, name: str) -> None:
    account = desk.account(name)
    assert account.http is not None
    account.http.next.append(Fault.HANG)
    async with open_senders(desk.services.allowed, clock=desk.clock, limit_s=0.2, tls=TLS) as hurried:
        verdict = await hurried[account.channel].send(desk.message(name), service=account.settings)

    assert (verdict.outcome, verdict.reason) == (Outcome.RETRY, VerdictReason.TIMED_OUT)


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_a_service_that_is_away_is_told(desk: Desk, name: str) -> None:
    account = desk.account(name)
    nowhere = {"server": "http://127.0.0.1:9", "url": "http://127.0.0.1:9", "port": "9"}
    settings = {key: nowhere.get(key, value) for key, value in account.settings.items()}
    address = account.address.replace(desk.services.push.origin, "http://127.0.0.1:9")
    message = desk.message(name, address=address)

    verdict = await desk.senders[account.channel].send(message, service=settings)

    assert (verdict.outcome, verdict.reason) == (Outcome.RETRY, VerdictReason.UNREACHABLE)


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_hosts_and_private_addresses_are_refused_unless_named(desk: Desk, name: str) -> None:
    account = desk.account(name)
    for allowed, reason in (
        (AllowedHosts.parse(["elsewhere.example"]), VerdictReason.HOST_NOT_ALLOWED),
        (AllowedHosts(hosts=(("127.0.0.1", None),)), VerdictReason.ADDRESS_NOT_ALLOWED),
    ):
        async with open_senders(allowed, clock=desk.clock, tls=TLS) as senders:
            verdict = await senders[account.channel].send(desk.message(name), service=account.settings)
        assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, reason)
    assert not desk.texts
    assert account.http is None or not account.http.requests


@pytest.mark.parametrize("name", BY_HTTP)
async def test_what_a_service_repeats_of_secrets_is_not_told(desk: Desk, name: str) -> None:
    account = desk.account(name)
    assert account.http is not None
    secrets = [value for key, value in account.settings.items() if key in secret_names(account.channel)]
    pieces = json.loads(account.address) if name == "web_push" else {"endpoint": account.address, "keys": {}}
    told = [*secrets, pieces["endpoint"], *pieces["keys"].values(), LINK, "13800138000"]
    words = " ".join(["no:", *told])
    codes = {"errcode": 7, "code": 40024, "Code": "x", "result": {"code": 7, "message": words}}
    response = {"Error": {"Code": "x", "Message": words}}
    said = {**codes, "errmsg": words, "error": words, "msg": words, "Message": words, "Response": response}
    body = words.encode() if name == "web_push" else HttpResponse.of_json(said).body
    account.http.next.append(HttpResponse(status=400, body=body))

    verdict = await desk.send(name)

    assert verdict.outcome is Outcome.REJECTED
    assert "no:" in verdict.detail
    hidden = [*told, pieces["endpoint"].rpartition("/")[2]]
    assert [value for value in hidden if value in verdict.detail] == []


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_neither_secrets_nor_addresses_are_logged_or_told(
    desk: Desk, name: str, caplog: pytest.LogCaptureFixture, message_id: UUID
) -> None:
    account = desk.account(name)
    hidden = [
        account.settings[key]
        for key in (
            "token",
            "key",
            "secret",
            "access_token",
            "access_key_secret",
            "secret_key",
            "password",
            "private_key",
        )
        if key in account.settings
    ]
    hidden += ["13800138000", "token-1-of-the-application", "Zk3xQ9"]
    if account.channel is not ContactChannel.WEB_PUSH:
        hidden.append(account.address)
    # Quiet libraries today; with this every line that they might write is seen.
    caplog.set_level(logging.INFO)

    verdicts = [await desk.send(name, id=message_id)]
    if account.http is not None:
        for fault in (Fault.BROKEN, Fault.REDIRECT, Fault.DROP, Fault.HTML):
            account.http.next.append(fault)
            verdicts.append(await desk.send(name))
    verdicts += [
        await desk.send(name, settings={key: value + "x"}) for key, value in account.settings.items()
    ]

    told = [repr(verdict) for verdict in verdicts] + [record.getMessage() for record in caplog.records]
    assert [(value, line) for value in hidden for line in told if value in line] == []
