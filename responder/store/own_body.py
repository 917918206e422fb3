"""Tables of what each circle has of its own as one body of JSON, with who set it when."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from sqlalchemy import CheckConstraint, Column, Table, Text, delete, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

Stored = TypeVar("Stored")
"""Has `circle_id`, `content_hash` (SHA-256 of the body), `set_at` and `set_by_name` beside its body."""


def own_body_table(name: str) -> Table:
    """Return a table with one row at most for each circle."""
    return Table(
        name,
        METADATA,
        circle_id(),
        Column("content_hash", Text, nullable=False),
        Column("body", JSONB, nullable=False),
        time("set_at"),
        Column("set_by_name", Text, nullable=False),
        CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name="content_hashed"),
    )


class OwnBodies(Generic[Stored]):
    """The rows of such a table; `table`, `_load` and `_body` say of which."""

    table: Table

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, circle_id: CircleId) -> Stored | None:
        found = await self._connection.execute(select(self.table).where(self.table.c.circle_id == circle_id))
        row = found.one_or_none()
        return None if row is None else self._load(row, _beside_the_body(row))

    async def content_hash(self, circle_id: CircleId) -> str | None:
        found = await self._connection.execute(
            select(self.table.c.content_hash).where(self.table.c.circle_id == circle_id)
        )
        return found.scalar_one_or_none()

    async def put(self, stored: Stored) -> None:
        await upsert(self._connection, self.table, [{**_beside_the_body(stored), "body": self._body(stored)}])

    async def remove(self, circle_id: CircleId) -> None:
        await self._connection.execute(delete(self.table).where(self.table.c.circle_id == circle_id))

    def _load(self, row: AnyRow, beside: Mapping[str, Any]) -> Stored:
        raise NotImplementedError

    def _body(self, stored: Stored) -> Any:  # noqa: ANN401 - JSON
        raise NotImplementedError


def _beside_the_body(stored: Any) -> dict[str, Any]:  # noqa: ANN401 - a row, or what was made of one
    return {name: getattr(stored, name) for name in ("circle_id", "content_hash", "set_at", "set_by_name")}
