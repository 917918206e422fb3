"""Where a plan breaks, as its rehearsal shows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from responder.domain.drills.plan import DrillPlan, Measure, WaitKind
from responder.domain.drills.rehearsal.chances import ObjectiveChance
from responder.domain.drills.rehearsal.crew import Participant, Route
from responder.domain.drills.rehearsal.happenings import Course
from responder.domain.drills.rehearsal.spread import ALL
from responder.domain.drills.run import InjectState
from responder.domain.ids import PartnerId, UnitId
from responder.domain.ladder.waves import UnitsFound
from responder.domain.people.partner import Partner

AED_WITHIN_MS: Final = 300_000
LIKELY: Final = 800
"""An objective met in fewer of a thousand rehearsals is unlikely."""
WORTH_TELLING_MS: Final = 30_000
"""A shorter delay by an inject is not told."""
_FASTER_ON_FOOT: Final = "faster_on_foot"


class FindingCode(StrEnum):
    """What can be wrong with a plan."""

    OBJECTIVE_MISSED = "objective_missed"
    """Not met in time in the rehearsal shown."""
    OBJECTIVE_UNLIKELY = "objective_unlikely"
    """Met in time in fewer than 80 % of the rehearsals."""
    UNIT_CUT_OFF = "unit_cut_off"
    VEHICLE_STOPS = "vehicle_stops"
    """The vehicle cannot pass; its crew walks on."""
    UNIT_DELAYED = "unit_delayed"
    PARTNER_NOT_IN_REACH = "partner_not_in_reach"
    NO_AED_NEARBY = "no_aed_nearby"
    INJECT_NEVER_DUE = "inject_never_due"
    INJECT_AFTER_END = "inject_after_end"
    OBJECTIVE_NOT_SIMULATED = "objective_not_simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakPoint:
    """One place where a plan breaks. Which fields are given depends on the code."""

    code: FindingCode
    objective: str | None = None
    inject: int | None = None
    """The one concerned, or whose closure is to blame."""
    unit_ids: tuple[UnitId, ...] = ()
    partner_id: PartnerId | None = None
    reason: str | None = None
    """Why a vehicle stops, why a partner is not in reach, or what an inject waits for."""
    have: float | None = None
    need: float | None = None
    """What the road offers and the vehicle needs, in metres or tonnes."""
    is_assumed: bool | None = None
    """What the road offers is the default of its class."""
    lon: float | None = None
    lat: float | None = None
    street: str | None = None
    took_ms: int | None = None
    """How long it takes, or how much longer; None: for ever."""
    limit_ms: int | None = None
    chance: int | None = None
    """Per mille of the rehearsals in which it is met in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestAed:
    """How far the nearest AED that works is from a place of the drill."""

    inject: int | None
    """The casualty; None is the place of the drill itself."""
    lon: float
    lat: float
    walk_ms: int | None
    """None: there is none within two hours."""


def find_breaks(
    plan: DrillPlan,
    course: Course,
    *,
    crew: Sequence[Participant],
    found: UnitsFound,
    partners: Sequence[Partner],
    from_posts: Sequence[Route | None],
    aeds: Sequence[NearestAed],
    chances: Sequence[ObjectiveChance],
) -> tuple[WeakPoint, ...]:
    """
    Return where a plan breaks, the weightiest first.

    Parameters
    ----------
    crew, partners
        Those who take part.
    found
        Which of them can be there in time.
    from_posts
        The ways of the crew while nothing of the drill is closed.
    chances
        Of many rehearsals; empty when there was one.
    """
    breaks = [
        *_missed(course),
        *_unlikely(chances, plan),
        *_cut_off(course),
        *_stops(course, crew, from_posts),
        *_delayed(course),
        *_not_in_reach(partners, found),
        *_far_from_aed(aeds),
        *_never_given(plan, course),
        *(
            WeakPoint(code=FindingCode.OBJECTIVE_NOT_SIMULATED, objective=each.key)
            for each in course.outcomes
            if not each.is_simulated
        ),
    ]
    return tuple(breaks)


def _missed(course: Course) -> Iterator[WeakPoint]:
    for each in course.outcomes:
        if each.is_simulated and not each.is_met:
            yield WeakPoint(
                code=FindingCode.OBJECTIVE_MISSED,
                objective=each.key,
                took_ms=each.took_ms,
                limit_ms=each.within_ms,
            )


