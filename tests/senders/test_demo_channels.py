"""The demo circle has every channel, once, with numbers that no telephone has."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from responder.demo.demo_channels import ensure_demo_channels
from responder.demo.demo_circle import demo_accounts
from responder.demo.demo_data import read_demo
from responder.demo.services.demo_accounts import demo_browser
from responder.domain.channels.check_address import check_address
from responder.domain.channels.contact import Contact, ContactChannel
from responder.domain.ids import CircleId
from responder.ports import Transaction
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
        circle_id = await _demo_circle(transaction)
        services = {each.id: each for each in await transaction.channels.services(circle_id)}
        contacts = await _contacts(transaction, circle_id)

    assert sorted(each.channel for each in services.values()) == sorted(ContactChannel)
    assert {services[contact.service_id].channel for contact in contacts} == set(ContactChannel)
    for contact in contacts:
        channel = services[contact.service_id].channel
        assert contact.verified_at is not None
        assert check_address(channel, contact.address)
        if channel in {ContactChannel.SMS, ContactChannel.VOICE}:
            assert contact.address.startswith("+86140")


async def test_the_people_of_the_demo_can_be_telephoned_where_they_get_their_texts(
    database: PostgresDatabase,
) -> None:
    await ensure_demo_channels(database, http_port=8002, clock=SystemClock())
    async with database.begin() as transaction:
        circle_id = await _demo_circle(transaction)
        services = {each.id: each for each in await transaction.channels.services(circle_id)}
        contacts = await _contacts(transaction, circle_id)
    texted = {
        (each.account_id, each.address)
        for each in contacts
        if services[each.service_id].channel is ContactChannel.SMS
    }

    demo = read_demo()

    assert {(each.account_id, each.phone) for each in demo.responders} >= texted
    desks = [partner.phone for partner in demo.partners]
    assert len(set(desks)) == len(desks)
    assert all(phone.startswith("+86140") for phone in desks)


async def test_the_channels_follow_the_stand_ins_to_another_port(database: PostgresDatabase) -> None:
    clock = SystemClock()
    await ensure_demo_channels(database, http_port=8002, clock=clock)
    async with database.begin() as transaction:
        circle_id = await _demo_circle(transaction)
        services = await transaction.channels.services(circle_id)
        feishu = next(each for each in services if each.channel is ContactChannel.FEISHU)
        by_hand = replace(feishu, settings={**feishu.settings, "token": "of-our-own"})
        await transaction.channels.put_service(by_hand)

    assert not await ensure_demo_channels(database, http_port=18004, clock=clock)

    async with database.begin() as transaction:
        moved = {each.channel: each for each in await transaction.channels.services(circle_id)}
        contacts = await _contacts(transaction, circle_id)
    assert moved[ContactChannel.NTFY].settings["server"] == "http://127.0.0.1:18004/ntfy"
    assert moved[ContactChannel.EMAIL].settings["port"] == "18005"
    assert moved[ContactChannel.FEISHU].settings == by_hand.settings
    pushed = [each for each in contacts if each.service_id == moved[ContactChannel.WEB_PUSH].id]
    assert {each.address for each in pushed} == {demo_browser(18004).subscription}
    assert all(each.verified_at is not None for each in pushed)


async def _demo_circle(transaction: Transaction) -> CircleId:
    circles = await transaction.circles.everything()
    return next(each.id for each in circles if each.name == demo_accounts().circle_name)


async def _contacts(transaction: Transaction, circle_id: CircleId) -> list[Contact]:
    return [
        contact
        for account_id in {each.account_id for each in read_demo().responders if each.account_id}
        for contact in await transaction.contacts.contacts(circle_id, account_id)
    ]
