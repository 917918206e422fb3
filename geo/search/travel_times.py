"""Travel times from all places within reach, by one profile."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats
from geo.lonlat import LonLat
from geo.network.profiles import MobilityProfile
from geo.network.snap import RoadIndex
from geo.search.origin_index import OriginIndex
from geo.search.two_layer import Search


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TravelTimes:
    """
    Seconds from everywhere to the places searched for, by one profile.

    Infinity stands for "not within the limit". A time by vehicle already includes stopping where
    the vehicle no longer fits and walking the rest.
    """

    profile: MobilityProfile
    limit_s: float
    search: Search
    index: RoadIndex
    walking_mps: float
    n_nodes: int

    @property
    def foot_s(self) -> Floats:
        """By node of the network, on foot all the way, shape `(n_nodes,)`."""
        return self.search.walking.tree.seconds[: self.n_nodes]

    @property
    def vehicle_s(self) -> Floats:
        """By node of the network, setting out by vehicle; infinity everywhere for a profile on foot."""
        if self.search.driving is None:
            return np.full(self.n_nodes, np.inf)
        return self.search.driving.tree.seconds[: self.n_nodes]

    @property
    def slow_mps(self) -> float:
        """Pace of the vehicle between an origin and the road it joins."""
        return self.profile.speed_kph("service") / 3.6

    def of_posts(self, posts: OriginIndex) -> tuple[Floats, Floats]:
        """Seconds by vehicle and on foot from many origins already joined to the roads."""
        walking, driving = self.search.walking, self.search.driving
        walk_s = walking.seconds_from(posts.on_foot, posts.exits_on_foot(walking.layer))
        walk_s += posts.on_foot.distance_m / self.walking_mps
        if driving is None:
            return np.full(len(walk_s), np.inf), walk_s
        drive_s = driving.seconds_from(posts.by_vehicle, posts.exits_by_vehicle(driving.layer))
        drive_s += posts.by_vehicle.distance_m / self.slow_mps
        return drive_s, walk_s

    def seconds_from(self, places: Sequence[LonLat]) -> Floats:
        """
        Seconds from many places, infinity where out of reach or away from any road.

        Parameters
        ----------
        places
            Starting points; each snaps to the nearest road that the profile can use.
        """
        layer = (self.search.driving or self.search.walking).layer
        by_vehicle = self.index.snap(places, usable=layer.costs.usable)
        on_foot = self.index.snap(places, usable=self.search.walking.layer.costs.usable)
        best: NDArray[np.float64] = np.minimum(
            *self.of_posts(OriginIndex(by_vehicle=by_vehicle, on_foot=on_foot))
        )
        best[best > self.limit_s] = np.inf
        return best
