"""Whole journeys: out of a search on two layers, from an origin to the place it reaches first."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.network.snap import Snap
from geo.search.steps import Step, StepReader, along, look_up
from geo.search.two_layer import Search

_SAME_S = 1e-6
Way = tuple[float, Sequence[int]]
"""The fraction of its own road where an origin comes onto the graph, and the nodes that it passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One way to a place: driven steps, then walked ones."""

    driven: tuple[Step, ...]
    walked: tuple[Step, ...]
    walk_s: float
    """Seconds after stopping the vehicle, getting out included; all of them for a profile on foot."""
    place: int
    connector_s: float
    """The last of them, from the road to the place."""
    stopped: bool
    """A vehicle was left before the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """How one origin sets out: by which layer, by which of its ways onto the graph."""

    start: Snap
    driving: bool
    ways: Sequence[tuple[int, float, float]]
    """Node, seconds until there, and the fraction of the road where it lies."""
    seconds: float
    """On the way from the road on."""


class JourneyReader:
    """
    Reads whole journeys back from a search.

    Parameters
    ----------
    search
        On two layers, or on foot alone.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        self._walking = StepReader(search.walking)
        self._driving = StepReader(search.driving) if search.driving else None

    def _reader(self, departure: Departure) -> StepReader:
        return self._driving if departure.driving and self._driving else self._walking

    def journeys(self, departures: Sequence[Departure]) -> list[Journey]:
        """Follow origins to the places they reach first."""
        [found] = follow([(self, departures)])
        return found

    def way(self, departure: Departure, wanted: dict[StepReader, set[int]]) -> Way | None:
        """
        Find the nodes that an origin passes, `None` when it sets out on the road of the place.

        Parameters
        ----------
        departure
            How it sets out.
        wanted
            Is given the nodes whose steps have to be looked up.
        """
        reader = self._reader(departure)
        if self._is_direct(departure, reader):
            return None
        seconds = reader.times.tree.seconds
        node, _, until = min(departure.ways, key=lambda way: float(seconds[way[0]]) + way[1])
        chain = reader.chain(node)
        wanted.setdefault(reader, set()).update(chain[:-1])
        if reader is not self._walking and reader.arrival(chain[-1]) is None:
            wanted.setdefault(self._walking, set()).update(self._walking.chain(chain[-1])[:-1])
        return until, chain

    def _is_direct(self, departure: Departure, reader: StepReader) -> bool:
        return reader.times.direct(departure.start)[0] <= departure.seconds + _SAME_S

    def journey(self, departure: Departure, way: Way | None) -> Journey:
        """Put a journey together from steps that have been looked up."""
        reader = self._reader(departure)
        if way is None:
            _, place = reader.times.direct(departure.start)
            return self._finish([along(departure.start, reader.times.places[place])], departure, place)
        until, chain = way
        first = Step(departure.start.road, departure.start.fraction, until)
        steps = [first, *reader.steps(chain)]
        seed = reader.arrival(chain[-1])
        if seed is None:
            return self._walk_on(steps, chain[-1])
        steps.append(Step(seed.road, seed.from_fraction, seed.to_fraction))
        return self._finish(steps, departure, seed.place)

    def _finish(self, steps: Sequence[Step], departure: Departure, place: int) -> Journey:
        reader = self._reader(departure)
        connector_s = reader.times.connector_s[place]
        on_foot = reader is self._walking
        return Journey(
            driven=() if on_foot else tuple(steps),
            walked=tuple(steps) if on_foot else (),
            walk_s=departure.seconds if on_foot else connector_s,
            place=place,
            connector_s=connector_s,
            stopped=on_foot and self._driving is not None,
        )

    def _walk_on(self, driven: Sequence[Step], node: int) -> Journey:
        """Add the walk from where the vehicle stops."""
        chain = self._walking.chain(node)
        walked = self._walking.steps(chain)
        seed = self._walking.arrival(chain[-1])
        if seed is None:
            message = f"the walk from node {node} ends at no place"
            raise AssertionError(message)
        walked.append(Step(seed.road, seed.from_fraction, seed.to_fraction))
        return Journey(
            driven=tuple(driven),
            walked=tuple(walked),
            walk_s=float(self._walking.times.tree.seconds[node]) + self._search.dismount_s,
            place=seed.place,
            connector_s=self._walking.times.connector_s[seed.place],
            stopped=True,
        )


def follow(parties: Sequence[tuple[JourneyReader, Sequence[Departure]]]) -> list[list[Journey]]:
    """
    Follow origins of several searches to the places they reach first, with one look-up for all.

    Parameters
    ----------
    parties
        Origins by search; the searches are of one inquiry.
    """
    wanted: dict[StepReader, set[int]] = {}
    ways = [[reader.way(departure, wanted) for departure in some] for reader, some in parties]
    look_up(wanted)
    return [
        [reader.journey(departure, way) for departure, way in zip(some, on_their_way, strict=True)]
        for (reader, some), on_their_way in zip(parties, ways, strict=True)
    ]
