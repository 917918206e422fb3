import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path
from uuid import uuid4

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, Outcome, OutgoingMessage, Verdict, VerdictReason
from responder.domain.channels.proof import MessageState
from responder.domain.incidents.incident import EndReason, Severity
from responder.services.channels.message_worker import LEASE_S
from responder.services.directing.end_incident import end_incident
from tests.patience import PATIENCE_S
from tests.services.channels.world import ACCEPTED, FakeService, Post

WEN = "hospital.wen"
ROOT = Path(__file__).parents[3]
GIVEN = """
    WITH given AS (
        SELECT account_id, given.id, given.name, address, unit.partner_id
        FROM unnest(CAST(:accounts AS uuid[]), CAST(:ids AS uuid[]), CAST(:names AS text[]),
             CAST(:addresses AS text[])) AS given (account_id, id, name, address)
        JOIN unit ON unit.circle_id = :circle_id AND unit.id = :unit_id
    )
"""
PEOPLE = (
    """
    INSERT INTO account (id, username, name, admin, password_hash)
    SELECT account_id, name, name, false, (SELECT password_hash FROM account LIMIT 1) FROM given
    """,
    """
    INSERT INTO membership (circle_id, account_id, role, partner_id)
    SELECT :circle_id, account_id, 'responder', partner_id FROM given
    """,
    """
    INSERT INTO responder (circle_id, id, unit_id, partner_id, account_id, name, phone)
    SELECT :circle_id, id, :unit_id, partner_id, account_id, name, '' FROM given
    """,
    """
    INSERT INTO contact (circle_id, id, account_id, service_id, address, turn, added_at, verified_at,
        code_hashes, code_failures)
    SELECT :circle_id, gen_random_uuid(), account_id, :service_id, address, 0, :now, :now, '{}', 0 FROM given
    """,
)


async def test_too_fast_is_asked_again_when_the_service_said_and_holds_back_its_other_messages(
    post: Post,
) -> None:
    service = await post.service()
    for username in await post.called():
        await post.contact(username, service)
    people = len(await post.called())
    assert people > 1
    first = iter([Verdict.refused(VerdictReason.TOO_FAST, "errcode 45009", retry_after_s=60)])
    post.fake.answer = lambda _: next(first, ACCEPTED)
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    assert len(post.fake.sent) == people
    states = Counter(each.state for each in await post.proofs(detail.incident.id))
    assert states == {MessageState.ACCEPTED: people - 1, MessageState.QUEUED: 1}
    await post.contact("community", service)
    again = await post.world.raise_at(severity=Severity.RED)
    post.world.clock.move(seconds=58)
    await post.round()
    assert len(post.fake.sent) == people
    post.world.clock.move(seconds=3)
    await post.round()
    assert len(post.fake.sent) == 2 * people + 1
    assert set(await post.states(again.incident.id)) == {"accepted"}


