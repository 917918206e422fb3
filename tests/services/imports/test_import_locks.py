"""An import and a change of one of its rows at the same moment: one waits, none fails."""

import asyncio
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from shapely.geometry import Point, shape

from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit
from responder.services.imports.features import Noun, import_features
from responder.store.install_state import libpq_url
from tests.patience import PATIENCE_S
from tests.services.conftest import World
from tests.services.feature_tables import table_of

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def one_waits(world: World, *, count: int = 1) -> None:
    """Return once `count` transactions wait for a lock."""
    async with (
        asyncio.timeout(PATIENCE_S),
        await psycopg.AsyncConnection.connect(libpq_url(world.url), autocommit=True) as connection,
    ):
        while True:
            found = await (await connection.execute(WAITING)).fetchone()
            if found is not None and found[0] >= count:
                return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(("noun", "kind"), [(Noun.UNITS, Unit), (Noun.HAZARDS, Hazard)])
async def test_an_import_locks_the_circle_before_rows_that_others_change_under_its_lock(
    world: World, noun: Noun, kind: type[Any]
) -> None:
    async with world.database.begin() as transaction:
        first, *_ = await transaction.layer(kind).of_circle(world.circle.id)
    row: dict[str, Any] = {"id": str(first.id), "name": "改名", "kind": first.kind}
    place = Point(first.post) if isinstance(first, Unit) else shape(first.geometry)
    if isinstance(first, Unit):
        async with world.database.begin() as transaction:
            partners = await transaction.partners.of_circle(world.circle.id)
        row |= {"profile": first.profile, "turnout_s": first.turnout_s, "people": first.people}
        row["partner"] = next(each.name for each in partners if each.id == first.partner_id)
    async with world.database.begin() as transaction:
        await transaction.circles.lock(world.circle.id)
        importing = asyncio.create_task(
            import_features(
                world.database,
                world.roads,
                viewer=await world.viewer("community"),
                noun=noun,
                table=table_of([row], [place]),
                clock=world.clock,
            )
        )
        await one_waits(world)
        await transaction.layer(kind).add(world.circle.id, [replace(first, name="先改")])
    assert (await importing).updated == 1
