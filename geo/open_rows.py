"""Rows of arcs made ready for searching, so that a search copies nothing."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
_ROOM = 4096
"""Ways into the places and stops for which there is room behind the arcs."""
_MOST_SPARE = 2


class OpenRows:
    """
    The arcs that can be taken, by head, with room for the ways into the places searched for.

    Parameters
    ----------
    data, tail, first
        Seconds and tails of all arcs, and where the row of each head begins; arcs that cannot be
        taken cost infinity and are left out, so that a search looks at nothing in vain.
    """

    def __init__(self, data: Floats, tail: Ints, first: Ints) -> None:
        is_open = np.isfinite(data)
        kept = np.concatenate([[0], np.cumsum(is_open)])[first]
        self.n_nodes = len(first) - 1
        self._n_arcs = int(kept[-1])
        self._arcs = self._with_room(data[is_open], tail[is_open], kept.astype(np.int32), room=_ROOM)
        # What a search writes into is its own while it runs; the arcs before that never change.
        self._spare = [self._arcs]

    def _with_room(self, data: Floats, tail: Ints, first: Ints, *, room: int) -> csr_array:
        n, n_arcs = self.n_nodes, self._n_arcs
        data = np.concatenate([data[:n_arcs], np.zeros(room)])
        tail = np.concatenate([tail[:n_arcs], np.zeros(room, dtype=np.int32)])
        first = np.append(first[: n + 1], np.int32(n_arcs + room))
        return csr_array((data, tail, first), shape=(n + 1, n + 1))

    @property
    def enterable(self) -> NDArray[np.bool_]:
        """Nodes that an arc leads to or away from."""
        found = np.diff(self._arcs.indptr[:-1]) > 0
        found[self._arcs.indices[: self._n_arcs]] = True
        return np.asarray(found)

    @property
    def parts(self) -> Ints:
        """Number of the connected part of each node, directions aside."""
        ones = np.ones(self._n_arcs, dtype=np.int8)
        arcs = (ones, self._arcs.indices[: self._n_arcs], self._arcs.indptr[:-1])
        rows = csr_array(arcs, shape=(self.n_nodes, self.n_nodes))
        return np.asarray(connected_components(rows, directed=False)[1], dtype=np.int32)

    def search(self, nodes: NDArray[np.int64], seconds: Floats, *, limit_s: float) -> tuple[Floats, Ints]:
        """
        Find the seconds from every node to the place, and the node after each on the way.

        Parameters
        ----------
        nodes, seconds
            The nodes next to the place, and the seconds from there.
        limit_s
            Nodes farther away are given infinity.
        """
        n, end = self.n_nodes, self._n_arcs + len(nodes)
        try:
            rows = self._spare.pop()
        except IndexError:
            rows = self._copy(len(nodes))
        if end > len(rows.data):
            rows = self._copy(len(nodes))
        rows.data[self._n_arcs : end] = seconds
        rows.indices[self._n_arcs : end] = nodes
        rows.indptr[-1] = end
        found, following = dijkstra(
            rows, directed=True, indices=np.array(n), limit=max(limit_s, 0.0), return_predecessors=True
        )
        if len(self._spare) < _MOST_SPARE:
            self._spare.append(rows)
        return found[:n], following[:n]

    def _copy(self, room: int) -> csr_array:
        arcs = self._arcs
        return self._with_room(arcs.data, arcs.indices, arcs.indptr, room=max(room, _ROOM))
