"""Repository of what people observe in drills."""

from typing import Protocol

from responder.domain.drills.observation import Observation
from responder.domain.ids import CircleId, DrillId, ObservationId
from responder.ports.photos import Photo


class Observations(Protocol):
    """What people observe in drills."""

    async def add(self, observation: Observation) -> bool:
        """Keep an observation; False when one with its id is there already, and nothing is changed."""
        ...

    async def put(self, observation: Observation) -> None:
        """Put this in the place of the observation with its id; its picture stays."""
        ...

    async def find(self, circle_id: CircleId, observation_id: ObservationId) -> Observation | None:
        """Return an observation; None when there is none with that id."""
        ...

    async def of_drill(self, circle_id: CircleId, drill_id: DrillId) -> tuple[Observation, ...]:
        """Return what was observed in a drill, the first seen first."""
        ...

    async def put_photo(self, circle_id: CircleId, observation_id: ObservationId, photo: Photo) -> None:
        """Keep the picture of an observation in the place of the one it may have had."""
        ...

    async def photo(self, circle_id: CircleId, observation_id: ObservationId) -> Photo | None:
        """Return the picture of an observation; None when it has none."""
        ...
