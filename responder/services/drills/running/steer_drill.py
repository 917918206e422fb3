"""Steer a drill that runs: its clock, its end, and its injects by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from responder.domain.audit import AuditAction
from responder.domain.drills.injects import hold, let_go, skip, undo
from responder.domain.drills.plan import DrillState, Inject
from responder.domain.drills.run import DrillRun, InjectState, PauseReason
from responder.domain.errors import DrillNotRunningError, InjectDecidedError, NotFoundError
from responder.domain.ids import DrillId
from responder.domain.incidents.incident import EndReason
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.directing.end_incident import ended
from responder.services.drills.running.give_inject import give_inject, tell
from responder.services.drills.running.keep_run import (
    RunInHand,
    keep,
    must_know_of,
    note,
    take_in_hand,
)
from responder.services.incidents.recompute import model_if_any

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

WITHDRAWN = "（导调撤回）{}"
"""What those who had an inject are told when it is taken back."""


class InjectDeed(StrEnum):
    """What a person does with an inject."""

    GIVE = "give"
    HOLD = "hold"
    LET_GO = "let_go"
    SKIP = "skip"
    UNDO = "undo"


_FROM = {
    InjectDeed.GIVE: frozenset({InjectState.PLANNED, InjectState.HELD, InjectState.EXPIRED}),
    InjectDeed.HOLD: frozenset({InjectState.PLANNED}),
    InjectDeed.LET_GO: frozenset({InjectState.HELD}),
    InjectDeed.SKIP: frozenset({InjectState.PLANNED, InjectState.HELD}),
    InjectDeed.UNDO: frozenset({InjectState.GIVEN, InjectState.SKIPPED, InjectState.EXPIRED}),
}
_BEFORE = {
    InjectDeed.GIVE: InjectState.GIVEN,
    InjectDeed.HOLD: InjectState.HELD,
    InjectDeed.SKIP: InjectState.SKIPPED,
}
"""The state in which a deed was done already: done again it changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steering:
    transaction: Transaction
    roads: Roads
    model: "ReachModel | None"
    viewer: Viewer
    in_hand: RunInHand
    now: datetime

    async def keep(self, run: DrillRun, action: AuditAction, **detail: str | int) -> DrillRun:
        kept = await keep(
            self.transaction, self.in_hand, run, roads=self.roads, model=self.model, now=self.now
        )
        await note(self.transaction, self.viewer, action, run.drill_id, detail, at=self.now)
        return kept.run


@asynccontextmanager
async def steering(
    database: Database, roads: Roads, *, viewer: Viewer, drill_id: DrillId, clock: Clock
) -> AsyncIterator[_Steering]:
    """Take a drill in hand that runs or is paused, with its circle locked; raises as `take_in_hand`."""
    model = await model_if_any(roads, viewer.circle_id)
    async with database.begin() as transaction:
        in_hand = await take_in_hand(transaction, viewer.circle_id, drill_id)
        yield _Steering(
            transaction=transaction,
            roads=roads,
            model=model,
            viewer=viewer,
            in_hand=in_hand,
            now=moment(clock),
        )


async def pause_drill(
    database: Database, roads: Roads, *, viewer: Viewer, drill_id: DrillId, clock: Clock
) -> DrillRun:
    """
    Let the drill's clock stand still; no inject comes meanwhile. One that is paused stays as it is.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    DrillNotRunningError
        It was not started, or has ended.
    """
    viewer.must(Action.RUN_DRILL)
    async with steering(database, roads, viewer=viewer, drill_id=drill_id, clock=clock) as steer:
        run = steer.in_hand.run
        if run.state is DrillState.PAUSED:
            return run
        return await steer.keep(run.pause(PauseReason.BY_HAND, at=steer.now), AuditAction.DRILL_PAUSED)


