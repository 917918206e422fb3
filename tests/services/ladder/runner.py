"""
Processes that look after ladders or drills as those that serve do: to be killed at any moment.

The first one loads what is needed and forks the others, which takes milliseconds: to start an interpreter for
each would take seconds, and leave few moments in which something happens.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports import Transaction
from responder.ports.clock import SystemClock
from responder.runtime.scheduler import keep_drills, keep_ladders
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


async def keep(url: str, what: str, *, parent: int) -> None:
    """Look after ladders or drills until the process is killed, or its parent has ended."""
    database = connect(url)
    parts = {"database": database, "roads": StoredRoads(database), "clock": SystemClock(), "every_s": 0.05}
    async with asyncio.TaskGroup() as both:
        if what == "drills":
            both.create_task(keep_drills(**parts))
        else:
            both.create_task(keep_ladders(**parts, next_channel=note))
        both.create_task(_end_with(parent))


async def _end_with(parent: int) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells it
        await asyncio.sleep(0.5)
    os._exit(0)


def main(url: str, what: str) -> None:
    """Do what is said on standard input: `start`, which answers with an id, or `kill` with an id."""
    parent = os.getpid()
    for line in sys.stdin:
        match line.split():
            case ["start"]:
                pid = os.fork()
                if pid == 0:
                    asyncio.run(keep(url, what, parent=parent))
                    os._exit(1)
                print(pid, flush=True)  # noqa: T201 - what the test waits for
            case ["kill", pid]:
                os.kill(int(pid), signal.SIGKILL)
                os.waitpid(int(pid), 0)
                print("killed", flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    main(*sys.argv[1:])
