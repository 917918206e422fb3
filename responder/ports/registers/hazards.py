"""Repositories of the life of hazards: their steps, pictures and rules."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from responder.domain.ids import CircleId, HazardId, PhotoId
from responder.domain.registers.hazard_life import HazardStep
from responder.domain.registers.hazard_rules import HazardRules
from responder.ports.photos import Photo


class HazardSteps(Protocol):
    """What was done about each hazard."""

    async def add(self, steps: Sequence[HazardStep]) -> None:
        """Keep steps."""
        ...

    async def of_hazard(self, circle_id: CircleId, hazard_id: HazardId) -> tuple[HazardStep, ...]:
        """Return what was done about a hazard, in order."""
        ...

    async def closed_before(self, circle_id: CircleId, *, within_m: float) -> Mapping[HazardId, int]:
        """
        Count for hazards that are not closed how many closed ones of their kind are at the same place.

        The same place is the same building, or not further than `within_m`. What has none is left out.
        """
        ...

    async def rules(self, circle_id: CircleId) -> HazardRules | None:
        """Return the circle's own rules, if it has some."""
        ...

    async def put_rules(self, circle_id: CircleId, rules: HazardRules) -> None:
        """Keep the circle's own rules."""
        ...


class HazardPhotos(Protocol):
    """Pictures of hazards, each whole and small."""

    async def add(
        self,
        circle_id: CircleId,
        hazard_id: HazardId,
        photo_id: PhotoId,
        photo: Photo,
        *,
        small: Photo,
        at: datetime,
    ) -> None:
        """Keep a picture; if the hazard has one by that id already, nothing is changed."""
        ...

    async def of_hazard(self, circle_id: CircleId, hazard_id: HazardId) -> Mapping[PhotoId, datetime]:
        """Return when each picture of a hazard was added."""
        ...

    async def find(
        self, circle_id: CircleId, hazard_id: HazardId, photo_id: PhotoId, *, small: bool
    ) -> Photo | None:
        """Return a picture of a hazard; None when it has none by that id."""
        ...

    async def delete(self, circle_id: CircleId, hazard_id: HazardId, photo_ids: Collection[PhotoId]) -> None:
        """Forget pictures of a hazard."""
        ...
