"""Repository of pictures that injects of drills carry."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from responder.domain.ids import CircleId, DrillId, PhotoId
from responder.ports.photos import Photo


class InjectPhotos(Protocol):
    """Pictures that injects of drills carry."""

    async def add(
        self, circle_id: CircleId, drill_id: DrillId, photo_id: PhotoId, photo: Photo, *, at: datetime
    ) -> None:
        """Keep a picture for a drill; if it has one by that id already, nothing is changed."""
        ...

    async def copy(self, circle_id: CircleId, drill_id: DrillId, photo_ids: Collection[PhotoId]) -> None:
        """Keep for a drill as well what other drills of the circle have by these ids."""
        ...

    async def of_drill(self, circle_id: CircleId, drill_id: DrillId) -> dict[PhotoId, datetime]:
        """Return when each picture of a drill was added."""
        ...

    async def find(self, circle_id: CircleId, drill_id: DrillId, photo_id: PhotoId) -> Photo | None:
        """Return a picture of a drill; None when it has none by that id."""
        ...

    async def delete(self, circle_id: CircleId, drill_id: DrillId, photo_ids: Collection[PhotoId]) -> None:
        """Forget pictures of a drill."""
        ...
