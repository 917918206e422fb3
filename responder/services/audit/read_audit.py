"""Look through the audit log of a circle."""

from dataclasses import replace

from responder.domain.audit import AuditAction, audit_entry
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.audit import AuditQuery, FoundRecord
from responder.ports.clock import moment

MOST = 200


async def read_audit(
    database: Database, *, viewer: Viewer, query: AuditQuery, clock: Clock
) -> tuple[tuple[FoundRecord, ...], int | None]:
    """Return records of the circle, the newest first, and the number before which the next page begins."""
    viewer.must(Action.READ_AUDIT)
    limit = max(1, min(query.limit, MOST))
    async with database.begin() as transaction:
        found = await transaction.audit.search(viewer.circle_id, replace(query, limit=limit + 1))
        if query.before is None:
            # Reading the log is recorded too; turning its pages counts once.
            act = audit_entry(viewer, AuditAction.AUDIT_READ)
            await transaction.audit.append(viewer.circle_id, act, at=moment(clock))
    page = found[:limit]
    return page, page[-1].seq if len(found) > limit else None
