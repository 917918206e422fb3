"""Why those who cannot be there in time cannot."""

import numpy as np

from geo.arrays import Bools, Longs
from geo.reach.results import Missing
from geo.search.origin_index import OriginIndex
from geo.search.two_layer import Search
from geo.search.weighted_graph import WeightedGraph

_REASONS: tuple[Missing, ...] = ("no_road_nearby", "cut_off", "beyond_limit")
"""By how far one gets: to no road, onto the roads, all the way."""


def reasons_for(lost: Longs, posts: OriginIndex, search: Search) -> list[Missing]:
    """
    Tell those out of time from those with no road and those with no way at all.

    Parameters
    ----------
    lost
        Positions of those not in time among the posts.
    posts
        Where each origin joins the roads.
    search
        What was searched.
    """
    walking, driving = search.walking, search.driving
    goals = {seed.node for times in (walking, driving) if times for seed in times.seeds}
    joined = posts.on_foot.road[lost] >= 0
    linked = joined & _linked(posts, walking.layer, goals, of=lost[joined], on_foot=True)[lost]
    if driving is not None:
        by_vehicle = posts.by_vehicle.road[lost] >= 0
        # Nearly all could walk there in the end, and then nothing need be known of the vehicle's roads.
        doubtful = by_vehicle & ~linked
        linked |= doubtful & _linked(posts, driving.layer, goals, of=lost[doubtful], on_foot=False)[lost]
        joined |= by_vehicle
    return list(map(_REASONS.__getitem__, (joined.astype(np.int8) + linked).tolist()))


def _linked(posts: OriginIndex, layer: WeightedGraph, goals: set[int], *, of: Longs, on_foot: bool) -> Bools:
    """Tell who has some way on a layer, however long; right at least for those asked about."""
    plain = layer.without
    if plain is not None and layer.cuts is not None:
        # Closures only remove edges: without a path in the open graph there is none with closures.
        whole = layer.cuts.nodes_without(goals)
        before = posts.linked(plain, whole, on_foot=on_foot)
        if not layer.shut.any() or not before[of].any():
            return before
    if not len(of):
        return np.zeros(len(posts.on_foot.road), dtype=bool)
    return posts.linked(layer, goals, on_foot=on_foot)
