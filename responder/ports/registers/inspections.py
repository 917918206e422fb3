"""Repository of inspections of shared facilities."""

from dataclasses import dataclass
from typing import Protocol

from responder.domain.ids import CircleId, FacilityId, InspectionId
from responder.domain.registers.inspection import Inspection
from responder.ports.photos import Photo


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionQuery:
    """Which inspections to list, the last first."""

    facility_id: FacilityId | None = None
    """Only those of this facility."""
    before: InspectionId | None = None
    """Only those made before this one: the next page."""
    limit: int


class Inspections(Protocol):
    """What was found when facilities were inspected."""

    async def add(self, inspection: Inspection) -> None:
        """Keep an inspection."""
        ...

    async def find(self, circle_id: CircleId, inspection_id: InspectionId) -> Inspection | None:
        """Return the inspection, if the circle has it."""
        ...

    async def search(self, circle_id: CircleId, query: InspectionQuery) -> tuple[Inspection, ...]:
        """Return a page, the last first; raise NotFoundError when there is no inspection `before`."""
        ...

    async def put_photo(self, circle_id: CircleId, inspection_id: InspectionId, photo: Photo) -> None:
        """Keep a picture of what was found, in the place of one before."""
        ...

    async def photo(self, circle_id: CircleId, inspection_id: InspectionId) -> Photo | None:
        """Return the picture of what was found, if there is one."""
        ...
