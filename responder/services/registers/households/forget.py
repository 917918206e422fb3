"""Delete households that nobody has confirmed for as long as their circle says."""

from datetime import timedelta
from typing import Final

from responder.domain.audit import AuditAction, AuditEntry
from responder.domain.people.access import OPERATOR
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.registers.households.edit import count_buildings
from responder.services.registers.households.today import today_in

TASK: Final = "forget_households"
EVERY: Final = timedelta(hours=6)
_MINUTES: Final = 5


async def forget_unconfirmed_when_due(database: Database, *, clock: Clock) -> int | None:
    """Delete them and return how many, if it is due and no other process does it; None otherwise."""
    now = moment(clock)
    deleted = 0
    async with database.begin() as transaction:
        if not await transaction.scheduled_tasks.claim(TASK, now=now, every=EVERY):
            return None
        await transaction.allow_minutes(_MINUTES)
        for circle_id in await transaction.households.circles():
            await transaction.households.lock(circle_id)
            retention = await transaction.households.retention(circle_id)
            today = await today_in(transaction, circle_id, now)
            gone = await transaction.households.delete_unconfirmed(
                circle_id, kept_since=retention.kept_since(today)
            )
            if not gone:
                continue
            deleted += len(gone)
            await count_buildings(transaction, circle_id, set(gone), at=now)
            act = AuditEntry(
                action=AuditAction.HOUSEHOLDS_EXPIRED, actor=OPERATOR, detail={"deleted": len(gone)}
            )
            await transaction.audit.append(circle_id, act, at=now)
    return deleted
