"""Has the channels of the demo circle lead to where its stand-ins are now."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from responder.demo.services.demo_accounts import demo_browser, demo_service_settings
from responder.demo.services.where import demo_mail_port
from responder.domain.channels.check_service import check_service
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.service import ChannelService
from responder.domain.ids import AccountId, CircleId
from responder.ports.database import Transaction

_AT_OWN_PATH: Final = "server"


def earlier_port(services: Iterable[ChannelService], *, http_port: int) -> int | None:
    """Return another port to which the demo's services lead; None when none leads to stand-ins elsewhere."""
    for service in services:
        port = _port(service.settings.get(_AT_OWN_PATH, ""))
        if port is not None and port != http_port and service.settings == _settings(service.channel, port):
            return port
    return None


async def move_services(
    transaction: Transaction,
    circle_id: CircleId,
    people: Sequence[AccountId],
    *,
    before: int,
    http_port: int,
    now: datetime,
) -> None:
    """Change what leads to the stand-ins at the port `before`; what a coordinator entered stays."""
    for service in await transaction.channels.services(circle_id):
        if service.settings == _settings(service.channel, before):
            moved = replace(service, settings=_settings(service.channel, http_port), changed_at=now)
            await transaction.channels.put_service(moved)
    old, new = demo_browser(before).subscription, demo_browser(http_port).subscription
    for account_id in people:
        for contact in await transaction.contacts.contacts(circle_id, account_id):
            if contact.address == old:
                # The browser subscribes again, as browsers do.
                await transaction.contacts.remove_contact(circle_id, contact.id)
                await transaction.contacts.add_contact(replace(contact, id=uuid4(), address=new))


def _settings(channel: ContactChannel, http_port: int) -> dict[str, str]:
    return check_service(channel, demo_service_settings(http_port, demo_mail_port(http_port))[channel])


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None
