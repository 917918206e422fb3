import asyncio
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from responder.domain.channels.contact import Contact, ContactChannel
from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.proof import CODE_LASTS
from responder.domain.errors import (
    CodeRefusedError,
    InvalidValueError,
    NameTakenError,
    NotAllowedError,
    NotFoundError,
    TooManyAttemptsError,
)
from responder.domain.people.access import OPERATOR
from responder.services.channels import contacts as service
from responder.services.channels.manage_services import list_services, remove_service
from responder.services.channels.proof import channel_report, self_test_now, self_test_when_due
from responder.services.people.erase_person import erase_person
from responder.services.people.export_person import export_person
from responder.services.people.remove_person import remove_person
from tests.services.channels.world import Post

WEN = "hospital.wen"
NUMBER = "138 0000 1234"


async def added(post: Post, address: str = NUMBER) -> Contact:
    sms = await post.service()
    return await service.add_contact(
        post.world.database,
        viewer=await post.world.viewer(WEN),
        service_id=sms.id,
        address=address,
        clock=post.world.clock,
    )


def code_in(post: Post) -> str:
    found = re.search(r"\d{6}", post.fake.sent[-1].text.head)
    assert found is not None
    return found[0]


async def verify(post: Post, contact: Contact, code: str) -> None:
    await service.verify_contact(
        post.world.database,
        viewer=await post.world.viewer(WEN),
        contact_id=contact.id,
        code=code,
        clock=post.world.clock,
    )


async def test_a_contact_counts_once_the_code_that_was_sent_there_is_given_back(post: Post) -> None:
    contact = await added(post)
    assert contact.address == "+8613800001234"
    assert await post.states((await post.world.raise_at()).incident.id) == []
    await post.round()
    [message] = post.fake.sent
    assert (message.purpose, message.address) == (MessagePurpose.VERIFICATION, contact.address)
    wrong = f"{(int(code_in(post)) + 1) % 1_000_000:06}"
    with pytest.raises(CodeRefusedError):
        await verify(post, contact, wrong)
    await verify(post, contact, code_in(post))
    assert await post.states((await post.world.raise_at(key="after")).incident.id) == ["queued"]
    with pytest.raises(CodeRefusedError):
        await verify(post, contact, code_in(post))


async def test_a_code_is_stored_as_its_hash_alone_and_ends(post: Post) -> None:
    contact = await added(post)
    await post.round()
    code = code_in(post)
    [[kept]] = await post.rows("SELECT contact::text FROM contact")
    [[queued]] = await post.rows("SELECT string_agg(message::text, '') FROM outgoing_message AS message")
    assert code not in kept + queued
    post.world.clock.move(seconds=CODE_LASTS.total_seconds() + 1)
    with pytest.raises(CodeRefusedError):
        await verify(post, contact, code)


async def test_after_five_wrong_codes_the_right_one_is_refused_until_another_is_sent(post: Post) -> None:
    contact = await added(post)
    await post.round()
    code = code_in(post)
    for number in range(5):
        with pytest.raises(CodeRefusedError):
            await verify(post, contact, f"{(int(code) + 1 + number) % 1_000_000:06}")
    with pytest.raises(CodeRefusedError):
        await verify(post, contact, code)
    viewer = await post.world.viewer(WEN)
    await service.send_code(post.world.database, viewer=viewer, contact_id=contact.id, clock=post.world.clock)
    await post.round()
    await verify(post, contact, code_in(post))


async def test_codes_are_limited_and_each_service_takes_one_contact(post: Post) -> None:
    contact = await added(post)
    viewer = await post.world.viewer(WEN)
    with pytest.raises(NameTakenError):
        await service.add_contact(
            post.world.database,
            viewer=viewer,
            service_id=contact.service_id,
            address="13900001234",
            clock=post.world.clock,
        )
    for _ in range(service.CODES_PER_HOUR - 1):
        await service.send_code(
            post.world.database, viewer=viewer, contact_id=contact.id, clock=post.world.clock
        )
    with pytest.raises(TooManyAttemptsError):
        await service.send_code(
            post.world.database, viewer=viewer, contact_id=contact.id, clock=post.world.clock
        )


@pytest.mark.parametrize("address", ["", "abc", "1380000", "+86138000012345678", "138\x000001234"])
async def test_what_is_no_number_is_refused(post: Post, address: str) -> None:
    with pytest.raises(InvalidValueError):
        await added(post, address)


async def test_others_contacts_are_not_there(post: Post) -> None:
    contact = await added(post)
    other = await post.world.viewer("community")
    for attempt in (service.send_code, service.remove_contact, service.send_test):
        with pytest.raises(NotFoundError):
            await attempt(post.world.database, viewer=other, contact_id=contact.id, clock=post.world.clock)
    assert (await service.own_channels(post.world.database, viewer=other)).contacts == ()
    with pytest.raises(NotAllowedError):
        await service.own_channels(post.world.database, viewer=await post.world.viewer("observer"))


async def test_the_order_is_the_persons_own(post: Post) -> None:
    push, sms = await post.service(ContactChannel.NTFY), await post.service()
    first = await post.contact(WEN, push, address="wen")
    second = await post.contact(WEN, sms, turn=1)
    viewer = await post.world.viewer(WEN)
    await service.order_contacts(post.world.database, viewer=viewer, contact_ids=[second.id, first.id])
    own = await service.own_channels(post.world.database, viewer=viewer)
    assert [each.contact.id for each in own.contacts] == [second.id, first.id]
    with pytest.raises(InvalidValueError):
        await service.order_contacts(post.world.database, viewer=viewer, contact_ids=[second.id, uuid4()])


