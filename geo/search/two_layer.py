"""The search on two layers: by vehicle as far as it fits, then on foot."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats
from geo.network.snap import Snap, Snaps
from geo.search.weighted_graph import AccessEdges, Source, Tree, WeightedGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSnap:
    """Where one entrance joins the roads, for vehicles and for people."""

    nearest: Snap | None
    """The road it stands at, even if the profile may not use it."""
    on_foot: Snap | None
    """The nearest road for people on foot, nearly always the same."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerTimes:
    """One layer after the search: seconds by node and the ways into the places."""

    layer: WeightedGraph
    tree: Tree
    seeds: Sequence[Source]
    places: Sequence[Snap | None]
    """Where each place joins this layer, `None` where it does not."""
    connector_s: Sequence[float]

    @cached_property
    def within(self) -> NDArray[np.int64]:
        """Nodes in reach."""
        return np.flatnonzero(np.isfinite(self.tree.seconds))

    def from_exits(self, exits: AccessEdges) -> Floats:
        """Seconds from many origins, by their better exit; shape `(n,)`."""
        # Where there is no exit its seconds are infinite, so that any node does.
        by_exit = self.tree.seconds[exits.node] + exits.seconds
        return np.minimum(by_exit[:, 0], by_exit[:, 1])

    def direct(self, start: Snap) -> tuple[float, int]:
        """Seconds and place reached from a point without leaving its road, infinity when none."""
        best = (float("inf"), -1)
        for number, place in enumerate(self.places):
            if place is not None and place.road == start.road:
                seconds = self.layer.along_s(start, place) + self.connector_s[number]
                best = min(best, (seconds, number))
        return best

    def seconds_from(self, snaps: Snaps, exits: AccessEdges | None = None) -> Floats:
        """
        Seconds from many origins, those on the road of a place included.

        Parameters
        ----------
        snaps
            Where they join the roads.
        exits
            How they get onto the graph of this layer, when that is known already.
        """
        seconds = self.from_exits(exits or self.layer.exits(snaps))
        for number, place in enumerate(self.places):
            if place is None:
                continue
            on_it = np.flatnonzero(snaps.road == place.road)
            if len(on_it):
                along = self.layer.along_to_s(place, snaps.fraction[on_it]) + self.connector_s[number]
                seconds[on_it] = np.minimum(seconds[on_it], along)
        return seconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """
    Both layers after a search towards a place.

    `driving` is `None` for a profile on foot. Where it is not, its times already include stopping
    anywhere, `dismount_s` and walking the rest.
    """

    walking: LayerTimes
    driving: LayerTimes | None
    dismount_s: float


def search_on_foot(
    layer: WeightedGraph, places: Sequence[PlaceSnap], *, walking_mps: float, limit_s: float
) -> LayerTimes:
    """Find travel times on foot from all places within reach."""
    snaps = [place.on_foot for place in places]
    return _search(layer, snaps, walking_mps=walking_mps, limit_s=limit_s)


def search_by_vehicle(
    layer: WeightedGraph,
    places: Sequence[PlaceSnap],
    walking: LayerTimes,
    *,
    dismount_s: float,
    walking_mps: float,
    limit_s: float,
) -> LayerTimes:
    """
    Find travel times by vehicle and, from where it has to stop, on foot, from all places within reach.

    Wherever a vehicle can stop and leaving it may save time, the walk from there with
    `dismount_s` before it is one more way to the place; the rest is one search of the vehicle's layer.
    """
    walked = walking.within
    last = [seed.node for seed in walking.seeds]
    walked = np.concatenate([walked[layer.dismount_candidates(walking.layer)[walked]], last]).astype(np.int64)
    stops = walked[(walking.tree.seconds[walked] <= limit_s - dismount_s) & layer.enterable[walked]]
    more = (stops, walking.tree.seconds[stops] + dismount_s)
    snaps = [place.nearest for place in places]
    return _search(layer, snaps, walking_mps=walking_mps, limit_s=limit_s, more=more)


def search_outbound(
    vehicle: WeightedGraph,
    walker: WeightedGraph,
    places: Sequence[PlaceSnap],
    *,
    dismount_s: float,
    walking_mps: float,
    limit_s: float,
) -> Search:
    """
    Find how long it takes to get away from a place: by vehicle first, then on foot from any stop.

    Both layers are those of the reversed network. The times on foot include those of walking on
    from wherever the vehicle was left.
    """
    snaps = [place.nearest for place in places]
    driving = _search(vehicle, snaps, walking_mps=walking_mps, limit_s=limit_s)
    driven = driving.within
    stops = driven[(driving.tree.seconds[driven] <= limit_s - dismount_s) & walker.enterable[driven]]
    more = (stops, driving.tree.seconds[stops] + dismount_s)
    on_foot = [place.on_foot for place in places]
    walking = _search(walker, on_foot, walking_mps=walking_mps, limit_s=limit_s, more=more)
    return Search(walking=walking, driving=driving, dismount_s=dismount_s)


def _search(
    layer: WeightedGraph,
    snaps: Sequence[Snap | None],
    *,
    walking_mps: float,
    limit_s: float,
    more: tuple[NDArray[np.int64], Floats] | None = None,
) -> LayerTimes:
    connector_s = [snap.distance_m / walking_mps if snap else float("inf") for snap in snaps]
    seeds = [
        seed
        for number, snap in enumerate(snaps)
        if snap is not None
        for seed in layer.seeds(snap, place=number, connector_s=connector_s[number])
    ]
    nodes = np.array([seed.node for seed in seeds], dtype=np.int64)
    seconds = np.array([seed.seconds for seed in seeds], dtype=np.float64)
    if more is not None:
        nodes, seconds = np.concatenate([nodes, more[0]]), np.concatenate([seconds, more[1]])
    return LayerTimes(
        layer=layer,
        tree=layer.search(nodes, seconds, limit_s=limit_s),
        seeds=seeds,
        places=snaps,
        connector_s=connector_s,
    )
