"""Repository of drills as the yearly programme counts them."""

from typing import Protocol

from responder.domain.drills.programme import PlannedFor
from responder.domain.ids import CircleId


class DrillRecords(Protocol):
    """Drills as the yearly programme counts them."""

    async def of_circle(self, circle_id: CircleId, *, time_zone: str) -> tuple[PlannedFor, ...]:
        """Return every drill of the circle; dates are those of the time zone."""
        ...
