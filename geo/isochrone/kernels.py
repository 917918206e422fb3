"""The loops over roads, their pieces and cells that areas are drawn with, compiled."""

import numpy as np

from geo.arrays import Bytes, Floats, Ints, Longs, Singles
from geo.jit import compiled

NEVER_S = np.float32(1e9)


@compiled(
    "void(float64[::1], int32[::1], Array(int32, 1, 'C', True), int64[::1], int32[:, ::1],"
    "float64[:, ::1], float32[:, ::1], float32[::1], float32[::1])"
)
def bound_by_ends(
    seconds: Floats,
    first: Ints,
    arc_road: Ints,
    arc_side: Longs,
    open_heads: Ints,
    side_s: Floats,
    ends_s: Singles,
    soonest_s: Singles,
    latest_s: Singles,
) -> None:
    """
    Fill in the seconds at the ends of all roads in one layer, and lower the bounds where it is better.

    Parameters
    ----------
    seconds
        By node.
    first, arc_road, arc_side
        Of the graph: where the arcs into each node begin, and the road and direction of each arc.
    open_heads, side_s
        Of the layer: the node that each direction of each road leads to or -1, and the seconds along it.
    ends_s, soonest_s, latest_s
        Filled in where a node is in reach, and lowered: `RoadTimes`.
    """
    for node in range(len(first) - 1):
        if seconds[node] >= NEVER_S:
            continue
        end_s = np.float32(seconds[node])
        for arc in range(first[node], first[node + 1]):
            road, side = arc_road[arc], arc_side[arc]
            if open_heads[side, road] == node:
                ends_s[side, road] = end_s
                soonest_s[road] = min(soonest_s[road], end_s)
                # Either way out alone is enough; taking the better one at each point only helps.
                latest_s[road] = min(latest_s[road], end_s + np.float32(side_s[side, road]))


@compiled(
    "Tuple((int64[::1], float64[:, ::1]))(int64[::1], float32[::1], float32[::1], float64[:, ::1], float64)"
)
def roads_within(
    near: Longs, soonest_s: Singles, latest_s: Singles, boxes_m: Floats, limit_s: float
) -> tuple[Longs, Floats]:
    """
    Find the roads with a part from which a time is kept, and how far they extend.

    Parameters
    ----------
    near
        All roads to be drawn with a part in reach.
    soonest_s, latest_s
        By road: `RoadTimes`.
    boxes_m
        West, south, east and north of every road.
    limit_s
        The time.

    Returns
    -------
    roads, extents_m
        West, south, east and north of all of them, and of those from all of which it is kept.
    """
    found, n = np.empty(len(near), np.int64), 0
    extents_m = np.empty((2, 4))
    extents_m[:, :2], extents_m[:, 2:] = np.inf, -np.inf
    for road in near:
        if soonest_s[road] > limit_s:
            continue
        found[n] = road
        n += 1
        for which in range(2 if latest_s[road] <= limit_s else 1):
            for axis in range(2):
                extents_m[which, axis] = min(extents_m[which, axis], boxes_m[axis, road])
                extents_m[which, 2 + axis] = max(extents_m[which, 2 + axis], boxes_m[2 + axis, road])
    return found[:n].copy(), extents_m


@compiled(
    "UniTuple(int32[::1], 2)(int64[::1], int64[::1], float32[::1], float32[::1], float32[:, :, ::1],"
    "float64[:, ::1], float64[:, ::1], float64, float64)"
)
def pieces_within(
    roads: Longs,
    first: Longs,
    middle: Singles,
    latest_s: Singles,
    ends_s: Singles,
    side_s: Floats,
    other_side_s: Floats,
    early_s: float,
    limit_s: float,
) -> tuple[Ints, Ints]:
    """
    Find the pieces of roads from whose middle a time is kept.

    Parameters
    ----------
    roads
        Those that have a part in it.
    first, middle
        Of all pieces: `GridRoads`.
    latest_s, ends_s, side_s, other_side_s
        Of the search: `RoadTimes`.
    early_s, limit_s
        Two times, the second one the longer.

    Returns
    -------
    early, late
        Pieces within the first time, and all others within the second.
    """
    n = 0
    for road in roads:
        n += first[road + 1] - first[road]
    # From the one end those within the first time are written down, from the other end the others.
    found, n_early, n_late = np.empty(n, np.int32), 0, 0
    for road in roads:
        # Most roads are in time from end to end: only the others are looked at piece by piece.
        is_early = latest_s[road] <= early_s
        for piece in range(first[road], first[road + 1]):
            least_s = early_s
            if not is_early:
                least_s = np.inf
                for side in range(2):
                    part = middle[piece] if side == 1 else 1.0 - middle[piece]
                    for layer in range(len(ends_s)):
                        cost_s = side_s[side, road] if layer == 0 else other_side_s[side, road]
                        # Where there is no way out the cost may be infinite.
                        if ends_s[layer, side, road] < NEVER_S:
                            least_s = min(least_s, ends_s[layer, side, road] + part * cost_s)
            if least_s <= early_s:
                found[n_early] = piece
                n_early += 1
            elif least_s <= limit_s:
                n_late += 1
                found[n - n_late] = piece
    return found[:n_early].copy(), found[n - n_late :].copy()


@compiled("UniTuple(int64, 4)(int32[::1], int32[::1], int32[::1])")
def box_of(row: Ints, column: Ints, pieces: Ints) -> tuple[int, int, int, int]:
    """Give the first row and column of some pieces, at least one, and the last ones."""
    low, left, high, right = row[pieces[0]], column[pieces[0]], row[pieces[0]], column[pieces[0]]
    for piece in pieces:
        low, high = min(low, row[piece]), max(high, row[piece])
        left, right = min(left, column[piece]), max(right, column[piece])
    return low, left, high, right


@compiled("void(uint8[:, ::1], int32[::1], int32[::1], int32[::1], int64, int64)")
def mark_blocks(blocks: Bytes, row: Ints, column: Ints, pieces: Ints, low: int, left: int) -> None:
    """
    Mark the blocks of two by two cells in which some pieces lie.

    Parameters
    ----------
    blocks
        Marked with 1.
    row, column
        Of all pieces.
    pieces
        Some of them.
    low, left
        Row and column of the first cell of the first block.
    """
    for piece in pieces:
        blocks[(row[piece] - low) >> 1, (column[piece] - left) >> 1] = 1


@compiled("void(uint8[:, ::1], uint8[:, ::1], int32[::1], int32[::1], uint8[::1], int32[::1], int64, int64)")
def add_shares(
    within: Bytes,
    blocks: Bytes,
    row: Ints,
    column: Ints,
    share: Bytes,
    pieces: Ints,
    low: int,
    left: int,
) -> None:
    """
    Add up the lengths of some pieces of road by cell, and mark the blocks in which they lie.

    Parameters
    ----------
    within
        By cell: added to.
    blocks
        As for `mark_blocks`.
    row, column, share
        Of all pieces: their cells and lengths.
    pieces
        Some of them.
    low, left
        Row and column of the first cell.
    """
    for piece in pieces:
        at, beside = row[piece] - low, column[piece] - left
        within[at, beside] += share[piece]
        blocks[at >> 1, beside >> 1] = 1
