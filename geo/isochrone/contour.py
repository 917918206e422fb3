"""The outline of the marked cells of a grid, as polygons with holes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Bytes, Floats, Longs
from geo.jit import compiled

BEVEL = 0.3
"""Corners are cut this far, in cells: cells that only touch at a corner stay apart."""

_EAST, _NORTH, _SOUTH = 0, 1, 3
"""Ways to walk, a quarter turn to the left apart."""


class Outline(NamedTuple):
    """Polygons in the ragged form that shapely builds them from."""

    points: Floats
    """In cells, from the lower left corner of the grid: column, then row; shape `(n, 2)`."""
    rings: Longs
    """Where each ring begins among the points, and one past the last; no ring repeats its first point."""
    polygons: Longs
    """Where each polygon begins among the rings, and one past the last; its outer ring comes first."""


def outline(marked: NDArray[np.bool_], *, bevel: float = BEVEL) -> Outline:
    """
    Draw round the marked cells of a grid.

    Cells belong together when they share a side. The polygons are valid, whatever the cells: outer
    rings run anticlockwise, holes clockwise, and no ring touches itself or another.

    Parameters
    ----------
    marked
        By row and column.
    bevel
        How far corners are cut, in cells, above 0 and below 0.5.

    Examples
    --------
    >>> ring = outline(np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=bool))
    >>> ring.polygons.tolist(), len(ring.rings) - 1
    ([0, 2], 2)
    """
    rows, columns = marked.shape
    # The rim on the right makes rows of eights, which are looked at together.
    padded = np.zeros((rows + 2, (columns + 9) // 8 * 8), dtype=np.uint8)
    padded[1:-1, 1 : columns + 1] = marked
    return Outline(*_rings(padded, padded.view(np.uint64), bevel))


@compiled("Tuple((float64[:, ::1], int64[::1], int64[::1]))(uint8[:, ::1], uint64[:, ::1], float64)")
def _rings(padded: Bytes, eights: NDArray[np.uint64], bevel: float) -> tuple[Floats, Longs, Longs]:
    """
    Walk round the marked cells with them on the left, ring by ring.

    Parameters
    ----------
    padded
        Cells, with an unmarked rim.
    eights
        The same, eight cells in a number.
    bevel
        How far corners are cut.

    Returns
    -------
    points, rings, polygons
        As in an `Outline`.
    """
    rows, columns = padded.shape
    # Rings are found by lower sides of cells, that is by cells that are marked and the one below is not.
    lower, n = np.empty(padded.size, np.int64), 0
    for row in range(1, rows):
        for eight in range(columns // 8):
            if eights[row, eight] & ~eights[row - 1, eight]:
                for column in range(8 * eight, 8 * eight + 8):
                    if padded[row, column] and not padded[row - 1, column]:
                        lower[n] = row * columns + column
                        n += 1
    lower = lower[:n]
    cells = padded.ravel()
    # East, north, west and south: how far that is, and the cell on the left in that direction. The cell
    # on the right is the cell on the left after a right turn.
    rightward, upward = np.array([1, 0, -1, 0]), np.array([0, 1, 0, -1])
    step, on_left = rightward + columns * upward, np.array([0, -1, -columns - 1, -columns])
    # Every side along a row has at most two corners, and each of them two points.
    points, n = np.empty((8 * len(lower), 2)), 0
    first, parent, n_rings = np.zeros(len(lower) + 1, np.int64), np.empty(len(lower), np.int64), 0
    # By cell: whether its lower side has been walked along, and the ring along its western side.
    walked, west = np.zeros(padded.size, np.bool_), np.empty(padded.size, np.int32)
    # By ring: the cell west of the westernmost side of a hole.
    beside = np.empty(len(lower), np.int64)
    for start in lower:
        if walked[start]:
            continue
        # The corner where one is, lower left of the cell with its number, and the way: east at first.
        at, row, column, way = start, start // columns, start % columns, _EAST
        area, leftmost = 0, columns
        while True:
            if way == _EAST:
                walked[at] = True
            elif way == _SOUTH:
                west[at - columns] = n_rings
            elif way == _NORTH and column < leftmost:
                leftmost = column
                beside[n_rings] = at - 1
            area -= row * rightward[way]
            at, row, column = at + step[way], row + upward[way], column + rightward[way]
            if not cells[at + on_left[way]]:
                turned = (way + 1) & 3
            elif cells[at + on_left[(way + 3) & 3]]:
                turned = (way + 3) & 3
            else:
                continue
            points[n, 0], points[n, 1] = column - bevel * rightward[way], row - bevel * upward[way]
            points[n + 1, 0] = column + bevel * rightward[turned]
            points[n + 1, 1] = row + bevel * upward[turned]
            n += 2
            way = turned
            if way == _EAST and at == start:
                break
        parent[n_rings] = n_rings if area > 0 else -1
        n_rings += 1
        first[n_rings] = n
    for ring in range(n_rings):
        if parent[ring] < 0:
            # Westward over marked cells one comes to the ring around the hole, or to another of its holes.
            cell = beside[ring]
            while cells[cell - 1]:
                cell -= 1
            parent[ring] = west[cell]
    # The holes of each outer ring come after it: it was walked first, since it reaches farther down.
    following, n_polygons = np.zeros(n_rings + 1, np.int64), 0
    for ring in range(n_rings):
        while parent[parent[ring]] != parent[ring]:
            parent[ring] = parent[parent[ring]]
        following[parent[ring] + 1] += 1
        n_polygons += parent[ring] == ring
    following = np.cumsum(following)
    in_order, polygons, n_polygons = np.empty(n_rings, np.int64), np.full(n_polygons + 1, n_rings), 0
    for ring in range(n_rings):
        if parent[ring] == ring:
            polygons[n_polygons] = following[ring]
            n_polygons += 1
        in_order[following[parent[ring]]] = ring
        following[parent[ring]] += 1
    ordered, rings, n = np.empty((n, 2)), np.zeros(n_rings + 1, np.int64), 0
    for number in range(n_rings):
        ring = in_order[number]
        for point in range(first[ring], first[ring + 1]):
            # One more row and column were put around the cells.
            ordered[n, 0], ordered[n, 1] = points[point, 0] - 1.0, points[point, 1] - 1.0
            n += 1
        rings[number + 1] = n
    return ordered, rings, polygons
