"""Repository of what removing a thing touches."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from responder.domain.ids import CircleId
from responder.domain.map.feature_import import Noun


class Removals(Protocol):
    """Things that go, and what rests on them."""

    async def held(
        self, circle_id: CircleId, noun: Noun, ids: Collection[UUID], *, now: datetime
    ) -> Mapping[UUID, str]:
        """Return the things that something rests on, each with a code that says what."""
        ...

    async def release(self, circle_id: CircleId, noun: Noun, ids: Collection[UUID]) -> None:
        """Remove what ended closures and invitations say of things that go."""
        ...
