"""Contraction: pieces of way joined to roads wherever nothing changes between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Longs
from geo.tags.attributes import RoadAttributes


class _Way(Protocol):
    @property
    def points(self) -> Sequence[int]: ...
    @property
    def attributes(self) -> RoadAttributes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """Roads as lists of points; `first_way` and `last_way` are positions in the list of ways."""

    points: list[list[int]]
    attributes: list[RoadAttributes]
    first_way: list[int]
    last_way: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """Straight pieces between neighbouring points of the ways."""

    a: Longs
    b: Longs
    way: Longs


def contract(
    lonlat_e7: NDArray[np.int32],
    ways: Sequence[_Way],
    *,
    keep: Longs,
    within: NDArray[np.bool_] | None = None,
) -> Chains:
    """
    Join pieces of way to roads that run from junction to junction.

    Parameters
    ----------
    lonlat_e7
        Longitude and latitude by point, only used to drop pieces without extent.
    ways
        Ways as lists of point numbers with attributes.
    keep
        Points that stay even when two equal pieces meet there.
    within
        By point: inside the wanted area. A piece with neither end inside is dropped.
    """
    pieces = _pieces(lonlat_e7, ways, within)
    kinds: dict[RoadAttributes, int] = {}
    kind_of_way = np.array([kinds.setdefault(way.attributes, len(kinds)) for way in ways], dtype=np.int64)
    listed = list(kinds)
    flipped = np.array([kinds.get(a.flipped, -1) for a in listed], dtype=np.int64)
    kind = kind_of_way[pieces.way] if len(ways) else np.zeros(0, dtype=np.int64)
    joint, other = _joints(pieces, kind, flipped, n_points=len(lonlat_e7))
    joint[keep] = False
    return _walk(pieces, joint, other, attributes=[ways[w].attributes for w in range(len(ways))])


def _pieces(lonlat_e7: NDArray[np.int32], ways: Sequence[_Way], within: NDArray[np.bool_] | None) -> _Pieces:
    counts = np.array([len(way.points) for way in ways], dtype=np.int64)
    flat = np.fromiter((p for way in ways for p in way.points), dtype=np.int64, count=int(counts.sum()))
    owner = np.repeat(np.arange(len(ways)), counts)
    a, b, way = flat[:-1], flat[1:], owner[:-1]
    real = (owner[:-1] == owner[1:]) & (a != b) if len(flat) else np.zeros(0, dtype=bool)
    if len(flat):
        real &= (lonlat_e7[a] != lonlat_e7[b]).any(axis=1)
        if within is not None:
            real &= within[a] | within[b]
    return _Pieces(a=a[real], b=b[real], way=way[real])


def _joints(
    pieces: _Pieces, kind: Longs, flipped: Longs, *, n_points: int
) -> tuple[NDArray[np.bool_], Longs]:
    """
    Find the points that vanish, and for each piece end what lies beyond it.

    An *end* is numbered `2 * piece` (at `a`) or `2 * piece + 1` (at `b`); `other` is, by end, the
    end of the other piece at the same point, where exactly two meet.
    """
    ends = np.empty(2 * len(pieces.a), dtype=np.int64)
    ends[0::2], ends[1::2] = pieces.a, pieces.b
    degree = np.bincount(ends, minlength=n_points)
    order = np.argsort(ends, kind="stable")
    pairs = order[degree[ends[order]] == 2].reshape(-1, 2)  # noqa: PLR2004 - two ends meet
    one, two = pairs[:, 0], pairs[:, 1]
    other = np.full(len(ends), -1, dtype=np.int64)
    other[one], other[two] = two, one
    same_way_round = (one & 1) != (two & 1)
    k1, k2 = kind[one >> 1], kind[two >> 1]
    fits = np.where(same_way_round, k1 == k2, k1 == flipped[k2]) & (one >> 1 != two >> 1)
    joint = np.zeros(n_points, dtype=bool)
    joint[ends[one[fits]]] = True
    return joint, other


def _walk(
    pieces: _Pieces, joint: NDArray[np.bool_], other: Longs, *, attributes: list[RoadAttributes]
) -> Chains:
    """Follow every road from one kept point to the next, then the rings that have none."""
    a, b, way = pieces.a.tolist(), pieces.b.tolist(), pieces.way.tolist()
    vanishes, beyond = joint.tolist(), other.tolist()
    done = bytearray(len(a))
    chains = Chains(points=[], attributes=[], first_way=[], last_way=[])

    def follow(end: int) -> None:
        """Walk off over the piece that starts at `end`."""
        first = end
        points = [b[end >> 1] if end & 1 else a[end >> 1]]
        home = points[0]
        while True:
            piece = end >> 1
            done[piece] = 1
            point = a[piece] if end & 1 else b[piece]
            points.append(point)
            if not vanishes[point] or point == home:
                break
            end = beyond[end ^ 1]
        found = attributes[way[first >> 1]]
        chains.points.append(points)
        chains.attributes.append(found.flipped if first & 1 else found)
        chains.first_way.append(way[first >> 1])
        chains.last_way.append(way[end >> 1])

    # Along the drawn direction first, so that a one-way road usually keeps its own.
    for side in (0, 1):
        at = b if side else a
        for piece in range(len(a)):
            if not done[piece] and not vanishes[at[piece]]:
                follow(2 * piece + side)
    for piece in range(len(a)):
        if not done[piece]:
            follow(2 * piece)
    return chains
