"""Look only within a box."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func

from responder.services.ports.people import Bbox
from responder.store.metadata import SRID

Rows = TypeVar("Rows", bound=tuple[Any, ...])


def within(
    query: Select[*tuple[Any, ...]], column: ColumnElement[Any], bbox: Bbox | None
) -> Select[*tuple[Any, ...]]:
    """Return the query for what touches the box; unchanged without one."""
    if bbox is None:
        return query
    envelope = func.ST_MakeEnvelope(*bbox, SRID)
    # The operator is what the index knows; the function says whether more than the boxes touch.
    return query.where(column.op("&&")(envelope), func.ST_Intersects(column, envelope))
