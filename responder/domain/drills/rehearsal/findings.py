"""Where a plan breaks, as its rehearsal shows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from responder.domain.drills.plan import DrillPlan, Measure, WaitKind
from responder.domain.drills.rehearsal.causes import WORTH_TELLING_MS, CauseFinder, MissCause
from responder.domain.drills.rehearsal.crew import Participant, Route
from responder.domain.drills.rehearsal.happenings import Course
from responder.domain.drills.rehearsal.spread import ALL
from responder.domain.drills.run import InjectState
from responder.domain.ids import PartnerId, UnitId
from responder.domain.ladder.waves import UnitsFound
from responder.domain.people.partner import Partner

AED_WITHIN_MS: Final = 300_000
SELDOM: Final = 200
"""What holds in fewer of a thousand rehearsals is told only if it holds in the one that is shown."""
_FASTER_ON_FOOT: Final = "faster_on_foot"


class FindingCode(StrEnum):
    """What can be wrong with a plan, the weightiest first."""

    OBJECTIVE_MISSED = "objective_missed"
    """Not met in time."""
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
    """
    One place where a plan breaks, told once. Which fields are given depends on the code.

    Units, times and causes are those of the first rehearsal in which it holds.
    """

    code: FindingCode
    runs: int | None = None
    """Of how many rehearsals it is told; None where it does not depend on chance."""
    holds_in: int | None = None
    """In how many of them it holds."""
    seed: int | None = None
    """The first rehearsal in which it holds."""
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
    """How long it takes, or how much longer at most; None: for ever."""
    limit_ms: int | None = None
    causes: tuple[MissCause, ...] = ()
    """Why an objective is not met in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestAed:
    """How far the nearest AED that works is from a place of the drill."""

    inject: int | None
    """The casualty; None is the place of the drill itself."""
    lon: float
    lat: float
    walk_ms: int | None
    """None: there is none within two hours."""


class BreakCounter:
    """
    Counts where a plan breaks in its rehearsals.

    Parameters
    ----------
    crew
        All who take part.
    from_posts
        The ways of the crew while nothing of the drill is closed.
    goes_on
        Whether it goes on from a run: units may have set out by then, so that their whole way is not known.
    """

    def __init__(
        self,
        plan: DrillPlan,
        *,
        crew: Sequence[Participant],
        from_posts: Sequence[Route | None],
        goes_on: bool = False,
    ) -> None:
        self._plan, self._crew, self._from_posts = plan, crew, from_posts
        self._expected = [None for _ in crew] if goes_on else from_posts
        self._runs = 0
        self._known: dict[WeakPoint, WeakPoint] = {}
        self._shown: set[WeakPoint] = set()

    def add(self, seed: int, course: Course) -> None:
        """Count the breaks of one rehearsal, the one that is shown first."""
        for each in self._of_run(course):
            key = replace(each, unit_ids=(), took_ms=None, causes=())
            known = self._known.get(key, replace(each, seed=seed, holds_in=0))
            self._known[key] = replace(known, holds_in=(known.holds_in or 0) + 1)
            if self._runs == 0:
                self._shown.add(key)
        self._runs += 1

    def told(
        self, *, found: UnitsFound, partners: Sequence[Partner], aeds: Sequence[NearestAed]
    ) -> tuple[WeakPoint, ...]:
        """
        Return where the plan breaks, the weightiest first and each once.

        Parameters
        ----------
        found
            Who of those who take part can be there in time.
        partners
            Those who take part.
        aeds
            Of the place and of each casualty.
        """
        counted = [
            replace(each, runs=self._runs)
            for key, each in self._known.items()
            if key in self._shown or (each.holds_in or 0) * ALL >= SELDOM * self._runs
        ]
        by_plan = [
            *_not_in_reach(partners, found),
            *_far_from_aed(aeds),
            *(
                WeakPoint(code=FindingCode.OBJECTIVE_NOT_SIMULATED, objective=each.key)
                for each in self._plan.objectives
                if each.measure is Measure.OBSERVED
            ),
        ]
        order = list(FindingCode)
        return tuple(
            sorted([*counted, *by_plan], key=lambda each: (order.index(each.code), -(each.holds_in or 0)))
        )

    def _of_run(self, course: Course) -> Iterator[WeakPoint]:
        yield from self._missed(course)
        yield from _cut_off(course)
        yield from _stops(course, self._crew, self._from_posts)
        yield from _delayed(course)
        yield from _never_given(self._plan, course)

    def _missed(self, course: Course) -> Iterator[WeakPoint]:
        finder = CauseFinder(course=course, crew=self._crew, expected=self._expected)
        for each in course.outcomes:
            objective = self._plan.objective(each.key)
            if objective is not None and each.is_simulated and not each.is_met:
                yield WeakPoint(
                    code=FindingCode.OBJECTIVE_MISSED,
                    objective=each.key,
                    took_ms=each.took_ms,
                    limit_ms=each.within_ms,
                    causes=finder.causes_of(objective),
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
    """Return which injects hold units up, one for each inject."""
    delays: dict[int, dict[UnitId, int]] = {}
    for (unit_id, inject), delay_ms in course.delays_ms.items():
        if delay_ms >= WORTH_TELLING_MS:
            delays.setdefault(inject, {})[unit_id] = delay_ms
    for inject, by_unit in delays.items():
        slowest_first = sorted(by_unit, key=lambda unit_id: (-by_unit[unit_id], unit_id))
        yield WeakPoint(
            code=FindingCode.UNIT_DELAYED,
            inject=inject,
            unit_ids=tuple(slowest_first),
            took_ms=by_unit[slowest_first[0]],
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
