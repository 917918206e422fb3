"""Where drills are rehearsed: one at a time in a process, in a thread that gives way to alerts."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from responder.domain.drills.rehearsal.rehearsal import canonical
from responder.domain.errors import BusyError
from responder.domain.ids import DrillId
from responder.domain.people.access import Action, Viewer
from responder.ports import Database, Roads
from responder.security.alert_priority import AlertPriority
from responder.services.concurrency import run_in_thread
from responder.services.drills.rehearsal.from_run import going_on, moment_of
from responder.services.drills.rehearsal.inputs import read_rehearsal
from responder.services.drills.replay import load_replay

LONGEST_S: Final = 60.0
"""After so long no further rehearsal is begun: the chances are those of the rehearsals until then."""
RETRY_AFTER_S: Final = 5


class RehearsalRoom:
    """Rehearses one drill at a time."""

    def __init__(self) -> None:
        self._is_taken = False

    async def rehearse(
        self,
        database: Database,
        roads: Roads,
        priority: AlertPriority,
        *,
        viewer: Viewer,
        drill_id: DrillId,
        seed: int,
        runs: int,
        from_s: int | None = None,
        now: datetime,
    ) -> bytes:
        """
        Rehearse a drill and return `Rehearsal` as JSON. No one is called and nothing is recorded.

        With `from_s` it goes on from the drill's run as it stood so many seconds after its start, pauses
        included.

        Raises
        ------
        NotAllowedError
            The role may not plan drills.
        NotFoundError
            The circle has no such drill.
        DrillNotRunningError
            It was not started, so that there is nothing to go on from.
        MomentOutsideRunError
            Its run has not come so far, or had ended.
        NoRoadNetworkError, NoRoadNearbyError, OutsideNetworkError
            No way to the place can be found.
        BusyError
            Another drill is being rehearsed in this process.
        """
        viewer.must(Action.PLAN_DRILL)
        if self._is_taken:
            raise BusyError(retry_after_s=RETRY_AFTER_S)
        async with database.snapshot() as transaction:
            drill = await transaction.drills.get(viewer.circle_id, drill_id)
            inputs = await read_rehearsal(transaction, drill)
        replay, at = None, now
        if from_s is not None:
            replay = await load_replay(database, viewer=viewer, drill_id=drill_id)
            at = moment_of(replay, from_s, now=now)
        model = await roads.model(viewer.circle_id)
        if self._is_taken:
            raise BusyError(retry_after_s=RETRY_AFTER_S)

        def work(may_go_on: Callable[[], bool]) -> bytes:
            try:
                # Imports SciPy: late, so that starting does not wait for it.
                from responder.services.drills.rehearsal.rehearse import rehearse  # noqa: PLC0415 - see above

                begins = inputs if replay is None else going_on(inputs, replay, at)
                return canonical(rehearse(model, begins, seed=seed, runs=runs, may_go_on=may_go_on))
            finally:
                # Not before the thread is done, even when no one waits for it any more.
                self._is_taken = False

        self._is_taken = True
        return await _giving_way(priority, work)


async def _giving_way(priority: AlertPriority, work: Callable[[Callable[[], bool]], bytes]) -> bytes:
    """Work in a thread that stands still while an alert is in hand, and stops when no one waits for it."""
    ends_s = time.monotonic() + LONGEST_S
    clear, awaited = threading.Event(), threading.Event()
    clear.set()
    awaited.set()

    def may_go_on() -> bool:
        clear.wait()
        return awaited.is_set() and time.monotonic() < ends_s

    giving_way = asyncio.create_task(priority.give_way(clear.clear, clear.set))
    try:
        return await run_in_thread(lambda: work(may_go_on))
    finally:
        giving_way.cancel()
        awaited.clear()
        clear.set()
