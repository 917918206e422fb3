"""Road networks as stored arrays, by content hash, and as lines to draw, by circle."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, cast

import shapely
from geoalchemy2 import Geometry
from geoalchemy2.shape import to_shape
from psycopg import AsyncConnection as PsycopgConnection
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.network.network import DisplayRoad
from responder.domain.errors import NoRoadNetworkError
from responder.domain.ids import CircleId
from responder.ports.people import Bbox
from responder.store.bbox import touching
from responder.store.metadata import METADATA, SRID, circle_id, positive

# Not a tenant's: roads come from public files, and circles of one city share one network.
ROAD_NETWORK = Table(
    "road_network",
    METADATA,
    Column("content_hash", Text, primary_key=True),
    Column("arrays", LargeBinary, nullable=False),
    CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name="content_hashed"),
)
ROAD = Table(
    "road",
    METADATA,
    circle_id(),
    Column("road_id", Integer, primary_key=True, autoincrement=False),
    Column("class", Text, nullable=False),
    Column("name", Text),
    Column("width_m", Float),
    Column("oneway", SmallInteger, nullable=False),
    Column("layer", SmallInteger, nullable=False),
    Column("width_unread", Boolean, nullable=False, server_default=text("false")),
    Column("geometry", Geometry("LINESTRING", srid=SRID, spatial_index=False), nullable=False),
    positive("width_m"),
    Index("ix_road_geometry", "geometry", postgresql_using="gist"),
)
# Many rows at once come in by COPY, which row-level security does not know: so they come in beside the table.
_SENT = text("CREATE TEMPORARY TABLE road_sent (LIKE road)")
_COPY = (
    "COPY road_sent (circle_id, road_id, class, name, width_m, oneway, layer, width_unread, geometry)"
    " FROM STDIN"
)
_TAKE = (text("INSERT INTO road SELECT * FROM road_sent"), text("DROP TABLE road_sent"))
_BATCH = 5000


class PostgresRoadNetworks:
    """Road networks as stored arrays, and as lines to draw."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, content_hash: str, arrays: bytes) -> None:
        await self._connection.execute(
            insert(ROAD_NETWORK)
            .values(content_hash=content_hash, arrays=arrays)
            .on_conflict_do_nothing(index_elements=["content_hash"])
        )

    async def arrays(self, content_hash: str) -> bytes:
        found = await self._connection.execute(
            select(ROAD_NETWORK.c.arrays).where(ROAD_NETWORK.c.content_hash == content_hash)
        )
        arrays = found.scalar_one_or_none()
        if arrays is None:
            raise NoRoadNetworkError
        return bytes(arrays)

    async def replace_lines(self, circle_id: CircleId, lines: Iterable[DisplayRoad]) -> int:
        # One import of a circle at a time; not by the circle's own lock, for which alerts would have to wait.
        await self._connection.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"roads of {circle_id}", 0)))
        )
        await self._connection.execute(delete(ROAD).where(ROAD.c.circle_id == circle_id))
        await self._connection.execute(_SENT)
        raw = await self._connection.get_raw_connection()
        driver = cast("PsycopgConnection[Any]", raw.driver_connection)
        count = 0
        async with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
            rest = iter(lines)
            while batch := tuple(islice(rest, _BATCH)):
                for line, geometry in zip(batch, _hex_lines(batch), strict=True):
                    await copy.write_row(
                        (
                            circle_id,
                            line.road_id,
                            line.highway,
                            line.name,
                            line.width_m,
                            line.oneway,
                            line.layer,
                            line.width_unread,
                            geometry,
                        )
                    )
                count += len(batch)
        for statement in _TAKE:
            await self._connection.execute(statement)
        return count

    async def lines(self, circle_id: CircleId, *, bbox: Bbox, most: int) -> tuple[DisplayRoad, ...]:
        found = await self._connection.execute(
            select(ROAD)
            .where(ROAD.c.circle_id == circle_id, touching(ROAD.c.geometry, bbox))
            .order_by(func.ST_Length(ROAD.c.geometry).desc(), ROAD.c.road_id)
            .limit(most)
        )
        return tuple(
            DisplayRoad(
                road_id=row.road_id,
                coordinates=tuple((lon, lat) for lon, lat, *_ in to_shape(row.geometry).coords),
                highway=row._mapping["class"],  # noqa: SLF001 - SQLAlchemy's public name for it
                name=row.name,
                width_m=row.width_m,
                oneway=row.oneway,
                layer=row.layer,
                width_unread=row.width_unread,
            )
            for row in found
        )


def _hex_lines(lines: Iterable[DisplayRoad]) -> Any:  # noqa: ANN401 - an array of text
    geometries = [shapely.LineString(line.coordinates) for line in lines]
    return shapely.to_wkb(shapely.set_srid(geometries, SRID), hex=True, include_srid=True)
