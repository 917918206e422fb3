"""Keys of requests that were acted upon."""

from datetime import datetime

from sqlalchemy import Column, ForeignKeyConstraint, Table, Text, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId, IncidentId
from responder.ports.incidents import KeyUse
from responder.store.metadata import METADATA, circle_id, time

IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    circle_id(),
    Column("account_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("incident_id", Uuid, nullable=False),
    time("at"),
    ForeignKeyConstraint(["circle_id", "incident_id"], ["incident.circle_id", "incident.id"]),
)

# As the driver takes them: they stand between a tap and the call.
_FIND = text("""
    SELECT request_hash, incident_id FROM idempotency
    WHERE circle_id = :circle_id AND account_id = :account_id AND key = :key
""")
_ADD = text("""
    INSERT INTO idempotency (circle_id, account_id, key, request_hash, incident_id, at)
    VALUES (:circle_id, :account_id, :key, :request_hash, :incident_id, :at)
""")


class PostgresIdempotencyKeys:
    """Keys of requests that were acted upon."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, circle_id: CircleId, account_id: AccountId, key: str) -> KeyUse | None:
        found = await self._connection.execute(
            _FIND, {"circle_id": circle_id, "account_id": account_id, "key": key}
        )
        row = found.one_or_none()
        return None if row is None else KeyUse(row.request_hash, IncidentId(row.incident_id))

    async def add(
        self, circle_id: CircleId, account_id: AccountId, key: str, *, use: KeyUse, at: datetime
    ) -> None:
        await self._connection.execute(
            _ADD,
            {"circle_id": circle_id, "account_id": account_id, "key": key, "at": at, **use._asdict()},
        )
