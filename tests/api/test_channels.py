"""Channels over HTTP: secrets, the page of a link, and what services report."""

import httpx
import psycopg
import pytest

from responder.domain.channels.contact import ContactChannel
from responder.ports.clock import SystemClock
from responder.services.channels.message_worker import MessageWorker
from tests.api.conftest import ORIGIN, SignIn, World, new_key
from tests.services.channels.world import FakeService

WEN = "hospital.wen"
NUMBER = "+8613800001234"


@pytest.fixture(scope="module")
async def sms(world: World, staff: httpx.AsyncClient) -> dict[str, str]:
    settings = {"provider": "generic", "url": "https://sms.example/send", "secret": "hush-hush"}
    settings |= {"body": '{"to": "{to}", "text": "{text}"}', "success_path": "code", "success_value": "0"}
    made = await staff.post(
        f"{world.path}/channels", json={"channel": "sms", "name": "短信", "settings": settings}
    )
    assert made.status_code == 201, made.text
    found: dict[str, str] = made.json()
    return found


@pytest.fixture(scope="module")
async def link(  # noqa: PLR0917 - fixtures
    world: World,
    staff: httpx.AsyncClient,
    sms: dict[str, str],
    sign_in: SignIn,
    building_id: str,
    demo_database_url: str,
) -> str:
    """Give the link that a called person was sent."""
    wen = await sign_in(WEN)
    body = {"service_id": sms["id"], "address": NUMBER}
    assert (await wen.post(f"{world.path}/my-channels", json=body)).status_code == 201
    dsn = demo_database_url.replace("postgresql+psycopg://responder@", "postgresql://postgres@")
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE contact SET verified_at = now()")
        connection.execute("DELETE FROM outgoing_message")
    incident = {"kind": "smoke", "severity": "orange", "exercise": False, "building_id": building_id}
    raised = await staff.post(f"{world.path}/incidents", json=incident, headers=new_key())
    assert raised.status_code == 201, raised.text
    fake = FakeService()
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE outgoing_message SET due_at = now()")
    worker = MessageWorker(
        world.database,
        dict.fromkeys(ContactChannel, fake),
        clock=SystemClock(),
        page_url=f"{ORIGIN}/",
    )
    await worker.step()
    await worker.finish()
    [message] = fake.sent
    assert message.text.link is not None
    return message.text.link


async def test_secrets_are_written_and_never_shown(
    world: World, staff: httpx.AsyncClient, sms: dict[str, str], sign_in: SignIn
) -> None:
    assert sms["secrets_set"] == ["secret"]
    everything = [
        await staff.get(f"{world.path}/channels"),
        await staff.patch(f"{world.path}/channels/{sms['id']}", json={"enabled": True}),
        await staff.get(f"{world.path}/channels/report"),
        await staff.get(f"{world.path}/audit"),
    ]
    assert all(answer.status_code == 200 for answer in everything)
    assert not any("hush" in answer.text for answer in everything)
    members = (await (await sign_in("observer")).get(f"{world.path}/channels")).json()
    [shown] = [each for each in members["services"] if each["id"] == sms["id"]]
    assert (shown["settings"], shown["secrets_set"]) == ({}, [])
    changed = await staff.patch(f"{world.path}/channels/{sms['id']}", json={"settings": {"secret": None}})
    assert changed.json()["secrets_set"] == []


