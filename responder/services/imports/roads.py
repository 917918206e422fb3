"""Take roads from OpenStreetMap: the network to search and the lines to draw, all or nothing."""

import asyncio
from dataclasses import asdict

from geo.osm.roads import OsmRoads
from responder.domain.ids import CircleId
from responder.domain.map.circle import RoadsOfCircle
from responder.ports import Database, Transaction
from responder.services.circles.create import new_epoch

MINUTES = 10


async def import_roads(database: Database, *, circle_id: CircleId, read: OsmRoads) -> RoadsOfCircle:
    """
    Let the circle use the roads from now on; `recompute_due` finds its open incidents again by them.

    Raises
    ------
    NotFoundError
        There is no such circle.
    """
    async with database.begin() as transaction:
        await transaction.allow_minutes(MINUTES)
        await transaction.circles.get(circle_id)
        return await use_network(transaction, circle_id, read)


async def use_network(transaction: Transaction, circle_id: CircleId, read: OsmRoads) -> RoadsOfCircle:
    """Store the network and its lines as part of the transaction, and let the circle use them."""
    before = await transaction.circles.roads(circle_id)
    arrays = await asyncio.to_thread(read.network.to_bytes)
    lines = await asyncio.to_thread(lambda: list(read.network.display_lines()))
    roads = RoadsOfCircle(content_hash=read.network.content_hash, summary=asdict(read.summary))
    await transaction.road_networks.put(roads.content_hash, arrays)
    await transaction.road_networks.replace_lines(circle_id, lines)
    await transaction.circles.use_roads(circle_id, roads)
    if before is None or before.content_hash != roads.content_hash:
        # No event tells of roads: pages take a new snapshot, and with it the new reach version.
        await transaction.circles.begin_epoch(circle_id, new_epoch())
    return roads
