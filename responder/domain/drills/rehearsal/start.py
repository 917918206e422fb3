"""From where a rehearsal goes on: a run of the drill, as it stood at one second."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from responder.domain.drills.facts import Fact
from responder.domain.drills.run import DrillRun
from responder.domain.ids import UnitId


class UnitStage(StrEnum):
    """How far a unit had come."""

    CALLED = "called"
    """No one of it had answered."""
    COMING = "coming"
    MOVING = "moving"
    ON_SCENE = "on_scene"
    AWAY = "away"
    """All who had answered cannot come, or it is out of service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStart:
    """A unit that was called, as it stood."""

    stage: UnitStage
    called_ms: int
    since_ms: int
    """When it reached the stage."""
    place: tuple[float, float]
    """Longitude and latitude of where it was last known to be; its post where that is not known."""
    place_ms: int
    """When it was there, of one that moves."""
    people: int
    """So many of it come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalStart:
    """A run as it stood at `at_ms` of the drill's clock. All times are of this clock."""

    at_ms: int
    run: DrillRun
    """Running."""
    facts: tuple[Fact, ...]
    """What was reported by then."""
    units: Mapping[UnitId, UnitStart] | None
    """Those that were called; None of a tabletop, which calls no one."""
