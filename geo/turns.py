"""Turn restrictions: who may not turn where, put into the graph by copies of nodes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.attributes import Access, RoadAttributes, Trait

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRule:
    """
    From one way over a point to another way: forbidden, or the only way on.

    It binds cars, and e-bikes unless they are excepted; a vehicle on a call and people on foot
    are never bound.
    """

    from_way: int
    via_point: int
    to_way: int
    only: bool
    """The turn is compulsory rather than forbidden."""
    exempt: Access = Access.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcTable:
    """Directed arcs; `out_way` and `in_way` are the ids of the way an arc leaves and arrives on."""

    tail: Ints
    head: Ints
    road: Ints
    backward: NDArray[np.bool_]
    out_way: Ints
    in_way: Ints
    motor: NDArray[np.bool_]
    """A car may legally take the arc, so a restriction can speak of it."""


Link = tuple[int, int, RoadAttributes]


def arcs_of(
    *, start: Ints, end: Ints, attributes: Sequence[RoadAttributes], first_way: Ints, last_way: Ints
) -> ArcTable:
    """List the directions of every road that anybody may take."""
    forward = np.array([a.forward for a in attributes], dtype=np.int64)
    backward = np.array([a.backward for a in attributes], dtype=np.int64)
    forth = np.flatnonzero(forward & ~np.int64(Access.AGAINST))
    back = np.flatnonzero(backward & ~np.int64(Access.AGAINST))
    return ArcTable(
        tail=np.concatenate([start[forth], end[back]]),
        head=np.concatenate([end[forth], start[back]]),
        road=np.concatenate([forth, back]),
        backward=np.concatenate([np.zeros(len(forth), dtype=bool), np.ones(len(back), dtype=bool)]),
        out_way=np.concatenate([first_way[forth], last_way[back]]),
        in_way=np.concatenate([last_way[forth], first_way[back]]),
        motor=np.concatenate([forward[forth], backward[back]]) & int(Access.MOTOR) != 0,
    )


def restrict(
    arcs: ArcTable, rules: Sequence[TurnRule], *, next_node: int, next_road: int
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
    forbidden: dict[int, set[int]] = {}
    exempt: dict[int, Access] = {}
    index = _Index(arcs, points={rule.via_point for rule in rules})
    for rule in rules:
        arriving = index.arriving(rule)
        outcome = "applied" if len(arriving) == 1 else "ambiguous" if arriving else "no such arc"
        leaving = index.leaving(rule)
        named = {arc for arc in leaving if arcs.out_way[arc] == rule.to_way and arcs.motor[arc]}
        if not named:
            outcome = "no such arc"
        count[outcome] += 1
        if outcome != "applied":
            continue
        arc = arriving[0]
        if not rule.only and rule.from_way == rule.to_way:
            named = {other for other in named if arcs.road[other] == arcs.road[arc]}
        banned = set(leaving) - named if rule.only else named
        forbidden.setdefault(arc, set()).update(banned)
        exempt[arc] = exempt.get(arc, Access.CYCLE) & rule.exempt
    return (
        *_with_copies(arcs, index, forbidden, exempt, next_node=next_node, next_road=next_road),
        dict(count),
    )


class _Index:
    """Arcs by the node they arrive at and leave from, for the nodes of rules only."""

    def __init__(self, arcs: ArcTable, *, points: set[int]) -> None:
        self._arcs = arcs
        wanted = np.fromiter(points, dtype=np.int64, count=len(points))
        self._in: dict[int, list[int]] = {point: [] for point in points}
        self._out: dict[int, list[int]] = {point: [] for point in points}
        for arc in np.flatnonzero(np.isin(arcs.head, wanted)).tolist():
            self._in[int(arcs.head[arc])].append(arc)
        for arc in np.flatnonzero(np.isin(arcs.tail, wanted)).tolist():
            self._out[int(arcs.tail[arc])].append(arc)

    def arriving(self, rule: TurnRule) -> list[int]:
        arcs = self._arcs
        return [a for a in self._in[rule.via_point] if arcs.in_way[a] == rule.from_way and arcs.motor[a]]

    def leaving(self, rule: TurnRule) -> list[int]:
        return self._out[rule.via_point]

    def leaving_node(self, node: int) -> list[int]:
        return self._out[node]


def _with_copies(  # noqa: PLR0913 - all by keyword
    arcs: ArcTable,
    index: _Index,
    forbidden: Mapping[int, set[int]],
    exempt: Mapping[int, Access],
    *,
    next_node: int,
    next_road: int,
) -> tuple[ArcTable, list[int], list[Link]]:
    head = arcs.head.copy()
    copies: list[int] = []
    links: list[Link] = []
    repeated: list[int] = []
    tails: list[int] = []
    for arc, banned in forbidden.items():
        node, copy = int(arcs.head[arc]), next_node + len(copies)
        copies.append(node)
        head[arc] = copy
        going_on = [other for other in index.leaving_node(node) if other not in banned]
        repeated.extend(going_on)
        tails.extend([copy] * len(going_on))
        unbound = int(Access.FOOT | Access.EMERGENCY | exempt[arc])
        links.append((copy, node, RoadAttributes(forward=unbound, backward=0, traits=int(Trait.TURN_LINK))))
    again = np.array(repeated, dtype=np.int64)
    n_links = len(links)
    made = ArcTable(
        tail=np.concatenate([arcs.tail, np.array(tails, dtype=np.int64), [c for c, _, _ in links]]),
        head=np.concatenate([head, head[again], [n for _, n, _ in links]]),
        road=np.concatenate([arcs.road, arcs.road[again], next_road + np.arange(n_links)]),
        backward=np.concatenate([arcs.backward, arcs.backward[again], np.zeros(n_links, dtype=bool)]),
        out_way=np.concatenate([arcs.out_way, arcs.out_way[again], np.full(n_links, -1)]),
        in_way=np.concatenate([arcs.in_way, arcs.in_way[again], np.full(n_links, -1)]),
        motor=np.concatenate([arcs.motor, arcs.motor[again], np.zeros(n_links, dtype=bool)]),
    )
    integers = {
        name: np.asarray(getattr(made, name), dtype=np.int64)
        for name in ("tail", "head", "road", "out_way", "in_way")
    }
    return ArcTable(**integers, backward=made.backward, motor=made.motor), copies, links
