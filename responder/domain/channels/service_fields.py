"""What a coordinator enters for each service, and which of it is secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from responder.domain.channels.contact import ContactChannel as Channel


class FieldKind(StrEnum):
    """How the value of a setting is checked."""

    TEXT = "text"
    URL = "url"
    """`https://host[:port][/path]`, or `http://` for a server on a private address."""
    HOST = "host"
    WHOLE_NUMBER = "whole_number"
    CHOICE = "choice"
    PORT = "port"
    JSON = "json"
    """A template: `PLACEHOLDERS` stand in its texts as `{name}`."""
    EMAIL = "email"
    CONTACT = "contact"
    """`mailto:` or `https://`: whom a push service tells of trouble."""
    P256_KEY = "p256_key"
    """A private key of the curve P-256: 32 bytes as unpadded base64url."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceField:
    """One setting of an account with a service."""

    name: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    secret: bool = False
    """Never shown again, nor logged, once it is stored."""
    default: str = ""
    choices: tuple[str, ...] = ()


PLACEHOLDERS: Final = frozenset(
    {
        "to",
        "to_digits",
        "to_national",
        "text",
        "head",
        "body",
        "link",
        "link_tail",
        "id",
        "short_id",
        "secret",
    }
)
"""
What a template can hold: the number as E.164, without its plus, and without the +86 of mainland China; the
text cut to size, and its parts; the link's last part, for gateways that take no whole link as a variable; the
id of the message, and its first 15 characters; the secret of the account.
"""
GENERIC: Final = "generic"
"""The provider of whom all is entered, the template of the request with it."""
PROVIDER: Final = "provider"
"""The setting that says whose gateway is meant, of channels with several."""

_LIMITS = (
    ServiceField(name="per_minute", kind=FieldKind.WHOLE_NUMBER, required=False),
    ServiceField(name="max_bytes", kind=FieldKind.WHOLE_NUMBER, required=False),
)


def _url(default: str, *, name: str = "server") -> ServiceField:
    return ServiceField(name=name, kind=FieldKind.URL, default=default)


def _secret(name: str, *, required: bool = True) -> ServiceField:
    return ServiceField(name=name, secret=True, required=required)


def _params(default: str) -> ServiceField:
    return ServiceField(name="template_params", kind=FieldKind.JSON, default=default)


def _aliyun(host: str, *fields: ServiceField) -> tuple[ServiceField, ...]:
    keys = (_url(f"https://{host}"), ServiceField(name="access_key_id"), _secret("access_key_secret"))
    return (*keys, *fields)


def _tencent(host: str, *fields: ServiceField) -> tuple[ServiceField, ...]:
    keys = (_url(f"https://{host}"), ServiceField(name="secret_id"), _secret("secret_key"))
    return (*keys, ServiceField(name="region", default="ap-guangzhou"), *fields)


_PLAY_TIMES = ServiceField(name="play_times", kind=FieldKind.CHOICE, choices=("1", "2", "3"), default="2")
_GENERIC = (
    ServiceField(name="url", kind=FieldKind.URL),
    ServiceField(name="method", kind=FieldKind.CHOICE, choices=("POST", "PUT", "GET"), default="POST"),
    _secret("secret", required=False),
    ServiceField(name="headers", kind=FieldKind.JSON, required=False),
    ServiceField(name="query", kind=FieldKind.JSON, required=False),
    ServiceField(name="format", kind=FieldKind.CHOICE, choices=("json", "form"), default="json"),
    ServiceField(name="body", kind=FieldKind.JSON, default='{"to": "{to}", "text": "{text}"}'),
    ServiceField(name="success_path"),
    ServiceField(name="success_value"),
    ServiceField(name="code_path", required=False),
    ServiceField(name="message_path", required=False),
    ServiceField(name="id_path", required=False),
    ServiceField(name="too_fast_codes", required=False),
    ServiceField(name="unauthorized_codes", required=False),
    ServiceField(name="unknown_address_codes", required=False),
)