async def test_a_test_alarm_comes_and_says_that_it_is_one(post: Post) -> None:
    contact = await post.contact(WEN, await post.service())
    viewer = await post.world.viewer(WEN)
    await service.send_test(post.world.database, viewer=viewer, contact_id=contact.id, clock=post.world.clock)
    await post.round()
    [message] = post.fake.sent
    assert message.purpose is MessagePurpose.SELF_TEST
    assert "测试" in message.text.head
    [own] = (await service.own_channels(post.world.database, viewer=viewer)).contacts
    assert own.last is not None
    assert own.last.state == "accepted"


async def test_removed_contacts_are_sent_nothing_that_waits(post: Post) -> None:
    contact = await post.contact(WEN, await post.service())
    detail = await post.world.raise_at()
    await service.remove_contact(
        post.world.database,
        viewer=await post.world.viewer(WEN),
        contact_id=contact.id,
        clock=post.world.clock,
    )
    post.world.clock.move(seconds=1)
    await post.round()
    assert post.fake.sent == []
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.reason, proof.address) == ("stopped", "no_contact", "")


async def test_removing_a_service_takes_its_secrets_and_contacts_and_leaves_the_proof(post: Post) -> None:
    sms = await post.service(settings={"secret": "hush-hush"})
    await post.contact(WEN, sms)
    detail = await post.world.raise_at()
    staff = await post.world.viewer("community")
    await remove_service(post.world.database, viewer=staff, service_id=sms.id, clock=post.world.clock)
    assert await list_services(post.world.database, viewer=staff) == ()
    [[kept]] = await post.rows("SELECT service::text FROM channel_service AS service")
    assert "hush" not in kept
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.service_name, proof.state) == (sms.name, "stopped")


async def test_a_person_who_leaves_the_circle_leaves_no_contact(post: Post) -> None:
    await post.contact(WEN, await post.service())
    await remove_person(
        post.world.database,
        viewer=await post.world.viewer("community"),
        account_id=await post.account_id(WEN),
        clock=post.world.clock,
    )
    assert await post.rows("SELECT FROM contact") == []


async def test_an_export_shows_contacts_and_erasure_leaves_nothing(post: Post) -> None:
    contact = await added(post)
    await post.round()
    await verify(post, contact, code_in(post))
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    told = await export_person(post.world.database, username=WEN, clock=post.world.clock)
    assert [each["address"] for each in told["contacts"]] == ["+8613800001234"]
    assert len(told["messages"]) == 2
    assert "code_hashes" not in told["contacts"][0]
    account_id = await post.account_id(WEN)
    done = await erase_person(post.world.database, username=WEN, clock=post.world.clock)
    assert done["contacts"] == 1
    for table in ("contact", "quiet_hours", "outgoing_message", "answer_link"):
        rows = await post.rows(f"SELECT row::text FROM {table} AS row")  # noqa: S608 - the names above
        kept = " ".join(row[0] for row in rows)
        assert str(account_id) not in kept
        assert "13800001234" not in kept
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.address, proof.recipient_name) == ("accepted", "", "（已删除）")


async def test_each_service_is_tested_once_a_week_by_day_with_a_report(post: Post) -> None:
    sms, mail = await post.service(), await post.service(ContactChannel.EMAIL)
    await post.contact("community", sms)
    await post.contact(WEN, mail, address="wen@example.org")
    night = post.world.clock.now().replace(hour=18)
    post.world.clock.time = night
    assert await self_test_when_due(post.world.database, clock=post.world.clock) is None
    post.world.clock.time = night + timedelta(hours=8, minutes=30)
    assert await self_test_when_due(post.world.database, clock=post.world.clock) == 1
    assert await self_test_when_due(post.world.database, clock=post.world.clock) is None
    await post.round()
    report = await channel_report(post.world.database, viewer=await post.world.viewer("community"))
    tests = {each.service.id: each.test for each in report.services}
    assert tests[mail.id] is None
    tested = tests[sms.id]
    assert tested is not None
    assert (tested.accepted, tested.failed) == (1, 0)
    people = {each.account_id: each.verified for each in report.people}
    assert people[await post.account_id(WEN)] == 1
    assert min(people.values()) == 0
    post.world.clock.move(days=7)
    assert await self_test_when_due(post.world.database, clock=post.world.clock) == 1
    [[actor]] = await post.rows("SELECT count(*) FROM audit WHERE action = 'channels_tested'")
    assert actor == 2
    assert OPERATOR not in people
    with pytest.raises(NotAllowedError):
        await self_test_now(post.world.database, viewer=await post.world.viewer(WEN), clock=post.world.clock)


async def test_the_services_are_tested_by_hand_once_a_minute(post: Post) -> None:
    await post.contact("community", await post.service())
    viewer = await post.world.viewer("community")

    async def again() -> int:
        return await self_test_now(post.world.database, viewer=viewer, clock=post.world.clock)

    tries = await asyncio.gather(*(again() for _ in range(5)), return_exceptions=True)
    assert sorted(each for each in tries if isinstance(each, int)) == [1]
    assert sum(isinstance(each, TooManyAttemptsError) for each in tries) == 4
    post.world.clock.move(seconds=60)
    assert await again() == 1
