"""Repository of what drills showed to be put right."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from responder.domain.drills.finding import Finding
from responder.domain.ids import CircleId, DrillId, FindingId, PartnerId


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingQuery:
    """Which findings to list, the last created first."""

    owner_id: PartnerId | None = None
    """Only those that this partner puts right."""
    is_open: bool | None = None
    """Only those that are not settled, or only those that are."""
    due_before: date | None = None
    """Only those whose last day is before this one."""
    drill_id: DrillId | None = None
    """Only those of this drill."""
    for_drill: DrillId | None = None
    """Only those of the place or the template of this drill."""
    before: FindingId | None = None
    """Only findings created before this one: the next page."""
    limit: int


class FindingCounts(NamedTuple):
    """How many findings are not settled."""

    open: int
    overdue: int
    """How many of them have passed their last day."""


class Findings(Protocol):
    """What drills showed to be put right."""

    async def get(self, circle_id: CircleId, finding_id: FindingId) -> Finding:
        """Return the finding, or raise NotFoundError."""
        ...

    async def find(self, circle_id: CircleId, finding_id: FindingId) -> Finding | None:
        """Return the finding, if the circle has it."""
        ...

    async def search(self, circle_id: CircleId, query: FindingQuery) -> tuple[Finding, ...]:
        """Return a page, the last created first; raise NotFoundError when there is no finding `before`."""
        ...

    async def counts(self, circle_id: CircleId, *, owner_id: PartnerId | None, today: date) -> FindingCounts:
        """Return how many are open and overdue, of all or of those that a partner puts right."""
        ...

    async def put(self, finding: Finding) -> None:
        """Add the finding, or put it in the place of the one with its id."""
        ...