async def test_a_message_names_the_alert_that_it_is_about(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    [sent] = post.fake.sent
    assert sent.about is not None
    assert (sent.about.alert_id, sent.about.incident_id) == (detail.alerts[0].id, detail.incident.id)
    assert sent.about.circle_id == detail.incident.circle_id


async def test_a_message_with_an_unknown_outcome_is_repeated_once_with_its_id(post: Post) -> None:
    push, sms = await post.service(ContactChannel.NTFY), await post.service()
    await post.contact(WEN, push, address="wen")
    await post.contact(WEN, sms, turn=1)
    post.fake.answer = lambda message: (
        Verdict.refused(VerdictReason.TIMED_OUT) if message.channel is ContactChannel.NTFY else ACCEPTED
    )
    detail = await post.world.raise_at()
    for _ in range(10):
        post.world.clock.move(seconds=1)
        await post.round()
    assert [each.channel for each in post.fake.sent] == [
        ContactChannel.NTFY,
        ContactChannel.NTFY,
        ContactChannel.SMS,
    ]
    assert len({each.id for each in post.fake.sent}) == 2
    # The same words with the same link: a service that drops repeated texts knows it again.
    assert post.fake.sent[0].text == post.fake.sent[1].text
    assert len({each.text.link for each in post.fake.sent}) == 2
    failed, accepted = await post.proofs(detail.incident.id)
    assert (failed.state, failed.reason, failed.attempts) == (MessageState.FAILED, "timed_out", 2)
    assert accepted.state is MessageState.ACCEPTED


async def test_a_service_that_answers_nothing_is_given_up_and_holds_up_no_other(post: Post) -> None:
    push, sms = await post.service(ContactChannel.NTFY), await post.service()
    await post.contact(WEN, push, address="wen")
    await post.contact("community", sms)
    other = next(each for each in await post.called() if each != WEN)
    await post.contact(other, sms)
    never = asyncio.Event()

    async def hang() -> Verdict:
        await never.wait()
        return ACCEPTED

    post.fake.answer = lambda message: hang() if message.channel is ContactChannel.NTFY else ACCEPTED
    detail = await post.world.raise_at()
    worker = post.worker(send_s=0.2)
    post.world.clock.move(seconds=1)
    await worker.step()
    await worker.finish()
    proofs = {each.channel: each for each in await post.proofs(detail.incident.id)}
    assert proofs[ContactChannel.SMS].state is MessageState.ACCEPTED
    assert (proofs[ContactChannel.NTFY].state, proofs[ContactChannel.NTFY].reason) == (
        MessageState.QUEUED,
        "timed_out",
    )


async def test_what_a_dead_process_held_is_sent_once_more_and_never_a_third_time(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    died: list[OutgoingMessage] = []
    for _ in range(2):
        never = asyncio.Event()

        async def hang(never: asyncio.Event = never) -> Verdict:
            await never.wait()
            return ACCEPTED

        fake = FakeService(answer=lambda _, hang=hang: hang())  # type: ignore[misc]
        dying = post.worker(fake)
        await dying.step()
        async with asyncio.timeout(PATIENCE_S):
            await fake.heard.wait()
        for task in list(dying._sending):  # noqa: SLF001 - as a process that is killed
            task.cancel()
        died += fake.sent
        assert await post.states(detail.incident.id) == ["sent"]
        post.world.clock.move(seconds=LEASE_S - 1)
        await post.round()
        assert post.fake.sent == []
        post.world.clock.move(seconds=2)
    await post.round()
    assert post.fake.sent == []
    assert [each.id for each in died] == [died[0].id] * 2
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.reason) == (MessageState.FAILED, "outcome_unknown")


async def test_a_process_that_is_killed_between_request_and_verdict(post: Post) -> None:
    """With kill -9: another process takes the message back, and it is sent once more with the same id."""
    await post.contact(WEN, await post.service())
    await post.world.raise_at()
    post.world.clock.move(seconds=1)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.services.channels.hanging_worker",
        post.world.url,
        post.world.clock.now().isoformat(),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        requested = (await process.stdout.readline()).decode().strip()
    process.send_signal(signal.SIGKILL)
    await process.wait()
    await post.round()
    assert post.fake.sent == []
    post.world.clock.move(seconds=LEASE_S + 1)
    await post.round()
    assert [str(each.id) for each in post.fake.sent] == [requested]
    post.world.clock.move(seconds=2 * LEASE_S)
    await post.round()
    assert len(post.fake.sent) == 1


async def test_a_verdict_that_comes_late_counts_and_nothing_is_repeated(post: Post) -> None:
    await post.contact(WEN, await post.service())
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    go_on = asyncio.Event()

    async def late() -> Verdict:
        await go_on.wait()
        return Verdict(outcome=Outcome.ACCEPTED, service_message_id="late")

    slow = FakeService(answer=lambda _: late())
    worker = post.worker(slow, send_s=PATIENCE_S)
    await worker.step()
    async with asyncio.timeout(PATIENCE_S):
        await slow.heard.wait()
    post.world.clock.move(seconds=LEASE_S + 1)
    async with post.world.database.begin() as transaction:
        await transaction.message_queue.take_back(now=post.world.clock.now())
    assert await post.states(detail.incident.id) == ["queued"]
    go_on.set()
    await worker.finish()
    await post.round()
    assert post.fake.sent == []
    [proof] = await post.proofs(detail.incident.id)
    assert (proof.state, proof.service_message_id) == (MessageState.ACCEPTED, "late")


async def test_no_answer_of_one_service_costs_another_its_verdict(post: Post) -> None:
    other = next(each for each in await post.called() if each != WEN)
    await post.contact(WEN, await post.service())
    await post.contact(other, await post.service())
    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    ids = ["a\x00b", "a\ud800b"]
    post.fake.answer = lambda _: Verdict(
        outcome=Outcome.ACCEPTED, service_message_id=ids.pop(), detail="x\x00\ud800"
    )
    await post.round()
    proofs = await post.proofs(detail.incident.id)
    assert [(each.state, each.service_message_id) for each in proofs] == [(MessageState.ACCEPTED, "ab")] * 2


async def test_a_service_gets_its_twenty_a_minute_over_all_processes_the_gravest_first(post: Post) -> None:
    service = await post.service(settings={"per_minute": "20"})
    await add_people(post, 30, service.id)
    mild = await post.world.raise_at(severity=Severity.YELLOW)
    grave = await post.world.raise_at(severity=Severity.RED)
    post.world.clock.move(seconds=1)
    workers = [post.worker(), post.worker()]
    for _ in range(3):
        await asyncio.gather(*(worker.step() for worker in workers))
        await asyncio.gather(*(worker.finish() for worker in workers))
    # A quarter is kept for corrections.
    assert Counter(each.severity for each in post.fake.sent) == {Severity.RED: 15}
    await end_incident(
        post.world.database,
        viewer=await post.world.viewer("community"),
        incident_id=grave.incident.id,
        reason=EndReason.FALSE_ALARM,
        clock=post.world.clock,
    )
    await post.round()
    assert Counter(each.purpose for each in post.fake.sent) == {
        MessagePurpose.ALERT: 15,
        MessagePurpose.CORRECTION: 5,
    }
    post.world.clock.move(seconds=62)
    await post.round()
    assert Counter(each.purpose for each in post.fake.sent) == {
        MessagePurpose.ALERT: 20,
        MessagePurpose.CORRECTION: 15,
    }
    assert {each.severity for each in post.fake.sent[-5:]} == {Severity.YELLOW}
    assert "queued" in await post.states(mild.incident.id)


async def test_two_workers_and_a_thousand_people(post: Post) -> None:
    service = await post.service()
    await add_people(post, 1000, service.id)
    detail = await post.world.raise_at()
    assert len(detail.deliveries) >= 1000
    post.world.clock.move(seconds=1)
    workers = [post.worker(), post.worker()]
    while True:
        before = len(post.fake.sent)
        await asyncio.gather(*(worker.step() for worker in workers))
        await asyncio.gather(*(worker.finish() for worker in workers))
        if len(post.fake.sent) == before:
            break
    assert len(post.fake.sent) == len({each.id for each in post.fake.sent}) == 1000
    assert Counter(await post.states(detail.incident.id)) == {"accepted": 1000}


async def add_people(post: Post, count: int, service_id: object) -> None:
    """Put people into the unit of a person who is called, each with a contact."""
    viewer = await post.world.viewer(WEN)
    unit_id = min(viewer.unit_ids)
    people = [(uuid4(), uuid4(), f"p{number}", f"+86139{number:08}") for number in range(count)]
    values = {
        "circle_id": viewer.circle_id,
        "unit_id": unit_id,
        "service_id": service_id,
        "now": post.world.clock.now(),
        "accounts": [each[0] for each in people],
        "ids": [each[1] for each in people],
        "names": [each[2] for each in people],
        "addresses": [each[3] for each in people],
    }
    for statement in PEOPLE:
        await post.rows(GIVEN + statement, **values)
