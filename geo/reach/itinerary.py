"""Explanations for those in time: legs, stop, closures avoided."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from geo.lonlat import LonLat
from geo.reach.legs import Itinerary, ItineraryBuilder, Trip
from geo.reach.origins import OriginTimes
from geo.reach.results import ClosureDetour, Reached
from geo.search.paths import Departure, Journey, JourneyReader, follow
from geo.search.query import Query
from geo.search.steps import Step
from geo.search.travel_times import TravelTimes

_WORTH_TELLING_S = 0.5
_MOST_TRIED_ALONE = 6
Row = tuple[OriginTimes, int]
"""One of some origins."""


@dataclass(slots=True, kw_only=True)
class Itineraries:
    """
    Explains how those in time travel.

    Parameters
    ----------
    inquiry
        The question asked.
    places
        Where the places are, in the order of the inquiry's.
    """

    query: Query
    places: Sequence[LonLat]
    _readers: dict[int, JourneyReader] = field(default_factory=dict)
    _elsewhere: dict[tuple[int, tuple[int, ...]], OriginTimes] = field(default_factory=dict)

    def build(self, rows: Sequence[Row]) -> list[Reached]:
        """Explain each of them."""
        trips = self.trips(rows)
        steps = [steps for trip in trips for steps in (trip.journey.driven, trip.journey.walked)]
        shapes = self.query.ground.shapes.of(steps)
        times = {id(asked): asked.times for asked, _ in rows}
        tellers = {key: self.builder(some) for key, some in times.items()}
        # Both shapes of a trip are taken from one iterator.
        told = zip(rows, trips, shapes, shapes, strict=True)
        return [
            self._one(row, trip, tellers[id(row[0])].build(trip, driven=driven, walked=walked))
            for row, trip, driven, walked in told
        ]

    def trips(self, rows: Sequence[Row]) -> list[Trip]:
        """Follow origins that come to the place, all together."""
        by_search: dict[int, list[int]] = {}
        for at, (asked, _) in enumerate(rows):
            by_search.setdefault(id(asked), []).append(at)
        departures = [[_departure(*rows[at]) for at in some] for some in by_search.values()]
        readers = [self._reader(rows[some[0]][0].times) for some in by_search.values()]
        bare = [[departure for departure, _ in some] for some in departures]
        journeys_by_search = follow(list(zip(readers, bare, strict=True)))
        found: dict[int, Trip] = {}
        told = zip(by_search.values(), departures, journeys_by_search, strict=True)
        for some, setting_out, journeys in told:
            for at, (_, gap_m), journey in zip(some, setting_out, journeys, strict=True):
                asked, number = rows[at]
                found[at] = Trip(
                    journey=journey,
                    travel_s=asked.travel_s[number],
                    start=asked.origins[number].place,
                    start_gap_m=gap_m,
                    end=self.places[journey.place],
                )
        return [found[at] for at in range(len(rows))]

    def _one(self, row: Row, trip: Trip, story: Itinerary) -> Reached:
        asked, number = row
        origin = asked.origins[number]
        return Reached(
            origin_id=origin.id,
            profile=origin.profile,
            turnout_s=origin.turnout_s,
            travel_s=trip.travel_s,
            place_index=trip.journey.place,
            legs=story.legs,
            stop=story.stop,
            default_share=story.default_share,
            avoided=self._avoided(asked, number),
        )

    def _reader(self, times: TravelTimes) -> JourneyReader:
        key = id(times)
        if key not in self._readers:
            self._readers[key] = JourneyReader(times.search)
        return self._readers[key]

    def builder(self, times: TravelTimes) -> ItineraryBuilder:
        """Tell journeys that were found by one search."""
        ground = self.query.ground
        walking = times.search.walking.layer
        return ItineraryBuilder(
            shapes=ground.shapes,
            network=ground.network,
            vehicle=times.search.driving.layer if times.search.driving else walking,
            walking=walking,
            walking_mps=ground.walking_mps,
            closures=self.query.closures,
            defaults=ground.defaults,
        )

    def _avoided(self, asked: OriginTimes, number: int) -> tuple[ClosureDetour, ...]:
        """
        Name the closures on the way that would be taken were all roads open.

        Each costs what the journey would be shorter without it. When several block the same way,
        so that lifting one alone gains nothing, each is given the whole.
        """
        closures = self.query.closures
        if not closures:
            return ()
        travel_s = asked.travel_s[number]
        free = self._without(asked, tuple(range(len(closures))))
        free_s = free.travel_s[number]
        if travel_s - free_s < _WORTH_TELLING_S:
            return ()
        [journey] = self._reader(free.times).journeys([_departure(free, number)[0]])
        met = self._closures_met(asked, journey)[:_MOST_TRIED_ALONE]
        if len(met) == 1:
            cost = {met[0]: travel_s - free_s}
        else:
            cost = {c: travel_s - self._without(asked, (c,)).travel_s[number] for c in met}
            if all(seconds < _WORTH_TELLING_S for seconds in cost.values()):
                cost = dict.fromkeys(met, travel_s - free_s)
        return tuple(
            ClosureDetour(closure_id=closures[c].id, name=closures[c].name, cost_s=round(seconds, 1))
            for c, seconds in cost.items()
            if seconds >= _WORTH_TELLING_S
        )

    def _without(self, asked: OriginTimes, left_out: tuple[int, ...]) -> OriginTimes:
        """Ask for the same origins with some closures lifted."""
        key = id(asked), left_out
        if key not in self._elsewhere:
            kept = tuple(c for i, c in enumerate(self.query.closures) if i not in left_out)
            times = self.query.with_closures(kept).times(asked.times.profile, limit_s=asked.times.limit_s)
            self._elsewhere[key] = asked.again(times)
        return self._elsewhere[key]

    def _closures_met(self, asked: OriginTimes, journey: Journey) -> list[int]:
        """Positions of the closures on a way."""
        teller = self.builder(asked.times)
        on_foot = replace(teller, vehicle=teller.walking)
        driven: list[tuple[ItineraryBuilder, Step]] = [(teller, step) for step in journey.driven]
        walked = [(on_foot, step) for step in journey.walked]
        met = (closure for who, step in driven + walked for closure in who.closures_on(step))
        return list(dict.fromkeys(met))


def _departure(asked: OriginTimes, number: int) -> tuple[Departure, float]:
    """How an origin sets out, and its distance from the road in metres."""
    times, posts = asked.times, asked.posts
    driving = bool(asked.drive_s[number] <= asked.walk_s[number]) and times.search.driving is not None
    if driving and times.search.driving is not None:
        snaps, exits = posts.by_vehicle, posts.exits_by_vehicle(times.search.driving.layer)
    else:
        snaps, exits = posts.on_foot, posts.exits_on_foot(times.search.walking.layer)
    start = snaps.one(number)
    if start is None:
        message = f"{asked.origins[number].id} is in time without a road"
        raise AssertionError(message)
    gap_s = start.distance_m / (times.slow_mps if driving else times.walking_mps)
    departure = Departure(
        start=start, driving=driving, ways=exits.ways(number), seconds=asked.travel_s[number] - gap_s
    )
    return departure, start.distance_m
