"""All stand-ins under one address, and a page with what they took: the demo's services of others."""

import asyncio
import html
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Final

from responder.demo.services.aliyun import AliyunService
from responder.demo.services.demo_accounts import AGENT_ID, CORP_ID, KEY, SECRET, demo_browser
from responder.demo.services.http_server import Handler, HttpRequest, HttpResponse, serve_http
from responder.demo.services.inbox import ServiceInbox, TakenMessage
from responder.demo.services.ntfy import NtfyService
from responder.demo.services.push_service import PushService
from responder.demo.services.robots import DingtalkService, FeishuService, WecomRobotService
from responder.demo.services.smtp_server import serve_smtp
from responder.demo.services.wecom_app import WecomAppService
from responder.demo.services.where import HOST

ANSWERS: Final = "api/answers/"
"""Below the page's address: where the link in a message leads."""
REFRESH_S: Final = 3
SHOWN: Final = 200
_OWN_NAMES: Final = frozenset({HOST, "localhost"})
"""Another name that leads here is not answered: a page of strangers could be behind it (DNS rebinding)."""
_HEADERS: Final = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
_PAGE: Final = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="{refresh_s}">
<meta name="viewport" content="width=device-width"><title>示例通知 · demo messages</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:60rem;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td,th{{border-top:1px solid #bbb;padding:.4rem;text-align:start;
vertical-align:top}}td:last-child{{white-space:pre-wrap;overflow-wrap:anywhere}}
a{{display:inline-block;padding:.6rem 0}}
@media (max-width:40rem){{thead{{display:none}}tr,td{{display:block}}tr{{border-top:1px solid #bbb}}
td{{border:0;padding:.1rem 0}}}}</style>
<h1>示例通知 · Demo messages</h1>
<p>本机的模拟服务收到的通知，没有发给任何人。 What the stand-ins on this machine took; nobody was told.</p>
<table><thead><tr><th>时间 · time (UTC)<th>渠道 · channel<th>收件 · to<th>内容 · text</thead>
<tbody>{rows}</tbody></table>
"""
_NOTHING: Final = "<tr><td colspan=4>还没有通知：发起一次演练。 Nothing yet: raise an exercise."


class CatchAll:
    """Hands a request to the stand-in that the first part of its path names."""

    def __init__(self, inbox: ServiceInbox, services: Mapping[str, Handler]) -> None:
        self._inbox = inbox
        self._services = services

    async def __call__(self, request: HttpRequest) -> HttpResponse | None:
        """Answer a request."""
        if request.headers.get("host", "").rpartition(":")[0] not in _OWN_NAMES:
            return HttpResponse(status=421)
        first, _, rest = request.target.removeprefix("/").partition("/")
        if first in self._services:
            # A push service is asked by the whole path, the others have a server of their own.
            target = request.target if first == "push" else f"/{rest}"
            return await self._services[first](replace(request, target=target))
        if request.method == "GET" and request.path == "/":
            return HttpResponse(headers=_HEADERS, body=self._page().encode())
        if request.method == "GET" and request.path == "/messages.json":
            return HttpResponse.of_json([_as_json(message) for message in self._inbox.messages])
        return HttpResponse(status=404)

    def _page(self) -> str:
        newest = list(self._inbox.messages)[: -SHOWN - 1 : -1]
        return _PAGE.format(refresh_s=REFRESH_S, rows="\n".join(map(_as_row, newest)) or _NOTHING)


@asynccontextmanager
async def catch_all(http_port: int, mail_port: int, *, page_url: str = "") -> AsyncIterator[ServiceInbox]:
    """
    Run all stand-ins on this machine; `page_url` is where links in their texts lead.

    Raises
    ------
    OSError
        A port is taken.
    """
    inbox = ServiceInbox()
    push = PushService(inbox, origin=f"http://{HOST}:{http_port}")
    push.adopt(demo_browser(http_port))
    services: dict[str, Handler] = {
        "ntfy": NtfyService(inbox),
        "push": push,
        "wecom-robot": WecomRobotService(inbox, key=KEY),
        "wecom-app": WecomAppService(inbox, corp_id=CORP_ID, secret=SECRET, agent_id=AGENT_ID),
        "dingtalk": DingtalkService(inbox, token=KEY, secret=SECRET),
        "feishu": FeishuService(inbox, token=KEY, secret=SECRET),
        "aliyun": AliyunService(
            inbox, key_id=KEY, key_secret=SECRET, link_begins=f"{page_url}{ANSWERS}" if page_url else ""
        ),
    }
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serve_http(CatchAll(inbox, services), port=http_port, host=HOST))
        await stack.enter_async_context(serve_smtp(inbox, port=mail_port, host=HOST))
        yield inbox


async def run_catch_all(http_port: int, mail_port: int, *, page_url: str) -> None:
    """Run all stand-ins until cancelled."""
    async with catch_all(http_port, mail_port, page_url=page_url):
        await asyncio.get_running_loop().create_future()


def _as_row(message: TakenMessage) -> str:
    cells = (f"{message.at:%H:%M:%S}", message.channel.value, message.to)
    plain = "".join(f"<td>{html.escape(cell)}" for cell in cells)
    return f"<tr>{plain}<td>{_with_links(message.text)}"


def _with_links(text: str) -> str:
    """Escape a text; what begins with http:// or https:// can be followed."""
    words = []
    for word in text.replace("\n", " \n ").split(" "):
        shown = html.escape(word)
        is_link = word.startswith(("http://", "https://"))
        words.append(f'<a rel="noreferrer" href="{shown}">{shown}</a>' if is_link else shown)
    return " ".join(words)


def _as_json(message: TakenMessage) -> dict[str, str]:
    return {
        "at": message.at.isoformat(),
        "channel": message.channel.value,
        "to": message.to,
        "text": message.text,
    }
