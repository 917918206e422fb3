"""What happens in a rehearsal, one thing after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from responder.domain.drills.facts import Fact, FactKind, is_met, met_at_s, took_s
from responder.domain.drills.plan import DrillPlan, Measure, Objective
from responder.domain.drills.rehearsal.crew import Closed, Participant, Route
from responder.domain.drills.run import DrillRun
from responder.domain.ids import UnitId


class HappeningKind(StrEnum):
    """What can happen."""

    CALLED = "called"
    CALLED_NEXT = "called_next"
    """By a later wave of the ladder."""
    ANSWERED = "answered"
    """A unit says that it comes."""
    NOT_COMING = "not_coming"
    SET_OUT = "set_out"
    REROUTED = "rerouted"
    """A unit goes on by another way, or goes on at all."""
    CUT_OFF = "cut_off"
    """No way is left to a unit; it waits where it is."""
    ON_SCENE = "on_scene"
    OUT_OF_SERVICE = "out_of_service"
    INJECT_GIVEN = "inject_given"
    LANE_CLEAR = "lane_clear"
    COUNTED = "counted"
    OBJECTIVE_MET = "objective_met"
    """However late."""
    GOES_ON = "goes_on"
    """Until here it is what was reported in the run from which it goes on."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happens, at its millisecond of the drill's clock."""

    at_ms: int
    kind: HappeningKind
    unit_id: UnitId | None = None
    inject: int | None = None
    objective: str | None = None
    people: int | None = None
    delay_ms: int | None = None
    """How much later the unit arrives by another way; below zero: sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """How far a unit travels a route."""

    route: Route
    begins_ms: int
    ends_ms: int
    """On the drill's clock."""
    until_ms: int
    """Where on the route it ends: the time since its start, at the speeds of the profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedOutcome:
    """What became of an objective."""

    key: str
    measure: Measure
    is_simulated: bool
    """False where only an evaluator can tell."""
    within_ms: int
    took_ms: int | None
    """On its own clock; None if it was not met at all."""
    is_met: bool
    """In time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How one rehearsal went."""

    happenings: tuple[Happening, ...]
    """In their order."""
    facts: tuple[Fact, ...]
    outcomes: tuple[SimulatedOutcome, ...]
    """In the order of the plan."""
    rides: tuple[tuple[Ride, ...], ...]
    """By number of the participant."""
    called_ms: Mapping[UnitId, int]
    """When each unit was called; the others were not."""
    arrivals_ms: Mapping[UnitId, int]
    cut_off: Mapping[UnitId, int | None]
    """Units that no way was left to, by the inject after which; None: from the start."""
    delays_ms: Mapping[tuple[UnitId, int], int]
    """By how much an inject delayed a unit that went on by another way."""
    run: DrillRun
    closed: tuple[Closed, ...]
    """What was closed at some time: all sets of lanes that came up."""


class HappeningLog:
    """What happens, as it is told and as facts that meet objectives."""

    def __init__(self) -> None:
        self.happenings: list[Happening] = []
        self.facts: list[Fact] = []

    def tell(
        self,
        at_ms: int,
        kind: HappeningKind,
        unit_id: UnitId | None = None,
        *,
        inject: int | None = None,
        people: int | None = None,
        delay_ms: int | None = None,
    ) -> None:
        """Tell that something happens."""
        self.happenings.append(
            Happening(
                at_ms=at_ms, kind=kind, unit_id=unit_id, inject=inject, people=people, delay_ms=delay_ms
            )
        )

    def note(
        self,
        at_ms: int,
        kind: FactKind,
        who: Participant | None = None,
        *,
        inject: int | None = None,
        people: int = 0,
    ) -> None:
        """Note a fact."""
        self.facts.append(
            Fact(
                kind=kind,
                at_s=at_ms / 1000,
                unit_id=None if who is None else who.unit.id,
                partner_id=None if who is None else who.partner.id,
                partner_kind=None if who is None else who.partner.kind,
                people=people,
                inject=inject,
            )
        )

    def outcomes(self, plan: DrillPlan) -> tuple[SimulatedOutcome, ...]:
        """Return what became of the objectives of a plan."""
        return tuple(_outcome(objective, self.facts) for objective in plan.objectives)

    def ordered(self, plan: DrillPlan) -> tuple[Happening, ...]:
        """Return all that happened in its order, with the moments at which objectives were met."""
        met = (
            Happening(at_ms=round(met_s * 1000), kind=HappeningKind.OBJECTIVE_MET, objective=objective.key)
            for objective in plan.objectives
            if (met_s := met_at_s(objective, self.facts)) is not None
        )
        return tuple(sorted([*self.happenings, *met], key=lambda each: each.at_ms))


def _outcome(objective: Objective, facts: Sequence[Fact]) -> SimulatedOutcome:
    took = took_s(objective, facts)
    return SimulatedOutcome(
        key=objective.key,
        measure=objective.measure,
        is_simulated=objective.measure is not Measure.OBSERVED,
        within_ms=round(objective.within_s * 1000),
        took_ms=None if took is None else round(took * 1000),
        is_met=is_met(objective, facts),
    )
