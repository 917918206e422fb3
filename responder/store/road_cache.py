"""Prepared road networks, kept in memory by content hash and the profiles they were prepared for."""

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from geo.network.network import RoadNetwork
from responder.domain.errors import NoRoadNetworkError
from responder.domain.ids import CircleId
from responder.ports import Database, Transaction
from responder.services.security_context import as_system

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

KEPT = 8
"""Networks kept in memory; a city takes some tens of megabytes."""
LOAD_MINUTES = 1


class RoadsKey(NamedTuple):
    """What a prepared network is known by."""

    roads_hash: str
    profiles_hash: str | None
    """None for the profiles that are shipped."""


class StoredRoads:
    """Has the prepared road network of every circle at hand, loading each once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._models: OrderedDict[RoadsKey, asyncio.Task[ReachModel]] = OrderedDict()
        self._keys: WeakKeyDictionary[ReachModel, RoadsKey] = WeakKeyDictionary()
        """Of the models that are in use, also those that are not kept any more."""

    async def model(self, circle_id: CircleId) -> "ReachModel":
        """
        Return the road network that the circle uses now, prepared for searching by its profiles.

        Raises
        ------
        NotFoundError
            There is no such circle.
        NoRoadNetworkError
            The circle has no roads yet.
        """
        async with self._database.begin() as transaction:
            key = await _key(transaction, circle_id)
        if key is None:
            raise NoRoadNetworkError
        return await self._loaded(key, circle_id)

    async def is_current(self, transaction: Transaction, circle_id: CircleId, model: "ReachModel") -> bool:
        key = await _key(transaction, circle_id)
        return key is not None and self._keys.get(model) == key

    async def _loaded(self, key: RoadsKey, circle_id: CircleId) -> "ReachModel":
        task = self._models.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            # A task of its own, so that the first caller may give up without cancelling it for the others.
            task = asyncio.create_task(self._load(key, circle_id))
            self._models[key] = task
        self._models.move_to_end(key)
        while len(self._models) > KEPT:
            self._models.popitem(last=False)
        return await asyncio.shield(task)

    async def _load(self, key: RoadsKey, circle_id: CircleId) -> "ReachModel":
        # It serves all later callers, not only the first.
        with as_system(circle_id):
            async with self._database.begin() as transaction:
                table = await transaction.profile_tables.get(circle_id)
                roads: RoadNetwork | bytes | None = self._network(key.roads_hash)
                if roads is None:
                    await transaction.allow_minutes(LOAD_MINUTES)
                    roads = await transaction.road_networks.arrays(key.roads_hash)
        if key.profiles_hash != (None if table is None else table.content_hash):
            # Changed since. This key stays free, for the circle may come back to these figures.
            self._models.pop(key, None)
            return await self.model(circle_id)
        model = await asyncio.to_thread(_prepared, roads, None if table is None else table.table)
        self._keys[model] = key
        return model

    def _network(self, roads_hash: str) -> RoadNetwork | None:
        """Return a network that is in memory for other profiles: its arrays are shared."""
        for key, task in self._models.items():
            if key.roads_hash == roads_hash and task.done() and not task.cancelled() and not task.exception():
                return task.result().network
        return None


async def _key(transaction: Transaction, circle_id: CircleId) -> RoadsKey | None:
    hashes = await transaction.circles.reach_hashes(circle_id)
    return None if hashes is None else RoadsKey(*hashes)


def _prepared(roads: RoadNetwork | bytes, table: dict[str, Any] | None) -> "ReachModel":
    # Comes with SciPy, which takes longer than many a network: loaded beside the event loop, and only where
    # there is a road to search.
    from geo.reach.model import ReachModel  # noqa: PLC0415 - see above

    network = roads if isinstance(roads, RoadNetwork) else RoadNetwork.from_bytes(roads)
    if table is None:
        return ReachModel(network)
    from responder.services.reach.profiles import prepared_profiles  # noqa: PLC0415 - a circle without its own needs none

    profiles, defaults = prepared_profiles(table)
    return ReachModel(network, profiles, defaults=defaults)
