"""What coordinators enter for a service."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.domain.channels.check_service import check_service
from responder.domain.channels.contact import ContactChannel as Channel
from responder.domain.channels.limits import LIMITS, limits_of
from responder.domain.channels.service_fields import (
    FieldKind,
    ServiceField,
    providers,
    secret_names,
    service_fields,
)
from responder.domain.errors import InvalidValueError

KEY = "a" * 43
EXAMPLES = {
    FieldKind.TEXT: "x",
    FieldKind.URL: "https://service.example",
    FieldKind.HOST: "mail.example",
    FieldKind.WHOLE_NUMBER: "20",
    FieldKind.PORT: "465",
    FieldKind.JSON: '{"a": "{text}"}',
    FieldKind.EMAIL: "a@b.example",
    FieldKind.CONTACT: "mailto:a@b.example",
    FieldKind.P256_KEY: KEY,
}
WRONG = {
    FieldKind.URL: [
        "ftp://x.example",
        "x",
        "https://",
        "https://u:p@x.example",
        "https://x.example:0",
        "https://x y",
        "https://x#y",
    ],
    FieldKind.HOST: ["", " ", "a b", "https://x", "x/y", "a@b", "x:25"],
    FieldKind.WHOLE_NUMBER: ["0", "-1", "1.5", "x", "１２", "9" * 12],
    FieldKind.PORT: ["0", "65536", "x"],
    FieldKind.JSON: ["{", "1", '"x"', "[" * 1500, "NaN"],
    FieldKind.EMAIL: [
        "a",
        "a@",
        "@b",
        "a@b@c",
        "a b@c",
        "a@b\u3000c",
        "火@b.example",
        '"a"@b.example',
        "a@-b",
    ],
    FieldKind.CONTACT: ["a@b.example", "mailto:", "http://x.example", "tel:119"],
    # Of the right length, but none of the curve's: from 1 to below its order.
    FieldKind.P256_KEY: ["x", KEY + "aaaa", "!" * 43, "!!!!" + KEY, "A" * 43, "_" * 42 + "8"],
}


def _example(field: ServiceField) -> str:
    return field.choices[0] if field.kind is FieldKind.CHOICE else EXAMPLES[field.kind]


def _cases() -> list[tuple[Channel, str]]:
    return [(channel, provider) for channel in Channel for provider in providers(channel) or ("",)]


def _complete(channel: Channel, provider: str) -> dict[str, str]:
    filled = {field.name: _example(field) for field in service_fields(channel, provider)}
    return {**filled, **({"provider": provider} if provider else {})}


def _refused(channel: Channel, given: dict[str, str]) -> tuple[object, object]:
    with pytest.raises(InvalidValueError) as refusal:
        check_service(channel, given)
    return refusal.value.detail["field"], refusal.value.detail["reason"]


@pytest.mark.parametrize(("channel", "provider"), _cases())
def test_complete_settings_are_taken(channel: Channel, provider: str) -> None:
    given = _complete(channel, provider)

    assert check_service(channel, given) == given
    assert check_service(channel, check_service(channel, given)) == given


@pytest.mark.parametrize(("channel", "provider"), _cases())
def test_what_is_missing_is_named_or_has_a_default(channel: Channel, provider: str) -> None:
    complete = _complete(channel, provider)
    for field in service_fields(channel, provider):
        given = {name: value for name, value in complete.items() if name != field.name}
        if field.name == "provider":
            assert _refused(channel, given)[0] == "service.provider"
        elif field.required and not field.default:
            assert _refused(channel, given) == (f"service.{field.name}", "missing")
            assert _refused(channel, {**given, field.name: "  "}) == (f"service.{field.name}", "missing")
        else:
            assert check_service(channel, given).get(field.name, "") == field.default


@pytest.mark.parametrize(("channel", "provider"), _cases())
def test_wrong_values_are_named_and_not_told(channel: Channel, provider: str) -> None:
    complete = _complete(channel, provider)
    for field in service_fields(channel, provider):
        for wrong in WRONG.get(field.kind, ["x"] if field.kind is FieldKind.CHOICE else []):
            if not wrong.strip():
                continue
            with pytest.raises(InvalidValueError) as refusal:
                check_service(channel, {**complete, field.name: wrong})
            assert refusal.value.detail["field"] == f"service.{field.name}"
            if len(wrong) > 3:
                assert wrong not in repr(refusal.value)


@pytest.mark.parametrize(("channel", "provider"), _cases())
@pytest.mark.parametrize("wrong", ["x" * 2001, "a\nb", "a\x00b", "a\ud83d"])
def test_no_setting_takes_what_cannot_be_kept_or_sent(channel: Channel, provider: str, wrong: str) -> None:
    complete = _complete(channel, provider)
    for field in service_fields(channel, provider):
        assert _refused(channel, {**complete, field.name: wrong})[0] in {
            f"service.{field.name}",
            "service.provider",
        }


def test_unknown_settings_and_gateways_are_refused() -> None:
    assert _refused(Channel.WECOM_ROBOT, {"key": "x", "colour": "red"}) == ("service.colour", "unknown")
    assert _refused(Channel.SMS, {"provider": "pigeon"}) == ("service.provider", "not_a_choice")
    assert _refused(Channel.SMS, {}) == ("service.provider", "missing")


def test_a_template_names_only_what_there_is() -> None:
    given = _complete(Channel.SMS, "generic")

    assert _refused(Channel.SMS, {**given, "body": '{"text": ["{text}", "{password}"]}'}) == (
        "service.body",
        "unknown_placeholder",
    )


@given(st.sampled_from(_cases()), st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=8))
def test_whatever_is_entered_is_taken_or_refused(case: tuple[Channel, str], given_: dict[str, str]) -> None:
    channel, provider = case
    try:
        check_service(channel, {**_complete(channel, provider), **given_})
    except InvalidValueError as refusal:
        json.dumps(refusal.detail)


def test_keys_and_passwords_are_secret_and_names_are_not() -> None:
    assert secret_names(Channel.EMAIL) == {"password"}
    assert secret_names(Channel.SMS) == {"access_key_secret", "secret_key", "secret"}
    assert secret_names(Channel.WEB_PUSH) == {"private_key"}
    for channel in Channel:
        assert secret_names(channel), channel


def test_every_channel_has_limits_and_an_account_may_have_its_own() -> None:
    assert set(LIMITS) == set(Channel)
    assert LIMITS[Channel.DINGTALK].per_minute == 20
    assert LIMITS[Channel.DINGTALK].blocked_s == 600

    limits = limits_of(Channel.NTFY, {"per_minute": "12", "max_bytes": "2000"})

    assert (limits.per_minute, limits.max_bytes) == (12, 2000)
