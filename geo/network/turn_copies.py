"""
Copies of nodes for those who may not go on everywhere, and for those who would have to turn round.

Turning round on the spot gains something only after a turn that was forbidden: a driver who may go on
everywhere would not have come this way. So only the roads that lead on from a restricted turn are
followed, as far as driving on and back is quicker than turning; there each arc leads to a copy of its
node, from which the way back costs what turning round costs.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from geo.network.arc_table import ArcTable
from geo.tags.attributes import RoadAccess, RoadAttributes, Trait

Link = tuple[int, int, RoadAttributes]
Bans = dict[RoadAccess, set[int]]
"""Arcs that may not follow, by the mode that is bound."""
LONGEST_U_TURN_S = 30.0
"""Turning round that takes longer is not looked for: driving on and back at the next end is."""
BOUND = (RoadAccess.MOTOR, RoadAccess.CYCLE)
"""Whom restrictions can bind."""
BOTH = RoadAccess.MOTOR | RoadAccess.CYCLE
UNBOUND = RoadAccess.FOOT | RoadAccess.EMERGENCY


def add_copies(
    arcs: ArcTable,
    bans: Mapping[int, Bans],
    drive_s: Callable[[int], float],
    *,
    next_node: int,
    next_road: int,
) -> tuple[ArcTable, list[int], list[Link]]:
    """
    Lead arcs to copies of their nodes.

    Parameters
    ----------
    arcs
        The arcs without restrictions.
    bans
        By arc: arcs that may not follow it, by mode.
    drive_s
        Gives the seconds that a car needs along a road.
    next_node, next_road
        Numbers of the first copy and of the first link's road.

    Returns
    -------
    arcs
        With the copies' arcs and links added.
    copies
        The node of which each copy is one, in the order of the copies.
    links
        Copy, node and attributes of each link, in the order of their roads' numbers.
    """
    made = _Copies(arcs, next_node)
    for arc, banned in bans.items():
        made.restrict(arc, banned)
    made.charge_turning_round(drive_s)
    return made.table(next_road), made.nodes, made.links


class _Copies:
    """The copies while they are being made; each has the arcs that leave it."""

    def __init__(self, arcs: ArcTable, next_node: int) -> None:
        self._arcs = arcs
        self._next = next_node
        self.nodes: list[int] = []
        self.links: list[Link] = []
        self._leaving_copy: list[list[int]] = []
        self._restricted: dict[int, int] = {}
        """By arc: the copy that it leads to, from whatever side."""
        self._turning: dict[int, int] = {}
        """By arc: the copy that it leads to when it leaves a copy."""
        self._free: dict[int, RoadAccess] = {}
        self._order = np.argsort(arcs.tail, kind="stable")
        self._tails = arcs.tail[self._order]

    def _leaving(self, node: int) -> list[int]:
        low, high = np.searchsorted(self._tails, [node, node + 1])
        return [int(arc) for arc in self._order[low:high]]

    def _copy(self, node: int, leaving: list[int]) -> int:
        self.nodes.append(node)
        self._leaving_copy.append(leaving)
        return self._next + len(self.nodes) - 1

    def _link(self, start: int, end: int, access: RoadAccess, trait: Trait = Trait.TURN_LINK) -> None:
        self.links.append((start, end, RoadAttributes(forward=int(access), backward=0, traits=int(trait))))

    def restrict(self, arc: int, banned: Bans) -> None:
        """Lead an arc to a copy with the turns that all may take; who may take more goes on from there."""
        node = int(self._arcs.head[arc])
        leaving = self._leaving(node)
        of_any = set().union(*banned.values())
        copy = self._copy(node, [other for other in leaving if other not in of_any])
        self._restricted[arc] = copy
        self._free[arc] = UNBOUND
        for mode in BOUND:
            of_mode = banned.get(mode, set())
            if not of_mode:
                self._free[arc] |= mode
            elif of_mode != of_any:
                self._link(copy, self._copy(node, [o for o in leaving if o not in of_mode]), mode)
        self._link(copy, node, self._free[arc])

    def charge_turning_round(self, drive_s: Callable[[int], float]) -> None:
        """Follow the roads on from restricted turns, and make turning round there take its time."""
        soonest: dict[int, float] = {arc: 0.0 for some in self._leaving_copy for arc in some}
        near = [(0.0, arc) for arc in soonest]
        while near:
            since_s, arc = heapq.heappop(near)
            back = self._reverse(arc)
            if arc in self._turning or back is None or self._ends_at(arc, back):
                continue
            node, onward = int(self._arcs.head[arc]), self._onward(arc)
            copy = self._copy(node, [other for other in onward if other != back])
            self._turning[arc] = copy
            self._link(copy, node, self._free.get(arc, UNBOUND))
            if back in onward:
                turned = node if arc not in self._restricted else self._copy(node, [back])
                self._link(copy, turned, BOTH, Trait.TURN_LINK | Trait.U_TURN)
            for other in onward:
                until_s = since_s + drive_s(int(self._arcs.road[other])) if back in onward else 0.0
                if 2 * until_s < LONGEST_U_TURN_S and until_s < soonest.get(other, np.inf):
                    soonest[other] = until_s
                    heapq.heappush(near, (until_s, other))

    def _onward(self, arc: int) -> list[int]:
        """List the arcs that may follow an arc for all whom it lets pass."""
        if arc in self._restricted:
            return self._leaving_copy[self._restricted[arc] - self._next]
        return self._leaving(int(self._arcs.head[arc]))

    def _reverse(self, arc: int) -> int | None:
        """Find the other direction of an arc's road, where those who are bound may take it."""
        arcs = self._arcs
        for other in self._leaving(int(arcs.head[arc])):
            same = arcs.road[other] == arcs.road[arc] and arcs.backward[other] != arcs.backward[arc]
            if same and arcs.access[arc] & arcs.access[other] & int(BOTH):
                return other
        return None

    def _ends_at(self, arc: int, back: int) -> bool:
        """Whether the road ends behind an arc: there all turn, and no figure is known for it."""
        others = set(self._leaving(int(self._arcs.head[arc]))) - {back}
        return not any(self._arcs.access[other] & int(BOTH) for other in others)

    def _head(self, arc: int) -> int:
        return self._restricted.get(arc, int(self._arcs.head[arc]))

    def table(self, next_road: int) -> ArcTable:
        """Give all arcs, those of the copies and the links included."""
        arcs, n_links = self._arcs, len(self.links)
        head = arcs.head.copy()
        for arc, copy in self._restricted.items():
            head[arc] = copy
        repeated = [
            (self._next + number, arc, self._turning.get(arc, self._head(arc)))
            for number, leaving in enumerate(self._leaving_copy)
            for arc in leaving
        ]
        tails, again, heads = np.array(repeated, dtype=np.int64).reshape(-1, 3).T
        ends = np.array([(start, end) for start, end, _ in self.links], dtype=np.int64).reshape(-1, 2)
        none, no_way = np.zeros(n_links, dtype=np.int64), np.full(n_links, -1, dtype=np.int64)
        return replace(
            arcs,
            tail=np.concatenate([arcs.tail, tails, ends[:, 0]]),
            head=np.concatenate([head, heads, ends[:, 1]]),
            road=np.concatenate([arcs.road, arcs.road[again], next_road + np.arange(n_links)]),
            backward=np.concatenate([arcs.backward, arcs.backward[again], none.astype(bool)]),
            out_way=np.concatenate([arcs.out_way, arcs.out_way[again], no_way]),
            in_way=np.concatenate([arcs.in_way, arcs.in_way[again], no_way]),
            access=np.concatenate([arcs.access, arcs.access[again], none]),
        )
