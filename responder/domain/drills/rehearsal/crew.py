"""Who may be called in a rehearsal, and by which ways they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from responder.domain.ids import PartnerId, UnitId
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner

Closed = tuple[int, ...]
"""Numbers of the injects whose lanes are closed, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A unit of a partner who takes part."""

    unit: Unit
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class InTime:
    """A unit of a partner who takes part that can be there in time."""

    unit_id: UnitId
    partner_id: PartnerId
    response_s: float
    """From the call to arriving, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A unit of a partner who takes part that cannot be there in time."""

    unit_id: UnitId
    partner_id: PartnerId
    reason: str
    """beyond_limit, no_road_nearby, cut_off or off_duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewFound:
    """Who can be there in time, soonest first, and who cannot, as a `ResponseCircle` has it."""

    members: tuple[InTime, ...]
    non_members: tuple[Absent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStop:
    """Where a vehicle stops short of the place, and why."""

    lon: float
    lat: float
    reason: str
    have: float | None
    """What the road offers, in metres or tonnes."""
    need: float | None
    street: str
    assumed: bool
    """What the road offers is the default of its class."""
    inject: int | None
    """The inject whose closure it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way to the place."""

    travel_ms: int
    """As computed, at the speeds of the profile."""
    walk_ms: int
    """Of it on foot, after the vehicle was left."""
    stop: RouteStop | None
    course: Any
    """By which the finder of the way knows it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRoute:
    """A participant on the way."""

    number: int
    route: Route
    at_ms: int
    """Since the start of the route, at the speeds of the profile."""


class Routes(Protocol):
    """Finds ways. Participants are named by their number."""

    def from_posts(self, closed: Closed) -> Sequence[Route | None]:
        """Return the way of each participant from its post, None where there is none."""

    def onward(self, travellers: Sequence[OnRoute], closed: Closed) -> Sequence[Route | None]:
        """Return the best way on for each, None where there is none or it is all but there."""

    def is_blocked(self, traveller: OnRoute, closed: Closed) -> bool:
        """Tell whether the rest of a way leads through what is closed."""
