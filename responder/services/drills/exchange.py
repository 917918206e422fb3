"""What is needed to give a drill out as a file, and to take its injects from one."""

from dataclasses import dataclass, replace

from responder.domain.drills.plan import Drill, DrillPlan, Inject
from responder.domain.errors import InvalidValueError
from responder.domain.ids import DrillId
from responder.domain.map.circle import Circle
from responder.domain.map.unit import Unit
from responder.domain.people.access import Action, Viewer
from responder.domain.people.partner import Partner
from responder.ports import Database
from responder.services.drills.check_injects import refused_fields
from responder.services.drills.check_plan import checked_plan
from responder.services.drills.plan_context import PlanContext, read_plan_context
from responder.services.drills.problems import PlanProblem, problems_of
from responder.services.incidents.catalogue import catalogue_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillForSheet:
    """A drill with what its injects may refer to."""

    drill: Drill
    partners: tuple[Partner, ...]
    units: tuple[Unit, ...]
    known: PlanContext


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillForCalendar:
    """A drill with its circle and the zone in which its times are told."""

    drill: Drill
    circle: Circle
    time_zone: str
    """IANA name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedInjects:
    """A plan with other injects, and how it stands with the rules of plans."""

    plan: DrillPlan
    refused: tuple[str, ...]
    """Wrong fields, such as `injects.3.text`: of each inject the first. Empty when the plan can be saved."""
    problems: tuple[PlanProblem, ...]
    """What keeps it from being ready."""


async def drill_for_sheet(
    database: Database, *, viewer: Viewer, drill_id: DrillId, to_change: bool = False
) -> DrillForSheet:
    """
    Return a drill with what its injects may refer to; `to_change` when others are to take their place.

    Raises
    ------
    NotAllowedError
        The role may not see plans of drills, or not change them.
    NotFoundError
        The circle has no such drill.
    """
    viewer.must(Action.PLAN_DRILL if to_change else Action.SEE_DRILL_PLAN)
    async with database.snapshot() as transaction:
        return DrillForSheet(
            drill=await transaction.drills.get(viewer.circle_id, drill_id),
            partners=await transaction.partners.of_circle(viewer.circle_id),
            units=await transaction.layer(Unit).of_circle(viewer.circle_id),
            known=await read_plan_context(transaction, viewer.circle_id),
        )


async def drill_for_calendar(database: Database, *, viewer: Viewer, drill_id: DrillId) -> DrillForCalendar:
    """
    Return a drill for an entry of a calendar; only what everyone may know of it is to be told.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        catalogue = await catalogue_of(transaction, viewer.circle_id)
        return DrillForCalendar(
            drill=await transaction.drills.get(viewer.circle_id, drill_id),
            circle=await transaction.circles.get(viewer.circle_id),
            time_zone=catalogue.time_zone,
        )


def check_injects(found: DrillForSheet, injects: tuple[Inject, ...]) -> CheckedInjects:
    """Return the drill's plan with these injects, and whether it may be saved; numbers are unique already."""
    plan = replace(found.drill.plan, injects=injects)
    refused = refused_fields(plan, found.known)
    if not refused:
        try:
            plan = checked_plan(plan, found.known)
        except InvalidValueError as error:
            refused = (str(error.detail["field"]),)
    return CheckedInjects(plan=plan, refused=refused, problems=problems_of(plan, found.known))
