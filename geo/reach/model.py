"""Who can really be there in time: the model that answers for all units at once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from geo.errors import InvalidLimitError
from geo.isochrone.time_grid import TimeGrids
from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES, DEFAULT_ROADS, MobilityProfile, RoadDefaults, profile_named
from geo.network.road_names import RoadNames
from geo.network.snap import RoadIndex
from geo.reach.itinerary import Itineraries
from geo.reach.origins import OriginSnaps, OriginTimes, in_order
from geo.reach.results import Leg, Missing, Origin, Reached, ReachResult, Stop
from geo.search.graph_cache import GraphCache
from geo.search.query import Query, RoutingContext
from geo.search.road_shapes import RoadShapes
from geo.search.travel_times import TravelTimes

__all__ = [
    "Leg",
    "Origin",
    "ReachModel",
    "ReachResult",
    "Reached",
    "Stop",
    "TravelTimes",
    "checked_limit_s",
]

LONGEST_LIMIT_S = 7200.0


class ReachModel:
    """
    Answers who can be at a place in time, by which way, and why others cannot.

    One bounded search towards the place per mobility profile answers for every origin at once. It
    runs on two layers: by vehicle as far as the vehicle fits, then on foot. Who is in time is decided
    by these times alone, never by an area on the map.

    Parameters
    ----------
    network
        The roads; prepared once, never changed, whatever is closed later.
    profiles
        Ways of moving by name; the first that is on foot is how crews walk.
    defaults
        Widths and delays assumed where nothing is tagged.

    Examples
    --------
    >>> from geo.testing import straight_street
    >>> model = ReachModel(straight_street(length_m=600))
    >>> door, post = LonLat(113.0, 28.0), LonLat(113.006, 28.0)
    >>> unit = Origin(id="police", place=post, profile="foot", turnout_s=60)
    >>> [police] = model.reach([door], [unit], limit_s=900).reached
    >>> round(police.response_s)
    552
    """

    def __init__(
        self,
        network: RoadNetwork,
        profiles: Mapping[str, MobilityProfile] = DEFAULT_PROFILES,
        *,
        defaults: RoadDefaults = DEFAULT_ROADS,
    ) -> None:
        index = RoadIndex(network)
        self.profiles = profiles
        self.ground = RoutingContext(
            network=network,
            index=index,
            layers=GraphCache(network, index, defaults),
            shapes=RoadShapes(network),
            defaults=defaults,
            walker=next((p for p in profiles.values() if p.on_foot), DEFAULT_PROFILES["foot"]),
        )
        self._origins = OriginSnaps(index)

    @cached_property
    def outbound(self) -> "ReachModel":
        """The same for journeys *from* a place: the areas a station covers."""
        turned = ReachModel(self.network.reversed(), self.profiles, defaults=self.ground.defaults)
        turned.ground = replace(turned.ground, outbound=True)
        return turned

    @cached_property
    def grids(self) -> TimeGrids:
        """Travel times on a grid, for drawing areas."""
        return TimeGrids(self.network, self.ground.index)

    @cached_property
    def road_names(self) -> RoadNames:
        """What the roads are called, for saying where a place is."""
        return RoadNames(self.ground.index)

    @property
    def network(self) -> RoadNetwork:
        """The roads."""
        return self.ground.network

    def reach(
        self,
        places: Sequence[LonLat],
        origins: Sequence[Origin],
        *,
        limit_s: float,
        closures: Sequence[RoadClosure] = (),
        at: datetime | None = None,
        explain: bool | int = True,
    ) -> ReachResult:
        """
        Say who can be at a place in time.

        Parameters
        ----------
        places
            The entrances of a building, or the one point of the scene; whichever is reached first counts.
        origins
            Where the units that may be sent set out.
        limit_s
            Longest response: turnout and travel together, in seconds, at most 7,200.
        closures
            What is closed; those not in force at `at` are ignored.
        at
            The moment, for peak hours and for closures with times. Without it no peak is assumed and
            every closure is in force.
        explain
            Whether legs, stops and avoided closures are worked out: for all, for none, or for the
            soonest so many.

        Raises
        ------
        InvalidLimitError
            `limit_s` is not above 0 or is above 7,200.
        NoRoadNearbyError, OutsideNetworkError
            No place lies within 250 m of a road.
        UnknownProfileError
            An origin names a profile the model does not have.
        """
        limit_s = checked_limit_s(limit_s)
        query = self.query(places, closures=closures, at=at)
        by_profile: dict[str, list[Origin]] = {}
        for origin in origins:
            by_profile.setdefault(origin.profile, []).append(origin)
        left_s = {name: limit_s - min(o.turnout_s for o in some) for name, some in by_profile.items()}
        found = {name: profile_named(self.profiles, name) for name in by_profile}
        walking = query.walking(limit_s=max(left_s.values())) if left_s else None
        asked = [
            self.join(some, query.times(found[name], limit_s=left_s[name], walking=walking))
            for name, some in by_profile.items()
        ]
        in_time = in_order(asked, limit_s=limit_s)
        told = len(in_time) if explain is True else int(explain)
        reached = Itineraries(query=query, places=places).build(in_time[:told])
        reached += [some.untold(number) for some, number in in_time[told:]]
        late: dict[str, Missing] = {}
        for some in asked:
            late.update(some.late(limit_s))
        unknown = (profile.unannounced_year(at) for profile in found.values())
        return ReachResult(
            reached=tuple(reached),
            not_reached=late,
            unannounced_year=next((year for year in unknown if year), None),
        )

    def join(self, origins: Sequence[Origin], times: TravelTimes) -> OriginTimes:
        """Find the seconds that each origin of one profile needs, in a search that was made."""
        return self._origins.asked(origins, times)

    def travel_times(
        self,
        places: Sequence[LonLat],
        *,
        profile: str,
        limit_s: float,
        closures: Sequence[RoadClosure] = (),
        at: datetime | None = None,
    ) -> TravelTimes:
        """
        Find travel times from all places within reach, by one profile, without turnout.

        Parameters
        ----------
        places
            The first reached counts.
        profile
            Name of a profile.
        limit_s
            Longest time looked for, in seconds.
        closures, at
            As for `reach`.

        Raises
        ------
        InvalidLimitError, NoRoadNearbyError, OutsideNetworkError, UnknownProfileError
            As for `reach`.
        """
        limit_s = checked_limit_s(limit_s)
        found = profile_named(self.profiles, profile)
        return self.query(places, closures=closures, at=at).times(found, limit_s=limit_s)

    def query(
        self, places: Sequence[LonLat], *, closures: Sequence[RoadClosure] = (), at: datetime | None = None
    ) -> Query:
        """
        Prepare a question about some places.

        Raises
        ------
        NoRoadNearbyError, OutsideNetworkError
            No place lies within 250 m of a road.
        """
        return Query(
            ground=self.ground,
            places=self.ground.snap_places(places),
            closures=tuple(closure for closure in closures if closure.in_force(at)),
            at=at,
        )


def checked_limit_s(limit_s: float) -> float:
    """
    Refuse a limit that cannot be.

    Raises
    ------
    InvalidLimitError
        It is no number, not above 0 or above 7,200 seconds.
    """
    is_number = isinstance(limit_s, int | float) and not isinstance(limit_s, bool)
    if not is_number or not math.isfinite(limit_s) or not 0 < limit_s <= LONGEST_LIMIT_S:
        message = f"a limit of {limit_s!r} s is not between 0 and {LONGEST_LIMIT_S:g} s"
        raise InvalidLimitError(message)
    return float(limit_s)
