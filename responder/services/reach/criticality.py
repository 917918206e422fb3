"""Find which roads matter most: what shutting each of them would cost, for the circle or for one building."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from geo.errors import GeoError
from responder.domain.errors import ResponderError
from responder.domain.ids import BuildingId
from responder.domain.people.access import Action, Viewer
from responder.domain.reach.criticality import Criticality, CriticalityStatus, JobState
from responder.ports import Clock, Database, DatabaseAwayError, Roads
from responder.ports.clock import moment
from responder.ports.reach import JobKey, StoredJob
from responder.services.concurrency import run_in_thread
from responder.services.reach.critical_roads import find_criticality
from responder.services.reach.inputs import Study, read_study
from responder.services.reach.job_queue import JobQueue
from responder.services.security_context import as_system

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

MOST_HOMES = 1000
TELL_EVERY_S = 0.5
DEAD_AFTER = timedelta(seconds=20)
"""A run that has said nothing for so long went down with its process."""

_log = logging.getLogger(__name__)
Progress = Callable[[str, float], None]


async def show_criticality(
    database: Database,
    *,
    viewer: Viewer,
    building_id: BuildingId | None = None,
    pedestrians_pass: bool = True,
    clock: Clock,
) -> CriticalityStatus:
    """
    Return how far the computation is, and what it found last.

    Raises
    ------
    NotFoundError
        The circle has no such building.
    """
    viewer.must(Action.VIEW)
    key = JobKey(viewer.circle_id, building_id, pedestrians_pass)
    async with database.snapshot() as transaction:
        job = await transaction.criticalities.job(key)
        if _alive(job, clock):
            return _status(job, clock=clock, version=None)
        study = await read_study(
            transaction,
            viewer.circle_id,
            building_id=building_id,
            most_homes=MOST_HOMES,
            now=moment(clock),
        )
    return _status(job, clock=clock, version=study.version)


async def start_criticality(
    database: Database,
    roads: Roads,
    jobs: JobQueue,
    *,
    viewer: Viewer,
    building_id: BuildingId | None = None,
    pedestrians_pass: bool = True,
    clock: Clock,
) -> CriticalityStatus:
    """
    Begin the computation unless it runs already or its result is fresh, and return how far it is.

    Raises
    ------
    NotFoundError
        The circle has no such building.
    NoRoadNetworkError
        The circle has no roads yet.
    BusyError
        Too many computations are waiting in this process.
    """
    viewer.must(Action.VIEW)
    now = moment(clock)
    key = JobKey(viewer.circle_id, building_id, pedestrians_pass)
    async with database.begin() as transaction:
        before = await transaction.criticalities.job(key)
        if _alive(before, clock):
            return _status(before, clock=clock, version=None)
        study = await read_study(
            transaction, viewer.circle_id, building_id=building_id, most_homes=MOST_HOMES, now=now
        )
    if before is not None and before.version == study.version:
        return _status(before, clock=clock, version=study.version)
    model = await roads.model(viewer.circle_id)
    jobs.require_room()
    run_id = uuid4()
    async with database.begin() as transaction:
        begun = await transaction.criticalities.begin(
            key, run_id=run_id, now=now, dead_before=now - DEAD_AFTER
        )
        job = await transaction.criticalities.job(key)
    if begun:
        job_of_ours = _Job(database=database, model=model, study=study, key=key, run_id=run_id, clock=clock)
        jobs.submit(job_of_ours.run)
    return _status(job, clock=clock, version=None)


async def compute_criticality(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    building_id: BuildingId | None = None,
    pedestrians_pass: bool = True,
    clock: Clock,
    progress: Progress,
) -> Criticality:
    """
    Find which roads matter most, and wait for it; `progress` is told the step and the share done.

    Raises
    ------
    NotFoundError, NoRoadNetworkError
        There is no such building, or the circle has no roads yet.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        study = await read_study(
            transaction,
            viewer.circle_id,
            building_id=building_id,
            most_homes=MOST_HOMES,
            now=moment(clock),
        )
    model = await roads.model(viewer.circle_id)
    return await run_in_thread(
        lambda: find_criticality(
            model, study, building_id=building_id, pedestrians_pass=pedestrians_pass, progress=progress
        )
    )


