"""Each circle's own kinds of incident and warning colours."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import CheckConstraint, Column, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.ports.incidents import StoredCatalogue
from responder.store.metadata import METADATA, circle_id, time
from responder.store.upsert import upsert

ALERT_CATALOGUE = Table(
    "alert_catalogue",
    METADATA,
    circle_id(),
    Column("version", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    time("set_at"),
    CheckConstraint("version ~ '^[0-9a-f]{64}$'", name="version_hashed"),
)

_CATALOGUE: TypeAdapter[AlertCatalogue] = TypeAdapter(AlertCatalogue)


class PostgresAlertCatalogues:
    """Each circle's own kinds of incident and warning colours."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, circle_id: CircleId) -> StoredCatalogue | None:
        found = await self._connection.execute(
            select(ALERT_CATALOGUE).where(ALERT_CATALOGUE.c.circle_id == circle_id)
        )
        row = found.one_or_none()
        if row is None:
            return None
        return StoredCatalogue(
            version=row.version, catalogue=_CATALOGUE.validate_python(row.body), set_at=row.set_at
        )

    async def put(
        self, circle_id: CircleId, catalogue: AlertCatalogue, *, version: str, at: datetime
    ) -> None:
        row = {
            "circle_id": circle_id,
            "version": version,
            "body": _CATALOGUE.dump_python(catalogue, mode="json"),
            "set_at": at,
        }
        await upsert(self._connection, ALERT_CATALOGUE, [row])
