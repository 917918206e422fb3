"""Before the first alert: have in memory what it will need, while the process serves already."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from starlette.concurrency import run_in_threadpool

from geo.errors import GeoError
from geo.lonlat import LonLat
from responder.domain.errors import ResponderError
from responder.domain.incidents.incident import Severity
from responder.domain.map.circle import Circle
from responder.domain.people.access import operator
from responder.ports import Database, DatabaseAwayError, Roads, Transaction
from responder.ports.clock import SystemClock
from responder.ports.database import Impairment
from responder.services.circles.create import list_circles
from responder.services.incidents.catalogue import ALWAYS_OFFERED
from responder.services.incidents.place_names import ROAD_M
from responder.services.incidents.raise_alert import NewIncident, raise_alert
from responder.services.reach.preview import draw_isochrones
from responder.store.road_cache import KEPT
from responder.terminal.gc_freeze import freeze_gc

AGAIN_S = 1.0

_log = logging.getLogger(__name__)


async def warm(database: Database, roads: Roads, *, prepared: asyncio.Event) -> None:
    """
    Prepare the roads of the circles, as many as are kept in memory, and set `prepared`.

    A database that is away is waited for.
    """
    # The first request would import what this needs, some 30 ms.
    await run_in_threadpool(list)
    while not prepared.is_set():
        try:
            await _warm_all(database, roads)
        except DatabaseAwayError:
            await asyncio.sleep(AGAIN_S)
        else:
            freeze_gc()
            prepared.set()


async def _warm_all(database: Database, roads: Roads) -> None:
    for circle in (await list_circles(database))[:KEPT]:
        try:
            await _rehearse(database, roads, circle)
        except DatabaseAwayError:
            raise
        except (ResponderError, GeoError) as error:
            _log.debug("nothing to prepare for %s: %s", circle.name, error)
        except Exception:  # noqa: BLE001 - the alert that needs them will say what is wrong
            _log.exception("the roads of %s cannot be prepared", circle.name)


async def _rehearse(database: Database, roads: Roads, circle: Circle) -> None:
    """Do all that an alert does, save the commit, and draw a band, so that nothing is left to the first."""
    lon, lat = circle.centre
    new = NewIncident(kind=ALWAYS_OFFERED, severity=Severity.BLUE, exercise=True, lon=lon, lat=lat, label="…")
    with suppress(_NeverMindError):
        await raise_alert(
            _Uncommitted(database),
            roads,
            viewer=operator(circle.id),
            new=new,
            idempotency_key=str(uuid4()),
            clock=SystemClock(),
        )
    # An unnamed place takes its name from the roads.
    model = await roads.model(circle.id)
    await asyncio.to_thread(model.road_names.nearest, LonLat(lon, lat), within_m=ROAD_M)
    await draw_isochrones(
        database,
        roads,
        viewer=operator(circle.id),
        lonlat=LonLat(lon, lat),
        profile="foot",
        limits_s=(circle.limit_s,),
        clock=SystemClock(),
    )


class _NeverMindError(Exception):
    """Undoes a transaction that was not meant."""


class _Uncommitted:
    """A database that rolls back every transaction, so that no one is notified."""

    def __init__(self, database: Database) -> None:
        self.snapshot = database.snapshot
        self.check = database.check
        self._database = database

    @property
    def impaired(self) -> Impairment | None:
        """What the database cannot do at the moment."""
        return self._database.impaired

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Begin a transaction that is undone whatever happens in the block."""
        async with self._database.begin() as transaction:
            yield transaction
            raise _NeverMindError
