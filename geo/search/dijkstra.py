"""The search itself: the times of all nodes from which a place is within a limit."""

import numpy as np

from geo.arrays import Floats, Ints, Longs
from geo.jit import compiled

NOWHERE = -9999
"""The node after one that is out of reach."""


@compiled(
    "Tuple((float64[::1], int32[::1]))"
    "(float64[::1], int32[::1], int32[::1], int64[::1], float64[::1], float64)"
)
def bounded_search(
    cost: Floats, tail: Ints, first: Ints, nodes: Longs, seconds: Floats, limit_s: float
) -> tuple[Floats, Ints]:
    """
    Find the seconds from every node to a place, and the node after each on the way.

    Dijkstra's algorithm (1959) with a heap of four branches, in which a node lies once for each better
    time and is taken out at its best.

    Parameters
    ----------
    cost, tail, first
        Seconds, 0 or more, and tails of all arcs, and where the row of each head begins; shape
        `(n_arcs,)` twice and `(n_nodes + 1,)`.
    nodes, seconds
        The nodes next to the place, and the seconds from there.
    limit_s
        Nodes farther away are given infinity.

    Returns
    -------
    found, after
        Shape `(n_nodes,)`. After the last node before the place comes `n_nodes`, after one that is
        out of reach `NOWHERE`.
    """
    n_nodes = len(first) - 1
    found, after = np.full(n_nodes, np.inf), np.full(n_nodes, np.int32(NOWHERE))
    # Allocating inside the loop slows all of it down, so there is room for all arcs.
    key_s, key_node, size = np.empty(len(tail) + len(nodes)), np.empty(len(tail) + len(nodes), np.int32), 0
    # What is looked at first are the ways into the place, then the arcs into one node after the other.
    head, head_s, start, end = n_nodes, 0.0, 0, len(nodes)
    while head >= 0:
        for way in range(start, end):
            if head == n_nodes:
                node, node_s = nodes[way], seconds[way]
            else:
                node, node_s = int(tail[way]), head_s + cost[way]
            # Written as `not (a >= b)` so that NaN is skipped.
            if not (node_s <= limit_s and node_s < found[node]):
                continue
            found[node], after[node] = node_s, head
            at, size = size, size + 1
            while at > 0 and key_s[(at - 1) >> 2] > node_s:
                above = (at - 1) >> 2
                key_s[at], key_node[at], at = key_s[above], key_node[above], above
            key_s[at], key_node[at] = node_s, node
        head = -1
        while size > 0 and head < 0:
            head, head_s = int(key_node[0]), key_s[0]
            size -= 1
            # The last one takes its place and sinks.
            node, node_s, at = key_node[size], key_s[size], 0
            while True:
                least, least_s = -1, node_s
                for below in range(4 * at + 1, min(4 * at + 5, size)):
                    if key_s[below] < least_s:
                        least, least_s = below, key_s[below]
                if least < 0:
                    break
                key_s[at], key_node[at], at = least_s, key_node[least], least
            key_s[at], key_node[at] = node_s, node
            if head_s > found[head]:
                head = -1
        if head >= 0:
            start, end = first[head], first[head + 1]
    return found, after
