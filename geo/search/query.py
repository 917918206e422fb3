"""One question: these places, this moment, these closures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.network.network import RoadNetwork
from geo.network.profiles import MobilityProfile, RoadDefaults
from geo.network.snap import RoadIndex
from geo.search.graph_cache import GraphCache
from geo.search.road_shapes import RoadShapes
from geo.search.travel_times import TravelTimes
from geo.search.two_layer import (
    LayerTimes,
    PlaceSnap,
    Search,
    search_by_vehicle,
    search_on_foot,
    search_outbound,
)
from geo.search.weighted_graph import WeightedGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingContext:
    """What all questions about one network share."""

    network: RoadNetwork
    index: RoadIndex
    layers: GraphCache
    shapes: RoadShapes
    defaults: RoadDefaults
    walker: MobilityProfile
    """How crews walk once they have left their vehicle."""
    outbound: bool = False
    """The network is reversed: searches run from the place, by vehicle first and then on foot."""

    @property
    def walking_mps(self) -> float:
        """Pace of crews on the level."""
        return self.walker.speed_kph("default") / 3.6

    def snap_places(self, places: Sequence[LonLat]) -> list[PlaceSnap]:
        """
        Join the places searched for to the roads.

        Raises
        ------
        NoRoadNearbyError, OutsideNetworkError
            None of them is near a road.
        """
        if not places:
            message = "there is no place to reach"
            raise ValueError(message)
        nearest = self.index.snap(places)
        if (nearest.road < 0).all():
            raise self.index.missing(places[0])
        usable = self.layers.costs(self.walker).usable
        on_foot = nearest
        if not usable[nearest.road[nearest.road >= 0]].all():
            on_foot = self.index.snap(places, usable=usable)
        return [PlaceSnap(nearest=nearest.one(i), on_foot=on_foot.one(i)) for i in range(len(places))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """
    One question: these places, this moment, these closures.

    Parameters
    ----------
    ground
        The network and what is ready for it.
    places
        Where they join the roads.
    closures
        All in force.
    at
        The moment, for peak hours.
    """

    ground: RoutingContext
    places: Sequence[PlaceSnap]
    closures: tuple[RoadClosure, ...]
    at: datetime | None

    def with_closures(self, closures: tuple[RoadClosure, ...]) -> "Query":
        """Ask the same with other roads closed."""
        return replace(self, closures=closures)

    def layer(self, profile: MobilityProfile) -> WeightedGraph:
        """Give the roads as a profile finds them."""
        return self.ground.layers.layer(profile, self.closures, self.at)

    def walking(self, *, limit_s: float, walker: MobilityProfile | None = None) -> LayerTimes:
        """Search on foot."""
        layer = self.layer(walker or self.ground.walker)
        return search_on_foot(layer, self.places, walking_mps=self.ground.walking_mps, limit_s=limit_s)

    def times(
        self, profile: MobilityProfile, *, limit_s: float, walking: LayerTimes | None = None
    ) -> TravelTimes:
        """
        Search by one profile.

        Parameters
        ----------
        profile
            Who travels.
        limit_s
            Longest time looked for.
        walking
            The crews' search on foot for at least this limit, when it has been made already.
        """
        if self.ground.outbound and not profile.on_foot:
            return self._times(
                profile,
                search_outbound(
                    self.layer(profile),
                    self.layer(self.ground.walker),
                    self.places,
                    dismount_s=profile.dismount_s,
                    walking_mps=self.ground.walking_mps,
                    limit_s=limit_s,
                ),
                limit_s=limit_s,
            )
        crew = None if profile.on_foot and profile != self.ground.walker else walking
        if crew is None:
            crew = self.walking(limit_s=limit_s, walker=profile if profile.on_foot else None)
        driving = None
        if not profile.on_foot:
            driving = search_by_vehicle(
                self.layer(profile),
                self.places,
                crew,
                dismount_s=profile.dismount_s,
                walking_mps=self.ground.walking_mps,
                limit_s=limit_s,
            )
        search = Search(walking=crew, driving=driving, dismount_s=profile.dismount_s)
        return self._times(profile, search, limit_s=limit_s)

    def _times(self, profile: MobilityProfile, search: Search, *, limit_s: float) -> TravelTimes:
        return TravelTimes(
            profile=profile,
            limit_s=limit_s,
            search=search,
            index=self.ground.index,
            walking_mps=self.ground.walking_mps,
            n_nodes=self.ground.network.n_nodes,
        )
