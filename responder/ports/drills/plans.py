"""Repository of drills."""

from dataclasses import dataclass
from typing import Protocol

from responder.domain.drills.plan import Drill, DrillState
from responder.domain.ids import CircleId, DrillId


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillQuery:
    """Which drills to list, the last created first."""

    before: DrillId | None = None
    """Only drills created before this one: the next page."""
    state: DrillState | None = None
    limit: int


class Drills(Protocol):
    """Drills with their plans."""

    async def add(self, drill: Drill) -> None:
        """Add a drill."""
        ...

    async def get(self, circle_id: CircleId, drill_id: DrillId) -> Drill:
        """Return the drill, or raise NotFoundError."""
        ...

    async def find(self, circle_id: CircleId, drill_id: DrillId) -> Drill | None:
        """Return the drill, if the circle has it."""
        ...

    async def search(self, circle_id: CircleId, query: DrillQuery) -> tuple[Drill, ...]:
        """Return a page, the last created first; raise NotFoundError when there is no drill `before`."""
        ...

    async def put(self, drill: Drill) -> None:
        """Put this in the place of the drill with its id."""
        ...
