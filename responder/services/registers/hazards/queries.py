"""Look at the life of a hazard, and at what is to be done about all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from responder.domain.ids import HazardId
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.hazard_life import HazardStep, HazardStepKind, may_take, possible_steps
from responder.domain.registers.hazard_rules import HazardRules
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.incidents.catalogue import local_date
from responder.services.map.hazards import rules_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLife:
    """What was done about a hazard, and what may be done next."""

    hazard: Hazard
    steps: tuple[HazardStep, ...]
    possible: tuple[HazardStepKind, ...]
    """What the viewer may do now."""
    closed_before: int
    """Hazards of its kind that were closed at the same place."""
    usual_due_on: date
    """The last day, were it assigned today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What is to be done about the hazards of a circle."""

    today: date
    """In the circle's time zone."""
    overdue: tuple[HazardId, ...]
    """Those not mended whose last day has passed, the longest first."""
    closed_before: Mapping[HazardId, int]
    """How many of their kind were closed at the same place before; those without any are left out."""
    rules: HazardRules


async def show_life(database: Database, *, viewer: Viewer, hazard_id: HazardId, clock: Clock) -> ShownLife:
    """
    Return what was done about a hazard, and what the viewer may do next.

    Raises
    ------
    NotFoundError
        The circle has no such hazard.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        hazard = await transaction.layer(Hazard).get(viewer.circle_id, hazard_id)
        rules = await rules_of(transaction, viewer.circle_id)
        today = await local_date(transaction, viewer.circle_id, moment(clock))
        closed_before = await transaction.hazard_steps.closed_before(
            viewer.circle_id, within_m=rules.same_place_m
        )
        return ShownLife(
            hazard=hazard,
            steps=await transaction.hazard_steps.of_hazard(viewer.circle_id, hazard_id),
            possible=tuple(each for each in possible_steps(hazard.state) if may_take(viewer, hazard, each)),
            closed_before=closed_before.get(hazard_id, 0),
            usual_due_on=rules.due_on(hazard.grade, today=today),
        )


async def show_follow_up(database: Database, *, viewer: Viewer, clock: Clock) -> FollowUp:
    """Return what is to be done about the hazards of the circle."""
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        rules = await rules_of(transaction, viewer.circle_id)
        today = await local_date(transaction, viewer.circle_id, moment(clock))
        hazards = await transaction.layer(Hazard).of_circle(viewer.circle_id)
        late = [(each.due_on, each.id) for each in hazards if each.due_on and each.is_overdue(today=today)]
        return FollowUp(
            today=today,
            overdue=tuple(hazard_id for _, hazard_id in sorted(late)),
            closed_before=await transaction.hazard_steps.closed_before(
                viewer.circle_id, within_m=rules.same_place_m
            ),
            rules=rules,
        )
