"""The demo circle has every channel, once, with numbers that no telephone has."""

from collections.abc import AsyncIterator

import pytest

from responder.demo.demo_channels import ensure_demo_channels
from responder.demo.demo_circle import demo_accounts
from responder.demo.demo_data import read_demo
from responder.domain.channels.check_address import check_address
from responder.domain.channels.contact import ContactChannel
from responder.ports.clock import SystemClock
from responder.store.database import PostgresDatabase, connect


@pytest.fixture
async def database(demo_database_url: str) -> AsyncIterator[PostgresDatabase]:
    opened = connect(demo_database_url)
    yield opened
    await opened.dispose()


async def test_the_demo_circle_gets_every_channel_once(database: PostgresDatabase) -> None:
    clock = SystemClock()
    assert await ensure_demo_channels(database, http_port=8002, clock=clock)
    assert not await ensure_demo_channels(database, http_port=8002, clock=clock)

    async with database.begin() as transaction:
        [circle] = [
            each
            for each in await transaction.circles.everything()
            if each.name == demo_accounts().circle_name
        ]
        services = {each.id: each for each in await transaction.channels.services(circle.id)}
        contacts = [
            contact
            for account_id in {each.account_id for each in read_demo().responders if each.account_id}
            for contact in await transaction.contacts.contacts(circle.id, account_id)
        ]

    assert sorted(each.channel for each in services.values()) == sorted(ContactChannel)
    assert {services[contact.service_id].channel for contact in contacts} == set(ContactChannel)
    for contact in contacts:
        channel = services[contact.service_id].channel
        assert contact.verified_at is not None
        assert check_address(channel, contact.address)
        if channel in {ContactChannel.SMS, ContactChannel.VOICE}:
            assert contact.address.startswith("+86140")