async def resume_drill(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    drill_id: DrillId,
    beside_real: bool = False,
    clock: Clock,
) -> DrillRun:
    """
    Let the drill's clock go on. One that runs stays as it is.

    Raises
    ------
    NotFoundError, DrillNotRunningError
        As `pause_drill`.
    RealAlertOpenError
        A real incident is open, and `beside_real` does not say that the drill goes on all the same.
    """
    viewer.must(Action.RUN_DRILL)
    async with steering(database, roads, viewer=viewer, drill_id=drill_id, clock=clock) as steer:
        run = steer.in_hand.run
        if run.state is DrillState.RUNNING:
            return run
        alerts = await steer.transaction.drill_runs.open_alerts(viewer.circle_id)
        must_know_of(alerts, known=run.despite, goes_on=beside_real)
        resumed = run.resume(at=steer.now, despite=alerts)
        return await steer.keep(resumed, AuditAction.DRILL_RESUMED)


async def end_drill(
    database: Database, roads: Roads, *, viewer: Viewer, drill_id: DrillId, clock: Clock
) -> DrillRun:
    """
    End the drill, and the exercise by which people were called: they are told so.

    Raises
    ------
    NotFoundError, DrillNotRunningError
        As `pause_drill`.
    """
    viewer.must(Action.RUN_DRILL)
    async with steering(database, roads, viewer=viewer, drill_id=drill_id, clock=clock) as steer:
        detail = steer.in_hand.detail
        # First, while its facts are still those of an open exercise.
        run = await steer.keep(steer.in_hand.run.end(at=steer.now), AuditAction.DRILL_ENDED)
        if detail is not None and detail.incident.is_open:
            await ended(steer.transaction, viewer, detail, EndReason.RESOLVED, now=steer.now)
        return run


async def steer_inject(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    drill_id: DrillId,
    number: int,
    deed: InjectDeed,
    clock: Clock,
) -> DrillRun:
    """
    Give an inject now, hold it, let it go on, skip it, or undo what was done with it.

    What was done already is not done again. One that is undone is held; those who were told are told so.

    Raises
    ------
    NotFoundError
        The circle has no such drill, or its plan no such inject.
    DrillNotRunningError
        It was not started, is paused (only `give` needs it to run), or has ended.
    InjectDecidedError
        The inject is in a state in which this cannot be done; see `state`.
    """
    viewer.must(Action.RUN_DRILL)
    async with steering(database, roads, viewer=viewer, drill_id=drill_id, clock=clock) as steer:
        run = steer.in_hand.run
        inject, known = steer.in_hand.drill.plan.inject(number), run.inject(number)
        if inject is None or known is None:
            raise NotFoundError
        if known.state is _BEFORE.get(deed):
            return run
        if known.state not in _FROM[deed]:
            raise InjectDecidedError(state=known.state.value)
        if deed is InjectDeed.GIVE and run.state is not DrillState.RUNNING:
            raise DrillNotRunningError(state=run.state.value)
        after = await _done(steer, inject, deed, was=known.state)
        return await steer.keep(after, AuditAction.INJECT_STEERED, number=number, deed=deed.value)


async def _done(steer: _Steering, inject: Inject, deed: InjectDeed, *, was: InjectState) -> DrillRun:
    run, number, name = steer.in_hand.run, inject.number, steer.viewer.name
    match deed:
        case InjectDeed.GIVE:
            return await give_inject(steer.transaction, steer.in_hand, inject, by_name=name, now=steer.now)
        case InjectDeed.HOLD:
            return hold(run, number, by_name=name)
        case InjectDeed.LET_GO:
            return let_go(run, number)
        case InjectDeed.SKIP:
            return skip(run, number, clock_s=run.clock_s(steer.now), by_name=name)
        case InjectDeed.UNDO:
            if was is InjectState.GIVEN:
                text = WITHDRAWN.format(inject.text)
                await tell(steer.transaction, steer.in_hand, inject, text=text, now=steer.now)
            return undo(steer.in_hand.drill.plan, run, number, by_name=name)
