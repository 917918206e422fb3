"""Add rows, or bring those that are there up to date."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows; one with the key of another takes its place."""
    if not rows:
        return
    statement = insert(table)
    fresh = {
        column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key
    }
    await connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=fresh), rows
    )
