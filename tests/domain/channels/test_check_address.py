"""Addresses of people with services."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.domain.channels.check_address import check_address
from responder.domain.channels.contact import GROUP_CHANNELS
from responder.domain.channels.contact import ContactChannel as Channel
from responder.domain.errors import InvalidValueError

KEYS = {"p256dh": "B" + "A" * 86, "auth": "A" * 22}
SUBSCRIPTION = {"endpoint": "https://push.example/x", "keys": KEYS}


@pytest.mark.parametrize(
    ("channel", "given", "kept"),
    [
        (Channel.SMS, "138 0013 8000", "+8613800138000"),
        (Channel.SMS, "8613800138000", "+8613800138000"),
        (Channel.SMS, "+86 138-0013-8000", "+8613800138000"),
        (Channel.VOICE, "+852 5123 4567", "+85251234567"),
        (Channel.EMAIL, " a.b+c@mail.example ", "a.b+c@mail.example"),
        (Channel.NTFY, "circle-7_Zhang", "circle-7_Zhang"),
        (Channel.WECOM_APP, "ZhangSan@corp", "ZhangSan@corp"),
        (Channel.WECOM_ROBOT, "13800138000", "+8613800138000"),
        (Channel.WECOM_ROBOT, "ZhangSan", "ZhangSan"),
        (Channel.DINGTALK, "13800138000", "+8613800138000"),
        (Channel.FEISHU, "ou_84aad35d084aa403a838cf73ee18467", "ou_84aad35d084aa403a838cf73ee18467"),
    ],
)
def test_an_address_is_kept_in_one_way(channel: Channel, given: str, kept: str) -> None:
    assert check_address(channel, given) == kept
    assert check_address(channel, kept) == kept


def test_of_a_subscription_only_what_is_needed_is_kept() -> None:
    text = json.dumps({**SUBSCRIPTION, "expirationTime": None, "more": "x"})

    assert json.loads(check_address(Channel.WEB_PUSH, text)) == SUBSCRIPTION


@pytest.mark.parametrize("channel", [*Channel])
def test_only_a_group_robot_goes_without_an_address(channel: Channel) -> None:
    if channel in GROUP_CHANNELS:
        assert check_address(channel, " ") == ""
    else:
        with pytest.raises(InvalidValueError):
            check_address(channel, " ")


@pytest.mark.parametrize(
    ("channel", "wrong"),
    [
        (Channel.WECOM_APP, "@all"),
        (Channel.WECOM_APP, "a|b"),
        (Channel.WECOM_ROBOT, "@all"),
        (Channel.FEISHU, "all"),
        (Channel.FEISHU, 'x"></at><at user_id="all'),
        (Channel.DINGTALK, "ZhangSan"),
        (Channel.SMS, "12345"),
        (Channel.SMS, "+8613800138000,+8613800138001"),
        (Channel.SMS, "+１３８００１３８０００"),
        (Channel.NTFY, "a/b"),
        (Channel.NTFY, "x" * 65),
        (Channel.EMAIL, "a@b.example,c@d.example"),
        (Channel.EMAIL, "a@b.example\r\nBcc: c@d.example"),
        (Channel.EMAIL, "张@b.example"),
        (Channel.WEB_PUSH, "x" * 2001),
        (Channel.WEB_PUSH, "[]"),
        (Channel.WEB_PUSH, json.dumps({**SUBSCRIPTION, "endpoint": "file:///etc/passwd"})),
        (Channel.WEB_PUSH, json.dumps({**SUBSCRIPTION, "endpoint": "https://push.example/\r\nx: y"})),
        (Channel.WEB_PUSH, json.dumps({**SUBSCRIPTION, "endpoint": "https://push.example:99999/x"})),
        (Channel.WEB_PUSH, json.dumps({**SUBSCRIPTION, "endpoint": "https://push.example:0/x"})),
        (Channel.WEB_PUSH, json.dumps({**SUBSCRIPTION, "endpoint": "https://a:b@push.example/x"})),
        (Channel.WEB_PUSH, json.dumps({**SUBSCRIPTION, "endpoint": "https://push..example%/x"})),
        (Channel.WEB_PUSH, json.dumps({**SUBSCRIPTION, "keys": {**KEYS, "auth": "AAAA"}})),
        (Channel.WEB_PUSH, json.dumps({**SUBSCRIPTION, "keys": {**KEYS, "p256dh": 7}})),
    ],
)
def test_what_is_no_address_of_one_person_is_refused_and_not_told(channel: Channel, wrong: str) -> None:
    with pytest.raises(InvalidValueError) as refusal:
        check_address(channel, wrong)

    assert refusal.value.detail["field"] == "address"
    assert wrong not in repr(refusal.value)


@given(
    st.sampled_from(Channel),
    st.text(max_size=80) | st.recursive(st.none() | st.text(), st.lists).map(json.dumps),
)
def test_whatever_is_entered_is_kept_or_refused(channel: Channel, given_: str) -> None:
    try:
        kept = check_address(channel, given_)
    except InvalidValueError:
        return
    assert check_address(channel, kept) == kept
    kept.encode("ascii")
