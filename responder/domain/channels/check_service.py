"""Checks what a coordinator enters for a service."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.service_fields import (
    PLACEHOLDERS,
    PROVIDER,
    FieldKind,
    ServiceField,
    service_fields,
)
from responder.domain.channels.template import placeholders
from responder.domain.errors import InvalidValueError

MOST_CHARACTERS: Final = 2000
MOST_WHOLE_NUMBER: Final = 10_000_000
HIGHEST_PORT: Final = 65_535
P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Private keys are whole numbers from 1 to below it."""
EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
)
"""In ASCII, without quotes and comments: what every server takes."""
MOST_EMAIL_CHARACTERS: Final = 254
_P256_KEY = re.compile(r"[-_A-Za-z0-9]{43}=?")
_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")


def check_service(channel: ContactChannel, given: Mapping[str, str]) -> dict[str, str]:
    """
    Return the settings of an account, complete with defaults and without spaces around.

    Raises
    ------
    InvalidValueError
        `field` is `service.<name>`, `reason` is `missing`, `unknown`, `too_long`, `unprintable`,
        `not_a_choice`, `unknown_placeholder` or `not_<kind>`. The value is never in it.
    """
    fields = service_fields(channel, given.get(PROVIDER, ""))
    if unknown := sorted(given.keys() - {field.name for field in fields}):
        # Without a gateway no name is known: it is the one that is wrong.
        wrong = PROVIDER if fields[0].name == PROVIDER and len(fields) == 1 else unknown[0]
        raise _invalid(wrong, "not_a_choice" if wrong == PROVIDER else "unknown")
    checked = {field.name: _checked(field, given.get(field.name, "")) for field in fields}
    return {name: value for name, value in checked.items() if value}


def _checked(field: ServiceField, given: str) -> str:
    value = given.strip() or field.default
    if not value:
        if field.required:
            raise _invalid(field.name, "missing")
        return ""
    if len(value) > MOST_CHARACTERS:
        raise _invalid(field.name, "too_long")
    if not all(sign.isprintable() or (sign in "\r\n\t" and field.kind is FieldKind.JSON) for sign in value):
        raise _invalid(field.name, "unprintable")
    if field.kind is FieldKind.CHOICE:
        if value not in field.choices:
            raise _invalid(field.name, "not_a_choice")
    elif not _CHECKS[field.kind](value):
        raise _invalid(field.name, f"not_{field.kind}")
    if field.kind is FieldKind.JSON and not PLACEHOLDERS.issuperset(placeholders(json.loads(value))):
        raise _invalid(field.name, "unknown_placeholder")
    return value


def is_url(value: str) -> bool:
    """Tell whether a value is an address of HTTP: without a user, a password and a fragment."""
    try:
        url = urlsplit(value)
        port = url.port
    except ValueError:
        return False
    plain = url.username is None and url.password is None and not url.fragment
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname or ""
    return url.scheme in {"https", "http"} and plain and port != 0 and _is_host(host) and " " not in value


def _is_host(value: str) -> bool:
    return _HOST.fullmatch(value) is not None


def _is_whole_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_WHOLE_NUMBER


def _is_port(value: str) -> bool:
    return _is_whole_number(value) and int(value) <= HIGHEST_PORT


def _is_json(value: str) -> bool:
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        return False
    return isinstance(parsed, dict | list)


def is_email(value: str) -> bool:
    return len(value) <= MOST_EMAIL_CHARACTERS and EMAIL.fullmatch(value) is not None


def _is_contact(value: str) -> bool:
    scheme, _, rest = value.partition(":")
    return is_email(rest) if scheme == "mailto" else scheme == "https" and is_url(value)


def _is_p256_key(value: str) -> bool:
    if not _P256_KEY.fullmatch(value):
        return False
    number = int.from_bytes(base64.urlsafe_b64decode(value.rstrip("=") + "="), "big")
    return 0 < number < P256_ORDER


_CHECKS: Final[Mapping[FieldKind, Callable[[str], bool]]] = {
    FieldKind.TEXT: bool,
    FieldKind.URL: is_url,
    FieldKind.HOST: _is_host,
    FieldKind.WHOLE_NUMBER: _is_whole_number,
    FieldKind.PORT: _is_port,
    FieldKind.JSON: _is_json,
    FieldKind.EMAIL: is_email,
    FieldKind.CONTACT: _is_contact,
    FieldKind.P256_KEY: _is_p256_key,
}


def _invalid(name: str, reason: str) -> InvalidValueError:
    return InvalidValueError(f"{name}: {reason}", field=f"service.{name}", reason=reason)
