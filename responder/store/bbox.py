"""Look only within a box, or for some ids."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from responder.ports.people import Bbox
from responder.store.metadata import SRID

Rows = TypeVar("Rows", bound=tuple[Any, ...])


def within(
    query: Select[*tuple[Any, ...]], column: ColumnElement[Any], bbox: Bbox | None
) -> Select[*tuple[Any, ...]]:
    """Return the query for what touches the box; unchanged without one."""
    if bbox is None:
        return query
    return query.where(touching(column, bbox))


def touching(column: ColumnElement[Any], bbox: Bbox) -> ColumnElement[bool]:
    """Return the condition that a geometry touches the box."""
    envelope = func.ST_MakeEnvelope(*bbox, SRID)
    # The operator is what the index knows; the function says whether more than the boxes touch.
    return and_(column.op("&&")(envelope), func.ST_Intersects(column, envelope))


def one_of(column: ColumnElement[Any], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Return the condition that an id is one of many: as one array, for a statement takes 65,535 values."""
    return column.in_(select(func.unnest(literal(list(ids), ARRAY(Uuid)))))
