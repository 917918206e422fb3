"""Check the list of injects of a plan."""

from dataclasses import replace
from typing import Final

from geo.errors import GeoError
from responder.domain.drills.plan import (
    DrillPlan,
    Inject,
    InjectKind,
    Measure,
    PlannedClosure,
    WaitKind,
    WaitsFor,
)
from responder.domain.errors import InvalidValueError
from responder.services.drills.plan_context import PlanContext
from responder.services.drills.require import LATEST_S, require
from responder.services.validation.geometry import checked_geometry
from responder.services.validation.text import checked_text

MOST_NUMBER: Final = 9999
INJECT_LENGTH: Final = 500
SHORTEST_EXPIRY_S: Final = 10.0
LONGEST_EXPIRY_S: Final = 7200.0
WIDEST_M: Final = 100.0
GEOMETRIES: Final = frozenset({"LineString", "Polygon", "Point"})

_WITH_POINT: Final = frozenset({InjectKind.HAZARD, InjectKind.CASUALTY})


def checked_injects(plan: DrillPlan, known: PlanContext) -> tuple[Inject, ...]:
    """
    Return the injects with clean texts and geometries, by number; numbers and keys are unique already.

    Raises
    ------
    InvalidValueError
        One is wrong; `field` names where, in the order given.
    """
    injects = tuple(_inject(plan, each, known, f"injects.{index}") for index, each in enumerate(plan.injects))
    after = {inject.number: _after(plan, inject) for inject in plan.injects}
    for index, inject in enumerate(plan.injects):
        ring = _is_in_ring(inject.number, after)
        require(not ring, "injects wait for each other", f"injects.{index}.waits_for")
    return tuple(sorted(injects, key=lambda inject: inject.number))


def refused_fields(plan: DrillPlan, known: PlanContext) -> tuple[str, ...]:
    """Return the first wrong field of each inject that has one, such as `injects.3.text`."""
    fields = []
    for index, each in enumerate(plan.injects):
        try:
            _inject(plan, each, known, f"injects.{index}")
        except InvalidValueError as error:
            fields.append(str(error.detail["field"]))
    return tuple(fields)


def _inject(plan: DrillPlan, inject: Inject, known: PlanContext, where: str) -> Inject:
    require(1 <= inject.number <= MOST_NUMBER, f"1 to {MOST_NUMBER}", f"{where}.number")
    require(0 <= inject.after_s <= LATEST_S, "0 to 12 hours", f"{where}.after_s")
    if inject.waits_for is None:
        require(inject.after_s <= plan.duration_s, "after the end of the drill", f"{where}.after_s")
    else:
        _check_wait(plan, inject.waits_for, f"{where}.waits_for")
    expires = SHORTEST_EXPIRY_S <= inject.expires_after_s <= LONGEST_EXPIRY_S
    require(expires, "10 seconds to two hours", f"{where}.expires_after_s")
    if inject.objective is not None:
        is_known = plan.objective(inject.objective) is not None
        require(is_known, f"there is no objective {inject.objective}", f"{where}.objective")
    invited = known.takes_part(plan)
    for index, each in enumerate(inject.partner_ids):
        require(each in invited, "no such partner takes part", f"{where}.partner_ids.{index}")
    _check_point(inject, where)
    if inject.unit_id is not None:
        is_out = inject.kind is InjectKind.UNIT_OUT
        require(is_out, "only an inject unit_out has a unit", f"{where}.unit_id")
        require(inject.unit_id in known.units, "the circle has no such unit", f"{where}.unit_id")
    is_closure = inject.kind is InjectKind.CLOSURE
    if is_closure:
        _require_width(inject.wider_than_m, f"{where}.wider_than_m")
    return replace(
        inject,
        wider_than_m=inject.wider_than_m if is_closure else None,
        text=checked_text(inject.text, field=f"{where}.text", longest=INJECT_LENGTH, may_be_empty=False),
        expected=checked_text(inject.expected, field=f"{where}.expected", longest=INJECT_LENGTH),
        partner_ids=tuple(dict.fromkeys(inject.partner_ids)),
        closure=None if inject.closure is None else _closure(inject, inject.closure, f"{where}.closure"),
    )


def _check_wait(plan: DrillPlan, waits: WaitsFor, where: str) -> None:
    match waits.kind:
        case WaitKind.ON_SCENE:
            require(waits.objective is None, "on_scene waits for no objective", f"{where}.objective")
            require(waits.inject is None, "on_scene waits for no inject", f"{where}.inject")
        case WaitKind.OBJECTIVE:
            key = waits.objective
            is_known = key is not None and plan.objective(key) is not None
            require(is_known, f"there is no objective {key}", f"{where}.objective")
            require(waits.inject is None, "waits for an objective alone", f"{where}.inject")
        case WaitKind.INJECT:
            number = waits.inject
            is_known = number is not None and plan.inject(number) is not None
            require(is_known, f"there is no inject {number}", f"{where}.inject")
            require(waits.objective is None, "waits for an inject alone", f"{where}.objective")


def _check_point(inject: Inject, where: str) -> None:
    lon, lat = inject.lon, inject.lat
    if lon is None and lat is None:
        return
    missing = "lon" if lon is None else "lat"
    if lon is None or lat is None:
        message = "longitude and latitude belong together"
        raise InvalidValueError(message, field=f"{where}.{missing}")
    has_point = inject.kind in _WITH_POINT
    require(has_point, "only a hazard or a casualty has a point", f"{where}.lon")
    require(-180 <= lon <= 180, "-180 to 180 degrees", f"{where}.lon")  # noqa: PLR2004 - WGS 84
    require(-90 <= lat <= 90, "-90 to 90 degrees", f"{where}.lat")  # noqa: PLR2004


def _closure(inject: Inject, closure: PlannedClosure, where: str) -> PlannedClosure:
    require(inject.kind is InjectKind.CLOSURE, "only an inject closure closes a lane", where)
    _require_width(closure.wider_than_m, f"{where}.wider_than_m")
    try:
        geometry = checked_geometry(closure.geometry, types=GEOMETRIES)
    except GeoError as error:
        raise InvalidValueError(str(error), field=f"{where}.geometry") from error
    return replace(closure, geometry=geometry)


def _require_width(wider_than_m: float | None, where: str) -> None:
    require(wider_than_m is None or 0 < wider_than_m <= WIDEST_M, "above 0, up to 100 m", where)


def _after(plan: DrillPlan, inject: Inject) -> int | None:
    """Return the number of the inject that has to be given before this one's time begins to run."""
    waits = inject.waits_for
    if waits is None or waits.objective is None:
        return None if waits is None else waits.inject
    objective = plan.objective(waits.objective)
    # Other objectives can be met whether or not the inject was given from which they count.
    is_lane = objective is not None and objective.measure is Measure.LANE_CLEAR
    return objective.since_inject if objective is not None and is_lane else None


def _is_in_ring(number: int, after: dict[int, int | None]) -> bool:
    following, seen = after.get(number), {number}
    while following is not None and following not in seen:
        seen.add(following)
        following = after.get(following)
    return following == number
