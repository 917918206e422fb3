"""Repository of what removing a thing touches."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from responder.domain.ids import CircleId
from responder.domain.map.feature_import import Feature, Noun


class Removals(Protocol):
    """Things that go, and what rests on them."""

    async def things(self, circle_id: CircleId, noun: Noun, ids: Collection[UUID]) -> Mapping[UUID, Feature]:
        """Return those of the things that are there."""
        ...

    async def held(
        self, circle_id: CircleId, noun: Noun, ids: Collection[UUID], *, now: datetime
    ) -> Mapping[UUID, str]:
        """Return the things that something rests on, each with a code that says what."""
        ...

    async def remove(self, circle_id: CircleId, noun: Noun, ids: Collection[UUID]) -> None:
        """Remove things on which nothing rests, and what ended closures and invitations say of them."""
        ...
