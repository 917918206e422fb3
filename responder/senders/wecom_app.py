"""Messages of an application of WeCom to one member."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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
from responder.senders.failures import SendingError
from responder.senders.http_requests import HttpRequests
from responder.senders.robots import WECOM_REASONS

RENEWED_BEFORE: Final = timedelta(minutes=5)
"""So long before its end a token is fetched again."""
DUPLICATES_S: Final = 1800
"""The same text to the same member within this time is shown once: what is sent again does no harm."""
MOST_TOKENS: Final = 1000
_TOKEN_ENDED: Final = frozenset({40014, 41001, 42001})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    value: str
    until: datetime


class AccessTokens:
    """Tokens of applications, fetched once and kept until shortly before their end."""

    def __init__(self, requests: HttpRequests, *, clock: Clock) -> None:
        self._requests = requests
        self._clock = clock
        self._tokens: dict[str, _Token] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, service: Mapping[str, str], *, instead_of: str | None = None) -> str:
        """
        Return a token of an application; `instead_of` is one that WeCom no longer takes.

        Raises
        ------
        SendingError
            WeCom gives none.
        """
        key = _fingerprint(service["server"], service["corp_id"], service["secret"])
        if len(self._locks) >= MOST_TOKENS and key not in self._locks:
            self._forget_oldest()
        # WeCom limits how often a token is asked for: many messages at once wait for one.
        async with self._locks.setdefault(key, asyncio.Lock()):
            known = self._tokens.get(key)
            if known is None or known.value == instead_of or known.until <= self._clock.now():
                known = self._tokens[key] = await self._fetch(service)
            return known.value

    async def _fetch(self, service: Mapping[str, str]) -> _Token:
        url = httpx.URL(
            f"{service['server'].rstrip('/')}/cgi-bin/gettoken",
            params={"corpid": service["corp_id"], "corpsecret": service["secret"]},
        )
        answer = await self._requests.send(httpx.Request("GET", url))
        said = json_object(answer)
        if said is None or "errcode" not in said:
            raise SendingError.of(verdict_of_status(answer, "gettoken"))
        token = said.get("access_token")
        if not is_success(answer, said["errcode"]) or not isinstance(token, str) or not token:
            words = f"gettoken: {said.get('errmsg')}"
            verdict = verdict_of_code(answer, said["errcode"], words, WECOM_REASONS, blocked_s=60)
            raise SendingError.of(verdict)
        lasts_s = said.get("expires_in")
        seconds = lasts_s if isinstance(lasts_s, int) and 0 < lasts_s < 1e6 else 0  # noqa: PLR2004
        lasts = max(timedelta(seconds=seconds) - RENEWED_BEFORE, timedelta())
        return _Token(value=token, until=self._clock.now() + lasts)

    def _forget_oldest(self) -> None:
        for key in list(self._locks):
            if not self._locks[key].locked():
                del self._locks[key]
                self._tokens.pop(key, None)
                return


class WecomApp:
    """Sends a text to a member: <https://developer.work.weixin.qq.com/document/path/90236>."""

    def __init__(self, requests: HttpRequests, *, clock: Clock) -> None:
        self._requests = requests
        self._tokens = AccessTokens(requests, clock=clock)

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Send one text; once more with a new token when WeCom says that the token has ended."""
        body: dict[str, Any] = {
            "touser": message.address,
            "msgtype": "text",
            "agentid": int(service["agent_id"]),
            "text": {"content": _content(message, limits.max_bytes)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": DUPLICATES_S,
        }
        token = await self._tokens.get(service)
        verdict, has_ended = await self._post(body, service, token, limits)
        if has_ended:
            token = await self._tokens.get(service, instead_of=token)
            verdict, _ = await self._post(body, service, token, limits)
        return verdict

    async def _post(
        self, body: Mapping[str, Any], service: Mapping[str, str], token: str, limits: ServiceLimits
    ) -> tuple[Verdict, bool]:
        url = httpx.URL(
            f"{service['server'].rstrip('/')}/cgi-bin/message/send", params={"access_token": token}
        )
        answer = await self._requests.send(httpx.Request("POST", url, json=body))
        said = json_object(answer)
        if said is None or "errcode" not in said:
            return verdict_of_status(answer), False
        code = said["errcode"]
        if is_success(answer, code):
            return _verdict_of_members(said), False
        verdict = verdict_of_code(answer, code, said.get("errmsg"), WECOM_REASONS, blocked_s=limits.blocked_s)
        has_ended = isinstance(code, int) and code in _TOKEN_ENDED
        return replace(verdict, detail=verdict.detail.replace(token, "…")), has_ended


def _content(message: OutgoingMessage, max_bytes: int) -> str:
    """
    Return the words, which are those of this message alone: WeCom drops what a member was sent already.

    A link is of one message. Without one, the all-clear of two incidents at one place would read the same.
    """
    mark = "" if message.text.link else f"\n#{message.id.hex[:6].upper()}"
    return fit(without_tags(message.text), max_bytes - len(mark)) + mark


def _verdict_of_members(said: Mapping[str, Any]) -> Verdict:
    # Members whom the message did not reach stand beside errcode 0.
    if said.get("invaliduser"):
        return Verdict.refused(VerdictReason.UNKNOWN_ADDRESS, "invaliduser")
    if said.get("unlicenseduser"):
        return Verdict.refused(VerdictReason.NO_CREDIT, "unlicenseduser")
    return accepted(said.get("msgid"))


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
