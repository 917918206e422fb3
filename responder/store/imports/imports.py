"""Imports: records, what each brought, by what things are known in their sources, mappings."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, delete, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, CircleId, ImportId
from responder.domain.map.feature_import import (
    FeatureImport,
    ImportCounts,
    ImportedFeature,
    ImportMapping,
    ImportSource,
    Noun,
    SourceKey,
)
from responder.store.bbox import one_of
from responder.store.imports.import_tables import FEATURE_IMPORT, IMPORT_MAPPING, IMPORTED_FEATURE, SOURCE_KEY
from responder.store.metadata import AnyRow
from responder.store.upsert import upsert


class PostgresImports:
    """Files that were taken into circles."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, circle_id: CircleId) -> None:
        # Not the circle's row, which alerts need: an import may take minutes.
        await self._connection.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"import/{circle_id}", 0)))
        )

    async def keys(
        self, circle_id: CircleId, noun: Noun, *, source: str, among: Sequence[str]
    ) -> tuple[SourceKey, ...]:
        wanted = SOURCE_KEY.c.key.in_(select(func.unnest(literal(list(among), ARRAY(Text)))))
        found = await self._connection.execute(
            select(SOURCE_KEY.c.source, SOURCE_KEY.c.key, SOURCE_KEY.c.thing_id)
            .where(
                SOURCE_KEY.c.circle_id == circle_id,
                SOURCE_KEY.c.noun == noun.value,
                or_(SOURCE_KEY.c.source == source, wanted),
            )
            .order_by(SOURCE_KEY.c.thing_id)
        )
        return tuple(SourceKey(source=row.source, key=row.key, thing_id=row.thing_id) for row in found)

    async def put_keys(self, circle_id: CircleId, noun: Noun, keys: Sequence[SourceKey]) -> None:
        rows = [{"circle_id": circle_id, "noun": noun.value, **asdict(each)} for each in keys]
        await upsert(self._connection, SOURCE_KEY, rows)

    async def add(self, record: FeatureImport, features: Sequence[ImportedFeature]) -> None:
        await self._connection.execute(
            insert(FEATURE_IMPORT),
            {
                "circle_id": record.circle_id,
                "id": record.id,
                "noun": record.noun,
                "source": record.source.name,
                "source_declared": record.source.is_declared,
                "file_name": record.source.file_name,
                "at": record.at,
                "account_id": record.by,
                "account_name": record.by_name,
                **asdict(record.counts),
            },
        )
        if features:
            brought = {"circle_id": record.circle_id, "import_id": record.id}
            await self._connection.execute(
                insert(IMPORTED_FEATURE),
                [{**brought, **asdict(each), "noun": each.noun.value} for each in features],
            )

    async def of_circle(self, circle_id: CircleId) -> tuple[FeatureImport, ...]:
        found = await self._connection.execute(
            select(FEATURE_IMPORT)
            .where(FEATURE_IMPORT.c.circle_id == circle_id)
            .order_by(FEATURE_IMPORT.c.at.desc(), FEATURE_IMPORT.c.id)
        )
        return tuple(_import(row) for row in found)

    async def get(self, circle_id: CircleId, import_id: ImportId) -> FeatureImport:
        found = await self._connection.execute(
            select(FEATURE_IMPORT).where(
                FEATURE_IMPORT.c.circle_id == circle_id, FEATURE_IMPORT.c.id == import_id
            )
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return _import(row)

    async def features(self, circle_id: CircleId, import_id: ImportId) -> tuple[ImportedFeature, ...]:
        found = await self._connection.execute(
            select(IMPORTED_FEATURE)
            .where(IMPORTED_FEATURE.c.circle_id == circle_id, IMPORTED_FEATURE.c.import_id == import_id)
            .order_by(IMPORTED_FEATURE.c.noun, IMPORTED_FEATURE.c.thing_id)
        )
        return tuple(
            ImportedFeature(
                noun=Noun(row.noun), thing_id=row.thing_id, is_new=row.is_new, fingerprint=row.fingerprint
            )
            for row in found
        )

    async def mark_removed(self, circle_id: CircleId, import_id: ImportId, *, at: datetime) -> None:
        await self._connection.execute(
            update(FEATURE_IMPORT)
            .where(FEATURE_IMPORT.c.circle_id == circle_id, FEATURE_IMPORT.c.id == import_id)
            .values(removed_at=at)
        )

    async def delete_keys_of(self, circle_id: CircleId, noun: Noun, ids: Collection[UUID]) -> None:
        for table in (SOURCE_KEY, IMPORTED_FEATURE):
            await self._connection.execute(
                delete(table).where(
                    table.c.circle_id == circle_id,
                    table.c.noun == noun.value,
                    one_of(table.c.thing_id, list(ids)),
                )
            )

    async def mapping(self, circle_id: CircleId, noun: Noun, source: str) -> ImportMapping | None:
        found = await self._connection.execute(
            select(IMPORT_MAPPING.c.body).where(
                IMPORT_MAPPING.c.circle_id == circle_id,
                IMPORT_MAPPING.c.noun == noun.value,
                IMPORT_MAPPING.c.source == source,
            )
        )
        body = found.scalar_one_or_none()
        return None if body is None else ImportMapping(**body)

    async def put_mapping(
        self, circle_id: CircleId, noun: Noun, source: str, mapping: ImportMapping | None
    ) -> None:
        key = {"circle_id": circle_id, "noun": noun.value, "source": source}
        if mapping is None:
            await self._connection.execute(
                delete(IMPORT_MAPPING).where(
                    *(IMPORT_MAPPING.c[name] == value for name, value in key.items())
                )
            )
            return
        await upsert(self._connection, IMPORT_MAPPING, [{**key, "body": asdict(mapping)}])

    async def mappings(self, circle_id: CircleId) -> tuple[tuple[Noun, str, ImportMapping], ...]:
        found = await self._connection.execute(
            select(IMPORT_MAPPING)
            .where(IMPORT_MAPPING.c.circle_id == circle_id)
            .order_by(IMPORT_MAPPING.c.source, IMPORT_MAPPING.c.noun)
        )
        return tuple((Noun(row.noun), row.source, ImportMapping(**row.body)) for row in found)


def _import(row: AnyRow) -> FeatureImport:
    return FeatureImport(
        id=ImportId(row.id),
        circle_id=CircleId(row.circle_id),
        noun=row.noun,
        source=ImportSource(name=row.source, is_declared=row.source_declared, file_name=row.file_name),
        at=row.at,
        by=None if row.account_id is None else AccountId(row.account_id),
        by_name=row.account_name,
        counts=ImportCounts(
            created=row.created,
            updated=row.updated,
            unchanged=row.unchanged,
            skipped=row.skipped,
            doubtful=row.doubtful,
        ),
        removed_at=row.removed_at,
    )
