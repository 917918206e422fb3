"""Layers made ready once and kept: by profile, by hour, by what is closed."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from functools import cached_property

from geo.lru import LruCache
from geo.network.closed_stretches import Stretch, closed_stretches
from geo.network.closures import RoadClosure
from geo.network.network import RoadNetwork
from geo.network.profiles import MobilityProfile, RoadDefaults
from geo.network.snap import RoadIndex
from geo.network.weighting import Costs, costs_of
from geo.search.graph import ClosureOverlay, Graph
from geo.search.weighted_graph import WeightedGraph

_MOST_LAYERS = 24
_MOST_STRETCHES = 2000


class GraphCache:
    """
    Gives the layer of a profile for a moment and a set of closures.

    Applying closures copies two arrays and changes the few arcs concerned; the network and the
    layers without closures stay as they are, so lifting a closure restores the very same times.
    """

    def __init__(self, network: RoadNetwork, index: RoadIndex, defaults: RoadDefaults) -> None:
        self._network = network
        self._index = index
        self._defaults = defaults
        self._costs: dict[MobilityProfileKey, Costs] = {}
        self._plain: LruCache[Hashable, WeightedGraph] = LruCache(_MOST_LAYERS)
        self._closed: LruCache[Hashable, WeightedGraph] = LruCache(_MOST_LAYERS)
        self._stretches: LruCache[Hashable, Sequence[Stretch]] = LruCache(_MOST_STRETCHES)
        self._cuts: LruCache[Hashable, ClosureOverlay] = LruCache(_MOST_LAYERS // 6)

    @cached_property
    def graph(self) -> Graph:
        """The whole network as rows."""
        return Graph(self._network)

    def costs(self, profile: MobilityProfile) -> Costs:
        """Work out what each road costs a profile, without closures and off-peak."""
        key = profile.name, id(profile)
        if key not in self._costs:
            self._costs[key] = costs_of(self._network, profile, self._defaults)
        return self._costs[key]

    def layer(
        self, profile: MobilityProfile, closures: tuple[RoadClosure, ...], at: datetime | None
    ) -> WeightedGraph:
        """Give the layer of a profile at a moment; all of `closures` are taken to be in force."""
        factor = profile.peak_factor(at)
        costs = self.costs(profile)
        if not closures:
            key: Hashable = (profile.name, id(profile), factor)
            kept = self._plain.get(key)
            return kept or self._plain.put(key, WeightedGraph(graph=self.graph, costs=costs, factor=factor))
        key = (profile.name, id(profile), factor, closures)
        kept = self._closed.get(key)
        if kept is not None:
            return kept
        stops = [closure.stops(profile) for closure in closures]
        cuts = self.cuts(closures)
        plain = self.layer(profile, (), at)
        made = WeightedGraph(
            graph=self.graph, costs=costs, factor=factor, cuts=cuts, stops=stops, without=plain
        )
        return self._closed.put(key, made)

    def cuts(self, closures: tuple[RoadClosure, ...]) -> ClosureOverlay:
        """Closures as changes to the graph, the same for every profile."""
        kept = self._cuts.get(closures)
        if kept is not None:
            return kept
        return self._cuts.put(closures, ClosureOverlay(self.graph, [self.stretches(c) for c in closures]))

    def stretches(self, closure: RoadClosure) -> Sequence[Stretch]:
        """Stretches of road that a closure covers."""
        kept = self._stretches.get(closure.geometry)
        if kept is not None:
            return kept
        return self._stretches.put(closure.geometry, closed_stretches(self._index, closure.geometry))


MobilityProfileKey = tuple[str, int]
