"""Repository of what drills are replayed from."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from responder.domain.drills.track import TrackPoint
from responder.domain.ids import CircleId, DrillId, PartnerId
from responder.domain.incidents.snapshot import CircleSnapshot


class DrillReplays(Protocol):
    """The circle as it was when drills were started, and where their units were from then on."""

    async def put_base(
        self, drill_id: DrillId, base: CircleSnapshot, *, partner_ids: Collection[PartnerId]
    ) -> None:
        """Keep the circle as a drill is started, and where units of these partners, or of all, are."""
        ...

    async def base(self, circle_id: CircleId, drill_id: DrillId) -> CircleSnapshot | None:
        """Return the circle as it was then; None when the drill was not started."""
        ...

    async def track(self, circle_id: CircleId, drill_id: DrillId) -> tuple[TrackPoint, ...]:
        """Return where the units of a drill were, in the order in which that was known."""
        ...

    async def delete_tracks(self, *, before: datetime) -> int:
        """Forget where units were that long ago; return how many points."""
        ...
