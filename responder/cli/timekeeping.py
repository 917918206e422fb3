"""What the clock alone changes: a closure begins or ends by its own time, and no button is pressed for it."""

import asyncio
import logging

from responder.services.ports import Clock, Database, Roads
from responder.services.recompute import recompute_due

_log = logging.getLogger(__name__)

EVERY_S = 1.0
"""A closure's beginning or end is felt within two seconds; half of that is for finding the ways anew."""


async def keep_time(database: Database, roads: Roads, *, clock: Clock, every_s: float = EVERY_S) -> None:
    """Find ways anew whenever the clock changed the roads, until cancelled. Any number of processes may."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await recompute_due(database, roads, clock=clock)
        except Exception:  # noqa: BLE001 - a database that restarts is there again for the next round
            _log.exception("who can be there in time could not be found anew")
