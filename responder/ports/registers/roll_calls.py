"""Repository of roll-calls: their doors, and everything that was said of them."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from responder.domain.ids import BuildingId, CircleId, IncidentId, RollCallMarkId
from responder.domain.incidents.incident import Incident
from responder.domain.people.access import Viewer
from responder.domain.registers.roll_call import RollCall, RollCallDoor, RollCallMark


class KnownMark(NamedTuple):
    """A mark with the incident it belongs to."""

    incident_id: IncidentId
    mark: RollCallMark


class Excerpt(NamedTuple):
    """Some doors of a roll-call, and how many it has."""

    roll_call: RollCall
    doors: int


class RollCalls(Protocol):
    """Roll-calls of incidents and drills."""

    async def incident(self, viewer: Viewer, incident_id: IncidentId) -> Incident:
        """Return the incident, or raise NotFoundError when it does not concern the viewer."""
        ...

    async def find(self, circle_id: CircleId, incident_id: IncidentId) -> RollCall | None:
        """Return the roll-call of an incident; None before it was begun."""
        ...

    async def excerpt(
        self, circle_id: CircleId, incident_id: IncidentId, *, of: Collection[tuple[BuildingId, str]]
    ) -> Excerpt | None:
        """Return the roll-call with no doors but these, and how many it has; None before it was begun."""
        ...

    async def put(self, circle_id: CircleId, incident_id: IncidentId, roll_call: RollCall) -> None:
        """Keep a roll-call with exactly these doors; what was said of them stays."""
        ...

    async def put_doors(
        self, circle_id: CircleId, incident_id: IncidentId, doors: Sequence[RollCallDoor]
    ) -> None:
        """Keep these doors in the place of those with their labels, or beside them."""
        ...

    async def known(
        self, circle_id: CircleId, mark_ids: Collection[RollCallMarkId]
    ) -> dict[RollCallMarkId, KnownMark]:
        """Return those of the marks that were kept before."""
        ...

    async def add(self, circle_id: CircleId, incident_id: IncidentId, marks: Sequence[RollCallMark]) -> None:
        """Keep marks."""
        ...

    async def marks(
        self,
        circle_id: CircleId,
        incident_id: IncidentId,
        *,
        of: Collection[tuple[BuildingId, str]] | None = None,
        newest: int | None = None,
    ) -> tuple[RollCallMark, ...]:
        """Return all marks, the last first; with `of` those of these doors, `newest` so many at most."""
        ...
