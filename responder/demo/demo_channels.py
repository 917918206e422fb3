"""Channels of the demo circle: services that are stand-ins, and made-up contacts of its people."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import uuid4

from responder.demo.demo_circle import demo_accounts
from responder.demo.moved_services import earlier_port, move_services
from responder.demo.services.demo_accounts import demo_browser, demo_service_settings
from responder.demo.services.where import demo_mail_port
from responder.demo.telephones import person_telephone
from responder.domain.channels.check_service import check_service
from responder.domain.channels.contact import Contact, ContactChannel
from responder.domain.channels.service import ChannelService
from responder.domain.ids import AccountId, CircleId
from responder.ports import Clock, Database
from responder.ports.clock import moment

NAMES: Final = {
    ContactChannel.NTFY: "推送应用（示例）",
    ContactChannel.WEB_PUSH: "浏览器推送（示例）",
    ContactChannel.WECOM_ROBOT: "企业微信群（示例）",
    ContactChannel.WECOM_APP: "企业微信应用（示例）",
    ContactChannel.DINGTALK: "钉钉群（示例）",
    ContactChannel.FEISHU: "飞书群（示例）",
    ContactChannel.SMS: "短信（示例）",
    ContactChannel.VOICE: "语音电话（示例）",
    ContactChannel.EMAIL: "邮件（示例）",
}
_FIRST: Final = (
    ContactChannel.NTFY,
    ContactChannel.WECOM_APP,
    ContactChannel.SMS,
    ContactChannel.EMAIL,
    ContactChannel.WEB_PUSH,
    ContactChannel.WECOM_ROBOT,
    ContactChannel.DINGTALK,
    ContactChannel.FEISHU,
)
"""By what the people of the demo are told first, one after the other: together they show every channel."""


async def ensure_demo_channels(database: Database, *, http_port: int, clock: Clock) -> bool:
    """
    Give the demo circle its services and contacts; tell whether it got them.

    Where it has services, those that lead to stand-ins at another port lead to `http_port` from now on.
    """
    now = moment(clock)
    name = demo_accounts().circle_name
    async with database.begin() as transaction:
        circles = await transaction.circles.everything()
        circle_id = next((each.id for each in circles if each.name == name), None)
        if circle_id is None:
            return False
        services = await transaction.channels.services(circle_id)
    before = earlier_port(services, http_port=http_port)
    if services and before is None:
        return False
    # Brings osmium and pyproj, which are needed once.
    from responder.demo.demo_data import read_demo  # noqa: PLC0415 - see above

    demo = await asyncio.to_thread(read_demo)
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        people = [
            AccountId(each)
            for each in dict.fromkeys(responder.account_id for responder in demo.responders)
            if each is not None
        ]
        if before is not None:
            await move_services(transaction, circle_id, people, before=before, http_port=http_port, now=now)
            return False
        if await transaction.channels.services(circle_id):
            return False
        by_channel = {each.channel: each for each in _services(circle_id, http_port=http_port, now=now)}
        for service in by_channel.values():
            await transaction.channels.add_service(service)
        for number, account_id in enumerate(people):
            for turn, channel in enumerate(_channels_of(number)):
                contact = Contact(
                    id=uuid4(),
                    circle_id=circle_id,
                    account_id=account_id,
                    service_id=by_channel[channel].id,
                    address=_address(channel, number, http_port=http_port),
                    turn=turn,
                    added_at=now,
                    verified_at=now,
                )
                await transaction.contacts.add_contact(contact)
    return True


def _services(circle_id: CircleId, *, http_port: int, now: datetime) -> Iterator[ChannelService]:
    settings = demo_service_settings(http_port, demo_mail_port(http_port))
    for channel in ContactChannel:
        yield ChannelService(
            id=uuid4(),
            circle_id=circle_id,
            channel=channel,
            name=NAMES[channel],
            settings=check_service(channel, settings[channel]),
            changed_at=now,
        )


def _channels_of(number: int) -> tuple[ContactChannel, ...]:
    first = _FIRST[number % len(_FIRST)]
    second = ContactChannel.VOICE if first is ContactChannel.SMS else ContactChannel.SMS
    return first, second


def _address(channel: ContactChannel, number: int, *, http_port: int) -> str:
    match channel:
        case ContactChannel.NTFY:
            return f"demo-{number + 1}"
        case ContactChannel.WECOM_APP:
            return f"demo{number + 1}"
        case ContactChannel.EMAIL:
            return f"demo{number + 1}@demo.invalid"
        case ContactChannel.WEB_PUSH:
            return demo_browser(http_port).subscription
        case ContactChannel.FEISHU:
            return f"ou_demo{number + 1}"
        case _:
            return person_telephone(number)
