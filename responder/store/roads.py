"""Prepared road networks, kept in memory by content hash."""

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

from geo.network import RoadNetwork
from responder.domain.errors import NoRoadNetworkError
from responder.domain.ids import CircleId
from responder.services.ports import Database

if TYPE_CHECKING:
    from geo.reach import ReachModel

KEPT = 8
"""Networks kept in memory; a city takes some tens of megabytes."""
LOAD_MINUTES = 1


class StoredRoads:
    """Has the prepared road network of every circle at hand, loading each once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._models: OrderedDict[str, asyncio.Task[ReachModel]] = OrderedDict()

    async def model(self, circle_id: CircleId) -> "ReachModel":
        """
        Return the road network that the circle uses now, prepared for searching.

        Raises
        ------
        NotFoundError
            There is no such circle.
        NoRoadNetworkError
            The circle has no roads yet.
        """
        async with self._database.begin() as transaction:
            roads = await transaction.circles.roads(circle_id)
        if roads is None:
            raise NoRoadNetworkError
        return await self._loaded(roads.content_hash)

    async def _loaded(self, content_hash: str) -> "ReachModel":
        task = self._models.get(content_hash)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            # A task of its own, so that whoever asked first may give up without taking it from the others.
            task = asyncio.create_task(self._load(content_hash))
            self._models[content_hash] = task
        self._models.move_to_end(content_hash)
        while len(self._models) > KEPT:
            self._models.popitem(last=False)
        return await asyncio.shield(task)

    async def _load(self, content_hash: str) -> "ReachModel":
        async with self._database.begin() as transaction:
            await transaction.allow_minutes(LOAD_MINUTES)
            arrays = await transaction.road_networks.arrays(content_hash)
        return await asyncio.to_thread(_prepared, arrays)


def _prepared(arrays: bytes) -> "ReachModel":
    # Comes with SciPy, which takes longer than many a network: loaded beside the event loop, and only where
    # somebody has a road to search.
    from geo.reach import ReachModel  # noqa: PLC0415 - see above

    return ReachModel(RoadNetwork.from_bytes(arrays))
