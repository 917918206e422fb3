"""Look at where units are: once for a snapshot, and again and again for a gateway."""

from datetime import datetime

from responder.domain.ids import CircleId, IncidentId
from responder.domain.people.access import Audience
from responder.ports import Database
from responder.ports.people import SharedPosition


async def positions_after(
    database: Database, *, circle_id: CircleId, stored_at: datetime | None
) -> tuple[SharedPosition, ...]:
    """
    Return the positions stored after that time, the first stored first; all of them for None.

    Who may see each is for the caller to decide, by `domain.people.access.may_see_position`.
    """
    async with database.begin() as transaction:
        return await transaction.positions.stored_after(circle_id, stored_at)


async def open_audiences(database: Database, *, circle_id: CircleId) -> dict[IncidentId, Audience]:
    """Return whom each open incident of the circle concerns."""
    async with database.begin() as transaction:
        return await transaction.incidents.open_audiences(circle_id)
