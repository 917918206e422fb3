"""The nearest of some sites on foot, along the ways there are: by time, or by length as a hose lies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats
from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.network.profiles import MobilityProfile
from geo.network.snap import Snaps
from geo.reach.itinerary import Itineraries
from geo.reach.model import ReachModel
from geo.reach.results import Origin
from geo.search.query import Query, RoutingContext
from geo.search.two_layer import PlaceSnap
from geo.search.weighted_graph import AccessEdges, Tree, WeightedGraph

HOSE: Final = MobilityProfile(
    name="hose",
    label_zh="水带",
    label_en="hose",
    mode="foot",
    on_foot=True,
    # A metre a second everywhere: seconds are metres.
    speeds_kph={"default": 3.6},
    clear_width_m=0.0,
    clear_height_m=0.0,
    weight_t=0.0,
    waits_at_obstacles=False,
)
"""Lies where people walk, also through gates."""


class SiteWay(NamedTuple):
    """The way between a site and a place."""

    site: int
    """Position among the sites."""
    cost: float
    """Seconds for people, metres for a hose."""
    length_m: float
    coordinates: tuple[tuple[float, float], ...]
    """Longitude and latitude, from the site to the place."""


def ways_to_sites(
    model: ReachModel,
    places: Sequence[LonLat],
    sites: Sequence[LonLat],
    *,
    walker: MobilityProfile | None = None,
    limit: float,
    closures: Sequence[RoadClosure] = (),
    at: datetime | None = None,
    most: int = 1,
) -> list[SiteWay]:
    """
    Find the sites nearest to a place, the nearest first.

    Parameters
    ----------
    model
        The roads.
    places
        The doors of a building or the one point of the scene; the nearest counts.
    sites
        Where they are.
    walker
        `HOSE`, or who walks; the model's own people on foot when left out.
    limit
        Longest way, in seconds for people and in metres for a hose.
    closures, at
        As for `ReachModel.reach`.
    most
        How many ways to tell.

    Raises
    ------
    NoRoadNearbyError, OutsideNetworkError
        No place lies within 250 m of a road.
    """
    if not sites:
        return []
    ground, who = _ground(model, walker)
    query = _query(ground, ground.snap_places(places), closures, at)
    times = query.times(who, limit_s=limit)
    origins = [
        Origin(id=str(number), place=site, profile=who.name, turnout_s=0.0)
        for number, site in enumerate(sites)
    ]
    asked = model.join(origins, times)
    order = np.argsort(asked.response_s, kind="stable")[:most].tolist()
    rows = [(asked, number) for number in order if asked.travel_s[number] <= limit]
    return [
        SiteWay(
            site=int(way.origin_id),
            cost=way.travel_s,
            length_m=sum(leg.distance_m for leg in way.legs),
            coordinates=tuple(point for leg in way.legs for point in leg.coordinates),
        )
        for way in Itineraries(query=query, places=places).build(rows)
    ]


class NearestSites(NamedTuple):
    """Of many doors: the nearest site of each, and how far it is."""

    site: NDArray[np.int64]
    """Position among the sites, -1 where none is within the limit."""
    cost: Floats
    """Seconds for people, metres for a hose; infinity where none is within the limit."""


@dataclass(kw_only=True, eq=False)
class SiteIndex:
    """
    Sites and doors joined to the roads once, to be asked often while roads close and open.

    One search from all sites together answers for all doors.

    Parameters
    ----------
    model
        The roads.
    sites, doors
        Where they are; one farther than 250 m from any road is left out.
    walker
        As for `ways_to_sites`.
    """

    model: ReachModel
    sites: Sequence[LonLat]
    doors: Sequence[LonLat]
    walker: MobilityProfile | None = None
    _site_snaps: Snaps = field(init=False)
    _door_snaps: Snaps = field(init=False)
    _pairs: tuple[NDArray[np.int64], NDArray[np.int64]] = field(init=False)
    _seeds: WeakKeyDictionary[WeightedGraph, "_Seeds"] = field(default_factory=WeakKeyDictionary, init=False)
    _exits: WeakKeyDictionary[WeightedGraph, AccessEdges] = field(
        default_factory=WeakKeyDictionary, init=False
    )

    def __post_init__(self) -> None:
        ground, who = _ground(self.model, self.walker)
        usable = ground.layers.costs(who).usable
        self._site_snaps = ground.index.snap(self.sites, usable=usable)
        self._door_snaps = ground.index.snap(self.doors, usable=usable)
        self._pairs = _on_one_road(self._site_snaps, self._door_snaps)

    def nearest(
        self, *, limit: float, closures: Sequence[RoadClosure] = (), at: datetime | None = None
    ) -> NearestSites:
        """
        Find the nearest site of each door.

        Parameters
        ----------
        limit
            Longest way, in seconds for people and in metres for a hose.
        closures, at
            As for `ReachModel.reach`.
        """
        ground, who = _ground(self.model, self.walker)
        layer = _query(ground, (), closures, at).layer(who)
        seeds = self._seeds_of(layer, ground.walking_mps)
        tree = layer.search(seeds.node, seeds.cost, limit_s=limit)
        exits = self._exits.get(layer)
        if exits is None:
            exits = self._exits[layer] = layer.exits(self._door_snaps)
        by_exit = tree.seconds[exits.node] + exits.seconds
        better = by_exit.argmin(axis=1)
        door = np.arange(len(self.doors))
        cost = by_exit[door, better]
        reached = np.isfinite(cost)
        site = np.full(len(cost), -1)
        site[reached] = seeds.site_of[_roots(tree, exits.node[door, better][reached])]
        self._without_leaving_the_road(layer, ground.walking_mps, cost, site)
        cost += self._door_snaps.distance_m / ground.walking_mps
        far = ~(cost <= limit)
        cost[far], site[far] = np.inf, -1
        return NearestSites(site=site, cost=cost)

    def _seeds_of(self, layer: WeightedGraph, walking_mps: float) -> "_Seeds":
        kept = self._seeds.get(layer)
        if kept is not None:
            return kept
        snaps = [self._site_snaps.one(number) for number in range(len(self.sites))]
        made = [
            seed
            for number, snap in enumerate(snaps)
            if snap is not None
            for seed in layer.seeds(snap, place=number, connector_s=snap.distance_m / walking_mps)
        ]
        node = np.array([seed.node for seed in made], dtype=np.int64)
        cost = np.array([seed.seconds for seed in made], dtype=np.float64)
        site_of = np.full(layer.n_nodes + 1, -1, dtype=np.int64)
        # The last written counts: the cheapest way into each node.
        for number in np.argsort(-cost, kind="stable").tolist():
            site_of[node[number]] = made[number].place
        return self._seeds.setdefault(layer, _Seeds(node=node, cost=cost, site_of=site_of))

    def _without_leaving_the_road(
        self, layer: WeightedGraph, walking_mps: float, cost: Floats, site: NDArray[np.int64]
    ) -> None:
        """Take the way along the one road of a door and a site where it is shorter."""
        sites, doors = self._pairs
        if not len(sites):
            return
        road = self._site_snaps.road[sites]
        gap = self._site_snaps.fraction[sites] - self._door_snaps.fraction[doors]
        along = layer.side_s[(gap < 0).astype(np.int64), road]
        direct = np.where(np.isfinite(along), np.where(np.isfinite(along), along, 0.0) * np.abs(gap), np.inf)
        if layer.cuts is not None:
            for pair in np.flatnonzero(np.isin(road, list(layer.cuts.roads))).tolist():
                start, end = self._door_snaps.one(int(doors[pair])), self._site_snaps.one(int(sites[pair]))
                direct[pair] = layer.along_s(start, end) if start and end else np.inf
        direct += self._site_snaps.distance_m[sites] / walking_mps
        order = np.lexsort((direct, doors))
        _, first = np.unique(doors[order], return_index=True)
        nearest = order[first]
        nearest = nearest[direct[nearest] < cost[doors[nearest]]]
        cost[doors[nearest]], site[doors[nearest]] = direct[nearest], sites[nearest]


class _Seeds(NamedTuple):
    """Where searches from the sites begin."""

    node: NDArray[np.int64]
    cost: Floats
    site_of: NDArray[np.int64]
    """By node; -1 where no search begins."""


def _ground(model: ReachModel, walker: MobilityProfile | None) -> tuple[RoutingContext, MobilityProfile]:
    who = walker or model.ground.walker
    return replace(model.ground, walker=who), who


def _query(
    ground: RoutingContext,
    places: Sequence[PlaceSnap],
    closures: Sequence[RoadClosure],
    at: datetime | None,
) -> Query:
    in_force = tuple(closure for closure in closures if closure.in_force(at))
    return Query(ground=ground, places=places, closures=in_force, at=at)


def _on_one_road(sites: Snaps, doors: Snaps) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List each pair of a site and a door that join the same road."""
    order = np.argsort(doors.road, kind="stable")
    roads = doors.road[order]
    first = np.searchsorted(roads, sites.road, side="left")
    last = np.searchsorted(roads, sites.road, side="right")
    count = np.where(sites.road >= 0, last - first, 0)
    site = np.repeat(np.arange(len(sites.road)), count)
    within = np.arange(len(site)) - np.repeat(np.cumsum(count) - count, count)
    return site, order[np.repeat(first, count) + within]


def _roots(tree: Tree, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the ways of some nodes end: at the last node before a site."""
    reached = np.flatnonzero(np.isfinite(tree.seconds))
    following = tree.following[reached]
    at_end = following >= len(tree.seconds)
    # By position among the nodes reached, which are few of a city's.
    ahead = np.searchsorted(reached, np.where(at_end, reached, following))
    while True:
        further = ahead[ahead]
        if np.array_equal(further, ahead):
            return reached[ahead[np.searchsorted(reached, nodes)]]
        ahead = further
