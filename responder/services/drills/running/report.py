"""Report what only people can see in a drill: that a lane is clear, how many are at the assembly point."""

from typing import Final

from responder.domain.audit import AuditAction
from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.injects import closure_id, lift
from responder.domain.drills.run import DrillRun
from responder.domain.errors import AlreadyLiftedError, InvalidValueError, NotFoundError, RollCallBegunError
from responder.domain.ids import DrillId
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads
from responder.services.drills.running.steer_drill import steering

MOST_PEOPLE: Final = 10_000


async def report_lane_clear(
    database: Database, roads: Roads, *, viewer: Viewer, drill_id: DrillId, number: int, clock: Clock
) -> DrillRun:
    """
    Report that the lane which an inject closed is clear: units of the drill pass it again.

    Raises
    ------
    NotFoundError
        The circle has no such drill, or its plan no such inject.
    DrillNotRunningError
        It was not started, or has ended.
    AlreadyLiftedError
        The inject has closed no lane, or it is clear already.
    """
    viewer.must(Action.OBSERVE_DRILL)
    async with steering(database, roads, viewer=viewer, drill_id=drill_id, clock=clock) as steer:
        run = steer.in_hand.run
        if run.inject(number) is None:
            raise NotFoundError
        lane = closure_id(drill_id, number)
        if all(closure.id != lane for closure in run.closures):
            raise AlreadyLiftedError
        clear = Fact(kind=FactKind.LANE_CLEAR, at_s=run.clock_s(steer.now), inject=number)
        return await steer.keep(
            lift(run, lane).report(clear), AuditAction.DRILL_REPORTED, what=clear.kind.value, number=number
        )


async def count_people(
    database: Database, roads: Roads, *, viewer: Viewer, drill_id: DrillId, people: int, clock: Clock
) -> DrillRun:
    """
    Report that so many more people were counted at the assembly point; fewer than none takes some back.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    DrillNotRunningError
        It was not started, or has ended.
    InvalidValueError
        It is zero, or fewer than none would be there then.
    RollCallBegunError
        People are counted door by door.
    """
    viewer.must(Action.OBSERVE_DRILL)
    async with steering(database, roads, viewer=viewer, drill_id=drill_id, clock=clock) as steer:
        run, detail = steer.in_hand.run, steer.in_hand.detail
        if detail is not None and detail.roll_call is not None:
            raise RollCallBegunError
        before = sum(fact.people for fact in run.facts if fact.kind is FactKind.COUNTED)
        if people == 0 or not 0 <= before + people <= MOST_PEOPLE:
            message = f"0 to {MOST_PEOPLE} people in all, and not none"
            raise InvalidValueError(message, field="people")
        counted = Fact(kind=FactKind.COUNTED, at_s=run.clock_s(steer.now), people=people)
        return await steer.keep(
            run.report(counted), AuditAction.DRILL_REPORTED, what=counted.kind.value, people=people
        )
