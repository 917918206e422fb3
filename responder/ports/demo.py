"""The contents of the illustrative circle."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from responder.domain.drills.finding import Finding
from responder.domain.drills.observation import Observation
from responder.domain.drills.plan import Drill, DrillPlan
from responder.domain.drills.run import DrillRun
from responder.domain.ids import PartnerId
from responder.domain.map.circle import Circle
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Responder
from responder.domain.people.access import Role
from responder.domain.people.account import Account
from responder.domain.people.partner import Partner
from responder.domain.registers.hazard_life import HazardStep
from responder.domain.registers.household import Household
from responder.domain.registers.pact.pact import Pact
from responder.domain.registers.pact.roster import RosterPattern, Shift
from responder.domain.registers.pact.score import DutyRecord

if TYPE_CHECKING:
    # Only a first start reads the demo; osmium and pyproj would slow down every other.
    from geo.osm.roads import OsmRoads


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account with what it is in the circle."""

    account: Account
    role: Role
    partner_id: PartnerId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHazards:
    """Hazards with what was done about them."""

    hazards: tuple[Hazard, ...]
    steps: tuple[HazardStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDrill:
    """A drill that took place, with what it showed."""

    drill: Drill
    runs: tuple[tuple[datetime, DrillRun], ...]
    """How it stood from each moment on; the last is how it ended."""
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPact:
    """A pact that is in force, what was done for it, and who is on call."""

    pact: Pact
    records: tuple[DutyRecord, ...]
    patterns: tuple[RosterPattern, ...]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The illustrative circle, whole."""

    circle: Circle
    partners: tuple[Partner, ...]
    accounts: tuple[DemoAccount, ...]
    responders: tuple[Responder, ...]
    layers: Mapping[type, Sequence[Any]]
    """What lies on the map, by its kind and in the order in which one may name another."""
    drill_plans: tuple[DrillPlan, ...]
    """Without dates: they are set when the circle is loaded."""
    hazard_lives: Callable[[datetime], DemoHazards] | None
    """Told when the circle is loaded, gives its hazards owners, last days and a history."""
    held_drill: Callable[[datetime], HeldDrill] | None
    """Told when the circle is loaded, makes a drill that took place some weeks before."""
    households: Callable[[datetime], tuple[Household, ...]]
    """Told when the circle is loaded, gives households that were confirmed some months before."""
    pact: Callable[[datetime], DemoPact] | None
    """Told when the circle is loaded, what was agreed, and who is on call."""
    roads: "OsmRoads"
