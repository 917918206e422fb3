"""How settings of a service change."""

import pytest

from responder.domain.channels.contact import ContactChannel as Channel
from responder.domain.channels.service import changed_settings
from responder.domain.errors import InvalidValueError

NTFY = {"server": "https://ntfy.example", "token": "hush-hush"}
GENERIC = {
    "provider": "generic",
    "url": "https://sms.example/send",
    "secret": "hush-hush",
    "body": '{"to": "{to}", "text": "{text}"}',
    "success_path": "code",
    "success_value": "0",
}
MAIL = {"host": "mail.example", "username": "x", "password": "hush-hush", "sender": "a@b.example"}


@pytest.mark.parametrize(
    ("channel", "before", "change", "secret"),
    [
        (Channel.NTFY, NTFY, {"server": "https://elsewhere.example"}, "token"),
        (Channel.SMS, GENERIC, {"url": "https://elsewhere.example"}, "secret"),
        (Channel.SMS, GENERIC, {"body": '{"text": "{secret}"}'}, "secret"),
        (Channel.VOICE, GENERIC, {"query": '{"text": "{secret}"}'}, "secret"),
        (Channel.EMAIL, MAIL, {"host": "elsewhere.example"}, "password"),
        (Channel.EMAIL, MAIL, {"security": "none"}, "password"),
    ],
)
def test_a_secret_goes_nowhere_else_than_whoever_entered_it_meant(
    channel: Channel, before: dict[str, str], change: dict[str, str], secret: str
) -> None:
    kept = changed_settings(channel, {}, before)
    with pytest.raises(InvalidValueError) as refused:
        changed_settings(channel, kept, change)
    assert refused.value.detail == {"field": f"service.{secret}", "reason": "secret_again"}
    assert changed_settings(channel, kept, {**change, secret: "again"})[secret] == "again"
    assert secret not in changed_settings(channel, kept, {**change, secret: None})


@pytest.mark.parametrize(
    ("channel", "before", "change"),
    [
        (Channel.NTFY, NTFY, {"server": NTFY["server"], "per_minute": "20"}),
        (Channel.SMS, GENERIC, {"success_value": "1", "too_fast_codes": "429"}),
        (Channel.NTFY, {"server": "https://ntfy.example"}, {"server": "https://elsewhere.example"}),
    ],
)
def test_what_says_nothing_of_where_leaves_secrets_as_they_are(
    channel: Channel, before: dict[str, str], change: dict[str, str]
) -> None:
    kept = changed_settings(channel, {}, before)
    assert changed_settings(channel, kept, change) == {**kept, **change}
