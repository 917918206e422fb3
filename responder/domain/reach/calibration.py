"""What past drills and alerts say about turnouts and speeds, and how much better that predicts."""

import math
import statistics
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from responder.domain.ids import IncidentId, UnitId

FEWEST: Final = 5
"""Journeys from which on something is proposed: with fewer no interval holds the median nine times in ten."""
CONFIDENCE: Final = 0.9
SLOWEST, FASTEST = 0.5, 2.0
"""A speed is never proposed to change by more than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredJourney:
    """How one unit turned out and travelled once, and what had been predicted."""

    incident_id: IncidentId
    at: datetime
    exercise: bool
    unit_id: UnitId
    profile: str
    turnout_s: float | None
    """From the call until the first of its people set out; None where no one said so."""
    travel_s: float | None
    """From then until the first was on scene."""
    predicted_turnout_s: float
    predicted_travel_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The median of some measurements, with an interval that holds the true one nine times in ten."""

    median: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnoutProposal:
    """Another turnout of a unit, in seconds."""

    unit_id: UnitId
    before_s: float
    after_s: float
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedProposal:
    """All speeds of a profile multiplied."""

    profile: str
    factor: float
    estimate: Estimate
    """Of actual travel over predicted travel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """How far predictions of the response were off, in seconds: the mean over journeys."""

    n: int
    before_s: float
    """With the figures that were in force."""
    after_s: float
    """With what is proposed from all other occasions: none of its own journeys is used for a prediction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What is proposed, and what it is worth."""

    turnouts: tuple[TurnoutProposal, ...]
    speeds: tuple[SpeedProposal, ...]
    held_out: HeldOut | None
    """None while there are no two occasions to compare."""


def estimate(values: Iterable[float]) -> Estimate | None:
    """
    Return the median with an interval by order statistics; None of fewer than `FEWEST` values.

    No shape of the distribution is assumed: that the true median lies between the k-th smallest and the k-th
    largest value has a binomial probability.

    >>> estimate([70, 60, 300, 65, 80])
    Estimate(median=70, n=5, low=60, high=300)
    """
    ordered = sorted(values)
    n = len(ordered)
    if n < FEWEST:
        return None
    left_out, outside = 0, 0.0
    while True:
        outside += 2 * math.comb(n, left_out) / 2**n
        if 1 - outside - 2 * math.comb(n, left_out + 1) / 2**n < CONFIDENCE:
            break
        left_out += 1
    return Estimate(
        median=statistics.median(ordered), n=n, low=ordered[left_out], high=ordered[-1 - left_out]
    )


def calibrate(journeys: Sequence[MeasuredJourney], turnouts_s: Mapping[UnitId, float]) -> Calibration:
    """
    Return what the journeys propose: only what differs clearly from the figures in force.

    `turnouts_s` are the turnouts in force, by unit, in seconds; what was predicted with other speeds than
    those in force must not be among the journeys.
    """
    turnouts, speeds = _turnouts(journeys), _speeds(journeys)
    return Calibration(
        turnouts=tuple(
            TurnoutProposal(
                unit_id=unit_id,
                before_s=turnouts_s[unit_id],
                after_s=float(round(found.median)),
                estimate=found,
            )
            for unit_id, found in sorted(turnouts.items())
            if unit_id in turnouts_s and not found.low <= turnouts_s[unit_id] <= found.high
        ),
        speeds=tuple(
            SpeedProposal(profile=profile, factor=_factor(found), estimate=found)
            for profile, found in sorted(speeds.items())
            if not found.low <= 1.0 <= found.high
        ),
        held_out=_held_out(journeys),
    )


def _turnouts(journeys: Iterable[MeasuredJourney]) -> dict[UnitId, Estimate]:
    by_unit: dict[UnitId, list[float]] = defaultdict(list)
    for each in journeys:
        if each.turnout_s is not None:
            by_unit[each.unit_id].append(each.turnout_s)
    return {key: found for key, values in by_unit.items() if (found := estimate(values)) is not None}


def _speeds(journeys: Iterable[MeasuredJourney]) -> dict[str, Estimate]:
    by_profile: dict[str, list[float]] = defaultdict(list)
    for each in journeys:
        if each.travel_s is not None and each.predicted_travel_s > 0:
            by_profile[each.profile].append(each.travel_s / each.predicted_travel_s)
    return {key: found for key, values in by_profile.items() if (found := estimate(values)) is not None}


def _factor(found: Estimate) -> float:
    slower_by = min(max(found.median, 1 / FASTEST), 1 / SLOWEST)
    return round(1 / slower_by, 3)


def _held_out(journeys: Sequence[MeasuredJourney]) -> HeldOut | None:
    occasions: dict[Hashable, list[MeasuredJourney]] = defaultdict(list)
    for each in journeys:
        occasions[each.incident_id].append(each)
    if len(occasions) < 2:  # noqa: PLR2004 - one to predict, another to predict from
        return None
    before: list[float] = []
    after: list[float] = []
    for occasion, own in occasions.items():
        others = [each for each in journeys if each.incident_id != occasion]
        turnouts, speeds = _turnouts(others), _speeds(others)
        for each in own:
            if each.turnout_s is None or each.travel_s is None:
                continue
            turnout, speed = turnouts.get(each.unit_id), speeds.get(each.profile)
            turnout_s = each.predicted_turnout_s if turnout is None else turnout.median
            travel_s = each.predicted_travel_s * (1.0 if speed is None else 1 / _factor(speed))
            actual_s = each.turnout_s + each.travel_s
            before.append(abs(each.predicted_turnout_s + each.predicted_travel_s - actual_s))
            after.append(abs(turnout_s + travel_s - actual_s))
    if not before:
        return None
    return HeldOut(n=len(before), before_s=statistics.fmean(before), after_s=statistics.fmean(after))
