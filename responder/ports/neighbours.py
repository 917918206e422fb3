"""Repositories of neighbouring circles: what they agreed on, and the help that is asked for."""

from collections.abc import Collection
from typing import NamedTuple, Protocol

from responder.domain.ids import CircleId, IncidentId
from responder.domain.ladder.neighbour import Neighbour, NeighbourCall


class OpenCall(NamedTuple):
    """Help that is asked for and not over, with how it stands now."""

    call: NeighbourCall
    called_now: int
    coming_now: int
    is_over: bool
    """The incident that it was asked for has ended."""
    is_behind: bool
    """That incident has alerts, or has come to a stage, of which the people who help do not know yet."""


class Neighbours(Protocol):
    """Agreements of neighbouring circles. Rows of two circles can be read by the system only."""

    async def of_circle(self, circle_id: CircleId) -> tuple[Neighbour, ...]:
        """Return the circle's own sides, by the other's id."""
        ...

    async def agreed_with(self, circle_id: CircleId) -> tuple[Neighbour, ...]:
        """Return the others' sides, by circle, of those agreements that have both."""
        ...

    async def put(self, neighbour: Neighbour) -> None:
        """Keep one side."""
        ...

    async def remove(self, circle_id: CircleId, neighbour_id: CircleId) -> bool:
        """Remove the circle's side; tell whether there was one."""
        ...

    async def ask(self, call: NeighbourCall) -> bool:
        """Ask for help; False when it was asked for already."""
        ...

    async def put_call(self, call: NeighbourCall) -> None:
        """Keep how a call for help stands."""
        ...

    async def find(self, call: NeighbourCall) -> NeighbourCall | None:
        """Return the call by the same circle for the same incident as it is kept; None when there is none."""
        ...

    async def move_call(self, call: NeighbourCall, *, to: IncidentId) -> None:
        """Let a call help another incident of the circle that asked, in place of one that is over."""
        ...

    async def open_calls(self, *, only: Collection[CircleId] | None = None) -> tuple[OpenCall, ...]:
        """Return calls for help that are not over, of all circles or of some that help; the oldest first."""
        ...
