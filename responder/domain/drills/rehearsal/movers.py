"""A unit of a rehearsal, as it stands at the moment."""

from dataclasses import dataclass, field
from enum import StrEnum

from responder.domain.drills.rehearsal.crew import Closed, OnRoute, Participant, Route
from responder.domain.drills.rehearsal.happenings import Ride
from responder.domain.drills.rehearsal.spread import ALL, UnitDraw


class MoverState(StrEnum):
    """How far a unit is."""

    IDLE = "idle"
    """Not called yet."""
    CALLED = "called"
    MOVING = "moving"
    CUT_OFF = "cut_off"
    ON_SCENE = "on_scene"
    AWAY = "away"


@dataclass(slots=True)
class Mover:
    """A unit, as it stands at the moment."""

    number: int
    who: Participant
    draw: UnitDraw
    state: MoverState = MoverState.IDLE
    called_ms: int | None = None
    people: int = 0
    """So many of its people have said that they come."""
    is_reported: bool = False
    """Whether the run from which the rehearsal goes on reports who of it comes, person by person."""
    route: Route | None = None
    found_with: Closed = ()
    began_ms: int = 0
    """When it began its route, on the drill's clock."""
    stopped_ms: int = 0
    """Where on its route it waits, when no way is left."""
    turn: int = 0
    """Grows whenever what was to come next is no longer so."""
    rides: list[Ride] = field(default_factory=list)

    def on_route(self, at_ms: int) -> OnRoute | None:
        """Return where on its route it is."""
        if self.route is None:
            return None
        if self.state is MoverState.CUT_OFF:
            return OnRoute(number=self.number, route=self.route, at_ms=self.stopped_ms)
        gone = (at_ms - self.began_ms) * ALL // self.draw.travel
        return OnRoute(number=self.number, route=self.route, at_ms=min(gone, self.route.travel_ms))

    def ride_until(self, at_ms: int) -> None:
        """Note what was travelled of the route."""
        here = self.on_route(at_ms)
        if here is not None and self.state is MoverState.MOVING:
            self.rides.append(
                Ride(route=here.route, begins_ms=self.began_ms, ends_ms=at_ms, until_ms=here.at_ms)
            )

    def lasts_ms(self, route: Route) -> int:
        """Return how long a whole route takes this unit."""
        return route.travel_ms * self.draw.travel // ALL

    def left_ms(self, here: OnRoute) -> int:
        """Return how long the rest of its route takes."""
        return self.lasts_ms(here.route) - here.at_ms * self.draw.travel // ALL
