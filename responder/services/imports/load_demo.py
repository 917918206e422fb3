"""Load the illustrative circle, so that a first start has something to respond in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid5
from zoneinfo import ZoneInfo

from responder.domain.drills.plan import Drill, DrillPlan, DrillState, plan_version
from responder.domain.errors import NameTakenError
from responder.domain.ids import CircleId, DrillId
from responder.domain.incidents.event import DrillRunChanged
from responder.domain.incidents.snapshot import ENDED_KEPT
from responder.domain.map.circle import Circle
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Role, operator
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.demo import Demo, HeldDrill
from responder.security.hasher import hash_password
from responder.services.circles.create import new_epoch
from responder.services.circles.snapshot import load_snapshot
from responder.services.imports.roads import use_network

SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCircle:
    """The circle that was loaded, and who may sign in to it."""

    circle: Circle
    usernames: tuple[str, ...]


async def load_demo(
    database: Database,
    read_demo: Callable[[], Demo],
    *,
    password_for: Callable[[str], str],
    clock: Clock,
) -> DemoCircle | None:
    """
    Load the illustrative circle with `password_for` each username; None when it is there already.

    `read_demo` reads its files, which takes a moment.
    """
    demo = await asyncio.to_thread(read_demo)
    async with database.begin() as transaction:
        if demo.circle.id in {circle.id for circle in await transaction.circles.everything()}:
            return None
    passwords = {each.account.username: password_for(each.account.username) for each in demo.accounts}
    hashes = {password: await hash_password(password) for password in set(passwords.values())}
    try:
        async with database.begin() as transaction:
            await transaction.circles.add(demo.circle, epoch=new_epoch())
            for each in demo.accounts:
                await transaction.accounts.add(each.account, hashes[passwords[each.account.username]])
            await _add(transaction, demo, now=moment(clock))
            await use_network(transaction, demo.circle.id, demo.roads)
    except NameTakenError:
        # Another process was quicker.
        return None
    return DemoCircle(circle=demo.circle, usernames=tuple(passwords))


async def _add(transaction: Transaction, demo: Demo, *, now: datetime) -> None:
    circle_id = demo.circle.id
    for partner in demo.partners:
        await transaction.partners.add(partner)
    for each in demo.accounts:
        await transaction.memberships.add(
            circle_id, each.account.id, role=each.role, partner_id=each.partner_id
        )
    for kind, things in demo.layers.items():
        await transaction.layer(kind).add(circle_id, things)
    if demo.hazard_lives is not None:
        lives = demo.hazard_lives(now)
        await transaction.layer(Hazard).add(circle_id, lives.hazards)
        await transaction.hazard_steps.add(lives.steps)
    await transaction.responders.add(circle_id, demo.responders)
    for plan in demo.drill_plans:
        await transaction.drills.add(_drill(demo, plan, now=now))
    await transaction.households.put(demo.households(now))
    if demo.pact is not None:
        agreed = demo.pact(now)
        await transaction.pacts.put(agreed.pact)
        for record in agreed.records:
            await transaction.duty_records.add(record)
        for pattern in agreed.patterns:
            await transaction.rosters.put_pattern(pattern)
        await transaction.rosters.put_shifts(agreed.shifts)
    if demo.held_drill is not None:
        await _add_held(transaction, circle_id, demo.held_drill(now))


async def _add_held(transaction: Transaction, circle_id: CircleId, held: HeldDrill) -> None:
    drill, (_, ended) = held.drill, held.runs[-1]
    await transaction.drills.add(drill)
    await transaction.drill_runs.put(ended, next_due_at=None, awaits_facts=False)
    base = await load_snapshot(transaction, operator(circle_id), ended_kept=ENDED_KEPT)
    await transaction.drill_replays.put_base(drill.id, base, partner_ids=ended.partner_ids)
    for at, run in held.runs:
        await transaction.record(circle_id, DrillRunChanged(run=run), at=at)
    for observation in held.observations:
        await transaction.observations.add(observation)
    for finding in held.findings:
        await transaction.findings.put(finding)


def _drill(demo: Demo, undated: DrillPlan, *, now: datetime) -> Drill:
    planner = next(each.account for each in demo.accounts if each.role is Role.PLANNER)
    plan = replace(undated, starts_at=_saturday_morning(now))
    return Drill(
        id=DrillId(uuid5(demo.circle.id, f"drill {plan.template}")),
        circle_id=demo.circle.id,
        state=DrillState.PLANNED,
        plan=plan,
        revision=0,
        version=plan_version(plan),
        created_at=now,
        created_by=planner.id,
        created_by_name=planner.name,
        changed_at=now,
        changed_by=planner.id,
        changed_by_name=planner.name,
    )


def _saturday_morning(now: datetime) -> datetime:
    """Return ten o'clock in China on the first Saturday that is at least a week ahead."""
    local = now.astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=7)
    day = local + timedelta(days=(SATURDAY - local.weekday()) % 7)
    return day.replace(hour=10, minute=0, second=0, microsecond=0).astimezone(UTC)
