"""A push service with the browsers that use it: checks the VAPID token, and decrypts as a browser does."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from responder.demo.services.http_server import HttpRequest, HttpResponse, RequestRefusedError
from responder.demo.services.inbox import ServiceInbox
from responder.domain.channels.contact import ContactChannel

MOST_BYTES: Final = 4096
LONGEST_TOKEN_S: Final = 24 * 3600
_URGENCIES: Final = frozenset({"very-low", "low", "normal", "high"})
_HEADER_BYTES: Final = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class PushBrowser:
    """A browser with a subscription: its keys stay here, their public part goes to the page."""

    key: ec.EllipticCurvePrivateKey
    secret: bytes
    endpoint: str
    application_server_key: str
    """The only public key (VAPID) by which this subscription may be sent to."""

    @property
    def subscription(self) -> str:
        """What `PushSubscription.toJSON()` returns, as text."""
        keys = {"p256dh": encoded(public_bytes(self.key)), "auth": encoded(self.secret)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys})

    def decrypted(self, body: bytes) -> bytes:
        """Decrypt one record of aes128gcm (RFC 8188, 8291); `InvalidTag` when it is for another browser."""
        salt, length = body[:16], body[20]
        sender_key = body[_HEADER_BYTES : _HEADER_BYTES + length]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender_key)
        info = b"WebPush: info\0" + public_bytes(self.key) + sender_key
        ikm = _hkdf(self.secret, self.key.exchange(ec.ECDH(), sender), info, 32)
        key = _hkdf(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, ikm, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, body[_HEADER_BYTES + length :], None)
        content = padded.rstrip(b"\0")
        if content[-1:] != b"\x02":
            raise InvalidTag
        return content[:-1]


class PushService:
    """RFC 8030, section 5; RFC 8292."""

    def __init__(self, inbox: ServiceInbox, *, origin: str) -> None:
        self._inbox = inbox
        self.origin = origin
        self._browsers: dict[str, PushBrowser] = {}
        self._gone: set[str] = set()

    def subscribe(self, application_server_key: str) -> PushBrowser:
        """Make a browser that subscribes by the public key of an installation."""
        path = f"/push/{secrets.token_urlsafe(24)}"
        browser = PushBrowser(
            key=ec.generate_private_key(ec.SECP256R1()),
            secret=os.urandom(16),
            endpoint=self.origin + path,
            application_server_key=application_server_key,
        )
        self._browsers[path] = browser
        return browser

    def adopt(self, browser: PushBrowser) -> None:
        """Take a browser that subscribed before."""
        self._browsers[browser.endpoint.removeprefix(self.origin)] = browser

    def unsubscribe(self, browser: PushBrowser) -> None:
        """Forget a subscription, as when the person takes the permission back."""
        path = browser.endpoint.removeprefix(self.origin)
        del self._browsers[path]
        self._gone.add(path)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        browser = self._browsers.get(request.path)
        if request.path in self._gone:
            raise RequestRefusedError(
                HttpResponse(status=410, body=b"push subscription has unsubscribed or expired.")
            )
        if browser is None:
            raise RequestRefusedError(HttpResponse(status=404))
        if not self._is_authorized(request.headers.get("authorization", ""), browser):
            raise RequestRefusedError(
                HttpResponse(status=403, body=b"the VAPID credentials do not correspond")
            )
        if len(request.body) > MOST_BYTES:
            raise RequestRefusedError(HttpResponse(status=413))
        headers = request.headers
        if not headers.get("ttl", "").isdecimal() or headers.get("urgency", "normal") not in _URGENCIES:
            raise RequestRefusedError(HttpResponse(status=400, body=b"TTL or Urgency is missing or wrong"))
        if headers.get("content-encoding") != "aes128gcm":
            raise RequestRefusedError(HttpResponse(status=400, body=b"unknown content encoding"))
        return self._kept(browser, request)

    def _kept(self, browser: PushBrowser, request: HttpRequest) -> HttpResponse:
        try:
            said: Mapping[str, Any] = json.loads(browser.decrypted(request.body))
        except (InvalidTag, ValueError):
            # A real push service cannot see this; the browser drops it.
            return HttpResponse(status=201)
        if int(request.headers["ttl"]) > 0:
            text = "\n".join([said["head"], *said["lines"], said["link"] or ""])
            wishes = {name: request.headers.get(name) for name in ("ttl", "urgency", "topic")}
            self._inbox.take(ContactChannel.WEB_PUSH, browser.endpoint, text, {"said": said, **wishes})
        return HttpResponse(status=201, headers={"location": f"{self.origin}/m/{secrets.token_urlsafe(8)}"})

    def _is_authorized(self, given: str, browser: PushBrowser) -> bool:
        scheme, _, rest = given.partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        token = parts.get("t", "")
        if scheme.lower() != "vapid" or parts.get("k") != browser.application_server_key:
            return False
        try:
            header, claims, signature = (decoded(part) for part in token.split("."))
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts["k"]))
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            signed = token.rpartition(".")[0].encode()
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
            said, algorithm = json.loads(claims), json.loads(header).get("alg")
        except (ValueError, InvalidSignature):
            return False
        lasts_s = said.get("exp", 0) - self._inbox.now.timestamp()
        is_fresh = 0 < lasts_s <= LONGEST_TOKEN_S
        contact = str(said.get("sub", ""))
        return (
            algorithm == "ES256"
            and said.get("aud") == self.origin
            and is_fresh
            and contact.startswith(("mailto:", "https:"))
        )


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
