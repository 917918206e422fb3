"""Searches over rows of arcs, against a search written out by hand."""

import heapq
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.search.csr import Csr
from geo.search.dijkstra import bounded_search
from geo.search.graph import GraphChanges

N_NODES = 300
Floats = NDArray[np.float64]
Rows = tuple[Floats, NDArray[np.int32], NDArray[np.int32]]
Seeds = tuple[NDArray[np.int64], Floats]


def arcs(seed: int) -> Rows:
    """Seconds and tails of random arcs by head, some of which cannot be taken."""
    rng = np.random.default_rng(seed)
    head = np.sort(rng.integers(0, N_NODES, 900))
    seconds = np.where(rng.random(900) < 0.2, np.inf, rng.uniform(1, 100, 900))
    first = np.searchsorted(head, np.arange(N_NODES + 1)).astype(np.int32)
    return seconds, rng.integers(0, N_NODES, 900).astype(np.int32), first


def seeds(count: int, *, seed: int) -> Seeds:
    rng = np.random.default_rng(seed)
    return rng.integers(0, N_NODES, count), rng.uniform(0, 50, count)


def by_hand(rows: Rows, start: Seeds, limit_s: float) -> Floats:
    seconds, tail, first = rows
    found = np.full(N_NODES, np.inf)
    queue = [(s, int(n)) for n, s in zip(*start, strict=True)]
    heapq.heapify(queue)
    while queue:
        now, node = heapq.heappop(queue)
        if now >= found[node] or now > limit_s:
            continue
        found[node] = now
        for arc in range(first[node], first[node + 1]):
            heapq.heappush(queue, (now + seconds[arc], int(tail[arc])))
    return found


@pytest.mark.parametrize("count", [1, 2, 7, 5000])
def test_every_way_into_the_place_counts_however_many_there_are(count: int) -> None:
    rows = arcs(1)
    ready = Csr(*rows)
    for seed in range(5):
        start = seeds(count, seed=seed)
        found, _ = ready.search(*start, limit_s=150.0)
        assert np.allclose(found, by_hand(rows, start, 150.0))


def test_the_next_node_is_on_a_fastest_way() -> None:
    rows = arcs(2)
    start = seeds(3, seed=1)
    found, following = Csr(*rows).search(*start, limit_s=1e6)
    seconds, tail, first = rows
    for node in np.flatnonzero(np.isfinite(found)).tolist():
        after = int(following[node])
        if after == N_NODES:
            assert found[node] == pytest.approx(start[1][start[0] == node].min())
            continue
        arc = [a for a in range(first[after], first[after + 1]) if tail[a] == node]
        assert found[node] == pytest.approx(found[after] + min(seconds[a] for a in arc))


def test_searches_at_the_same_time_do_not_disturb_one_another() -> None:
    rows = arcs(3)
    ready = Csr(*rows)
    starts = [seeds(1 + number % 9, seed=number) for number in range(200)]
    expected = [by_hand(rows, start, 200.0) for start in starts]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: ready.search(*start, limit_s=200.0)[0], starts))
    assert all(np.allclose(mine, theirs) for mine, theirs in zip(found, expected, strict=True))


def test_what_is_no_number_is_no_way() -> None:
    seconds, tail = np.array([1.0, np.nan]), np.array([1, 2], dtype=np.int32)
    first = np.array([0, 2, 2, 2], dtype=np.int32)
    found, _ = bounded_search(seconds, tail, first, np.array([0]), np.array([0.0]), 100.0)
    assert found.tolist() == [0.0, 1.0, np.inf]


def test_nodes_without_an_open_arc_cannot_be_entered() -> None:
    seconds = np.array([1.0, np.inf])
    ready = Csr(seconds, np.array([1, 2], dtype=np.int32), np.array([0, 1, 2, 2], dtype=np.int32))
    assert ready.enterable.tolist() == [True, True, False]
    assert ready.parts[0] == ready.parts[1] != ready.parts[2]


def closed(rows: Rows, middle: int, *, seed: int) -> tuple[GraphChanges, Rows]:
    """Close most arcs about a node and cut one other in two; return the changes and the rebuilt rows."""
    seconds, tail, first = rows
    rng = np.random.default_rng(seed)
    head = np.repeat(np.arange(len(first) - 1), np.diff(first))
    about = np.flatnonzero((np.abs(head - middle) <= 4) | (np.abs(tail - middle) <= 4))
    shut = about[rng.random(len(about)) < 0.8]
    split = int(rng.choice(np.setdiff1d(np.flatnonzero(np.isfinite(seconds)), shut)))
    half, cut_node = seconds[split] / 2, len(first) - 1
    changes = GraphChanges(
        arc=np.append(shut, split),
        seconds=np.append(np.full(len(shut), np.inf), half),
        tail=np.append(tail[shut], cut_node).astype(np.int32),
        more_seconds=np.array([half]),
        more_tail=tail[[split]],
        more_first=np.array([1], dtype=np.int32),
    )
    data, tails = np.append(seconds, half), np.append(tail, tail[split])
    data[shut], data[split], tails[split] = np.inf, half, cut_node
    return changes, (data, tails, np.append(first, first[-1] + 1).astype(np.int32))


def street_arcs(seed: int) -> Rows:
    """Arcs along a line of nodes with few ways round, so that closing some often parts the line."""
    rng = np.random.default_rng(seed)
    near = np.arange(N_NODES - 1)
    round_it = rng.integers(0, N_NODES - 12, 25)
    here, there = np.append(near, round_it), np.append(near + 1, round_it + 12)
    head, tail = np.append(here, there), np.append(there, here)
    order = np.lexsort((tail, head))
    seconds = np.where(rng.random(len(head)) < 0.05, np.inf, rng.uniform(5, 40, len(head)))
    first = np.searchsorted(head[order], np.arange(N_NODES + 1)).astype(np.int32)
    return seconds, tail[order].astype(np.int32), first


@pytest.mark.parametrize("make", [arcs, street_arcs])
@pytest.mark.parametrize("seed", range(20))
def test_changed_rows_answer_as_rebuilt_rows(make: Callable[[int], Rows], seed: int) -> None:
    rows = make(seed)
    changes, rebuilt = closed(rows, 20 + 13 * seed, seed=seed)
    before = Csr(*rows)
    start = seeds(3, seed=seed)
    unchanged = before.search(*start, limit_s=400.0)[0]
    mine, theirs = before.changed(changes), Csr(*rebuilt)
    assert np.array_equal(mine.search(*start, limit_s=400.0)[0], theirs.search(*start, limit_s=400.0)[0])
    assert np.array_equal(mine.enterable, theirs.enterable)
    # The parts are the same whatever their numbers: no number stands beside two others.
    pairs = np.unique(np.stack([mine.parts, theirs.parts]), axis=1)
    assert pairs.shape[1] == len(np.unique(mine.parts)) == len(np.unique(theirs.parts))
    assert np.array_equal(before.search(*start, limit_s=400.0)[0], unchanged)
