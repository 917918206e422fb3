"""Many origins joined to the roads once, for as long as they stay where they are."""

from collections.abc import Collection
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Bools
from geo.network.snap import Snaps
from geo.search.weighted_graph import AccessEdges, WeightedGraph


@dataclass(frozen=True, kw_only=True, eq=False)
class OriginIndex:
    """
    Where many origins of one profile join the roads.

    How they get onto the graph is worked out once for each layer and forgotten with it.
    """

    by_vehicle: Snaps
    on_foot: Snaps
    """The same as `by_vehicle` for people on foot."""
    _exits: dict[bool, WeakKeyDictionary[WeightedGraph, AccessEdges]] = field(
        default_factory=lambda: {False: WeakKeyDictionary(), True: WeakKeyDictionary()}
    )
    _parts: WeakKeyDictionary[WeightedGraph, NDArray[np.int32]] = field(default_factory=WeakKeyDictionary)

    def exits_by_vehicle(self, layer: WeightedGraph) -> AccessEdges:
        """How they get onto the graph of a vehicle's layer."""
        return self._exits_of(layer, self.by_vehicle, on_foot=False)

    def exits_on_foot(self, layer: WeightedGraph) -> AccessEdges:
        """How they get onto the graph of people on foot."""
        return self._exits_of(layer, self.on_foot, on_foot=True)

    def _exits_of(self, layer: WeightedGraph, snaps: Snaps, *, on_foot: bool) -> AccessEdges:
        kept = self._exits[on_foot]
        found = kept.get(layer)
        if found is None:
            found = kept[layer] = layer.exits(snaps)
        return found

    def linked(self, layer: WeightedGraph, nodes: Collection[int], *, on_foot: bool) -> Bools:
        """Tell which of them have some way to one of a few nodes of a layer, however long."""
        found = self._parts.get(layer)
        if found is None:
            exits = self.exits_on_foot(layer) if on_foot else self.exits_by_vehicle(layer)
            found = self._parts[layer] = np.where(exits.node >= 0, layer.parts[exits.node], -1)
        there = np.zeros(len(found), dtype=bool)
        for part in {int(layer.parts[node]) for node in nodes}:
            there |= (found == part).any(axis=1)
        return there
