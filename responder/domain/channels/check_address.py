"""Checks the address of a person with a service, and writes it in one way."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from responder.domain.channels.check_service import is_email, is_url
from responder.domain.channels.contact import ContactChannel as Channel
from responder.domain.errors import InvalidValueError

MOST_CHARACTERS: Final = 2000
P256_POINT_BYTES: Final = 65
AUTH_SECRET_BYTES: Final = 16

_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
# Neither `@all` nor `a|b`: one person, not everyone nor several.
_WECOM_USER = re.compile(r"[A-Za-z0-9][-_@.A-Za-z0-9]{0,63}")
_FEISHU_USER = re.compile(r"(?!all\Z)[-_A-Za-z0-9]{1,64}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_CHINESE_PHONE = re.compile(r"(?:0086|86)?(1[3-9][0-9]{9})")


def check_address(channel: Channel, given: str) -> str:
    """
    Return the address as it is kept.

    A topic of ntfy; the subscription of a browser as JSON; a user of WeCom; a mail address; a telephone
    number as E.164, given with or without the +86 of mainland China. Of a group robot, whom it mentions: a
    mobile number (not Feishu) or a user (not DingTalk); empty for no one.

    Raises
    ------
    InvalidValueError
        It is none; `field` is `address`. The address is not in it.
    """
    address = given.strip()
    checked = _CHECKS[channel](address) if len(address) <= MOST_CHARACTERS else None
    if checked is None:
        message = f"not an address of {channel}"
        raise InvalidValueError(message, field="address", reason=f"not_{channel}")
    return checked


def subscription_of(address: str) -> tuple[str, bytes, bytes]:
    """
    Read a subscription of Web Push.

    Returns
    -------
    endpoint, key, secret
        Where to send to, the browser's public key (65 bytes, uncompressed) and its secret (16 bytes).

    Raises
    ------
    ValueError
        It is none.
    """
    parsed = json.loads(address)
    keys = parsed.get("keys") if isinstance(parsed, dict) else None
    if not isinstance(keys, dict):
        message = "not a subscription"
        raise ValueError(message)  # noqa: TRY004 - of what people send
    endpoint = parsed.get("endpoint")
    public_key, secret = _bytes(keys.get("p256dh")), _bytes(keys.get("auth"))
    if (
        not isinstance(endpoint, str)
        or not is_url(endpoint)
        or not endpoint.isascii()
        or not endpoint.isprintable()
        or len(public_key) != P256_POINT_BYTES
        or len(secret) != AUTH_SECRET_BYTES
    ):
        message = "not a subscription"
        raise ValueError(message)
    return endpoint, public_key, secret


def _bytes(text: object) -> bytes:
    if not isinstance(text, str):
        message = "not base64url"
        raise ValueError(message)  # noqa: TRY004 - of what people send
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _subscription(address: str) -> str | None:
    try:
        endpoint, public_key, secret = subscription_of(address)
    except (ValueError, binascii.Error, RecursionError):
        return None
    keys = {"p256dh": _base64url(public_key), "auth": _base64url(secret)}
    return json.dumps({"endpoint": endpoint, "keys": keys}, separators=(",", ":"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _phone(address: str) -> str | None:
    number = re.sub(r"[ ()-]", "", address)
    if chinese := _CHINESE_PHONE.fullmatch(number):
        return f"+86{chinese[1]}"
    return number if _PHONE.fullmatch(number) else None


def _matching(pattern: re.Pattern[str], *, or_empty: bool = False) -> Callable[[str], str | None]:
    def check(address: str) -> str | None:
        return address if pattern.fullmatch(address) or (or_empty and not address) else None

    return check


def _mentioned(address: str) -> str | None:
    return _phone(address) or _matching(_WECOM_USER, or_empty=True)(address)


def _mentioned_phone(address: str) -> str | None:
    return _phone(address) if address else ""


_CHECKS: Final[Mapping[Channel, Callable[[str], str | None]]] = {
    Channel.NTFY: _matching(_TOPIC),
    Channel.WEB_PUSH: _subscription,
    Channel.WECOM_ROBOT: _mentioned,
    Channel.WECOM_APP: _matching(_WECOM_USER),
    Channel.DINGTALK: _mentioned_phone,
    Channel.FEISHU: _matching(_FEISHU_USER, or_empty=True),
    Channel.SMS: _phone,
    Channel.VOICE: _phone,
    Channel.EMAIL: lambda address: address if is_email(address) else None,
}
