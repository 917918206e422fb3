"""Circles without members, for what needs another circle."""

from responder.domain.map.circle import DEFAULT_LIMIT_S, Circle
from responder.ports import Database
from responder.services.circles.create import checked_circle, new_epoch


async def make_bare_circle(
    database: Database,
    *,
    name: str,
    name_en: str,
    centre: tuple[float, float],
    limit_s: float = DEFAULT_LIMIT_S,
) -> Circle:
    circle = checked_circle(name=name, name_en=name_en, centre=centre, limit_s=limit_s)
    async with database.begin() as transaction:
        await transaction.circles.add(circle, epoch=new_epoch())
    return circle
