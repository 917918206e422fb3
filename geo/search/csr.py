"""Rows of arcs made ready for searching, so that a search looks at nothing in vain."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.arrays import Floats, Ints, Longs
from geo.search.dijkstra import bounded_search
from geo.search.graph import GraphChanges

_NEARBY_S = 180.0
"""Closures part nothing when all round them is joined within this time."""


class Csr:
    """
    The arcs that can be taken, by head.

    Parameters
    ----------
    data, tail, first
        Seconds and tails of all arcs, and where the row of each head begins; arcs that cannot be
        taken cost infinity and are left out, so that a search looks at nothing in vain.
    """

    def __init__(self, data: Floats, tail: Ints, first: Ints) -> None:
        is_open = np.isfinite(data)
        self._position = np.concatenate([[0], np.cumsum(is_open)]).astype(np.int32)
        self._lay_out(data[is_open], tail[is_open], self._position[first])

    def _lay_out(self, data: Floats, tail: Ints, first: Ints) -> None:
        self.n_nodes = len(first) - 1
        self.n_arcs = int(first[-1])
        self._data, self._tail, self._first = data, tail, first

    def changed(self, changes: GraphChanges) -> "Csr":
        """
        Give the rows with some arcs other than they are; these rows stay as they are.

        Parameters
        ----------
        changes
            To the rows that these were made of.
        """
        n_arcs = self.n_arcs
        at = self._position[changes.arc]
        was_open = self._position[changes.arc + 1] > at
        at, seconds, tails = at[was_open], changes.seconds[was_open], changes.tail[was_open]
        data = np.concatenate([self._data, changes.more_seconds])
        tail = np.concatenate([self._tail, changes.more_tail])
        # Arcs that are closed now stay in their rows: no search takes them at an infinite cost.
        data[at], tail[at] = seconds, tails
        first = np.concatenate([self._first, n_arcs + changes.more_first])
        return ChangedCsr(self, at.astype(np.int64), data, tail, first.astype(np.int32))

    @cached_property
    def enterable(self) -> NDArray[np.bool_]:
        """Nodes that an arc leads to or away from."""
        return np.asarray(self.degree > 0)

    @cached_property
    def degree(self) -> Ints:
        """Arcs that lead to each node or away from it."""
        tails = np.bincount(self._tail, minlength=self.n_nodes)
        return np.asarray(np.diff(self._first) + tails, dtype=np.int32)

    @cached_property
    def parts(self) -> Ints:
        """Number of the connected part of each node, directions aside."""
        return _parts(*self.ends(np.arange(self.n_arcs)), n_nodes=self.n_nodes)

    def ends(self, arcs: Longs) -> tuple[Longs, Ints]:
        """Heads and tails of some arcs."""
        head = np.searchsorted(self._first, arcs, side="right") - 1
        return head, self._tail[arcs]

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
        return bounded_search(
            self._data,
            self._tail,
            self._first,
            np.ascontiguousarray(nodes, dtype=np.int64),
            np.ascontiguousarray(seconds, dtype=np.float64),
            max(limit_s, 0.0),
        )


class ChangedCsr(Csr):
    """
    Rows of which few arcs are other than before.

    Parameters
    ----------
    before
        Rows as they were.
    changed
        Positions of the arcs that are other.
    data, tail, first
        The arcs now; those from the end of the former ones on are new, in rows of new nodes.
    """

    def __init__(self, before: Csr, changed: Longs, data: Floats, tail: Ints, first: Ints) -> None:
        self._before = before
        self._lay_out(data, tail, first)
        self._old = changed
        new = np.concatenate([changed, np.arange(before.n_arcs, len(data))])
        self._new = new[np.isfinite(data[new])]

    @cached_property
    def degree(self) -> Ints:
        """Arcs that lead to each node or away from it."""
        before = self._before
        found = np.concatenate([before.degree, np.zeros(self.n_nodes - before.n_nodes, dtype=np.int32)])
        for ends in before.ends(self._old):
            np.subtract.at(found, ends, np.int32(1))
        for ends in self.ends(self._new):
            np.add.at(found, ends, np.int32(1))
        return found

    @cached_property
    def parts(self) -> Ints:
        """
        Number of the connected part of each node, directions aside.

        Changes only ever part what was joined. So only around them is looked: what is joined there,
        and has no way out, is a part of its own. What has a way out is the part that it was, when
        there is only one such piece of it; else all nodes are looked at.
        """
        before, n = self._before, self.n_nodes
        ends = *before.ends(self._old), *self.ends(self._new), np.arange(before.n_nodes, n)
        touched = np.unique(np.concatenate(ends))
        near = np.isfinite(self.search(touched, np.zeros(len(touched)), limit_s=_NEARBY_S)[0])
        head, tail = self._open_ends
        around = np.flatnonzero(near[head] | near[tail])
        head, tail = head[around], tail[around]
        inside = near[head] & near[tail]
        nodes = np.flatnonzero(near)
        number = np.zeros(n, dtype=np.int32)
        number[nodes] = np.arange(len(nodes))
        piece = _parts(number[head[inside]], number[tail[inside]], n_nodes=len(nodes))
        way_out = np.where(near[head], head, tail)[~inside]
        going_on, at = np.unique(piece[number[way_out]], return_index=True)
        was = before.parts[way_out[at]]
        if len(np.unique(was)) < len(was):
            return _parts(*self._open_ends, n_nodes=n)
        part = before.parts.max(initial=0) + 1 + np.arange(len(nodes), dtype=np.int32)
        part[going_on] = was
        found = np.concatenate([before.parts, np.zeros(n - before.n_nodes, dtype=np.int32)])
        found[nodes] = part[piece]
        return found

    @property
    def _open_ends(self) -> tuple[Longs, Ints]:
        """Heads and tails of all arcs that can be taken, by head."""
        head = np.repeat(np.arange(self.n_nodes), np.diff(self._first))
        is_open = np.isfinite(self._data)
        return head[is_open], self._tail[is_open]


def _parts(head: NDArray[np.integer], tail: NDArray[np.integer], *, n_nodes: int) -> Ints:
    """Give each node the number of its connected part; the arcs are ordered by head."""
    first = np.searchsorted(head, np.arange(n_nodes + 1)).astype(np.int32)
    # SciPy sorts and copies what is not of its own kind of number.
    rows = csr_array((np.ones(len(tail)), tail, first), shape=(n_nodes, n_nodes))
    return np.asarray(connected_components(rows, directed=False)[1], dtype=np.int32)
