"""
Turnout, travel and response of those who were called, and who came at all.

All times are seconds of the drill's clock, which stands still in pauses. A moment is when the server received
what a person said, not what their device showed. A 90th percentile is the nearest rank: of n values in
order the one numbered ceil(0.9 n), which is always a value that occurred.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from responder.domain.drills.run import DrillRun
from responder.domain.ids import PartnerId, ResponderId, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTimes:
    """What one person who was called said, by the moment at which the server received it."""

    recipient_id: ResponderId
    name: str
    unit_id: UnitId
    partner_id: PartnerId
    called_at: datetime
    answered_at: datetime | None = None
    """The first yes or no."""
    declined: bool = False
    """They do not come, by what they said last."""
    accepted_at: datetime | None = None
    en_route_at: datetime | None = None
    on_scene_at: datetime | None = None
    seqs: Mapping[str, int] | None = None
    """Numbers of the events that first tell each state, by state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Turnout, travel and response, in seconds; None where a moment is missing."""

    turnout_s: float | None = None
    """From the call to leaving."""
    travel_s: float | None = None
    """From leaving to on scene."""
    response_s: float | None = None
    """From the call to on scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonScore:
    """One person who was called."""

    recipient_id: ResponderId
    name: str
    unit_id: UnitId
    partner_id: PartnerId
    called_at_s: float
    answered_at_s: float | None
    declined: bool
    left_at_s: float | None
    left_by_accepting: bool
    """They did not say that they left: the moment of their yes stands for it."""
    on_scene_at_s: float | None
    times: Times
    seqs: Mapping[str, int]
    """Numbers of the events that first tell each state, by state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitScore:
    """A unit by its first person who left and its first on scene, beside what was expected at the call."""

    unit_id: UnitId
    partner_id: PartnerId
    called: int
    came: int
    actual: Times
    expected: Times | None
    """None for a unit that was not expected in time."""
    late_s: float | None
    """Response, actual less expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """Mean and 90th percentile of n values, in seconds."""

    n: int
    mean_s: float | None = None
    p90_s: float | None = None
    """Nearest rank."""
    longest_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Of units or of people."""

    turnout: Statistic
    travel: Statistic
    response: Statistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """How many of a partner's people were called, answered and came."""

    partner_id: PartnerId
    called: int
    answered: int
    declined: int
    came: int


def nearest_rank(values: Iterable[float], share: float) -> float | None:
    """
    Return the value below or at which `share` of all lie; None of none.

    >>> nearest_rank([30, 10, 20], 0.9)
    30
    """
    ordered = sorted(values)
    # Of 10 × 0.9 floating point may make a little more than 9.
    rank = math.ceil(share * len(ordered) - 1e-9)
    return ordered[max(0, rank - 1)] if ordered else None


def statistic(values: Iterable[float | None]) -> Statistic:
    """Return mean and 90th percentile of the values that are known."""
    known = [value for value in values if value is not None]
    if not known:
        return Statistic(n=0)
    return Statistic(
        n=len(known),
        mean_s=math.fsum(known) / len(known),
        p90_s=nearest_rank(known, 0.9),
        longest_s=max(known),
    )


def statistics(times: Sequence[Times]) -> Statistics:
    """Return mean and 90th percentile of turnout, travel and response."""
    return Statistics(
        turnout=statistic(each.turnout_s for each in times),
        travel=statistic(each.travel_s for each in times),
        response=statistic(each.response_s for each in times),
    )


def score_person(run: DrillRun, call: CallTimes) -> PersonScore:
    """Return the times of one person on the drill's clock."""

    def at_s(at: datetime | None) -> float | None:
        return None if at is None else run.clock_s(at)

    called_s, on_scene_s = run.clock_s(call.called_at), at_s(call.on_scene_at)
    left_s = at_s(call.en_route_at or call.accepted_at)
    return PersonScore(
        recipient_id=call.recipient_id,
        name=call.name,
        unit_id=call.unit_id,
        partner_id=call.partner_id,
        called_at_s=called_s,
        answered_at_s=at_s(call.answered_at),
        declined=call.declined,
        left_at_s=left_s,
        left_by_accepting=call.en_route_at is None and call.accepted_at is not None,
        on_scene_at_s=on_scene_s,
        times=_times(called_s, left_s, on_scene_s),
        seqs=call.seqs or {},
    )


def score_units(
    people: Iterable[PersonScore], expected: Mapping[UnitId, Times], partners: Mapping[UnitId, PartnerId]
) -> tuple[UnitScore, ...]:
    """
    Return each unit that was called or expected, the first on scene first.

    `partners` are those of the units that are expected.
    """
    by_unit: dict[UnitId, list[PersonScore]] = {unit_id: [] for unit_id in expected}
    for person in people:
        by_unit.setdefault(person.unit_id, []).append(person)
    units = [_unit(unit_id, crew, expected.get(unit_id), partners) for unit_id, crew in by_unit.items()]
    return tuple(
        sorted(units, key=lambda unit: (_or_last(unit.actual.response_s), str(unit.unit_id))),
    )


def _unit(
    unit_id: UnitId,
    crew: Sequence[PersonScore],
    expected: Times | None,
    partners: Mapping[UnitId, PartnerId],
) -> UnitScore:
    arrived = [person.on_scene_at_s for person in crew if person.on_scene_at_s is not None]
    left = [person.left_at_s for person in crew if person.left_at_s is not None]
    called_s = min((person.called_at_s for person in crew), default=None)
    actual = _times(called_s, min(left, default=None), min(arrived, default=None))
    late_s = None
    if actual.response_s is not None and expected is not None and expected.response_s is not None:
        late_s = actual.response_s - expected.response_s
    return UnitScore(
        unit_id=unit_id,
        partner_id=crew[0].partner_id if crew else partners[unit_id],
        called=len(crew),
        came=len(arrived),
        actual=actual,
        expected=expected,
        late_s=late_s,
    )


def _times(called_s: float | None, left_s: float | None, on_scene_s: float | None) -> Times:
    return Times(
        turnout_s=_between(called_s, left_s),
        travel_s=_between(left_s, on_scene_s),
        response_s=_between(called_s, on_scene_s),
    )


def _between(begin_s: float | None, end_s: float | None) -> float | None:
    return None if begin_s is None or end_s is None else max(0.0, end_s - begin_s)


def _or_last(value: float | None) -> float:
    return math.inf if value is None else value


def score_attendance(
    people: Iterable[PersonScore], invited: Iterable[PartnerId] = ()
) -> tuple[Attendance, ...]:
    """Return attendance by partner; `invited` are listed even if none of theirs was called."""
    by_partner: dict[PartnerId, list[PersonScore]] = {partner_id: [] for partner_id in invited}
    for person in people:
        by_partner.setdefault(person.partner_id, []).append(person)
    return tuple(
        Attendance(
            partner_id=partner_id,
            called=len(of_it),
            answered=sum(person.answered_at_s is not None for person in of_it),
            declined=sum(person.declined for person in of_it),
            came=sum(person.on_scene_at_s is not None for person in of_it),
        )
        for partner_id, of_it in by_partner.items()
    )
