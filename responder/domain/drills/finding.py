"""What a drill showed to be put right, followed until that is done."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from responder.domain.ids import (
    AccountId,
    CircleId,
    ClosureId,
    DrillId,
    FindingId,
    HazardId,
    ObservationId,
    PartnerId,
)

SAME_PLACE_M: Final = 100.0
"""Findings so near to the place of a drill are of the same place."""


class FindingState(StrEnum):
    """How far a finding has come."""

    OPEN = "open"
    DOING = "doing"
    CLOSED = "closed"
    """It has been put right."""
    DROPPED = "dropped"
    """It will not be put right; the note says why."""


UNSETTLED: Final = frozenset({FindingState.OPEN, FindingState.DOING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to be put right, by whom and until when."""

    id: FindingId
    circle_id: CircleId
    text: str
    state: FindingState
    drill_id: DrillId | None = None
    """The drill that showed it."""
    objective: str | None = None
    """Key of the objective in the plan of that drill."""
    observation_id: ObservationId | None = None
    """The observation that it comes from."""
    owner_id: PartnerId | None = None
    """The partner that puts it right."""
    owner_name: str = ""
    """The person or team there, as written."""
    due_on: date | None = None
    """The last day for it, in the circle's time zone."""
    hazard_id: HazardId | None = None
    closure_id: ClosureId | None = None
    lon: float | None = None
    """Degrees east, WGS 84: where its hazard is, what was observed, or the drill."""
    lat: float | None = None
    version: int
    """Grows with every change: an edit names the one that it changes."""
    created_at: datetime
    created_by: AccountId | None
    """None once the person is erased, as of the others."""
    created_by_name: str
    changed_at: datetime
    changed_by: AccountId | None
    changed_by_name: str
    closed_at: datetime | None = None
    """When it was closed or dropped."""
    closed_by: AccountId | None = None
    closed_by_name: str = ""
    note: str = ""
    """What was done, or why nothing will be."""

    @property
    def is_settled(self) -> bool:
        return self.state not in UNSETTLED

    def settle(
        self, state: FindingState, *, note: str, at: datetime, by: AccountId, by_name: str
    ) -> "Finding":
        """Return the finding as closed or dropped."""
        return replace(
            self.touch(at=at, by=by, by_name=by_name),
            state=state,
            note=note,
            closed_at=at,
            closed_by=by,
            closed_by_name=by_name,
        )

    def reopen(self) -> "Finding":
        """Return the finding as not settled, without what was said when it was."""
        return replace(self, closed_at=None, closed_by=None, closed_by_name="", note="")

    def touch(self, *, at: datetime, by: AccountId, by_name: str) -> "Finding":
        """Return the finding in its next version."""
        return replace(self, version=self.version + 1, changed_at=at, changed_by=by, changed_by_name=by_name)
