"""The demo circle on a database of its own, and the people in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import pytest

from geo.lonlat import LonLat
from responder.domain.errors import SimilarIncidentError
from responder.domain.ids import IncidentId, UnitId
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.map.unit import Unit
from responder.domain.people.access import Viewer
from responder.embedded import Cluster
from responder.services.incidents.raise_alert import NewIncident, raise_alert
from responder.store.database import PostgresDatabase, connect
from responder.store.road_cache import StoredRoads
from tests.databases import copy_of


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    time: datetime = field(default_factory=lambda: datetime(2025, 11, 3, 6, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class World:
    """A circle that is loaded, with its parts at hand."""

    database: PostgresDatabase
    roads: StoredRoads
    clock: SetClock
    circle: Circle
    url: str

    async def viewer(self, username: str) -> Viewer:
        async with self.database.begin() as transaction:
            stored = await transaction.accounts.find(username)
            assert stored is not None, username
            return await transaction.memberships.viewer(stored.account.id, self.circle.id)

    async def building(self, name: str) -> Building:
        async with self.database.begin() as transaction:
            found = await transaction.layer(Building).of_circle(self.circle.id)
        return next(building for building in found if building.name == name)

    async def unit(self, unit_id: UnitId) -> Unit:
        async with self.database.begin() as transaction:
            return await transaction.layer(Unit).get(self.circle.id, unit_id)

    async def raise_at(
        self,
        building: str = "脑科巷7栋",
        *,
        by: str = "community",
        exercise: bool = False,
        key: str | None = None,
        note: str = "",
        kind: str = "smoke",
        severity: Severity | None = Severity.ORANGE,
        at: LonLat | None = None,
    ) -> IncidentDetail:
        new = NewIncident(
            kind=kind,
            severity=severity,
            exercise=exercise,
            note=note,
            building_id=None if at else (await self.building(building)).id,
            lon=None if at is None else at.lon,
            lat=None if at is None else at.lat,
        )
        return await raise_separately(self, new, by=by, key=key)


async def raise_separately(
    world: World, new: NewIncident, *, by: str = "community", key: str | None = None
) -> IncidentDetail:
    """Raise an alert that is the same as no other nearby."""
    viewer, key = await world.viewer(by), key or str(uuid4())

    async def attempt(new: NewIncident) -> IncidentDetail:
        return await raise_alert(
            world.database, world.roads, viewer=viewer, new=new, idempotency_key=key, clock=world.clock
        )

    try:
        return await attempt(new)
    except SimilarIncidentError as asked:
        candidates = cast("list[dict[str, str]]", asked.detail["candidates"])
        others = tuple(IncidentId(UUID(each["incident_id"])) for each in candidates)
        return await attempt(replace(new, not_same_as=others))


@pytest.fixture
async def world(cluster: Cluster, demo_template: str) -> AsyncIterator[World]:
    with copy_of(cluster, demo_template) as url:
        database = connect(url)
        async with database.begin() as transaction:
            [circle] = await transaction.circles.everything()
        yield World(database=database, roads=StoredRoads(database), clock=SetClock(), circle=circle, url=url)
        await database.dispose()
