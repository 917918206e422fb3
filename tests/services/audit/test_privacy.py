"""Personal data: exported for the person, erased everywhere, and removed in time."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from responder.domain.audit import PLATFORM
from responder.domain.backoff import sign_in_counters
from responder.domain.drills.plan import DrillMode, DrillPlan
from responder.domain.errors import LastCoordinatorError, NotFoundError
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason
from responder.domain.map.place import Place
from responder.domain.map.unit import POSITION_KEPT
from responder.domain.people.account import SESSION_IDLES, Account
from responder.domain.people.client_info import ClientInfo
from responder.security.live_ticket import issue_ticket
from responder.security.sign_in import sign_in
from responder.services.audit.retention import (
    EVERY,
    INVITATIONS_KEPT,
    KEYS_KEPT,
    ORIGINS_KEPT,
    retention_when_due,
)
from responder.services.audit.verify_audit import verify_chain
from responder.services.circles.snapshot import show_circle
from responder.services.directing.end_incident import end_incident
from responder.services.drills.drills import change_drill, plan_drill, show_drill
from responder.services.imports.features import Noun, import_features
from responder.services.imports.remove_features import list_imports
from responder.services.incidents.acknowledge import acknowledge
from responder.services.map.report_position import report_position
from responder.services.map.view_households import view_households
from responder.services.people.change_person import PersonChange, change_person
from responder.services.people.erase_person import ERASED_NAME, erase_person
from responder.services.people.export_person import export_person
from responder.services.people.list_people import list_people
from responder.services.people.remove_person import remove_person
from tests.databases import DEMO_PASSWORD
from tests.services.conftest import World
from tests.services.feature_tables import table_of
from tests.services.log import events_after, log_head

HOME = ClientInfo(address="203.0.113.9", device="微信 · Android")


async def live_through(world: World, username: str = "hospital.wen") -> Account:
    """Let a person leave traces: sign in, be called, answer, be followed, look, raise and end an incident."""
    opened = await sign_in(
        world.database, username=username, password=DEMO_PASSWORD, clock=world.clock, origin=HOME
    )
    viewer = replace(await world.viewer(username), origin=HOME)
    [unit_id] = viewer.unit_ids
    detail = await world.raise_at()
    [own] = [each for each in detail.deliveries if each.recipient_id in viewer.responder_ids]
    await acknowledge(
        world.database,
        viewer=viewer,
        alert_id=own.alert_id,
        state=DeliveryState.ACCEPTED,
        action_id=uuid4(),
        device_at=world.clock.now(),
        device="小米 15",
        clock=world.clock,
    )
    await report_position(
        world.database,
        viewer=viewer,
        unit_id=unit_id,
        lon=112.98,
        lat=28.156,
        accuracy_m=8,
        at=world.clock.now(),
        clock=world.clock,
    )
    await view_households(world.database, viewer=viewer, clock=world.clock)
    return opened.account


def everything(world: World) -> str:
    """Return all that is stored, as text."""
    url = world.url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN "
            "('spatial_ref_sys', 'road', 'road_network')"
        ).fetchall()
        return "\n".join(
            str(connection.execute(f"SELECT t::text FROM {table} t".encode()).fetchall())  # noqa: S608
            for (table,) in tables
        )


async def test_one_is_told_everything_but_secrets(world: World) -> None:
    account = await live_through(world)
    told = await export_person(world.database, username="hospital.wen", clock=world.clock)
    text = json.dumps(told, default=str, ensure_ascii=False)
    assert HOME.address in text
    assert "小米 15" in text
    assert "argon2" not in text
    assert [each["action"] for each in told["audit"]] == ["session_opened", "households_viewed"]
    for name in ("account", "memberships", "units", "sessions", "alerts_received", "receipts"):
        assert len(told[name]) == 1, name
    assert str(account.id) in text
    with pytest.raises(NotFoundError):
        await export_person(world.database, username="nobody", clock=world.clock)


async def test_who_imported_a_file_is_told_of_it_and_erased_from_it(world: World) -> None:
    viewer = await world.viewer("planner")
    table = table_of([{"kind": "hydrant"}])
    await import_features(
        world.database, world.roads, viewer=viewer, noun=Noun.FACILITIES, table=table, clock=world.clock
    )
    told = await export_person(world.database, username="planner", clock=world.clock)
    assert [each["account_name"] for each in told["imports"]] == [viewer.name]

    done = await erase_person(world.database, username="planner", clock=world.clock)

    assert done["imports"] == 1
    assert viewer.name not in everything(world)
    [record] = await list_imports(world.database, viewer=await world.viewer("community"))
    assert (record.by, record.by_name) == (None, ERASED_NAME)


async def test_a_person_who_is_erased_is_nowhere_and_what_happened_stays(world: World) -> None:
    account = await live_through(world)
    recipient = next(iter((await world.viewer("hospital.wen")).responder_ids))
    before = await log_head(world.database, circle_id=world.circle.id)
    assert account.name in everything(world)
    done = await erase_person(world.database, username="hospital.wen", clock=world.clock)
    assert done["audit"] == 3, "signing in, looking, and being erased"
    assert done["events"] >= 2, "the alert, and that it was accepted"
    stored = everything(world)
    for personal in (account.name, account.username, HOME.address, HOME.device, "小米 15"):
        assert personal not in stored, personal
    viewer = await world.viewer("community")
    shown = await show_circle(world.database, viewer=viewer, clock=world.clock)
    [incident] = shown.incidents
    [delivery] = [each for each in incident.deliveries if each.recipient_id == recipient]
    assert (delivery.recipient_name, delivery.state) == (ERASED_NAME, DeliveryState.WITHDRAWN), "no one comes"
    assert DeliveryState.ACCEPTED.value in delivery.times
    missed = await events_after(world.database, viewer=viewer, epoch=before.epoch, seq=0, event_id=None)
    assert missed is None, "a client with an old snapshot starts afresh"
    for circle_id in (world.circle.id, PLATFORM):
        found = await verify_chain(world.database, circle_id=circle_id, clock=world.clock)
        assert found.flaw is None
    with pytest.raises(NotFoundError):
        await erase_person(world.database, username="hospital.wen", clock=world.clock)


async def test_a_person_who_was_removed_first_is_told_of_and_erased_all_the_same(world: World) -> None:
    account = await live_through(world)
    coordinator = await world.viewer("community")
    await remove_person(world.database, viewer=coordinator, account_id=account.id, clock=world.clock)
    told = await export_person(world.database, username="hospital.wen", clock=world.clock)
    assert [len(told[name]) for name in ("units", "alerts_received", "memberships")] == [1, 1, 0]
    before = await log_head(world.database, circle_id=world.circle.id)
    done = await erase_person(world.database, username="hospital.wen", clock=world.clock)
    assert done["deliveries"] == done["positions"] == 1
    stored = everything(world)
    for personal in (account.name, account.username, HOME.address, HOME.device, "小米 15"):
        assert personal not in stored, personal
    missed = await events_after(world.database, viewer=coordinator, epoch=before.epoch, seq=0, event_id=None)
    assert missed is None, "a client with an old snapshot starts afresh"


async def test_a_person_who_left_a_unit_is_not_in_it_any_more(world: World) -> None:
    account = await live_through(world)
    change = PersonChange(fields=frozenset({"unit_ids"}), unit_ids=())
    coordinator = await world.viewer("community")
    await change_person(
        world.database, viewer=coordinator, account_id=account.id, change=change, clock=world.clock
    )
    assert (await world.viewer("hospital.wen")).unit_ids == frozenset()
    [person] = [
        each
        for each in await list_people(world.database, viewer=coordinator, clock=world.clock)
        if each.account_id == account.id
    ]
    assert person.unit_ids == ()
    told = await export_person(world.database, username="hospital.wen", clock=world.clock)
    assert told["positions_of_own_units"] == []


async def test_who_raised_and_who_ended_is_erased_too(world: World) -> None:
    detail = await world.raise_at(by="hospital")
    viewer = await world.viewer("hospital")
    await end_incident(
        world.database,
        viewer=viewer,
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    await erase_person(world.database, username="hospital", clock=world.clock)
    assert f'"{viewer.name}"' not in everything(world)
    shown = await show_circle(world.database, viewer=await world.viewer("community"), clock=world.clock)
    [incident] = shown.incidents
    assert incident.incident.raised_by_name == incident.incident.ended_by_name == ERASED_NAME


async def test_the_last_coordinator_is_not_erased(world: World) -> None:
    with pytest.raises(LastCoordinatorError):
        await erase_person(world.database, username="community", clock=world.clock)
    assert await world.viewer("community")


async def test_positions_are_forgotten_after_72_hours(world: World) -> None:
    await live_through(world)

    async def positions() -> int:
        async with world.database.begin() as transaction:
            return len(await transaction.positions.of_circle(world.circle.id))

    assert await retention_when_due(world.database, clock=world.clock) is not None
    world.clock.move(seconds=POSITION_KEPT.total_seconds())
    forgotten = await retention_when_due(world.database, clock=world.clock)
    assert forgotten is not None
    assert (forgotten.positions, await positions()) == (0, 1)
    world.clock.move(seconds=EVERY.total_seconds())
    forgotten = await retention_when_due(world.database, clock=world.clock)
    assert forgotten is not None
    assert (forgotten.positions, await positions()) == (1, 0)


async def test_everything_else_goes_when_its_time_is_over(world: World) -> None:
    opened = await sign_in(
        world.database, username="hospital", password=DEMO_PASSWORD, clock=world.clock, origin=HOME
    )
    await issue_ticket(world.database, token=opened.token, clock=world.clock)
    await world.raise_at(by="hospital")
    async with world.database.begin() as transaction:
        await transaction.login_failures.begin(sign_in_counters("x", "y"), now=world.clock.now())
    gone: dict[str, int] = {}
    for wait in (timedelta(), SESSION_IDLES, KEYS_KEPT, INVITATIONS_KEPT, ORIGINS_KEPT):
        world.clock.move(seconds=wait.total_seconds() + 1)
        forgotten = await retention_when_due(world.database, clock=world.clock)
        assert forgotten is not None
        for name in ("sessions", "tickets", "attempts", "keys", "origins"):
            gone[name] = gone.get(name, 0) + getattr(forgotten, name)
    assert gone["sessions"] == gone["keys"] == 1
    assert gone["origins"] == 2, "the sign-in and the alert"
    # Three for the failure, and three that the sign-in left at nought.
    assert gone["attempts"] == 6
    assert (await verify_chain(world.database, circle_id=PLATFORM, clock=world.clock)).flaw is None


async def test_it_is_done_once_however_many_processes_ask(world: World) -> None:
    done = await asyncio.gather(*(retention_when_due(world.database, clock=world.clock) for _ in range(8)))
    assert sum(each is not None for each in done) == 1
    assert await retention_when_due(world.database, clock=world.clock) is None
    world.clock.move(seconds=EVERY.total_seconds())
    assert await retention_when_due(world.database, clock=world.clock) is not None


async def test_what_broke_off_is_still_due(world: World) -> None:
    async def break_off() -> None:
        async with world.database.begin() as transaction:
            assert await transaction.scheduled_tasks.claim("forget", now=world.clock.now(), every=EVERY)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await break_off()
    assert await retention_when_due(world.database, clock=world.clock) is not None


async def test_who_planned_a_drill_is_told_of_it_and_erased_from_it(world: World) -> None:
    planner, staff = await world.viewer("planner"), await world.viewer("community")
    plan = DrillPlan(
        name="x",
        mode=DrillMode.TABLETOP,
        kind="fire",
        place=Place(lon=112.985, lat=28.158, label="x"),
        starts_at=None,
        duration_s=600,
    )
    planned = await plan_drill(world.database, world.roads, viewer=planner, plan=plan, clock=world.clock)
    await change_drill(
        world.database,
        world.roads,
        viewer=staff,
        drill_id=planned.drill.id,
        plan=replace(plan, name="y"),
        clock=world.clock,
    )
    told = await export_person(world.database, username="planner", clock=world.clock)
    [drill] = [each for each in told["drills"] if each["id"] == planned.drill.id]
    assert drill["created_by_name"] == planner.name
    assert (drill["changed_by"], drill["changed_by_name"]) == (None, None), "another person's"
    assert "body" not in drill

    await erase_person(world.database, username="planner", clock=world.clock)

    assert planner.name not in everything(world)
    shown = await show_drill(world.database, viewer=staff, drill_id=planned.drill.id)
    assert shown.drill.created_by_name == ERASED_NAME
    assert (shown.drill.changed_by_name, shown.drill.plan.name) == (staff.name, "y")
