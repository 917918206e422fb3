"""Web Push: to a browser, by the push service that the browser has chosen (RFC 8030, 8291, 8292)."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02, VapidException

from responder.domain.channels.check_address import subscription_of
from responder.domain.channels.fit import fit_as
from responder.domain.channels.limits import ServiceLimits
from responder.domain.channels.message import (
    MessagePurpose,
    MessageText,
    OutgoingMessage,
    Verdict,
    VerdictReason,
)
from responder.ports.clock import Clock
from responder.senders.answers import accepted, verdict_of_status
from responder.senders.failures import SendingError
from responder.senders.http_requests import HttpRequests
from responder.senders.push_encryption import encrypt

VERSION: Final = 1
"""Of what the service worker gets."""
TOKEN_LASTS: Final = timedelta(hours=12)
"""RFC 8292 allows 24 hours."""
LONGEST_TTL_S: Final = 28 * 24 * 3600
_TAKEN: Final = frozenset({200, 201, 202, 204})
_GONE: Final = frozenset({404, 410})
_BAD_REQUEST: Final = 400


class WebPush:
    """Sends encrypted JSON to a subscription; what is in it: `payload`."""

    def __init__(self, requests: HttpRequests, *, clock: Clock) -> None:
        self._requests = requests
        self._clock = clock

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Push one message; 404 and 410 say that the browser has given the subscription up."""
        endpoint, browser_key, auth_secret = subscription_of(message.address)
        now = self._clock.now()
        plain = fit_as(lambda text: payload(message, text), message.text, limits.max_bytes).encode()
        try:
            body = encrypt(plain, browser_key=browser_key, auth_secret=auth_secret)
        except ValueError:
            return Verdict.refused(VerdictReason.INVALID_ADDRESS)
        is_urgent = message.purpose in {MessagePurpose.ALERT, MessagePurpose.CORRECTION}
        headers = {
            "authorization": _authorization(endpoint, service, now=now),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(min(max(int((message.expires_at - now).total_seconds()), 1), LONGEST_TTL_S)),
            "urgency": "high" if is_urgent else "normal",
            # What is sent again takes the place of what still waits: 32 signs at most.
            "topic": message.id.hex,
        }
        answer = await self._requests.send(httpx.Request("POST", endpoint, content=body, headers=headers))
        if answer.status in _TAKEN:
            # The address of the message at the push service names the subscription: only its end is kept.
            return accepted(answer.headers.get("location", "").rstrip("/").rpartition("/")[2] or None)
        if answer.status in _GONE:
            return Verdict.refused(VerdictReason.GONE, f"HTTP {answer.status}")
        if answer.status == _BAD_REQUEST:
            return Verdict.refused(VerdictReason.UNAUTHORIZED, f"HTTP {answer.status} {_words(answer.body)}")
        return verdict_of_status(answer, _words(answer.body))


class VapidKeys:
    """`PushKeys` of an installation: one pair for all browsers that subscribe to a circle."""

    def new_private_key(self) -> str:
        """Return 32 random bytes that are a key of P-256, as unpadded base64url."""
        vapid = Vapid02()
        vapid.generate_keys()
        number = vapid.private_key.private_numbers().private_value
        return _base64url(number.to_bytes(32, "big"))

    def public_key(self, private_key: str) -> str:
        """Return the public key that belongs to a private one: 65 bytes as unpadded base64url."""
        public = Vapid02.from_raw(private_key.encode()).public_key
        return _base64url(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def payload(message: OutgoingMessage, text: MessageText) -> str:
    """Return what the service worker gets: section 9 of docs/protocol.md."""
    about = message.about
    return json.dumps(
        {
            "v": VERSION,
            "alert_id": None if about is None else str(about.alert_id),
            "incident_id": None if about is None else str(about.incident_id),
            "circle_id": None if about is None else str(about.circle_id),
            "exercise": message.exercise,
            "severity": message.severity,
            "head": text.head,
            "lines": text.lines,
            "link": text.link,
            "purpose": message.purpose,
            "expires_at": message.expires_at.isoformat(),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _authorization(endpoint: str, service: Mapping[str, str], *, now: datetime) -> str:
    url = urlsplit(endpoint)
    # A dict a call: `aud` is this push service, and no other takes the token.
    claims = {
        "aud": f"{url.scheme}://{url.netloc}",
        "exp": int((now + TOKEN_LASTS).timestamp()),
        "sub": service["contact"],
    }
    try:
        headers = Vapid02.from_raw(service["private_key"].encode()).sign(claims)
    except (VapidException, ValueError) as error:
        raise SendingError(VerdictReason.WRONG_SETTINGS, "service.private_key or service.contact") from error
    return str(headers["Authorization"])


def _words(body: bytes) -> str:
    return body[:500].decode("utf-8", "replace")


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
