"""A process that takes the steps of ladders as those that serve do: to be killed at any moment."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports import Transaction
from responder.ports.clock import SystemClock
from responder.runtime.scheduler import keep_ladders
from responder.store.database import connect
from responder.store.road_cache import StoredRoads


async def note(
    transaction: Transaction, detail: IncidentDetail, deliveries: Sequence[Delivery], *, now: datetime
) -> None:
    """Write down each reminder, as the queue of messages does."""
    connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - below the ports
    await connection.execute(
        text("INSERT INTO reminded (incident_id, at, people) VALUES (:incident_id, :at, :people)"),
        {"incident_id": detail.incident.id, "at": now, "people": len(deliveries)},
    )


async def main(url: str) -> None:
    database = connect(url)
    print("ready", flush=True)  # noqa: T201 - what the test waits for
    await keep_ladders(database, StoredRoads(database), clock=SystemClock(), next_channel=note, every_s=0.05)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main(*sys.argv[1:]))
