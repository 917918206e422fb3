"""Check the plan of a drill: strict about what is wrong, lenient about what is missing until it can start."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from responder.domain.drills.plan import DrillPlan, InjectKind, Measure, Objective
from responder.domain.drills.templates.shipped import template_of
from responder.domain.errors import InvalidValueError
from responder.domain.ids import PartnerId
from responder.ports.clock import to_milliseconds
from responder.services.drills.check_injects import checked_injects
from responder.services.drills.plan_context import PlanContext
from responder.services.drills.require import LATEST_S, require
from responder.services.validation.text import checked_text

MOST_INJECTS: Final = 200
MOST_OBJECTIVES: Final = 30
MOST_COUNT: Final = 10_000
SHORTEST_S: Final = 60.0
LONGEST_S: Final = 86_400.0
"""A day."""
NAME_LENGTH: Final = 64
OBJECTIVE_LENGTH: Final = 200
TEXT_LENGTH: Final = 2000
KEY: Final = re.compile("[a-z0-9_]{1,32}")

_COUNTING: Final = frozenset({Measure.FIRST_ON_SCENE, Measure.COMING, Measure.COUNTED})


def checked_plan(plan: DrillPlan, known: PlanContext) -> DrillPlan:
    """
    Return the plan with clean texts and its injects by number. Its place is not looked at.

    Raises
    ------
    InvalidValueError
        Something in it is wrong. `field` names where, such as `injects.3.waits_for.inject`; lists count
        from 0, in the order given.
    """
    require(plan.kind in known.kinds, f"the circle has no kind of incident {plan.kind}", "kind")
    require(SHORTEST_S <= plan.duration_s <= LONGEST_S, "a minute to a day", "duration_s")
    is_known = plan.template is None or template_of(plan.template) is not None
    require(is_known, f"there is no template {plan.template}", "template")
    require(len(plan.objectives) <= MOST_OBJECTIVES, f"at most {MOST_OBJECTIVES} objectives", "objectives")
    require(len(plan.injects) <= MOST_INJECTS, f"at most {MOST_INJECTS} injects", "injects")
    plan = replace(
        plan,
        name=checked_text(plan.name, field="name", longest=NAME_LENGTH, may_be_empty=False),
        scenario=checked_text(plan.scenario, field="scenario", longest=TEXT_LENGTH),
        notice=checked_text(plan.notice, field="notice", longest=TEXT_LENGTH),
        starts_at=None if plan.starts_at is None else to_milliseconds(plan.starts_at),
        partner_ids=_partners(plan.partner_ids, known),
    )
    keys: set[str] = set()
    for number, objective in enumerate(plan.objectives):
        require(objective.key not in keys, "another objective has this key", f"objectives.{number}.key")
        keys.add(objective.key)
    numbers: set[int] = set()
    for number, inject in enumerate(plan.injects):
        require(inject.number not in numbers, "another inject has this number", f"injects.{number}.number")
        numbers.add(inject.number)
    objectives = tuple(
        _objective(plan, objective, f"objectives.{number}")
        for number, objective in enumerate(plan.objectives)
    )
    return replace(plan, objectives=objectives, injects=checked_injects(plan, known))


def _partners(ids: Collection[PartnerId], known: PlanContext) -> tuple[PartnerId, ...]:
    for number, each in enumerate(ids):
        require(each in known.partners, "the circle has no such partner", f"partner_ids.{number}")
    return tuple(dict.fromkeys(ids))


def _objective(plan: DrillPlan, objective: Objective, where: str) -> Objective:
    require(bool(KEY.fullmatch(objective.key)), "up to 32 small letters, digits and _", f"{where}.key")
    require(0 < objective.within_s <= LATEST_S, "above 0, up to 12 hours", f"{where}.within_s")
    _require_measured(objective, where)
    since = objective.since_inject
    if since is not None:
        inject = plan.inject(since)
        require(inject is not None, f"there is no inject {since}", f"{where}.since_inject")
        if objective.measure is Measure.LANE_CLEAR and inject is not None:
            closes = inject.kind is InjectKind.CLOSURE
            require(closes, f"inject {since} closes no lane", f"{where}.since_inject")
    return replace(
        objective,
        text=checked_text(
            objective.text, field=f"{where}.text", longest=OBJECTIVE_LENGTH, may_be_empty=False
        ),
    )


def _require_measured(objective: Objective, where: str) -> None:
    measure, count = objective.measure, objective.count
    of_kind = measure is Measure.PARTNER_ON_SCENE
    if of_kind != (objective.partner_kind is not None):
        message = "a kind of partner belongs to partner_on_scene, and to nothing else"
        raise InvalidValueError(message, field=f"{where}.partner_kind")
    if measure in _COUNTING:
        needed = measure is not Measure.FIRST_ON_SCENE
        require(count is not None or not needed, "how many is missing", f"{where}.count")
    else:
        require(count is None, f"{measure} counts nothing", f"{where}.count")
    if count is not None:
        require(1 <= count <= MOST_COUNT, f"1 to {MOST_COUNT}", f"{where}.count")
    if measure is Measure.LANE_CLEAR:
        has_lane = objective.since_inject is not None
        require(has_lane, "which inject closes the lane is missing", f"{where}.since_inject")
