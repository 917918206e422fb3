"""Units' duty follows the roster, and shifts are made from weekly patterns, by the clock."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from responder.domain.audit import AuditAction, AuditEntry, Subject
from responder.domain.ids import CircleId, UnitId
from responder.domain.incidents.event import PactChanged
from responder.domain.map.unit import Unit
from responder.domain.people.access import OPERATOR
from responder.domain.registers.pact.roster import PLANNED_AHEAD, shifts_of
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.recompute import model_if_any, recompute_open_incidents
from responder.services.map.set_duty import put_duty

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

TASK: Final = "roster"
EVERY: Final = timedelta(hours=1)


async def follow_rosters(database: Database, roads: Roads, *, clock: Clock) -> int:
    """
    Put units on duty whose shift began, and off whose shift ended; return how many circles were looked at.

    Only at these moments: what is set by hand during a shift stays until it ends or the next begins. A start
    or end that fell due while no process ran is made up for, with who is on call by then. Safe in any number
    of processes.
    """
    now = moment(clock)
    async with database.snapshot() as transaction:
        due = await transaction.rosters.due(now=now)
    for circle_id in due:
        model = await model_if_any(roads, circle_id)
        async with database.begin() as transaction:
            await transaction.circles.lock(circle_id)
            # Read under the lock: another process may have been quicker.
            edges = await transaction.rosters.edges(circle_id, now=now)
            if not edges:
                continue
            told = [replace(each, has_begun=True, has_ended=each.ends_at <= now) for each in edges]
            await transaction.rosters.put_shifts(told)
            units = {each.unit_id for each in edges}
            await tell_units(transaction, roads, model, circle_id=circle_id, unit_ids=units, now=now)
            await transaction.record(circle_id, PactChanged(), at=now)
    return len(due)


async def tell_units(
    transaction: Transaction,
    roads: Roads,
    model: "ReachModel | None",
    *,
    circle_id: CircleId,
    unit_ids: Collection[UnitId],
    now: datetime,
) -> None:
    """Put the units on duty for which a person is on call now, and the others of them off."""
    covered = await transaction.rosters.covering(circle_id, unit_ids, at=now)
    has_changed = False
    for unit in await transaction.layer(Unit).among(circle_id, unit_ids):
        is_covered = unit.id in covered
        if unit.on_duty == is_covered:
            continue
        has_changed = True
        await put_duty(transaction, circle_id, unit, on_duty=is_covered, now=now)
        act = AuditEntry(
            action=AuditAction.DUTY_CHANGED,
            actor=OPERATOR,
            subject=Subject(kind="unit", id=unit.id),
            detail={"on_duty": is_covered, "by_roster": True},
        )
        await transaction.audit.append(circle_id, act, at=now)
    if has_changed:
        await recompute_open_incidents(transaction, roads, model, circle_id=circle_id, now=now)


async def extend_rosters_when_due(database: Database, *, clock: Clock) -> int | None:
    """Make shifts from weekly patterns for the days that are near by now; None when it is not due."""
    now = moment(clock)
    async with database.begin() as transaction:
        if not await transaction.scheduled_tasks.claim(TASK, now=now, every=EVERY):
            return None
        made = 0
        for circle_id in await transaction.rosters.to_extend(before=(now + PLANNED_AHEAD).date()):
            made += await extend_roster(transaction, circle_id, now=now)
    return made


async def extend_roster(transaction: Transaction, circle_id: CircleId, *, now: datetime) -> int:
    """Make the shifts of a circle's patterns that lie in the time ahead; tell how many."""
    zone = ZoneInfo((await catalogue_of(transaction, circle_id)).time_zone)
    before = now.astimezone(zone).date() + PLANNED_AHEAD
    made = 0
    for pattern in await transaction.rosters.patterns(circle_id):
        if pattern.made_until >= before:
            continue
        # Those that are over by now would put a unit on duty and off again.
        shifts = [each for each in shifts_of(pattern, before=before, zone=zone) if each.ends_at > now]
        await transaction.rosters.put_shifts(shifts)
        await transaction.rosters.put_pattern(replace(pattern, made_until=before))
        made += len(shifts)
    return made
