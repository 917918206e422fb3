"""Turn restrictions and turning round: who may not turn where, put into the graph by copies of nodes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from geo.network.arc_table import ArcTable
from geo.network.turn_copies import BOUND, Bans, Link, add_copies
from geo.tags.attributes import RoadAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRule:
    """
    From one way over a point to another way: forbidden, or the only way on.

    It binds cars, and e-bikes unless they are excepted; a vehicle on a call and people on foot
    are never bound. Several compulsory turns from one way at one point are alternatives.
    """

    from_way: int
    via_point: int
    to_way: int
    only: bool
    """The turn is compulsory rather than forbidden."""
    exempt: RoadAccess = RoadAccess.NONE


@dataclass(slots=True)
class _Spoken:
    """What the restrictions say to one mode arriving by one arc."""

    banned: set[int] = field(default_factory=set)
    only: set[int] = field(default_factory=set)


def restrict(
    arcs: ArcTable,
    rules: Sequence[TurnRule],
    drive_s: Callable[[int], float],
    *,
    next_node: int,
    next_road: int,
) -> tuple[ArcTable, list[int], list[Link], Mapping[str, int]]:
    """
    Put turn restrictions into the arcs.

    An arc that may not go on everywhere is led to a copy of its node, from which only the
    permitted arcs leave. A link of no length joins the copy to the node for those not bound.

    Parameters
    ----------
    arcs
        The arcs without restrictions.
    rules
        The restrictions; a rule whose ways do not meet in one way at its point is counted and left out.
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
    count
        Rules by outcome: `applied`, `no such arc`, `ambiguous`.
    """
    count: Counter[str] = Counter()
    spoken: dict[tuple[int, RoadAccess], _Spoken] = {}
    index = _Index(arcs, points={rule.via_point for rule in rules})
    for rule in rules:
        # A restriction speaks of the arcs that those whom it binds may take.
        bound = int(RoadAccess.MOTOR if not rule.exempt & RoadAccess.MOTOR else RoadAccess.CYCLE)
        arriving = [
            arc
            for arc in index.arriving(rule.via_point)
            if arcs.in_way[arc] == rule.from_way and arcs.access[arc] & bound
        ]
        leaving = index.leaving(rule.via_point)
        named = {arc for arc in leaving if arcs.out_way[arc] == rule.to_way and arcs.access[arc] & bound}
        outcome = "applied" if len(arriving) == 1 else "ambiguous" if arriving else "no such arc"
        if not named:
            outcome = "no such arc"
        count[outcome] += 1
        if outcome != "applied":
            continue
        arc = arriving[0]
        if not rule.only and rule.from_way == rule.to_way:
            named = {other for other in named if arcs.road[other] == arcs.road[arc]}
        for mode in BOUND:
            if not rule.exempt & mode:
                said = spoken.setdefault((arc, mode), _Spoken())
                (said.only if rule.only else said.banned).update(named)
    bans: dict[int, Bans] = {}
    for (arc, mode), said in spoken.items():
        leaving = index.leaving(int(arcs.head[arc]))
        others = set(leaving) - said.only if said.only else set()
        bans.setdefault(arc, {})[mode] = said.banned | others
    return *add_copies(arcs, bans, drive_s, next_node=next_node, next_road=next_road), dict(count)


class _Index:
    """Arcs by the node they arrive at and leave from, for the nodes of rules only."""

    def __init__(self, arcs: ArcTable, *, points: set[int]) -> None:
        wanted = np.fromiter(points, dtype=np.int64, count=len(points))
        self._in: dict[int, list[int]] = {point: [] for point in points}
        self._out: dict[int, list[int]] = {point: [] for point in points}
        for arc in np.flatnonzero(np.isin(arcs.head, wanted)).tolist():
            self._in[int(arcs.head[arc])].append(arc)
        for arc in np.flatnonzero(np.isin(arcs.tail, wanted)).tolist():
            self._out[int(arcs.tail[arc])].append(arc)

    def arriving(self, node: int) -> list[int]:
        return self._in[node]

    def leaving(self, node: int) -> list[int]:
        return self._out[node]
