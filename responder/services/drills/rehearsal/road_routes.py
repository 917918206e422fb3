"""Ways on the circle's roads, searched once for each set of closed lanes, for all rehearsals of a plan."""

from collections.abc import Sequence
from datetime import datetime

from geo.lonlat import LonLat
from geo.lru import LruCache
from geo.network.closures import RoadClosure
from geo.reach.model import ReachModel
from geo.reach.results import Origin
from geo.reach.route_finder import OnTheWay, RouteFinder
from geo.reach.timed_route import TimedRoute
from responder.domain.drills.injects import planned_closure
from responder.domain.drills.plan import DrillPlan
from responder.domain.drills.rehearsal.crew import Closed, OnRoute, Route, RouteStop
from responder.domain.ids import CircleId, DrillId
from responder.services.incidents.response_circle import road_closures

_MOST_SETS = 24
"""So many sets of closed lanes are kept with their searches."""
_LONGEST_S = 7200.0


class RoadRoutes:
    """
    Finds ways for `Simulation`.

    Parameters
    ----------
    model
        The circle's roads.
    doors
        Of which the best counts.
    origins
        Posts of the crew, in its order.
    closures
        What is closed throughout.
    plan, drill_id, circle_id
        With the lanes that its injects close.
    at
        The moment for peak hours.
    """

    def __init__(
        self,
        model: ReachModel,
        doors: Sequence[LonLat],
        origins: Sequence[Origin],
        *,
        closures: Sequence[RoadClosure],
        plan: DrillPlan,
        drill_id: DrillId,
        circle_id: CircleId,
        at: datetime | None,
    ) -> None:
        self._model, self._doors, self._origins = model, doors, origins
        self._closures, self._at = tuple(closures), at
        lanes = (planned_closure(each, drill_id, circle_id) for each in plan.injects)
        self._lanes = {
            inject.number: road_closures([lane])[0]
            for inject, lane in zip(plan.injects, lanes, strict=True)
            if lane is not None
        }
        self._injects = {lane.id: number for number, lane in self._lanes.items()}
        self._finders: LruCache[Closed, RouteFinder] = LruCache(_MOST_SETS)
        self._from_posts: LruCache[Closed, tuple[Route | None, ...]] = LruCache(_MOST_SETS)

    def from_posts(self, closed: Closed) -> Sequence[Route | None]:
        """Return the way of each participant from its post, None where there is none."""
        kept = self._from_posts.get(closed)
        if kept is not None:
            return kept
        found = self._finder(closed).routes(self._origins)
        return self._from_posts.put(closed, tuple(self._route(each) for each in found))

    def onward(self, travellers: Sequence[OnRoute], closed: Closed) -> Sequence[Route | None]:
        """Return the best way on for each, None where there is none or it is all but there."""
        found = self._finder(closed).onward(
            [
                OnTheWay(id=str(each.number), route=each.route.course, at_s=each.at_ms / 1000)
                for each in travellers
            ]
        )
        return [self._route(each) for each in found]

    def is_blocked(self, traveller: OnRoute, closed: Closed) -> bool:
        """Tell whether the rest of a way leads through what is closed."""
        return self._finder(closed).is_blocked(traveller.route.course, at_s=traveller.at_ms / 1000)

    def drawn(self, route: Route) -> list[tuple[float, float, float]]:
        """Return milliseconds since setting out, longitude and latitude of the points of a way."""
        points = route.course.drawn(self._model.ground.shapes)
        return [(at_s * 1000, lon, lat) for at_s, lon, lat in points]

    def _finder(self, closed: Closed) -> RouteFinder:
        kept = self._finders.get(closed)
        if kept is not None:
            return kept
        return self._finders.put(
            closed,
            RouteFinder(
                model=self._model,
                places=self._doors,
                limit_s=_LONGEST_S,
                closures=(*self._closures, *(self._lanes[number] for number in closed)),
                at=self._at,
            ),
        )

    def _route(self, found: TimedRoute | None) -> Route | None:
        if found is None:
            return None
        stop = found.stop
        return Route(
            travel_ms=round(found.travel_s * 1000),
            walk_ms=round(found.walk_s * 1000),
            stop=None
            if stop is None
            else RouteStop(
                lon=round(stop.lon, 6),
                lat=round(stop.lat, 6),
                reason=stop.reason,
                have=stop.have,
                need=stop.need,
                street=stop.street,
                assumed=stop.assumed,
                inject=self._injects.get(stop.closure_id or ""),
            ),
            course=found,
        )
