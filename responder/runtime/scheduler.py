"""What the clock alone changes: closures that begin or end by themselves, and what is kept no longer."""

import asyncio
import logging

from responder.ports import Clock, Database, DatabaseAwayError, Roads
from responder.services.audit.retention import retention_when_due
from responder.services.channels.proof import self_test_when_due
from responder.services.incidents.recompute import recompute_due

_log = logging.getLogger(__name__)

EVERY_S = 1.0
"""A closure's start or end takes effect within two seconds; recomputing takes half of that."""
HOUSEKEEPING_EVERY_S = 60.0
"""How often it is asked whether anything is due; when it is, the database knows."""


async def keep_time(database: Database, roads: Roads, *, clock: Clock, every_s: float = EVERY_S) -> None:
    """Recompute reach when closures start or end by the clock, until cancelled. Safe in many processes."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await recompute_due(database, roads, clock=clock)
        except DatabaseAwayError:
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("reach could not be recomputed")


async def run_maintenance(database: Database, *, clock: Clock, every_s: float = HOUSEKEEPING_EVERY_S) -> None:
    """
    Forget what is kept no longer and test channels, whenever it is due, until cancelled.

    Any number of processes may.
    """
    while True:
        try:
            forgotten = await retention_when_due(database, clock=clock)
            if forgotten is not None:
                _log.info("forgotten: %s", forgotten)
            tests = await self_test_when_due(database, clock=clock)
            if tests is not None:
                _log.info("channel_self_test: %s", tests)
        except DatabaseAwayError:
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("maintenance failed")
        await asyncio.sleep(every_s)