def _unlikely(chances: Iterable[ObjectiveChance], plan: DrillPlan) -> Iterator[WeakPoint]:
    for each in chances:
        objective = plan.objective(each.key)
        if objective is None or objective.measure is Measure.OBSERVED or each.runs == 0:
            continue
        chance = each.met * ALL // each.runs
        if chance < LIKELY:
            yield WeakPoint(
                code=FindingCode.OBJECTIVE_UNLIKELY,
                objective=each.key,
                chance=chance,
                took_ms=each.p50_ms,
                limit_ms=round(objective.within_s * 1000),
            )


def _cut_off(course: Course) -> Iterator[WeakPoint]:
    by_inject: dict[int | None, list[UnitId]] = {}
    for unit_id, inject in course.cut_off.items():
        by_inject.setdefault(inject, []).append(unit_id)
    for inject, units in by_inject.items():
        yield WeakPoint(code=FindingCode.UNIT_CUT_OFF, inject=inject, unit_ids=tuple(units))


def _stops(
    course: Course, crew: Sequence[Participant], from_posts: Sequence[Route | None]
) -> Iterator[WeakPoint]:
    """Return where vehicles cannot pass, one for all that stop at a spot for the same reason."""
    stopped: dict[WeakPoint, list[UnitId]] = {}
    for number, who in enumerate(crew):
        if who.unit.id not in course.called_ms:
            continue
        routes = [from_posts[number], *(ride.route for ride in course.rides[number])]
        for stop in (route.stop for route in routes if route is not None):
            if stop is None or stop.reason == _FASTER_ON_FOOT:
                continue
            finding = WeakPoint(
                code=FindingCode.VEHICLE_STOPS,
                inject=stop.inject,
                reason=stop.reason,
                have=stop.have,
                need=stop.need,
                is_assumed=stop.assumed,
                lon=stop.lon,
                lat=stop.lat,
                street=stop.street,
            )
            units = stopped.setdefault(finding, [])
            if who.unit.id not in units:
                units.append(who.unit.id)
    for finding, units in stopped.items():
        yield replace(finding, unit_ids=tuple(units))


def _delayed(course: Course) -> Iterator[WeakPoint]:
    for (unit_id, inject), delay_ms in course.delays_ms.items():
        if delay_ms >= WORTH_TELLING_MS:
            yield WeakPoint(
                code=FindingCode.UNIT_DELAYED, inject=inject, unit_ids=(unit_id,), took_ms=delay_ms
            )


def _not_in_reach(partners: Iterable[Partner], found: UnitsFound) -> Iterator[WeakPoint]:
    coming = {each.partner_id for each in found.members}
    for partner in partners:
        if partner.id in coming:
            continue
        absent = [each for each in found.non_members if each.partner_id == partner.id]
        reasons = Counter(each.reason for each in absent)
        reason = min(reasons, key=lambda each: (-reasons[each], each), default="no_units")
        units = tuple(sorted(each.unit_id for each in absent))
        yield WeakPoint(
            code=FindingCode.PARTNER_NOT_IN_REACH, partner_id=partner.id, reason=reason, unit_ids=units
        )


def _far_from_aed(aeds: Iterable[NearestAed]) -> Iterator[WeakPoint]:
    for each in aeds:
        if each.walk_ms is None or each.walk_ms > AED_WITHIN_MS:
            yield WeakPoint(
                code=FindingCode.NO_AED_NEARBY,
                inject=each.inject,
                lon=each.lon,
                lat=each.lat,
                took_ms=each.walk_ms,
                limit_ms=AED_WITHIN_MS,
            )


def _never_given(plan: DrillPlan, course: Course) -> Iterator[WeakPoint]:
    for each in course.run.injects:
        if each.state is not InjectState.PLANNED:
            continue
        if each.due_s is not None:
            yield WeakPoint(
                code=FindingCode.INJECT_AFTER_END,
                inject=each.number,
                took_ms=round(each.due_s * 1000),
                limit_ms=round(plan.duration_s * 1000),
            )
            continue
        inject = plan.inject(each.number)
        waits = None if inject is None else inject.waits_for
        if waits is not None:
            yield WeakPoint(
                code=FindingCode.INJECT_NEVER_DUE,
                inject=each.number,
                objective=waits.objective,
                reason=_waits_for(plan, waits.kind, waits.objective),
            )


def _waits_for(plan: DrillPlan, kind: WaitKind, key: str | None) -> str:
    objective = None if key is None else plan.objective(key)
    if objective is not None and objective.measure is Measure.OBSERVED:
        return Measure.OBSERVED.value
    return kind.value
