"""The robots of WeCom, DingTalk and Feishu: they refuse with HTTP 200 and a code."""

import base64
import hashlib
import hmac
import re
from typing import Any, Final

from responder.demo.services.http_server import HttpRequest, HttpResponse
from responder.demo.services.inbox import Budget, ServiceInbox
from responder.domain.channels.contact import ContactChannel

PER_MINUTE: Final = 20
DINGTALK_BLOCKED_S: Final = 600.0
SIGNED_FOR_S: Final = 3600
WECOM_TEXT_BYTES: Final = 2048
BODY_BYTES: Final = 20_000


class WecomRobotService:
    """<https://developer.work.weixin.qq.com/document/path/91770>."""

    def __init__(self, inbox: ServiceInbox, *, key: str) -> None:
        self._inbox = inbox
        self._key = key
        self._budget = Budget(inbox, per_minute=PER_MINUTE)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        if request.path != "/cgi-bin/webhook/send" or request.query.get("key") != self._key:
            return errcode(
                93000, "invalid webhook url, hint: [1684839526339601143229594], from ip: 192.0.2.1"
            )
        said = request.json
        content = _wecom_content(said)
        if content is None:
            return errcode(40008, "invalid message type")
        if len(content.encode()) > WECOM_TEXT_BYTES:
            return errcode(40058, "text.content exceed max length 2048. invalid Request Parameter")
        if not self._budget.allows():
            return errcode(45009, "api freq out of limit")
        mentioned = [*said["text"].get("mentioned_mobile_list", []), *said["text"].get("mentioned_list", [])]
        self._inbox.take(ContactChannel.WECOM_ROBOT, ",".join(mentioned), content, said)
        return errcode(0, "ok")


class DingtalkService:
    """<https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages>."""

    def __init__(self, inbox: ServiceInbox, *, token: str, secret: str) -> None:
        self._inbox = inbox
        self._token = token
        self._secret = secret
        self._budget = Budget(inbox, per_minute=PER_MINUTE, blocked_s=DINGTALK_BLOCKED_S)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        if request.path != "/robot/send" or request.query.get("access_token") != self._token:
            return errcode(300001, "token is not exist")
        timestamp, said = request.query.get("timestamp", ""), request.json
        expected = signature(self._secret.encode(), f"{timestamp}\n{self._secret}".encode())
        if not hmac.compare_digest(request.query.get("sign", ""), expected):
            return errcode(
                310000,
                "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中",
            )
        if not self._is_recent(timestamp):
            return errcode(310000, "description:机器人发送签名过期")
        if not isinstance(said, dict) or said.get("msgtype") != "text" or len(request.body) > BODY_BYTES:
            return errcode(400105, "不支持的消息类型")
        if not self._budget.allows():
            return errcode(410100, "发送速度太快而限流")
        mobiles = said.get("at", {}).get("atMobiles", [])
        self._inbox.take(ContactChannel.DINGTALK, ",".join(mobiles), said["text"]["content"], said)
        return errcode(0, "ok")

    def _is_recent(self, timestamp: str) -> bool:
        sent_s = int(timestamp) / 1000 if timestamp.isdecimal() else 0.0
        return abs(self._inbox.now.timestamp() - sent_s) <= SIGNED_FOR_S


class FeishuService:
    """<https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>."""

    def __init__(self, inbox: ServiceInbox, *, token: str, secret: str) -> None:
        self._inbox = inbox
        self._token = token
        self._secret = secret
        self._budget = Budget(inbox, per_minute=100)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        said = request.json
        if request.path != f"/open-apis/bot/v2/hook/{self._token}":
            return _feishu(19001, "param invalid: incoming webhook access token invalid")
        if not isinstance(said, dict) or said.get("msg_type") != "text" or len(request.body) > BODY_BYTES:
            return _feishu(9499, "Bad Request")
        timestamp = str(said.get("timestamp", ""))
        recent = timestamp.isdecimal() and abs(self._inbox.now.timestamp() - int(timestamp)) <= SIGNED_FOR_S
        expected = signature(f"{timestamp}\n{self._secret}".encode(), b"")
        if not recent or not hmac.compare_digest(str(said.get("sign", "")), expected):
            return _feishu(19021, "sign match fail or timestamp is not within one hour from current time")
        if not self._budget.allows():
            return _feishu(11232, "frequency limited psm[lark.oapi.app_platform_runtime]")
        content = said["content"]["text"]
        mentioned = re.findall(r'<at user_id="([^"]+)">', content)
        self._inbox.take(ContactChannel.FEISHU, ",".join(mentioned), content, said)
        return _feishu(0, "success")


def signature(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def errcode(code: int, words: str, **more: Any) -> HttpResponse:  # noqa: ANN401 - JSON
    return HttpResponse.of_json({"errcode": code, "errmsg": words, **more})


def _wecom_content(said: object) -> str | None:
    if isinstance(said, dict) and said.get("msgtype") == "text" and isinstance(said.get("text"), dict):
        content = said["text"].get("content")
        return content if isinstance(content, str) else None
    return None


def _feishu(code: int, words: str) -> HttpResponse:
    return HttpResponse.of_json({"code": code, "msg": words, "data": {}})
