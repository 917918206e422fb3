"""Robots that post to a group: of WeCom, DingTalk and Feishu."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, Final

import httpx

from responder.domain.channels.fit import fit, without_tags
from responder.domain.channels.limits import ServiceLimits
from responder.domain.channels.message import OutgoingMessage, Verdict, VerdictReason
from responder.ports.clock import Clock
from responder.senders.answers import (
    accepted,
    is_success,
    json_object,
    verdict_of_code,
    verdict_of_status,
)
from responder.senders.http_requests import Answer, HttpRequests

MOST_MENTIONED: Final = 100
"""In one post, which has to stay below 20,000 bytes; all of the group read it."""
WECOM_REASONS: Final = {
    "-1": VerdictReason.SERVICE_FAULT,
    "6000": VerdictReason.SERVICE_FAULT,
    "40001": VerdictReason.UNAUTHORIZED,
    "40013": VerdictReason.WRONG_SETTINGS,
    "40014": VerdictReason.UNAUTHORIZED,
    "40056": VerdictReason.WRONG_SETTINGS,
    "40058": VerdictReason.TOO_LONG,
    "40091": VerdictReason.UNAUTHORIZED,
    "40003": VerdictReason.UNKNOWN_ADDRESS,
    "40031": VerdictReason.UNKNOWN_ADDRESS,
    "41001": VerdictReason.UNAUTHORIZED,
    "42001": VerdictReason.UNAUTHORIZED,
    "45002": VerdictReason.TOO_LONG,
    "45009": VerdictReason.TOO_FAST,
    "45033": VerdictReason.TOO_FAST,
    "48002": VerdictReason.UNAUTHORIZED,
    "48006": VerdictReason.UNAUTHORIZED,
    "60011": VerdictReason.UNAUTHORIZED,
    "60020": VerdictReason.UNAUTHORIZED,
    "60111": VerdictReason.UNKNOWN_ADDRESS,
    "81013": VerdictReason.UNKNOWN_ADDRESS,
    "93000": VerdictReason.UNAUTHORIZED,
    "93008": VerdictReason.UNAUTHORIZED,
}
"""<https://developer.work.weixin.qq.com/document/path/90455>."""
_DINGTALK_REASONS: Final = {
    "-1": VerdictReason.SERVICE_FAULT,
    "40035": VerdictReason.WRONG_SETTINGS,
    "130101": VerdictReason.TOO_FAST,
    "130102": VerdictReason.TOO_FAST,
    "90030": VerdictReason.TOO_FAST,
    "410100": VerdictReason.TOO_FAST,
    "300001": VerdictReason.UNAUTHORIZED,
    "300005": VerdictReason.UNAUTHORIZED,
    # Also when a keyword that the robot wants is missing; `detail` says which.
    "310000": VerdictReason.UNAUTHORIZED,
    "400013": VerdictReason.UNAUTHORIZED,
    "400101": VerdictReason.UNAUTHORIZED,
    "400102": VerdictReason.UNAUTHORIZED,
    "400105": VerdictReason.REFUSED,
    "400106": VerdictReason.UNAUTHORIZED,
    "410103": VerdictReason.CONTENT_REFUSED,
    "4301*": VerdictReason.CONTENT_REFUSED,
    "460101": VerdictReason.TOO_LONG,
}
"""<https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages>."""
_FEISHU_REASONS: Final = {
    "9499": VerdictReason.WRONG_SETTINGS,
    "11232": VerdictReason.TOO_FAST,
    "11246": VerdictReason.CONTENT_REFUSED,
    "19001": VerdictReason.UNAUTHORIZED,
    "19002": VerdictReason.WRONG_SETTINGS,
    "19007": VerdictReason.UNAUTHORIZED,
    "19021": VerdictReason.UNAUTHORIZED,
    "19022": VerdictReason.UNAUTHORIZED,
    "19024": VerdictReason.CONTENT_REFUSED,
    "99991400": VerdictReason.TOO_FAST,
}
"""<https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>."""


