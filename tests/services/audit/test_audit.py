"""The audit log: one chain for each circle, in which whatever is changed afterwards is found."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

import psycopg
import pytest

from responder.domain.audit import (
    FORMER_NAMES,
    PERSON,
    PLATFORM,
    AuditAction,
    AuditEntry,
    Subject,
    canonical,
    stored_names,
    written,
)
from responder.domain.errors import NotAllowedError
from responder.domain.ids import AccountId
from responder.domain.incidents.incident import EndReason
from responder.domain.people.access import Viewer
from responder.domain.people.client_info import ClientInfo
from responder.ports.audit import AuditQuery
from responder.services.audit import verify_audit as verifying
from responder.services.audit.read_audit import read_audit
from responder.services.audit.verify_audit import (
    AT_ONCE,
    Flaw,
    Verification,
    audit_heads,
    verify_audit,
    verify_chain,
)
from responder.services.directing.end_incident import end_incident
from responder.services.map.view_households import export_households, view_households
from responder.store.database import connect
from tests.services.conftest import World

PHONE = ClientInfo(address="203.0.113.9", device="微信 · Android")


@pytest.fixture
def owner(world: World) -> Iterator[psycopg.Connection]:
    """Connect as the owner of the database with the guards switched off."""
    url = world.url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        for table in ("audit", "audit_head"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection


async def acted_on(world: World, number: int = 5) -> Viewer:
    """Let the coordinator do some things, each of which is recorded."""
    viewer = replace(await world.viewer("community"), origin=PHONE)
    for _ in range(number):
        await view_households(world.database, viewer=viewer, clock=world.clock)
    return viewer


async def check(world: World) -> Verification:
    return await verify_chain(world.database, circle_id=world.circle.id, clock=world.clock)


async def test_what_is_done_is_recorded_with_who_and_from_where(world: World) -> None:
    viewer = replace(await world.viewer("community"), origin=PHONE)
    detail = await world.raise_at(exercise=False)
    await end_incident(
        world.database,
        viewer=viewer,
        incident_id=detail.incident.id,
        reason=EndReason.FALSE_ALARM,
        clock=world.clock,
    )
    await export_households(world.database, viewer=viewer, clock=world.clock)
    found, following = await read_audit(world.database, viewer=viewer, query=AuditQuery(), clock=world.clock)
    assert following is None
    assert [each.action for each in found] == ["households_exported", "incident_ended", "alert_raised"]
    exported, ended, raised = found
    assert (exported.actor_id, exported.actor_name) == (viewer.account_id, viewer.name)
    assert (exported.address, exported.device) == (PHONE.address, PHONE.device)
    assert (ended.subject_kind, ended.subject_id) == ("incident", detail.incident.id)
    assert ended.detail == {"exercise": False, "reason": "false_alarm"}
    assert raised.detail["called"] == len(detail.deliveries)
    assert (await check(world)).flaw is None


async def test_it_is_found_by_who_what_and_when_and_page_by_page(world: World) -> None:
    viewer = await acted_on(world, 3)
    hospital = replace(await world.viewer("hospital"), origin=PHONE)
    world.clock.move(hours=1)
    later = world.clock.now()
    await view_households(world.database, viewer=hospital, clock=world.clock)
    await export_households(world.database, viewer=viewer, clock=world.clock)

    async def seqs(query: AuditQuery) -> tuple[list[int], int | None]:
        # Not by `read_audit`, which puts each look into the log.
        async with world.database.begin() as transaction:
            return [each.seq for each in await transaction.audit.search(world.circle.id, query)], None

    assert (await seqs(AuditQuery(actor=hospital.account_id)))[0] == [4]
    assert (await seqs(AuditQuery(action="households_exported")))[0] == [5]
    assert (await seqs(AuditQuery(since=later)))[0] == [5, 4]
    assert (await seqs(AuditQuery(until=later)))[0] == [3, 2, 1]
    page, following = await read_audit(
        world.database, viewer=viewer, query=AuditQuery(limit=2), clock=world.clock
    )
    assert ([each.seq for each in page], following) == ([5, 4], 4)
    rest, end = await read_audit(
        world.database, viewer=viewer, query=AuditQuery(limit=200, before=following), clock=world.clock
    )
    assert ([each.seq for each in rest], end) == ([3, 2, 1], None)


class Former(StrEnum):
    """Actions as earlier versions named them."""

    CLOSURE_SET = "closure_set"
    MAP_IMPORTED = "map_imported"


async def test_records_under_a_former_name_hold_and_are_found_under_todays(world: World) -> None:
    viewer = replace(await world.viewer("community"), origin=PHONE)

    async def record(action: StrEnum, **detail: int) -> None:
        entry = AuditEntry(action=action, actor=viewer.account_id, origin=PHONE, detail=detail)  # type: ignore[arg-type]
        async with world.database.begin() as transaction:
            await transaction.audit.append(world.circle.id, entry, at=world.clock.now())

    await record(Former.CLOSURE_SET)
    await record(Former.MAP_IMPORTED, taken=3)
    kept = next(head for head in await audit_heads(world.database) if head.circle_id == world.circle.id)
    await record(AuditAction.CLOSURE_CREATED)
    await record(AuditAction.MAP_IMPORTED, created=4)

    query = AuditQuery(action=AuditAction.CLOSURE_CREATED)
    found, _ = await read_audit(world.database, viewer=viewer, query=query, clock=world.clock)
    assert [(each.seq, each.action) for each in found] == [(3, "closure_created"), (1, "closure_created")]
    query = AuditQuery(action=AuditAction.MAP_IMPORTED)
    found, _ = await read_audit(world.database, viewer=viewer, query=query, clock=world.clock)
    assert [each.detail for each in found] == [{"created": 4}, {"created": 3}]
    checked = await verify_chain(world.database, circle_id=world.circle.id, clock=world.clock, kept=kept)
    assert (checked.flaw, checked.rows) == (None, 6)
    async with world.database.snapshot() as transaction:
        links = await transaction.audit.links(world.circle.id, after=0, limit=3)
        about = await transaction.audit.about(viewer.account_id)
    assert [each.link.action for each in links] == ["closure_set", "map_imported", "closure_created"]
    assert {record.action for _, record in about} <= set(AuditAction)


def test_a_former_name_is_never_the_name_of_another_action() -> None:
    assert not FORMER_NAMES.keys() & set(AuditAction)
    assert all(stored_names(name)[1:] for name in FORMER_NAMES.values())


async def test_only_a_coordinator_reads_it(world: World) -> None:
    for username in ("hospital", "hospital.wen", "planner", "observer"):
        viewer = await world.viewer(username)
        with pytest.raises(NotAllowedError):
            await read_audit(world.database, viewer=viewer, query=AuditQuery(), clock=world.clock)
        with pytest.raises(NotAllowedError):
            await verify_audit(world.database, viewer=viewer, clock=world.clock)


CHANGES = {
    "who": ("UPDATE audit SET actor = repeat('0', 64) WHERE seq = 3", 3, Flaw.CHANGED),
    "what": ("UPDATE audit SET action = 'audit_read' WHERE seq = 3", 3, Flaw.CHANGED),
    "when": ("UPDATE audit SET at = at + interval '1 ms' WHERE seq = 3", 3, Flaw.CHANGED),
    "from where": ("UPDATE audit SET origin = repeat('0', 64) WHERE seq = 3", 3, Flaw.CHANGED),
    "detail": ("UPDATE audit SET detail = '{\"buildings\": 1}' WHERE seq = 3", 3, Flaw.CHANGED),
    "hash": ("UPDATE audit SET hash = repeat('0', 64) WHERE seq = 3", 3, Flaw.CHANGED),
    "one is gone": ("DELETE FROM audit WHERE seq = 3", 3, Flaw.MISSING),
    "the first is gone": ("DELETE FROM audit WHERE seq = 1", 1, Flaw.MISSING),
    "the last is gone": ("DELETE FROM audit WHERE seq = 5", 5, Flaw.CUT_OFF),
    "all are gone": ("DELETE FROM audit", 1, Flaw.CUT_OFF),
    "two are exchanged": (
        "UPDATE audit SET seq = -seq WHERE seq IN (2, 3); UPDATE audit SET seq = 5 + seq WHERE seq < 0",
        2,
        Flaw.CHANGED,
    ),
    "the head is elsewhere": ("UPDATE audit_head SET seq = 4", 4, Flaw.HEAD_CHANGED),
    "the head is another": ("UPDATE audit_head SET hash = repeat('0', 64)", 5, Flaw.HEAD_CHANGED),
    "the head is gone": ("DELETE FROM audit_head", 1, Flaw.HEAD_MISSING),
    "somebody else": (
        """
        UPDATE audit_person SET account_id = (SELECT id FROM account WHERE username = 'police')
        WHERE seq = 3
        """,
        3,
        Flaw.PERSON_CHANGED,
    ),
    "somewhere else": (
        "UPDATE audit_person SET address = '198.51.100.1' WHERE seq = 3",
        3,
        Flaw.PERSON_CHANGED,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_what_the_owner_changes_is_found_and_named(
    world: World, owner: psycopg.Connection, name: str
) -> None:
    await acted_on(world)
    assert (await check(world)).flaw is None
    statements, first_bad, flaw = CHANGES[name]
    if "SET seq = -seq" in statements or "DELETE FROM audit" in statements:
        owner.execute("ALTER TABLE audit_person DROP CONSTRAINT fk_audit_person_circle_id_seq")
        owner.execute("ALTER TABLE audit DROP CONSTRAINT ck_audit_seq_from_one")
    owner.execute(statements.encode())
    found = await check(world)
    assert (found.first_bad, found.flaw) == (first_bad, flaw)
    assert found.rows < 6


async def test_emptying_everything_is_found(world: World, owner: psycopg.Connection) -> None:
    await acted_on(world)
    owner.execute("TRUNCATE audit, audit_head, audit_person")
    found = await check(world)
    assert (found.first_bad, found.flaw) == (1, Flaw.HEAD_MISSING)


async def test_a_chain_rebuilt_as_a_whole_does_not_match_the_head_kept_elsewhere(
    world: World, owner: psycopg.Connection
) -> None:
    await acted_on(world)
    [kept] = [head for head in await audit_heads(world.database) if head.circle_id == world.circle.id]
    owner.execute("TRUNCATE audit, audit_person")
    owner.execute("UPDATE audit_head SET seq = 0, hash = repeat('0', 64)")
    world.clock.move(seconds=1)
    await acted_on(world, 2)
    assert (await check(world)).flaw is None
    found = await verify_chain(world.database, circle_id=world.circle.id, clock=world.clock, kept=kept)
    assert (found.first_bad, found.flaw) == (3, Flaw.CUT_OFF)
    await acted_on(world, 4)
    found = await verify_chain(world.database, circle_id=world.circle.id, clock=world.clock, kept=kept)
    assert (found.first_bad, found.flaw) == (5, Flaw.NOT_AS_KEPT)


@pytest.mark.parametrize("role", ["responder_app", "responder"])
async def test_neither_the_application_nor_by_mistake_the_owner_changes_it(world: World, role: str) -> None:
    await acted_on(world, 1)
    url = world.url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url) as connection:
        connection.execute("SET responder.system = 'on'")
        connection.execute(f"SET ROLE {role}".encode())
        for statement in (
            "UPDATE audit SET action = 'x'",
            "DELETE FROM audit",
            "TRUNCATE audit CASCADE",
            "DELETE FROM audit_head",
            "TRUNCATE audit_head",
            "UPDATE audit_head SET seq = seq - 1",
            "UPDATE audit_head SET hash = repeat('0', 64)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement.encode())
    assert (await check(world)).rows == 1


@pytest.mark.parametrize(
    ("each", "at_once"), [(15, 50), pytest.param(125, AT_ONCE, marks=pytest.mark.nightly)]
)
async def test_appends_from_eight_connections_are_one_chain(
    world: World, monkeypatch: pytest.MonkeyPatch, each: int, at_once: int
) -> None:
    monkeypatch.setattr(verifying, "AT_ONCE", at_once)
    database = connect(world.url)
    viewer = await world.viewer("community")
    others = [AccountId(uuid4()) for _ in range(8)]

    async def writer(number: int) -> None:
        for slot in range(each):
            act = AuditEntry(
                action=AuditAction.MEMBER_CHANGED,
                actor=viewer.account_id if slot % 2 else others[number],
                origin=PHONE,
                subject=Subject(kind=PERSON, id=others[slot % 8]),
                detail={"writer": number, "turn": slot},
            )
            async with database.begin() as transaction:
                await transaction.audit.append(world.circle.id, act, at=world.clock.now())

    await asyncio.gather(*(writer(number) for number in range(8)))
    await database.dispose()
    found = await check(world)
    assert (found.rows, found.flaw) == (8 * each, None)
    assert found.rows > at_once, "more than is looked at in one go"
    async with world.database.begin() as transaction:
        links = await transaction.audit.links(world.circle.id, after=0, limit=2000)
    turns = [(found.link.detail["writer"], found.link.detail["turn"]) for found in links]
    assert len(set(turns)) == 8 * each


async def test_what_is_undone_leaves_no_record_and_no_gap(world: World) -> None:
    viewer = await acted_on(world, 2)
    act = AuditEntry(action=AuditAction.AUDIT_READ, actor=viewer.account_id)

    async def break_off() -> None:
        async with world.database.begin() as transaction:
            await transaction.audit.append(world.circle.id, act, at=world.clock.now())
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await break_off()
    await acted_on(world, 1)
    found = await check(world)
    assert (found.rows, found.flaw) == (3, None)


async def test_nothing_personal_is_in_the_chain_and_forgetting_leaves_it_whole(world: World) -> None:
    viewer = await acted_on(world, 3)
    async with world.database.begin() as transaction:
        await transaction.audit.append(
            PLATFORM,
            AuditEntry(action=AuditAction.SESSION_OPENED, actor=viewer.account_id),
            at=world.clock.now(),
        )
    url = world.url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url) as connection:
        chained = str(connection.execute("SELECT audit::text FROM audit").fetchall())
    for personal in (str(viewer.account_id), PHONE.address, PHONE.device, viewer.name):
        assert personal not in chained
    async with world.database.begin() as transaction:
        assert await transaction.audit.delete_person(viewer.account_id) == 4
        [*_, newest] = await transaction.audit.search(world.circle.id, AuditQuery())
    assert (newest.actor_id, newest.actor_name, newest.address, newest.device) == (None,) * 4
    assert newest.action == "households_viewed"
    for circle_id in (world.circle.id, PLATFORM):
        found = await verify_chain(world.database, circle_id=circle_id, clock=world.clock)
        assert found.flaw is None


async def test_old_addresses_are_forgotten_without_breaking_the_chain(world: World) -> None:
    await acted_on(world, 2)
    world.clock.move(days=1)
    async with world.database.begin() as transaction:
        assert await transaction.audit.delete_origins(before=world.clock.now()) == 2
        assert await transaction.audit.delete_origins(before=world.clock.now()) == 0
        found = await transaction.audit.search(world.circle.id, AuditQuery())
    assert {(each.address, each.actor_name is not None) for each in found} == {(None, True)}
    assert (await check(world)).flaw is None


def test_canonical_json_is_written_as_rfc_8785_has_it() -> None:
    value = {"b": [1, True, None, 'é\n\u20ac"\\'], "a": {"y": "", "x": -5}}
    assert canonical(value) == b'{"a":{"x":-5,"y":""},"b":[1,true,null,"\xc3\xa9\\n\xe2\x82\xac\\"\\\\"]}'
    assert written(datetime(2025, 1, 31, 21, 40, tzinfo=UTC)) == "2025-01-31T21:40:00.000Z"


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, {"é": 1}, {1: 2}, {"a": {1, 2}}, b"x"])
def test_what_is_not_written_alike_everywhere_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"a": value} if not isinstance(value, dict) else value)
