"""Take the steps of all circles' ladders when they are due."""

import asyncio
import logging
from datetime import datetime
from typing import Final

from responder.domain.ids import CircleId
from responder.ports import Clock, Database, DatabaseAwayError
from responder.ports.clock import moment
from responder.ports.next_channel import NextChannel
from responder.services.ladder.run_steps import DecidedStep, run_due_steps

END_WITHIN_S: Final = 2.0
"""How long what is under way may take to end, when the worker is stopped."""
CIRCLES_AT_ONCE: Final = 4
"""Circles whose steps are taken side by side; each takes a connection of the pool."""

_log = logging.getLogger(__name__)


class LadderWorker:
    """
    Takes due steps, of each circle by itself: one that is slow or at fault holds up no other.

    Any number of processes may do so at once.
    """

    def __init__(self, database: Database, *, clock: Clock, next_channel: NextChannel) -> None:
        self._database = database
        self._clock = clock
        self._next_channel = next_channel
        self._slots = asyncio.Semaphore(CIRCLES_AT_ONCE)
        self._under_way: dict[CircleId, asyncio.Task[list[DecidedStep]]] = {}

    @property
    def is_busy(self) -> bool:
        """Whether steps are being taken: what is planned after them is not known yet."""
        return bool(self._under_way)

    async def begin(self) -> datetime | None:
        """Begin to decide what is due, and return when the next step is; None when none is planned."""
        now = moment(self._clock)
        async with self._database.snapshot() as transaction:
            next_due = await transaction.ladders.next_due()
        later = []
        for circle_id, at in next_due.items():
            if at > now:
                later.append(at)
            elif circle_id not in self._under_way:
                self._under_way[circle_id] = asyncio.create_task(self._run(circle_id))
        return min(later, default=None)

    async def finish(self) -> tuple[DecidedStep, ...]:
        """Wait for all circles that were begun, and return what was decided."""
        decided = await asyncio.gather(*self._under_way.values())
        return tuple(step for steps in decided for step in steps)

    async def stop(self) -> None:
        """Leave what is under way: it stays planned. What it has of the database is given back."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=END_WITHIN_S)

    async def _run(self, circle_id: CircleId) -> list[DecidedStep]:
        decided: list[DecidedStep] = []
        try:
            async with self._slots:
                decided = await run_due_steps(
                    self._database, circle_id, clock=self._clock, next_channel=self._next_channel
                )
        except DatabaseAwayError:
            pass
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("steps of ladders could not be taken, circle=%s", circle_id)
        finally:
            del self._under_way[circle_id]
        for step in decided:
            _log_step(step)
        return decided


def _log_step(step: DecidedStep) -> None:
    _log.info(
        "ladder_step_decided circle=%s incident=%s step=%d state=%s called=%d late_ms=%.0f",
        step.circle_id,
        step.incident_id,
        step.number,
        step.state.value,
        step.called,
        1000 * step.late_s,
    )
