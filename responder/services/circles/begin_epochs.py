"""After a restore: make every client load a snapshot, since the log may differ from what they know."""

from responder.domain.audit import PLATFORM, AuditAction, AuditEntry
from responder.domain.people.access import OPERATOR
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.circles.create import new_epoch


async def begin_epochs(database: Database, *, clock: Clock) -> int:
    """Begin a new epoch in every circle, all at once, and return how many circles there are."""
    async with database.begin() as transaction:
        circles = await transaction.circles.everything()
        for circle in sorted(circles, key=lambda each: each.id):
            await transaction.circles.lock(circle.id)
            await transaction.circles.begin_epoch(circle.id, new_epoch())
        act = AuditEntry(
            action=AuditAction.DATABASE_RESTORED, actor=OPERATOR, detail={"circles": len(circles)}
        )
        await transaction.audit.append(PLATFORM, act, at=moment(clock))
    return len(circles)
