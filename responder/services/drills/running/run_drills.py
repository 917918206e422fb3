"""Look after drills that run: injects when they are due, once, and the clock when a real alert comes."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from typing import Final

from responder.domain.drills.injects import due, expire, is_expired
from responder.domain.drills.plan import DrillState
from responder.domain.drills.run import DrillRun, PauseReason
from responder.domain.errors import DrillNotRunningError
from responder.ports import Clock, Database, DatabaseAwayError, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.drills.runs import DueRun
from responder.security.alert_priority import AlertPriority
from responder.services.concurrency import GivingWay, all_of
from responder.services.drills.running.give_inject import give_inject
from responder.services.drills.running.keep_run import RunInHand, keep, take_in_hand, with_begun

AT_ONCE: Final = 2
"""Drills that are looked after side by side: an alert that comes meanwhile waits for these and no more."""
GIVES_WAY_S: Final = 0.4
"""With what thirty drills take in one second, the last inject is given within a second of its time."""

_log = logging.getLogger(__name__)


async def run_due_drills(
    database: Database, roads: Roads, *, clock: Clock, priority: AlertPriority | None = None
) -> tuple[DueRun, ...]:
    """
    Look after every drill that has to be, and return which.

    Each waits while an alert is in hand, but all of them for `GIVES_WAY_S` at most: injects stay in time.

    Safe in any number of processes, and after any of them was killed: what a drill comes to is decided in one
    transaction under its circle's lock, after it was read again. One that fails holds up no other.
    """
    async with database.snapshot() as transaction:
        found = await transaction.drill_runs.due(now=moment(clock))
    slots = asyncio.Semaphore(AT_ONCE)
    waiting = GivingWay(priority or AlertPriority(), for_s=GIVES_WAY_S)
    await all_of(
        _look_after(database, roads, each, clock=clock, slots=slots, waiting=waiting) for each in found
    )
    return found


async def _look_after(
    database: Database,
    roads: Roads,
    which: DueRun,
    *,
    clock: Clock,
    slots: asyncio.Semaphore,
    waiting: GivingWay,
) -> None:
    async with slots:
        await waiting.until_idle()
        try:
            await look_after(database, roads, which, clock=clock)
        except DatabaseAwayError:
            raise
        except Exception:  # noqa: BLE001 - one drill may be at fault: the others go on
            _log.exception("a drill could not be looked after, circle=%s drill=%s", *which)
            async with database.begin() as transaction:
                await transaction.drill_runs.put_off(which, now=moment(clock))


async def look_after(database: Database, roads: Roads, which: DueRun, *, clock: Clock) -> None:
    """Pause a drill for a real alert, end it with its exercise, and give or let expire what is due."""
    async with database.begin() as transaction:
        try:
            in_hand = await take_in_hand(transaction, which.circle_id, which.drill_id)
        except DrillNotRunningError:
            return
        now = moment(clock)
        run = await _looked_after(transaction, in_hand, now=now)
        await keep(transaction, in_hand, run, roads=roads, model=None, now=now)


async def _looked_after(transaction: Transaction, in_hand: RunInHand, *, now: datetime) -> DrillRun:
    run, detail = in_hand.run, in_hand.detail
    if detail is not None and not detail.incident.is_open:
        return run.end(at=detail.incident.ended_at or now)
    if run.state is not DrillState.RUNNING:
        return run
    alerts = await transaction.drill_runs.open_alerts(run.circle_id)
    if new := alerts.keys() - set(run.despite):
        return run.pause(PauseReason.REAL_ALERT, at=min(alerts[each] for each in new))
    plan = in_hand.drill.plan
    run = await with_begun(transaction, in_hand)
    clock_s = run.clock_s(now)
    while ready := due(run, clock_s=clock_s):
        # One after the other: what an inject waits for may be the one before.
        inject = plan.inject(ready[0].number)
        if inject is None or is_expired(inject, ready[0], clock_s=clock_s):
            run = expire(run, ready[0].number, clock_s=clock_s)
        else:
            late_ms = 1000 * (clock_s - (ready[0].due_s or 0))
            run = await give_inject(transaction, replace(in_hand, run=run), inject, by_name=None, now=now)
            _log.info(
                "inject_given circle=%s drill=%s number=%d late_ms=%.0f",
                run.circle_id,
                run.drill_id,
                inject.number,
                late_ms,
            )
    return run
