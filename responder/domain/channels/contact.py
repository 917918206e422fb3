"""By what a person can be reached beside the open page."""

from enum import StrEnum


class ContactChannel(StrEnum):
    """A kind of service that carries a message to a person."""

    NTFY = "ntfy"
    WEB_PUSH = "web_push"
    WECOM_ROBOT = "wecom_robot"
    WECOM_APP = "wecom_app"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"


GROUP_CHANNELS = frozenset({ContactChannel.WECOM_ROBOT, ContactChannel.DINGTALK, ContactChannel.FEISHU})
"""Robots that post to a group: all of its members read what is sent for one of them."""
