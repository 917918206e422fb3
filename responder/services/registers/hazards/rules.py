"""Set how many days hazards may take to be mended in a circle."""

from responder.domain.audit import AuditAction, audit_entry
from responder.domain.errors import InvalidValueError
from responder.domain.map.hazard import HazardGrade
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.hazard_rules import LONGEST_DUE_DAYS, WIDEST_PLACE_M, HazardRules
from responder.ports import Clock, Database
from responder.ports.clock import moment


async def set_hazard_rules(
    database: Database, *, viewer: Viewer, rules: HazardRules, clock: Clock
) -> HazardRules:
    """
    Set days by grade and what counts as the same place; hazards that have a last day keep it.

    Raises
    ------
    NotAllowedError
        The role may not set them.
    InvalidValueError
        A number cannot be; `field` names it.
    """
    viewer.must(Action.MANAGE_HAZARDS)
    for grade in HazardGrade:
        if not 0 <= rules.due_days[grade] <= LONGEST_DUE_DAYS:
            message = f"days are from 0 to {LONGEST_DUE_DAYS}"
            raise InvalidValueError(message, field=f"{grade.value}_days")
    if not 0 <= rules.same_place_m <= WIDEST_PLACE_M:
        message = f"metres are from 0 to {WIDEST_PLACE_M:.0f}"
        raise InvalidValueError(message, field="same_place_m")
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        await transaction.hazard_steps.put_rules(viewer.circle_id, rules)
        act = audit_entry(viewer, AuditAction.HAZARD_RULES_UPDATED)
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return rules
