"""Vector tiles made by PostGIS, so that the map needs no external server."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId

_TILE = text((Path(__file__).parent / "tile.sql").read_text(encoding="utf-8"))
_MAJOR = ("motorway", "trunk", "primary")
# `road` is OpenStreetMap's word for a road of unknown class: where a whole city is mapped so, it is the map.
_MIDDLE = (*_MAJOR, "secondary", "tertiary", "road")
MAJOR_BELOW_ZOOM = 10
MIDDLE_BELOW_ZOOM = 13
TILE_PIXELS = 512
EQUATOR_M = 40_075_016.686


class PostgresTiles:
    """Vector tiles of a circle."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def tile(self, circle_id: CircleId, *, z: int, x: int, y: int) -> bytes:
        found = await self._connection.execute(
            _TILE,
            {
                "circle_id": circle_id,
                "z": z,
                "x": x,
                "y": y,
                "classes": _classes(z),
                # Half a pixel: what is left out cannot be seen.
                "tolerance_m": EQUATOR_M / 2**z / TILE_PIXELS / 2,
            },
        )
        return bytes(found.scalar_one())


def _classes(z: int) -> list[str] | None:
    """Return which roads are drawn at a zoom; None is all of them."""
    if z >= MIDDLE_BELOW_ZOOM:
        return None
    shown = _MAJOR if z < MAJOR_BELOW_ZOOM else _MIDDLE
    return [name for base in shown for name in (base, f"{base}_link")]
