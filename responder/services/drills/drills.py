"""Plan drills: create, change and call off; look at them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4, uuid5

from shapely.geometry import shape

from geo.errors import OutsideNetworkError
from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.drills.plan import Drill, DrillCard, DrillPlan, DrillState, plan_version
from responder.domain.errors import (
    DrillNotPlannedError,
    EditConflictError,
    IdempotencyConflictError,
    InvalidValueError,
)
from responder.domain.ids import DrillId
from responder.domain.incidents.event import DrillsChanged
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.drills.plans import DrillQuery
from responder.services.drills.check_plan import checked_plan
from responder.services.drills.photos import keep_named_photos
from responder.services.drills.plan_context import PlanContext, read_plan_context
from responder.services.drills.plan_place import with_checked_place
from responder.services.drills.problems import PlanProblem, problems_of
from responder.services.incidents.recompute import model_if_any

if TYPE_CHECKING:
    from geo.reach.model import ReachModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDrill:
    """A drill with its whole plan, and what keeps it from being ready."""

    drill: Drill
    problems: tuple[PlanProblem, ...]
    """Empty when it can start."""


async def list_drills(
    database: Database, *, viewer: Viewer, before: DrillId | None, limit: int
) -> tuple[tuple[DrillCard, ...], DrillId | None]:
    """
    Return a page of drills, the last created first, and where the next page begins; nothing gives them away.

    Raises
    ------
    NotFoundError
        There is no drill `before`.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        found = await transaction.drills.search(viewer.circle_id, DrillQuery(before=before, limit=limit + 1))
        page = found[:limit]
        ended_at = await transaction.drill_runs.ended_at(viewer.circle_id, [drill.id for drill in page])
    cards = tuple(DrillCard.of(drill, ended_at=ended_at.get(drill.id)) for drill in page)
    return cards, page[-1].id if len(found) > limit else None