class WecomRobot:
    """Posts to a group of WeCom: <https://developer.work.weixin.qq.com/document/path/91770>."""

    def __init__(self, requests: HttpRequests) -> None:
        self._requests = requests

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Post one text, which mentions the people of the addresses."""
        text: dict[str, Any] = {"content": fit(message.text, limits.max_bytes)}
        people = _mentioned(message)
        if mobiles := [each.removeprefix("+86") for each in people if each.startswith("+")]:
            text["mentioned_mobile_list"] = mobiles
        if names := [each for each in people if not each.startswith("+")]:
            text["mentioned_list"] = names
        url = httpx.URL(_below(service, "/cgi-bin/webhook/send"), params={"key": service["key"]})
        answer = await self._requests.send(httpx.Request("POST", url, json={"msgtype": "text", "text": text}))
        return verdict_of_errcode(answer, WECOM_REASONS, blocked_s=limits.blocked_s)


class DingtalkRobot:
    """Posts to a group of DingTalk, signed with the robot's secret."""

    def __init__(self, requests: HttpRequests, *, clock: Clock) -> None:
        self._requests = requests
        self._clock = clock

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Post one text, which mentions the mobile numbers of the addresses."""
        timestamp = str(int(self._clock.now().timestamp() * 1000))
        mobiles = [each.removeprefix("+86") for each in _mentioned(message)]
        mention = _on_a_line(f"@{mobile}" for mobile in mobiles)
        content = fit(message.text, limits.max_bytes - len(mention)) + mention
        # httpx encodes the signature, once: what is encoded before that is refused.
        query = {
            "access_token": service["access_token"],
            "timestamp": timestamp,
            "sign": dingtalk_signature(timestamp, service["secret"]),
        }
        body = {
            "msgtype": "text",
            "text": {"content": content},
            "at": {"atMobiles": mobiles, "isAtAll": False},
        }
        url = httpx.URL(_below(service, "/robot/send"), params=query)
        answer = await self._requests.send(httpx.Request("POST", url, json=body))
        return verdict_of_errcode(answer, _DINGTALK_REASONS, blocked_s=limits.blocked_s)


class FeishuRobot:
    """Posts to a group of Feishu, signed with the robot's secret."""

    def __init__(self, requests: HttpRequests, *, clock: Clock) -> None:
        self._requests = requests
        self._clock = clock

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Post one text, which mentions the users of the addresses."""
        timestamp = str(int(self._clock.now().timestamp()))
        mention = _on_a_line(f'<at user_id="{each}"></at>' for each in _mentioned(message))
        body = {
            "timestamp": timestamp,
            "sign": feishu_signature(timestamp, service["secret"]),
            "msg_type": "text",
            "content": {"text": fit(without_tags(message.text), limits.max_bytes - len(mention)) + mention},
        }
        url = httpx.URL(_below(service, f"/open-apis/bot/v2/hook/{service['token']}"))
        answer = await self._requests.send(httpx.Request("POST", url, json=body))
        said = json_object(answer)
        code = None if said is None else said.get("code", said.get("StatusCode"))
        if said is None or code is None:
            return verdict_of_status(answer)
        if is_success(answer, code):
            return accepted()
        words = said.get("msg", said.get("StatusMessage"))
        return verdict_of_code(answer, code, words, _FEISHU_REASONS, blocked_s=limits.blocked_s)


def _mentioned(message: OutgoingMessage) -> list[str]:
    people = [each for each in dict.fromkeys((message.address, *message.also_to)) if each]
    return people[:MOST_MENTIONED]


def _on_a_line(mentions: Iterable[str]) -> str:
    line = " ".join(mentions)
    return f"\n{line}" if line else ""


def dingtalk_signature(timestamp: str, secret: str) -> str:
    """Sign a time in milliseconds: Base64 of an HMAC of time and secret, under the secret."""
    digest = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()


def feishu_signature(timestamp: str, secret: str) -> str:
    """Sign a time in seconds: Base64 of an HMAC of nothing, under time and secret."""
    digest = hmac.digest(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(digest).decode()


def verdict_of_errcode(answer: Answer, reasons: Mapping[str, VerdictReason], *, blocked_s: float) -> Verdict:
    """Return the verdict of WeCom and DingTalk, which refuse with HTTP 200 and an `errcode`."""
    said = json_object(answer)
    if said is None or "errcode" not in said:
        return verdict_of_status(answer)
    if is_success(answer, said["errcode"]):
        return accepted(said.get("msgid"))
    return verdict_of_code(answer, said["errcode"], said.get("errmsg"), reasons, blocked_s=blocked_s)


def _below(service: Mapping[str, str], path: str) -> str:
    return service["server"].rstrip("/") + path
