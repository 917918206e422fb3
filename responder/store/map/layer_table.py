"""A table of things that a circle has many of, each with an id, and the queries that all of them need."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import CircleId
from responder.ports.people import Bbox
from responder.store.bbox import one_of, touching
from responder.store.metadata import AnyRow
from responder.store.upsert import upsert

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTable(Generic[Thing]):
    """A table, and how a thing becomes a row of it and is read again."""

    name: str
    """In paths and counts, such as `hazards`."""
    table: Table
    to_row: Callable[[Thing], dict[str, Any]]
    """Without the circle's id."""
    to_thing: Callable[[AnyRow], Thing]
    listed: ColumnElement[bool] | None = None
    """Which rows `of_circle` lists; all without it."""
    people: tuple[str, ...] = ()
    """Columns with JSON lists of people, each with a `name`: export and erasure of a person look there."""


class PostgresLayer(Generic[Thing]):
    """What a circle has many of; see `ports.map.Layer`."""

    def __init__(self, connection: AsyncConnection, layer: LayerTable[Thing]) -> None:
        self._connection = connection
        self._layer = layer
        self._columns = layer.table.c

    async def of_circle(self, circle_id: CircleId, *, bbox: Bbox | None = None) -> tuple[Thing, ...]:
        listed = true() if self._layer.listed is None else self._layer.listed
        return await self._select(circle_id, listed, true() if bbox is None else self._touching(bbox))

    async def get(self, circle_id: CircleId, thing_id: UUID) -> Thing:
        found = await self._select(circle_id, self._columns.id == thing_id)
        if not found:
            raise NotFoundError
        return found[0]

    async def among(
        self, circle_id: CircleId, ids: Collection[UUID], *, bbox: Bbox | None = None
    ) -> tuple[Thing, ...]:
        near = false() if bbox is None else self._touching(bbox)
        return await self._select(circle_id, or_(one_of(self._columns.id, list(ids)), near))

    async def add(self, circle_id: CircleId, things: Sequence[Thing]) -> None:
        rows = [{"circle_id": circle_id, **self._layer.to_row(thing)} for thing in things]
        await upsert(self._connection, self._layer.table, rows)

    async def remove(self, circle_id: CircleId, ids: Collection[UUID]) -> None:
        wanted = one_of(self._columns.id, list(ids))
        await self._connection.execute(
            delete(self._layer.table).where(self._columns.circle_id == circle_id, wanted)
        )

    def _touching(self, bbox: Bbox) -> ColumnElement[bool]:
        return touching(self._columns.geometry, bbox)

    async def _select(self, circle_id: CircleId, *conditions: ColumnElement[bool]) -> tuple[Thing, ...]:
        found = await self._connection.execute(
            select(self._layer.table)
            .where(self._columns.circle_id == circle_id, *conditions)
            .order_by(self._columns.id)
        )
        return tuple(map(self._layer.to_thing, found))