async def show_drill(database: Database, *, viewer: Viewer, drill_id: DrillId) -> ShownDrill:
    """
    Return a drill with its plan.

    Raises
    ------
    NotAllowedError
        The role may not see plans of drills.
    NotFoundError
        The circle has no such drill.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    async with database.snapshot() as transaction:
        drill = await transaction.drills.get(viewer.circle_id, drill_id)
        return _shown(drill, await read_plan_context(transaction, viewer.circle_id))


async def plan_drill(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    plan: DrillPlan,
    idempotency_key: str | None = None,
    clock: Clock,
) -> ShownDrill:
    """
    Plan a drill. What the same account sent with the same `idempotency_key` is not planned again.

    Raises
    ------
    NotAllowedError
        The role may not plan drills.
    InvalidValueError
        Something in the plan is wrong; `field` names where.
    IdempotencyConflictError
        The key was used before for another plan, or that plan has been changed since.
    """
    viewer.must(Action.PLAN_DRILL)
    now, circle_id = moment(clock), viewer.circle_id
    model = await model_if_any(roads, circle_id)
    plan = await with_checked_place(database, circle_id, plan, model)
    key = uuid4() if idempotency_key is None else uuid5(viewer.account_id, f"drill {idempotency_key}")
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        known = await read_plan_context(transaction, circle_id)
        given, plan = plan, _checked(plan, known, model)
        earlier = await transaction.drills.find(circle_id, DrillId(key))
        if earlier is not None:
            if earlier.version != plan_version(plan):
                raise IdempotencyConflictError
            return _shown(earlier, known)
        _require_ahead(plan, now)
        drill = Drill(
            id=DrillId(key),
            circle_id=circle_id,
            state=DrillState.PLANNED,
            plan=plan,
            revision=0,
            version=plan_version(plan),
            created_at=now,
            created_by=viewer.account_id,
            created_by_name=viewer.name,
            changed_at=now,
            changed_by=viewer.account_id,
            changed_by_name=viewer.name,
        )
        await transaction.drills.add(drill)
        await keep_named_photos(transaction, drill, given, None, now=now)
        await _tell(transaction, viewer, AuditAction.DRILL_PLANNED, drill, at=now)
    return _shown(drill, known)


async def change_drill(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    drill_id: DrillId,
    plan: DrillPlan,
    expected_version: str | None = None,
    action: AuditAction = AuditAction.DRILL_CHANGED,
    clock: Clock,
) -> ShownDrill:
    """
    Put another plan in the place of a planned drill's; `action` is what the audit calls it.

    Raises
    ------
    NotAllowedError
        The role may not plan drills.
    NotFoundError
        The circle has no such drill.
    DrillNotPlannedError
        It has started, ended or was called off.
    EditConflictError
        Its plan has another version than `expected_version`. Nothing is changed then.
    InvalidValueError
        Something in the plan is wrong; `field` names where.
    """
    viewer.must(Action.PLAN_DRILL)
    now, circle_id = moment(clock), viewer.circle_id
    model = await model_if_any(roads, circle_id)
    plan = await with_checked_place(database, circle_id, plan, model)
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        before = await _planned(transaction, viewer, drill_id)
        if expected_version not in {None, before.version}:
            raise EditConflictError(by=before.changed_by_name)
        known = await read_plan_context(transaction, circle_id)
        given, plan = plan, _checked(plan, known, model)
        if plan == before.plan:
            return _shown(before, known)
        if plan.starts_at != before.plan.starts_at:
            _require_ahead(plan, now)
        drill = replace(
            before,
            plan=plan,
            revision=before.revision + (_noticed(plan) != _noticed(before.plan)),
            version=plan_version(plan),
            changed_at=now,
            changed_by=viewer.account_id,
            changed_by_name=viewer.name,
        )
        await transaction.drills.put(drill)
        await keep_named_photos(transaction, drill, given, before.plan, now=now)
        await _tell(transaction, viewer, action, drill, at=now)
    return _shown(drill, known)


async def call_off_drill(
    database: Database, *, viewer: Viewer, drill_id: DrillId, clock: Clock
) -> ShownDrill:
    """
    Call a planned drill off, for good.

    Raises
    ------
    NotAllowedError
        The role may not plan drills.
    NotFoundError
        The circle has no such drill.
    DrillNotPlannedError
        It has started, ended or was called off before.
    """
    viewer.must(Action.PLAN_DRILL)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        before = await _planned(transaction, viewer, drill_id)
        drill = replace(
            before,
            state=DrillState.CALLED_OFF,
            revision=before.revision + 1,
            changed_at=now,
            changed_by=viewer.account_id,
            changed_by_name=viewer.name,
        )
        await transaction.drills.put(drill)
        await _tell(transaction, viewer, AuditAction.DRILL_CALLED_OFF, drill, at=now)
        return _shown(drill, await read_plan_context(transaction, circle_id))


def _checked(plan: DrillPlan, known: PlanContext, model: "ReachModel | None") -> DrillPlan:
    plan = checked_plan(plan, known)
    if model is not None:
        _require_on_roads(plan, model)
    return plan


def _require_on_roads(plan: DrillPlan, model: "ReachModel") -> None:
    for index, inject in enumerate(plan.injects):
        if inject.closure is None:
            continue
        try:
            model.ground.index.must_meet(shape(inject.closure.geometry))
        except OutsideNetworkError as error:
            raise InvalidValueError(str(error), field=f"injects.{index}.closure.geometry") from error


def _require_ahead(plan: DrillPlan, now: datetime) -> None:
    if plan.starts_at is not None and plan.starts_at < now:
        message = "the drill starts in the past"
        raise InvalidValueError(message, field="starts_at")


def _noticed(plan: DrillPlan) -> tuple[object, ...]:
    """Return what participants notice of a plan."""
    timing = (plan.starts_at, plan.duration_s)
    return (plan.name, plan.mode, plan.place, timing, plan.notice, frozenset(plan.partner_ids))


async def _planned(transaction: Transaction, viewer: Viewer, drill_id: DrillId) -> Drill:
    drill = await transaction.drills.get(viewer.circle_id, drill_id)
    if drill.state is not DrillState.PLANNED:
        raise DrillNotPlannedError(state=drill.state.value)
    return drill


async def _tell(
    transaction: Transaction, viewer: Viewer, action: AuditAction, drill: Drill, *, at: datetime
) -> None:
    await transaction.record(viewer.circle_id, DrillsChanged(), at=at)
    act = audit_entry(viewer, action, subject=Subject(kind="drill", id=drill.id))
    await transaction.audit.append(viewer.circle_id, act, at=at)


def _shown(drill: Drill, known: PlanContext) -> ShownDrill:
    return ShownDrill(drill=drill, problems=problems_of(drill.plan, known))