async def test_the_server_to_subscribe_at_is_shown_to_those_who_may_be_called(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    settings = {"server": "https://push.example", "token": "hush-hush"}
    added = await staff.post(
        f"{world.path}/channels", json={"channel": "ntfy", "name": "推送", "settings": settings}
    )
    assert added.status_code == 201, added.text
    shown = {}
    for name in (WEN, "observer"):
        listed = (await (await sign_in(name)).get(f"{world.path}/channels")).json()["services"]
        [shown[name]] = [each["settings"] for each in listed if each["id"] == added.json()["id"]]
    assert shown == {WEN: {"server": "https://push.example"}, "observer": {}}


@pytest.mark.parametrize(
    "body",
    [
        {"channel": "pigeon", "name": "x"},
        {"channel": "ntfy", "name": ""},
        {"channel": "ntfy", "name": "x", "settings": {"unheard_of": "x"}},
        {"channel": "ntfy", "name": "x", "settings": {"server": "javascript:alert(1)"}},
        {"channel": "ntfy", "name": "x", "settings": {"server": "x" * 3000}},
        {"channel": "dingtalk", "name": "x", "settings": {}},
        {"channel": "sms", "name": "x", "settings": {"provider": "nobody"}},
    ],
)
async def test_what_is_no_service_is_refused(
    world: World, staff: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await staff.post(f"{world.path}/channels", json=body)
    assert answer.status_code == 422, answer.text


async def test_web_push_gets_its_keys_and_shows_the_public_one(
    world: World, staff: httpx.AsyncClient
) -> None:
    body = {"channel": "web_push", "name": "push", "settings": {"contact": "mailto:a@example.org"}}
    made = (await staff.post(f"{world.path}/channels", json=body)).json()
    assert made["secrets_set"] == ["private_key"]
    listed = (await staff.get(f"{world.path}/channels")).json()["services"]
    [push] = [each for each in listed if each["id"] == made["id"]]
    assert len(push["push_key"]) == 87


async def test_a_look_at_the_link_answers_nothing_and_a_button_does_once(
    world: World, staff: httpx.AsyncClient, link: str
) -> None:
    async with world.anonymous() as http:
        for _ in range(3):
            seen = await http.get(link)
        assert seen.status_code == 200
        assert "脑科巷7栋" in seen.text
        assert "分钟" in seen.text
        assert seen.headers["cache-control"] == "no-store"
        for word in ("张", "电话", "hospital", "138"):
            assert word not in seen.text
        [proof] = await proofs(world, staff)
        assert (proof["state"], proof["address"]) == ("accepted", "138****1234")
        foreign = await http.post(f"{link}/accept", headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        opened = await http.post(f"{link}/open")
        assert opened.status_code == 303
        answered = await http.post(f"{link}/accept", headers={"Origin": ORIGIN})
        assert answered.status_code == 200
        again, unknown = await http.post(f"{link}/cannot"), await http.post(f"{link[:-3]}xxx/cannot")
        assert (again.status_code, again.text) == (unknown.status_code, unknown.text)
        assert again.status_code == 404
        assert (await http.get(link)).text == again.text
    [proof] = await proofs(world, staff)
    assert (proof["state"], proof["answer"]) == ("answered", "accept")
    async with world.anonymous() as http:
        guesses = [await http.get(f"{ORIGIN}/api/answers/guess") for _ in range(70)]
    assert {each.status_code for each in guesses} == {404, 429}
    assert 1 <= int(guesses[-1].headers["retry-after"]) <= 60


async def proofs(world: World, http: httpx.AsyncClient) -> list[dict[str, str]]:
    incidents = (await http.get(f"{world.path}/incidents")).json()["incidents"]
    path = f"{world.path}/incidents/{incidents[0]['incident']['id']}/messages"
    found: list[dict[str, str]] = (await http.get(path)).json()["messages"]
    return found


async def test_a_service_reports_by_its_token_alone(
    world: World, staff: httpx.AsyncClient, sms: dict[str, str], link: str
) -> None:
    assert link
    made = (await staff.post(f"{world.path}/channels/{sms['id']}/reply-token")).json()
    async with world.anonymous() as http:
        taken = await http.post(made["path"], data={"from": "13800001234", "text": "2"})
        assert (taken.status_code, taken.json()["known"]) == (200, 1)
        reports = [{"biz_id": "unheard", "success": True}]
        assert (await http.post(made["path"], json=reports)).json()["known"] == 0
        many = "&".join(f"a{number}=1" for number in range(200)).encode()
        for odd in (b"", b"{", b"\xff", b"[" * 100, b"from=%00&text=1", b"null", many):
            assert (await http.post(made["path"], content=odd)).status_code in {200, 400}
        assert (await http.post("/api/channel-replies/guess", data={})).status_code == 404
        newer = (await staff.post(f"{world.path}/channels/{sms['id']}/reply-token")).json()
        assert (await http.post(made["path"], data={})).status_code == 404
        assert (await http.post(newer["path"], data={})).status_code == 200
    [proof] = await proofs(world, staff)
    assert proof["answer"] == "cannot"


async def test_a_token_in_an_address_is_not_logged_when_something_breaks(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("responder.api.routes.channels.answer_page.show_card", broken)
    async with world.anonymous() as http:
        assert (await http.get("/api/answers/secret-token")).status_code == 500
    assert "/answers/{token}" in caplog.text
    assert "secret-token" not in caplog.text