class _GivenUpError(Exception):
    """The client no longer waits for the answer."""


@dataclass(kw_only=True, eq=False)
class _Job:
    """One computation, from its beginning to the row that keeps what it found."""

    database: Database
    model: "ReachModel"
    study: Study
    key: JobKey
    run_id: UUID
    clock: Clock
    step: str = ""
    progress: float = 0.0
    given_up: bool = False

    def hear(self, step: str, progress: float) -> None:
        """Take down how far it is, from the thread that computes."""
        if self.given_up:
            raise _GivenUpError
        self.step, self.progress = step, min(1.0, max(0.0, progress))

    async def run(self, turn: asyncio.Semaphore) -> None:
        """Wait for its turn and do it, while it says how far it is."""
        # The client may disconnect before it is done: from here on the job belongs to the circle.
        with as_system(self.key.circle_id):
            reporting = asyncio.create_task(self._report_progress())
            try:
                async with turn:
                    await self._do()
            except DatabaseAwayError:
                # No more heartbeats: another process takes the job for dead and restarts it.
                pass
            finally:
                reporting.cancel()

    async def _report_progress(self) -> None:
        """Send heartbeats with the progress, until cancelled; without them the job is taken for dead."""
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            try:
                async with self.database.begin() as transaction:
                    counts = await transaction.criticalities.report_progress(
                        self.key,
                        run_id=self.run_id,
                        now=moment(self.clock),
                        step=self.step,
                        progress=self.progress,
                    )
            except DatabaseAwayError:
                pass
            except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
                _log.warning("how far a computation is could not be kept", exc_info=True)
            else:
                # Another process took the job for dead and restarted it.
                self.given_up = not counts

    async def _do(self) -> None:
        """Compute, and keep what was found or why nothing was."""
        try:
            found = await run_in_thread(self._find)
        except asyncio.CancelledError:
            self.given_up = True
            raise
        except _GivenUpError:
            return
        except (ResponderError, GeoError) as error:
            await self._fail(error.code)
        except Exception:  # noqa: BLE001 - the client must learn that it failed
            _log.exception("what closed roads cost could not be found")
            await self._fail("server_error")
        else:
            async with self.database.begin() as transaction:
                await transaction.criticalities.finish(
                    self.key,
                    run_id=self.run_id,
                    now=moment(self.clock),
                    version=self.study.version,
                    result=found,
                )

    def _find(self) -> Criticality:
        return find_criticality(
            self.model,
            self.study,
            building_id=self.key.building_id,
            pedestrians_pass=self.key.pedestrians_pass,
            progress=self.hear,
        )

    async def _fail(self, code: str) -> None:
        async with self.database.begin() as transaction:
            await transaction.criticalities.fail(
                self.key, run_id=self.run_id, now=moment(self.clock), code=code
            )


def _alive(job: StoredJob | None, clock: Clock) -> bool:
    return job is not None and job.run_id is not None and job.told_at > moment(clock) - DEAD_AFTER


def _status(job: StoredJob | None, *, clock: Clock, version: str | None) -> CriticalityStatus:
    if job is None:
        return CriticalityStatus(
            state=JobState.NOT_STARTED,
            step="",
            progress=0.0,
            up_to_date=False,
            computed_at=None,
            code=None,
            result=None,
        )
    state = JobState.NOT_STARTED if job.result is None else JobState.DONE
    if _alive(job, clock):
        state = JobState.RUNNING
    elif job.code is not None:
        state = JobState.FAILED
    return CriticalityStatus(
        state=state,
        step=job.step,
        progress=job.progress,
        up_to_date=version is not None and job.version == version,
        computed_at=job.computed_at,
        code=job.code,
        result=job.result,
    )
