"""Look at the buildings and how many households live in each: every look is recorded."""

from responder.domain.audit import AuditAction, audit_entry
from responder.domain.map.building import Building
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.ports.people import Bbox


async def view_households(
    database: Database, *, viewer: Viewer, clock: Clock, bbox: Bbox | None = None
) -> tuple[Building, ...]:
    """Return the buildings with what is known of their households; with `bbox` those that touch it."""
    viewer.must(Action.VIEW)
    return await _read(database, viewer=viewer, action=AuditAction.HOUSEHOLDS_VIEWED, clock=clock, bbox=bbox)


async def export_households(
    database: Database, *, viewer: Viewer, clock: Clock, bbox: Bbox | None = None
) -> tuple[Building, ...]:
    """
    Return the buildings as a file to be taken away.

    Raises
    ------
    NotAllowedError
        The role may look, but take nothing away.
    """
    viewer.must(Action.EXPORT)
    return await _read(
        database, viewer=viewer, action=AuditAction.HOUSEHOLDS_EXPORTED, clock=clock, bbox=bbox
    )


async def _read(
    database: Database, *, viewer: Viewer, action: AuditAction, clock: Clock, bbox: Bbox | None
) -> tuple[Building, ...]:
    async with database.begin() as transaction:
        buildings = await transaction.layer(Building).of_circle(viewer.circle_id, bbox=bbox)
        # Last, and in the same transaction: the chain is held for a moment only, and what could not be
        # recorded is not shown.
        act = audit_entry(viewer, action, detail={"buildings": len(buildings), "part": bbox is not None})
        await transaction.audit.append(viewer.circle_id, act, at=moment(clock))
    return buildings
