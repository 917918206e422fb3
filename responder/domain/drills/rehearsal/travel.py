"""How the units of a rehearsal come: they set out, are held up, find other ways and arrive."""

from collections.abc import Sequence
from typing import Final

from responder.domain.drills.facts import FactKind
from responder.domain.drills.rehearsal.agenda import Agenda, Due
from responder.domain.drills.rehearsal.crew import Closed, OnRoute, Route, Routes
from responder.domain.drills.rehearsal.happenings import HappeningKind, HappeningLog
from responder.domain.drills.rehearsal.movers import Mover, MoverState
from responder.domain.ids import UnitId

WORTH_TURNING_MS: Final = 1000
"""A lane that is open again makes no one turn for less."""


class Travel:
    """
    The units of a rehearsal on their ways.

    Parameters
    ----------
    movers
        By their number.
    routes
        Finds their ways.
    log, agenda
        Where it is told what happens, and planned what comes next.
    closed
        The lanes that are closed at the start.
    """

    def __init__(
        self, movers: Sequence[Mover], routes: Routes, log: HappeningLog, agenda: Agenda, *, closed: Closed
    ) -> None:
        self._movers, self._routes, self._log, self._agenda = movers, routes, log, agenda
        self._closed = closed
        self.closed_sets: dict[Closed, None] = {(): None, closed: None}
        self.cut_off: dict[UnitId, int | None] = {}
        self.delays_ms: dict[tuple[UnitId, int], int] = {}
        self.arrivals_ms: dict[UnitId, int] = {}

    def set_out(self, at_ms: int, mover: Mover) -> None:
        """Let a unit leave by the best way that is open."""
        route = self._routes.from_posts(self._closed)[mover.number]
        if route is None:
            self._strand(at_ms, mover, None)
            return
        self._log.tell(at_ms, HappeningKind.SET_OUT, mover.who.unit.id)
        self._go(at_ms, mover, route)

    def be_on_the_way(self, began_ms: int, mover: Mover, *, now_ms: int) -> None:
        """Let a unit be on its way since before the start."""
        route = self._routes.from_posts(self._closed)[mover.number]
        if route is None:
            self._strand(now_ms, mover, None)
        else:
            self._go(began_ms, mover, route, not_before_ms=now_ms)

    def arrive(self, at_ms: int, mover: Mover) -> None:
        """Let a unit be on scene."""
        mover.ride_until(at_ms)
        mover.state = MoverState.ON_SCENE
        self.arrivals_ms[mover.who.unit.id] = at_ms
        self._log.tell(at_ms, HappeningKind.ON_SCENE, mover.who.unit.id)
        people = 0 if mover.is_reported else mover.who.unit.people
        self._log.note(at_ms, FactKind.ON_SCENE, mover.who, people=people)

    def take_out(self, at_ms: int, mover: Mover) -> None:
        """Take a unit out of service where it is."""
        mover.ride_until(at_ms)
        mover.state = MoverState.AWAY
        mover.turn += 1
        self._log.tell(at_ms, HappeningKind.OUT_OF_SERVICE, mover.who.unit.id)

    def close_and_open(self, at_ms: int, closed: Closed, *, inject: int) -> None:
        """Let those on the way find another way where what is closed has changed."""
        if closed == self._closed:
            return
        self._closed = closed
        self.closed_sets.setdefault(closed)
        asked: list[tuple[Mover, OnRoute, bool]] = []
        for mover in self._movers:
            if mover.state is MoverState.CUT_OFF and mover.route is None:
                route = self._routes.from_posts(closed)[mover.number]
                if route is not None:
                    mover.state = MoverState.CALLED
                    self.set_out(at_ms, mover)
                continue
            here = mover.on_route(at_ms)
            if here is None or mover.state not in {MoverState.MOVING, MoverState.CUT_OFF}:
                continue
            blocked = mover.state is MoverState.MOVING and self._routes.is_blocked(here, closed)
            if blocked or mover.state is MoverState.CUT_OFF or not set(mover.found_with) <= set(closed):
                asked.append((mover, here, blocked))
        if asked:
            found = self._routes.onward([here for _, here, _ in asked], closed)
            for (mover, here, blocked), route in zip(asked, found, strict=True):
                self._turn(at_ms, mover, here, route, blocked=blocked, inject=inject)

    def _go(self, at_ms: int, mover: Mover, route: Route, *, not_before_ms: int = 0) -> None:
        mover.state, mover.route, mover.began_ms = MoverState.MOVING, route, at_ms
        mover.found_with = self._closed
        mover.turn += 1
        arrives_ms = max(not_before_ms, at_ms + mover.lasts_ms(route))
        self._agenda.later(arrives_ms, Due.ARRIVES, mover.number, turn=mover.turn)

    def _turn(
        self, at_ms: int, mover: Mover, here: OnRoute, route: Route | None, *, blocked: bool, inject: int
    ) -> None:
        waited = mover.state is MoverState.CUT_OFF
        if route is None:
            if blocked:
                self._strand(at_ms, mover, inject)
            return
        mover.found_with = self._closed
        delay_ms = mover.lasts_ms(route) - mover.left_ms(here)
        if not blocked and not waited and delay_ms > -WORTH_TURNING_MS:
            return
        mover.ride_until(at_ms)
        self._go(at_ms, mover, route)
        if blocked:
            key = mover.who.unit.id, inject
            self.delays_ms[key] = self.delays_ms.get(key, 0) + delay_ms
        self._log.tell(
            at_ms,
            HappeningKind.REROUTED,
            mover.who.unit.id,
            inject=inject,
            delay_ms=None if waited else delay_ms,
        )

    def _strand(self, at_ms: int, mover: Mover, inject: int | None) -> None:
        mover.ride_until(at_ms)
        here = mover.on_route(at_ms)
        mover.stopped_ms = 0 if here is None else here.at_ms
        mover.state = MoverState.CUT_OFF
        mover.turn += 1
        because = inject if inject is not None else next(iter(self._closed[-1:]), None)
        self.cut_off.setdefault(mover.who.unit.id, because)
        self._log.tell(at_ms, HappeningKind.CUT_OFF, mover.who.unit.id, inject=because)
