"""The demo's services: every channel goes in, and a page lists what came."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from responder.demo.services.catch_all import catch_all
from responder.demo.services.demo_accounts import demo_browser, demo_service_settings
from responder.domain.channels.allowed_hosts import AllowedHosts
from responder.domain.channels.check_service import check_service
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, MessageText, Outcome, OutgoingMessage
from responder.domain.incidents.incident import Severity
from responder.senders.registry import open_senders
from tests.ports import free_ports
from tests.senders.conftest import LINK, TLS

ADDRESSES = {
    ContactChannel.NTFY: "demo-topic",
    ContactChannel.WECOM_ROBOT: "13800138000",
    ContactChannel.WECOM_APP: "ZhangSan",
    ContactChannel.DINGTALK: "",
    ContactChannel.FEISHU: "",
    ContactChannel.SMS: "13800138000",
    ContactChannel.VOICE: "13800138000",
    ContactChannel.EMAIL: "zhang@demo.invalid",
}


async def test_the_demo_shows_what_every_channel_was_sent() -> None:
    http_port, mail_port = free_ports(2)
    settings = demo_service_settings(http_port, mail_port)
    allowed = AllowedHosts.parse([f"127.0.0.1:{http_port}", f"127.0.0.1:{mail_port}"])
    addresses = {**ADDRESSES, ContactChannel.WEB_PUSH: demo_browser(http_port).subscription}
    async with catch_all(http_port, mail_port), open_senders(allowed, tls=TLS) as senders:
        for channel in ContactChannel:
            check_service(channel, settings[channel])
            message = OutgoingMessage(
                id=uuid4(),
                channel=channel,
                address=addresses[channel],
                text=MessageText(head="火情 <七栋>", lines=("3 楼起火",), link=LINK),
                purpose=MessagePurpose.ALERT,
                exercise=True,
                severity=Severity.RED,
                expires_at=datetime.now(UTC) + timedelta(minutes=5),
            )
            verdict = await senders[channel].send(message, service=settings[channel])
            assert verdict.outcome is Outcome.ACCEPTED, (channel, verdict)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http_port}") as client:
            page = (await client.get("/")).text
            listed = (await client.get("/messages.json")).json()

    assert {message["channel"] for message in listed} == set(ContactChannel)
    assert page.count("【演练】火情") >= len(ContactChannel)
    assert "【演练】火情 &lt;七栋&gt;" in page
    assert "<七栋>" not in page
    assert f'<a rel="noreferrer" href="{LINK}">' in page


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("127.0.0.1:1", "/", 200),
        ("localhost:1", "/", 200),
        ("evil.example:1", "/", 421),
        ("evil.example", "/messages.json", 421),
        ("127.0.0.1:1", "/nothing", 404),
        ("127.0.0.1:1", "/ntfy/topic", 404),
    ],
)
async def test_only_this_machine_by_its_own_name_is_answered(host: str, path: str, status: int) -> None:
    http_port, mail_port = free_ports(2)
    async with catch_all(http_port, mail_port), httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{http_port}{path}", headers={"host": host})

    assert answer.status_code == status


async def test_whatever_is_sent_is_answered_and_the_page_stays() -> None:
    http_port, mail_port = free_ports(2)
    bad = [
        b"\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"POST /ntfy/ HTTP/1.1\r\nhost: localhost:1\r\ncontent-length: 2\r\n\r\n[]",
        b"POST /dingtalk/robot/send HTTP/1.1\r\nhost: localhost:1\r\n\r\n",
    ]
    async with catch_all(http_port, mail_port), httpx.AsyncClient() as client:
        for content in bad:
            reader, writer = await asyncio.open_connection("127.0.0.1", http_port)
            writer.write(content)
            writer.write_eof()
            await reader.read()
            writer.close()
        for path in (
            "/ntfy/",
            "/feishu/open-apis/bot/v2/hook/demo-key",
            "/wecom-app/cgi-bin/message/send",
            "/aliyun/",
            "/push/demo-browser",
            "/wecom-robot/cgi-bin/webhook/send?key=demo-key",
        ):
            for body in ({}, [], {"topic": 7, "actions": [7]}, {"msgtype": "text", "text": 7}, "x"):
                await client.post(f"http://127.0.0.1:{http_port}{path}", content=json.dumps(body))
        page = await client.get(f"http://127.0.0.1:{http_port}/")

    assert page.status_code == 200
