"""Repository of incident proposals."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from responder.domain.cap.message import CapReference
from responder.domain.cap.proposal import IncidentProposal
from responder.domain.ids import CircleId, ProposalId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalQuery:
    """Which proposals to list, the last received first."""

    exercise: frozenset[bool]
    """True for exercises, False for real ones, or both."""
    open: bool | None = None
    before: ProposalId | None = None
    """Only proposals received before this one: the next page."""
    limit: int


class Proposals(Protocol):
    """What messages of others propose."""

    async def add(self, proposal: IncidentProposal) -> None:
        """Add a proposal."""
        ...

    async def get(self, circle_id: CircleId, proposal_id: ProposalId) -> IncidentProposal:
        """Return the proposal, or raise NotFoundError."""
        ...

    async def of_messages(
        self, circle_id: CircleId, messages: Collection[CapReference]
    ) -> tuple[IncidentProposal, ...]:
        """Return the proposals from these messages, by sender and identifier."""
        ...

    async def referring_to(self, circle_id: CircleId, message: CapReference) -> tuple[IncidentProposal, ...]:
        """Return the proposals whose messages refer to this one, by sender and identifier."""
        ...

    async def search(self, circle_id: CircleId, query: ProposalQuery) -> tuple[IncidentProposal, ...]:
        """Return a page, the last received first; raise NotFoundError when there is no proposal `before`."""
        ...

    async def put_state(self, proposal: IncidentProposal) -> None:
        """Keep what became of a proposal, when and by whom."""
        ...

    async def delete_old(self, *, before: datetime) -> int:
        """Remove what was received before a time, and return how many."""
        ...