_FIELDS: Final[Mapping[Channel, tuple[ServiceField, ...]]] = {
    Channel.NTFY: (_url("https://ntfy.sh"), _secret("token", required=False)),
    Channel.WEB_PUSH: (
        ServiceField(name="private_key", kind=FieldKind.P256_KEY, secret=True),
        ServiceField(name="contact", kind=FieldKind.CONTACT),
    ),
    Channel.WECOM_ROBOT: (_url("https://qyapi.weixin.qq.com"), _secret("key")),
    Channel.WECOM_APP: (
        _url("https://qyapi.weixin.qq.com"),
        ServiceField(name="corp_id"),
        ServiceField(name="agent_id", kind=FieldKind.WHOLE_NUMBER),
        _secret("secret"),
    ),
    Channel.DINGTALK: (_url("https://oapi.dingtalk.com"), _secret("access_token"), _secret("secret")),
    Channel.FEISHU: (_url("https://open.feishu.cn"), _secret("token"), _secret("secret")),
    Channel.EMAIL: (
        ServiceField(name="host", kind=FieldKind.HOST),
        ServiceField(name="port", kind=FieldKind.PORT, default="465"),
        ServiceField(
            name="security", kind=FieldKind.CHOICE, choices=("tls", "starttls", "none"), default="tls"
        ),
        ServiceField(name="username", required=False),
        _secret("password", required=False),
        ServiceField(name="sender", kind=FieldKind.EMAIL),
    ),
}
_GATEWAYS: Final[Mapping[Channel, Mapping[str, tuple[ServiceField, ...]]]] = {
    Channel.SMS: {
        "aliyun": _aliyun(
            "dysmsapi.aliyuncs.com",
            ServiceField(name="sign_name"),
            ServiceField(name="template_code"),
            _params('{"head": "{head}", "body": "{body}", "code": "{link_tail}"}'),
        ),
        "tencent": _tencent(
            "sms.tencentcloudapi.com",
            ServiceField(name="app_id"),
            ServiceField(name="sign_name"),
            ServiceField(name="template_id"),
            _params('["{head}", "{body}", "{link_tail}"]'),
        ),
        GENERIC: _GENERIC,
    },
    Channel.VOICE: {
        "aliyun": _aliyun(
            "dyvmsapi.aliyuncs.com",
            ServiceField(name="show_number", required=False),
            ServiceField(name="template_code"),
            _params('{"text": "{text}"}'),
            _PLAY_TIMES,
        ),
        "tencent": _tencent(
            "vms.tencentcloudapi.com",
            ServiceField(name="app_id"),
            ServiceField(name="template_id"),
            _params('["{text}"]'),
            _PLAY_TIMES,
        ),
        GENERIC: _GENERIC,
    },
}


def providers(channel: Channel) -> tuple[str, ...]:
    """Return the gateways that a channel can go by; none when there is only one service."""
    return tuple(_GATEWAYS.get(channel, ()))


def service_fields(channel: Channel, provider: str = "") -> tuple[ServiceField, ...]:
    """
    Return the settings of an account, in the order in which a form shows them.

    Of a channel with several gateways the first is `provider`; without a known one it is the only.
    """
    gateways = _GATEWAYS.get(channel)
    if gateways is None:
        return (*_FIELDS[channel], *_LIMITS)
    choice = ServiceField(name=PROVIDER, kind=FieldKind.CHOICE, choices=tuple(gateways))
    return (choice, *gateways[provider], *_LIMITS) if provider in gateways else (choice,)


def secret_names(channel: Channel) -> frozenset[str]:
    """Return the settings of a channel that are never shown again, by whichever gateway it goes."""
    return frozenset(
        field.name
        for provider in providers(channel) or ("",)
        for field in service_fields(channel, provider)
        if field.secret
    )


def leads_secrets(channel: Channel, provider: str = "") -> frozenset[str]:
    """Return the settings that say where secrets go: the address, and a template that is entered."""
    kinds = {
        FieldKind.URL,
        FieldKind.HOST,
        FieldKind.PORT,
        *([FieldKind.JSON] if provider == GENERIC else []),
    }
    return frozenset(
        field.name
        for field in service_fields(channel, provider)
        if field.kind in kinds or field.name == "security"
    )
