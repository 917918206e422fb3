"""Who joins a unit at the very moment when an alert is found, written or extended is called, and once."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from responder.domain.errors import ResponderError
from responder.domain.ids import UnitId
from responder.services.imports.features import Noun, import_features
from responder.services.incidents import raise_alert as raising
from responder.services.incidents.response_circle import compute
from responder.store.incidents.delivery import PostgresDeliveries
from tests.services.conftest import World
from tests.services.feature_tables import table_of
from tests.services.incidents.joining import (
    JOINS,
    OTHER,
    WHO,
    Join,
    call_of,
    change,
    join_by_invitation,
    person,
    point,
    units,
)


@pytest.mark.parametrize("join", JOINS)
async def test_who_joins_while_ways_are_being_found_is_called_with_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, join: Join
) -> None:
    """The join is committed before the alert, which had read its units before."""
    own, _ = await units(world)
    await world.roads.model(world.circle.id)
    loop = asyncio.get_running_loop()

    def slow(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as compute has it
        found = compute(*args, **kwargs)
        asyncio.run_coroutine_threadsafe(join(world, own), loop).result(timeout=60)
        return found

    monkeypatch.setattr(raising, "compute", slow)
    detail = await world.raise_at()
    who = "li" if join is join_by_invitation else OTHER
    assert (await call_of(world, detail, who)).unit_id == own


@pytest.mark.parametrize("join", JOINS)
async def test_who_joins_while_an_alert_is_being_written_waits_for_it_and_is_called(
    world: World, monkeypatch: pytest.MonkeyPatch, join: Join
) -> None:
    """The alert has read who is in its units, and commits before the join."""
    own, _ = await units(world)
    joining: list[asyncio.Future[str]] = []
    original = raising.call

    def called(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as call has it
        joining.append(asyncio.ensure_future(join(world, own)))
        return original(*args, **kwargs)

    async def slow_add(*args: Any) -> None:  # noqa: ANN401 - as add has it
        await asyncio.sleep(0.5)
        assert not joining[0].done()
        await add(*args)

    add = PostgresDeliveries.add
    monkeypatch.setattr(raising, "call", called)
    monkeypatch.setattr(PostgresDeliveries, "add", slow_add)
    detail = await world.raise_at()
    monkeypatch.setattr(PostgresDeliveries, "add", add)
    who = await joining[0]
    assert (await call_of(world, detail, who)).unit_id == own


async def test_a_file_of_many_units_that_comes_while_ways_are_being_found_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many changes are told by another epoch of the log, not by events."""
    own, _ = await units(world)
    unit = await world.unit(own)
    row = {
        "partner": (await person(world, WHO)).partner_name,
        "kind": unit.kind,
        "profile": unit.profile,
        "turnout_s": 60,
    }
    rows = [{**row, "id": str(uuid4()), "name": f"新队{number}"} for number in range(101)]
    viewer = await world.viewer("community")
    await world.roads.model(world.circle.id)
    loop = asyncio.get_running_loop()
    once = iter([True])

    def slow(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as compute has it
        found = compute(*args, **kwargs)
        if next(once, False):
            imported = import_features(
                world.database,
                world.roads,
                viewer=viewer,
                noun=Noun.UNITS,
                table=table_of(rows, [point(unit.post)] * len(rows)),
                clock=world.clock,
            )
            asyncio.run_coroutine_threadsafe(imported, loop).result(timeout=60)
        return found

    monkeypatch.setattr(raising, "compute", slow)
    detail = await world.raise_at()
    names = {member.unit_name for member in detail.response_circle.members}
    assert names >= {each["name"] for each in rows}


async def test_several_who_join_leave_and_return_at_once_have_one_call_each(world: World) -> None:
    own, second = await units(world)
    detail = await world.raise_at()

    async def slot(*unit_ids: UnitId) -> None:
        try:
            await change(world, WHO, unit_ids=unit_ids)
        except ResponderError as error:
            raise AssertionError(error.code) from error

    await asyncio.gather(*(slot(*each) for each in [(own,), (), (second,), (own, second), ()] * 4))
    await slot(own)
    assert (await call_of(world, detail, WHO)).unit_ids == (own,)
