"""What has a name and can be seen from afar: buildings and facilities near a point."""

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.coordinates.local_plane import LocalPlane
from geo.lonlat import LonLat
from responder.domain.ids import CircleId
from responder.ports.map import Landmark
from responder.store.bbox import touching
from responder.store.map.building import BUILDING
from responder.store.map.facility import FACILITY
from responder.store.metadata import SRID

CANDIDATES = 4
"""Nearest in degrees, of each kind: which is nearest in metres is one of them."""


class PostgresLandmarks:
    """Buildings and facilities with a name."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def near(self, circle_id: CircleId, lonlat: LonLat, *, within_m: float) -> tuple[Landmark, ...]:
        east, north = LocalPlane(lon=lonlat.lon, lat=lonlat.lat).metres_per_degree
        dlon, dlat = within_m / east, within_m / north
        around = (
            max(-180.0, lonlat.lon - dlon),
            max(-90.0, lonlat.lat - dlat),
            min(180.0, lonlat.lon + dlon),
            min(90.0, lonlat.lat + dlat),
        )
        point = func.ST_SetSRID(func.ST_MakePoint(literal(lonlat.lon), literal(lonlat.lat)), SRID)
        parts = []
        for table in (BUILDING, FACILITY):
            nearest = func.ST_ClosestPoint(table.c.geometry, point)
            parts.append(
                select(
                    table.c.name,
                    table.c.name_en,
                    func.ST_X(nearest).label("lon"),
                    func.ST_Y(nearest).label("lat"),
                    literal(table is BUILDING).label("is_building"),
                )
                .where(table.c.circle_id == circle_id, table.c.name != "")
                .where(touching(table.c.geometry, around))
                .order_by(func.ST_Distance(table.c.geometry, point))
                .limit(CANDIDATES)
                .subquery()
            )
        found = await self._connection.execute(union_all(*(select(part) for part in parts)))
        return tuple(
            Landmark(
                name=row.name,
                name_en=row.name_en,
                place=LonLat(row.lon, row.lat),
                is_building=row.is_building,
            )
            for row in found
        )
