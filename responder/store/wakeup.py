"""Hear at once that something was recorded. A wake-up is only a hint: what was missed is found by looking."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import psycopg
from psycopg import sql

from responder.store.database import driver_url
from responder.store.incidents.event import CHANNEL
from responder.store.outage import Outage

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0


async def wakeups(url: str, *, outage: Outage, channel: str = CHANNEL) -> AsyncIterator[UUID]:
    """
    Yield, without end, the circles in which something was just recorded, queued or planned, by the channel.

    Uses one connection of its own and connects again when it is lost; what happened in between is not told.
    `outage` takes note of it.
    """
    dsn = driver_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                dsn, autocommit=True, application_name="responder wake-ups", keepalives_idle=10
            ) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                pause_s = FIRST_PAUSE_S
                outage.recovered()
                async for notice in connection.notifies():
                    yield UUID(notice.payload)
        except psycopg.OperationalError as error:
            outage.record_failure(error)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
