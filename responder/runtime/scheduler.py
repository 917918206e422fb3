"""What the clock alone changes: closures that begin or end by themselves, and what is kept no longer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from responder.ports import Clock, Database, DatabaseAwayError, Roads
from responder.ports.clock import moment
from responder.ports.next_channel import NextChannel
from responder.security.alert_priority import AlertPriority
from responder.services.audit.retention import retention_when_due
from responder.services.channels.proof import self_test_when_due
from responder.services.drills.running.run_drills import run_due_drills
from responder.services.incidents.recompute import recompute_due
from responder.services.ladder.help_neighbours import help_neighbours
from responder.services.ladder.ladder_worker import LadderWorker
from responder.services.ladder.next_channel import by_next_channel
from responder.services.ladder.run_steps import plan_again
from responder.services.registers.households.forget import forget_unconfirmed_when_due
from responder.services.registers.pact.follow_roster import extend_rosters_when_due, follow_rosters

_log = logging.getLogger(__name__)

Wakeups = Callable[[], AsyncIterator[UUID]]
"""Called once; yields the id of a circle in which something was planned."""
LADDERS_EVERY_S = 0.25
"""How soon ladders are looked at again while steps are taken, or where nothing tells of new ones."""
LADDERS_REST_S = 1.0
"""So late at most is a step noticed whose wake-up was lost."""
LADDERS_PAUSE_S = 0.05
"""Between two looks at least: steps that are due one after the other are taken together."""
DRILLS_EVERY_S = 0.5
"""So soon a drill is paused after a real alert, and an inject given that waited for what people did."""
ROSTERS_EVERY_S = 5.0
"""So late at most a unit comes on duty or goes off by the roster."""
OTHERS_EVERY_S = 1.0
HEARTBEAT_EVERY = 5
"""Rounds of the above between two heartbeats."""
UNATTENDED_S = 15.0
"""Without a heartbeat for so long, steps were not looked after."""
EVERY_S = 1.0
"""A closure's start or end takes effect within two seconds; recomputing takes half of that."""
HOUSEKEEPING_EVERY_S = 60.0
"""How often it is asked whether anything is due; when it is, the database knows."""


async def keep_time(
    database: Database,
    roads: Roads,
    *,
    clock: Clock,
    priority: AlertPriority | None = None,
    every_s: float = EVERY_S,
) -> None:
    """Recompute reach when closures start or end by the clock, until cancelled. Safe in many processes."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await recompute_due(database, roads, clock=clock, priority=priority)
        except DatabaseAwayError:
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("reach could not be recomputed")


async def keep_drills(
    database: Database,
    roads: Roads,
    *,
    clock: Clock,
    priority: AlertPriority | None = None,
    every_s: float = DRILLS_EVERY_S,
) -> None:
    """Give injects of drills when they are due, until cancelled. Safe in many processes."""
    while True:
        wait_s = every_s
        try:
            await run_due_drills(database, roads, clock=clock, priority=priority)
            async with database.snapshot() as transaction:
                next_at = await transaction.drill_runs.next_due()
            if next_at is not None:
                wait_s = min(wait_s, (next_at - moment(clock)).total_seconds())
        except DatabaseAwayError:
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("drills could not be looked after")
        await asyncio.sleep(max(LADDERS_PAUSE_S, wait_s))


async def keep_rosters(
    database: Database, roads: Roads, *, clock: Clock, every_s: float = ROSTERS_EVERY_S
) -> None:
    """Put units on duty and off as the roster says, until cancelled. Safe in many processes."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await follow_rosters(database, roads, clock=clock)
        except DatabaseAwayError:
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("the roster could not be followed")


async def keep_ladders(
    database: Database,
    roads: Roads,
    *,
    clock: Clock,
    next_channel: NextChannel = by_next_channel,
    wakeups: Wakeups | None = None,
    every_s: float = LADDERS_EVERY_S,
) -> None:
    """
    Take the steps of ladders when they are due, until cancelled. Safe in many processes.

    `wakeups` tell when steps were planned, and may lose some.
    """
    woken = asyncio.Event()
    rest_s = every_s if wakeups is None else LADDERS_REST_S
    async with asyncio.TaskGroup() as both:
        if wakeups is not None:
            both.create_task(_listen(wakeups, woken))
        worker = LadderWorker(database, clock=clock, next_channel=next_channel)
        both.create_task(_take_steps(worker, woken, clock=clock, every_s=every_s, rest_s=rest_s))
        # Beside them: no step waits while another circle is called.
        both.create_task(_look_after_steps(database, roads, clock=clock))


async def _listen(wakeups: Wakeups, woken: asyncio.Event) -> None:
    async for _ in wakeups():
        woken.set()


async def _take_steps(
    worker: LadderWorker, woken: asyncio.Event, *, clock: Clock, every_s: float, rest_s: float
) -> None:
    try:
        while True:
            woken.clear()
            wait_s = every_s
            try:
                next_at = await worker.begin()
                wait_s = every_s if worker.is_busy else rest_s
                if next_at is not None:
                    wait_s = min(wait_s, (next_at - moment(clock)).total_seconds())
            except DatabaseAwayError:
                pass
            except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
                _log.exception("ladders could not be looked at")
            with suppress(TimeoutError):
                async with asyncio.timeout(max(LADDERS_PAUSE_S, wait_s)):
                    await woken.wait()
                    await asyncio.sleep(LADDERS_PAUSE_S)
    finally:
        await worker.stop()


async def _look_after_steps(database: Database, roads: Roads, *, clock: Clock) -> None:
    """Plan again what was skipped for people who withdrew, call neighbours, and leave heartbeats."""
    rounds = 0
    while True:
        try:
            if rounds % HEARTBEAT_EVERY == 0:
                await _beat(database, clock)
            rounds += 1
            await plan_again(database, clock=clock)
            await help_neighbours(database, roads, clock=clock)
        except DatabaseAwayError:
            pass
        except Exception:  # noqa: BLE001 - as above
            _log.exception("steps of ladders could not be looked after")
        await asyncio.sleep(OTHERS_EVERY_S)


async def _beat(database: Database, clock: Clock) -> None:
    """Note that steps are looked after, and say when no process did for long."""
    now = moment(clock)
    async with database.begin() as transaction:
        since = await transaction.ladders.unattended_since()
        await transaction.ladders.beat(now=now, before=now - timedelta(seconds=OTHERS_EVERY_S))
    if since is not None and (alone_s := (now - since).total_seconds()) > UNATTENDED_S:
        _log.warning("steps of ladders were not looked after for %.0f s", alone_s)


async def run_maintenance(database: Database, *, clock: Clock, every_s: float = HOUSEKEEPING_EVERY_S) -> None:
    """
    Forget what is kept no longer, plan rosters ahead and test channels when it is due, until cancelled.

    Any number of processes may.
    """
    while True:
        try:
            forgotten = await retention_when_due(database, clock=clock)
            if forgotten is not None:
                _log.info("forgotten: %s", forgotten)
            households = await forget_unconfirmed_when_due(database, clock=clock)
            if households:
                _log.info("households that nobody confirmed: %d deleted", households)
            await extend_rosters_when_due(database, clock=clock)
            tests = await self_test_when_due(database, clock=clock)
            if tests is not None:
                _log.info("channel_self_test: %s", tests)
        except DatabaseAwayError:
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("maintenance failed")
        await asyncio.sleep(every_s)
