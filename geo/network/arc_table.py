"""The directions of all roads, before they are sorted for searching."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Longs
from geo.tags.attributes import RoadAccess, RoadAttributes


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcTable:
    """Directed arcs; `out_way` and `in_way` are the ids of the way an arc leaves and arrives on."""

    tail: Longs
    head: Longs
    road: Longs
    backward: NDArray[np.bool_]
    out_way: Longs
    in_way: Longs
    access: Longs
    """Who may take the arc: bits of `RoadAccess`."""


def arcs_of(
    *, start: Longs, end: Longs, attributes: Sequence[RoadAttributes], first_way: Longs, last_way: Longs
) -> ArcTable:
    """List the directions of every road that any mode may take."""
    forward = np.array([a.forward for a in attributes], dtype=np.int64)
    backward = np.array([a.backward for a in attributes], dtype=np.int64)
    forth = np.flatnonzero(forward & ~np.int64(RoadAccess.AGAINST))
    back = np.flatnonzero(backward & ~np.int64(RoadAccess.AGAINST))
    return ArcTable(
        tail=np.concatenate([start[forth], end[back]]),
        head=np.concatenate([end[forth], start[back]]),
        road=np.concatenate([forth, back]),
        backward=np.concatenate([np.zeros(len(forth), dtype=bool), np.ones(len(back), dtype=bool)]),
        out_way=np.concatenate([first_way[forth], last_way[back]]),
        in_way=np.concatenate([last_way[forth], first_way[back]]),
        access=np.concatenate([forward[forth], backward[back]]),
    )
