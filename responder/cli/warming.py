"""Before the first alert: have in memory what it will need, while the process serves already."""

import asyncio
import logging

from geo.errors import GeoError
from geo.place import LonLat
from responder.domain.access import operator
from responder.domain.circle import Circle
from responder.domain.errors import ResponderError
from responder.services.make_circle import list_circles
from responder.services.ports import Database, Roads
from responder.services.ports.clock import SystemClock
from responder.services.show_reach import show_reach
from responder.store.roads import KEPT

_log = logging.getLogger(__name__)


async def warm(database: Database, roads: Roads, *, prepared: asyncio.Event) -> None:
    """Prepare the roads of the circles, as many as are kept in memory, and set `prepared`."""
    for circle in (await list_circles(database))[:KEPT]:
        try:
            await _ask(database, roads, circle)
        except (ResponderError, GeoError) as error:
            _log.debug("nothing to prepare for %s: %s", circle.name, error)
        except Exception:  # noqa: BLE001 - the alert that needs them will say what is wrong
            _log.exception("the roads of %s cannot be prepared", circle.name)
    prepared.set()


async def _ask(database: Database, roads: Roads, circle: Circle) -> None:
    """Ask what an alert would ask; what is made on first use is then made, from SQL to search layers."""
    await show_reach(
        database, roads, viewer=operator(circle.id), lonlat=LonLat(*circle.centre), clock=SystemClock()
    )
