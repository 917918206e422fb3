"""Repository of imports."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from responder.domain.ids import CircleId, ImportId
from responder.domain.map.feature_import import FeatureImport, ImportedFeature, ImportMapping, Noun, SourceKey


class Imports(Protocol):
    """Files that were taken into circles."""

    async def lock(self, circle_id: CircleId) -> None:
        """Wait until no other import into the circle is under way, and keep others waiting."""
        ...

    async def keys(
        self, circle_id: CircleId, noun: Noun, *, source: str, among: Sequence[str]
    ) -> tuple[SourceKey, ...]:
        """Return all keys of the source, and those of other sources that are among some."""
        ...

    async def put_keys(self, circle_id: CircleId, noun: Noun, keys: Sequence[SourceKey]) -> None:
        """Keep by what things are known in their sources."""
        ...

    async def add(self, record: FeatureImport, features: Sequence[ImportedFeature]) -> None:
        """Keep that a file was taken, and how it left each thing that it wrote."""
        ...

    async def of_circle(self, circle_id: CircleId) -> tuple[FeatureImport, ...]:
        """Return the imports of the circle, the latest first."""
        ...

    async def get(self, circle_id: CircleId, import_id: ImportId) -> FeatureImport:
        """Return the import, or raise NotFoundError."""
        ...

    async def features(self, circle_id: CircleId, import_id: ImportId) -> tuple[ImportedFeature, ...]:
        """Return what an import wrote."""
        ...

    async def mark_removed(self, circle_id: CircleId, import_id: ImportId, *, at: datetime) -> None:
        """Keep that what the import brought was removed."""
        ...

    async def delete_keys_of(self, circle_id: CircleId, noun: Noun, ids: Collection[UUID]) -> None:
        """Remove by what some things are known, and that an import wrote them."""
        ...

    async def mapping(self, circle_id: CircleId, noun: Noun, source: str) -> ImportMapping | None:
        """Return how the source is read, if a person said it."""
        ...

    async def put_mapping(
        self, circle_id: CircleId, noun: Noun, source: str, mapping: ImportMapping | None
    ) -> None:
        """Keep how the source is read; None forgets it."""
        ...

    async def mappings(self, circle_id: CircleId) -> tuple[tuple[Noun, str, ImportMapping], ...]:
        """Return all mappings of the circle."""
        ...
