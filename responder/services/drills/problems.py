"""What a plan still lacks, or refers to in vain, before its drill can start."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from responder.domain.drills.plan import DrillPlan, Inject, InjectKind
from responder.services.drills.plan_context import PlanContext


class ProblemCode(StrEnum):
    """What keeps a plan from being ready."""

    CLOSURE_MISSING = "closure_missing"
    """An inject closes a lane, and which is not drawn."""
    POINT_MISSING = "point_missing"
    """A hazard or casualty is nowhere yet."""
    UNIT_MISSING = "unit_missing"
    """A unit goes out of service, and which is not said."""
    PARTNER_KIND_ABSENT = "partner_kind_absent"
    """An objective wants a kind of partner of which none takes part."""
    KIND_GONE = "kind_gone"
    """The circle does not offer the kind of incident any more."""
    UNIT_GONE = "unit_gone"
    """The circle does not have the unit any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProblem:
    """One thing to put right before the drill can start."""

    code: ProblemCode
    field: str
    """Where in the plan, such as `injects.3.closure`; lists count from 0."""


def problems_of(plan: DrillPlan, known: PlanContext) -> tuple[PlanProblem, ...]:
    """Return what is to be put right before the drill can start; none when it is ready."""
    return tuple(PlanProblem(code=code, field=field) for code, field in _problems(plan, known))


def _problems(plan: DrillPlan, known: PlanContext) -> Iterator[tuple[ProblemCode, str]]:
    if plan.kind not in known.kinds:
        yield ProblemCode.KIND_GONE, "kind"
    kinds = {known.partners.get(partner_id) for partner_id in known.takes_part(plan)}
    for index, objective in enumerate(plan.objectives):
        if objective.partner_kind is not None and objective.partner_kind not in kinds:
            yield ProblemCode.PARTNER_KIND_ABSENT, f"objectives.{index}.partner_kind"
    for index, inject in enumerate(plan.injects):
        yield from _of_inject(inject, known, f"injects.{index}")


def _of_inject(inject: Inject, known: PlanContext, where: str) -> Iterator[tuple[ProblemCode, str]]:
    match inject.kind:
        case InjectKind.CLOSURE if inject.closure is None:
            yield ProblemCode.CLOSURE_MISSING, f"{where}.closure"
        case InjectKind.HAZARD | InjectKind.CASUALTY if inject.lon is None:
            yield ProblemCode.POINT_MISSING, f"{where}.lon"
        case InjectKind.UNIT_OUT if inject.unit_id is None:
            yield ProblemCode.UNIT_MISSING, f"{where}.unit_id"
        case InjectKind.UNIT_OUT if inject.unit_id not in known.units:
            yield ProblemCode.UNIT_GONE, f"{where}.unit_id"
