"""Explanations for those in time: legs, stop, closures avoided."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from geo.inquiry import Inquiry
from geo.legs import StoryTeller
from geo.origins import Asked
from geo.place import LonLat
from geo.reached import AvoidedClosure, Reached
from geo.steps import Departure, Journey, JourneyReader, Step
from geo.travel_times import TravelTimes

_WORTH_TELLING_S = 0.5
_MOST_TRIED_ALONE = 6


@dataclass(slots=True, kw_only=True)
class Teller:
    """
    Explains how those in time travel.

    Parameters
    ----------
    inquiry
        The question asked.
    places
        Where the places are, in the order of the inquiry's.
    """

    inquiry: Inquiry
    places: Sequence[LonLat]
    _readers: dict[int, JourneyReader] = field(default_factory=dict)
    _elsewhere: dict[tuple[str, tuple[int, ...]], TravelTimes] = field(default_factory=dict)

    def tell(self, asked: Sequence[Asked]) -> list[Reached]:
        """Explain each of them."""
        return [self._one(one) for one in asked]

    def _one(self, asked: Asked) -> Reached:
        departure, gap_m = _departure(asked, asked.times)
        journey = self._reader(asked.times).journey(departure)
        story = self._story_teller(asked.times).tell(
            journey,
            travel_s=asked.travel_s,
            start=asked.origin.place,
            start_gap_m=gap_m,
            end=self.places[journey.place],
        )
        return replace(
            asked.untold,
            place_index=journey.place,
            legs=story.legs,
            stop=story.stop,
            default_share=story.default_share,
            avoided=self._avoided(asked),
        )

    def _reader(self, times: TravelTimes) -> JourneyReader:
        key = id(times)
        if key not in self._readers:
            self._readers[key] = JourneyReader(times.search)
        return self._readers[key]

    def _story_teller(self, times: TravelTimes) -> StoryTeller:
        ground = self.inquiry.ground
        walking = times.search.walking.layer
        return StoryTeller(
            network=ground.network,
            vehicle=times.search.driving.layer if times.search.driving else walking,
            walking=walking,
            walking_mps=ground.walking_mps,
            closures=self.inquiry.closures,
            defaults=ground.defaults,
        )

    def _avoided(self, asked: Asked) -> tuple[AvoidedClosure, ...]:
        """
        Name the closures on the way that would be taken were all roads open.

        Each costs what the journey would be shorter without it. When several block the same way,
        so that lifting one alone gains nothing, each is given the whole.
        """
        closures = self.inquiry.closures
        if not closures:
            return ()
        free = self._times_without(asked, tuple(range(len(closures))))
        free_s, journey = self._again(asked, free)
        if asked.travel_s - free_s < _WORTH_TELLING_S or journey is None:
            return ()
        met = self._closures_met(asked, journey)[:_MOST_TRIED_ALONE]
        if len(met) == 1:
            cost = {met[0]: asked.travel_s - free_s}
        else:
            cost = {c: asked.travel_s - self._again(asked, self._times_without(asked, (c,)))[0] for c in met}
            if all(seconds < _WORTH_TELLING_S for seconds in cost.values()):
                cost = dict.fromkeys(met, asked.travel_s - free_s)
        return tuple(
            AvoidedClosure(closure_id=closures[c].id, name=closures[c].name, cost_s=round(seconds, 1))
            for c, seconds in cost.items()
            if seconds >= _WORTH_TELLING_S
        )

    def _times_without(self, asked: Asked, left_out: tuple[int, ...]) -> TravelTimes:
        key = asked.origin.profile, left_out
        if key not in self._elsewhere:
            kept = tuple(c for i, c in enumerate(self.inquiry.closures) if i not in left_out)
            self._elsewhere[key] = self.inquiry.with_closures(kept).times(
                asked.times.profile, limit_s=asked.times.limit_s
            )
        return self._elsewhere[key]

    def _again(self, asked: Asked, times: TravelTimes) -> tuple[float, Journey | None]:
        """Seconds and way of the same origin after another search."""
        drive_s, walk_s = times.of_snaps(asked.by_vehicle, asked.on_foot)
        again = replace(
            asked, times=times, drive_s=float(drive_s[asked.number]), walk_s=float(walk_s[asked.number])
        )
        if again.travel_s == float("inf"):
            return again.travel_s, None
        departure, _ = _departure(again, times)
        return again.travel_s, self._reader(times).journey(departure)

    def _closures_met(self, asked: Asked, journey: Journey) -> list[int]:
        """Positions of the closures on a way, for whoever moves there."""
        teller = self._story_teller(asked.times)
        on_foot = replace(teller, vehicle=teller.walking)
        driven: list[tuple[StoryTeller, Step]] = [(teller, step) for step in journey.driven]
        walked = [(on_foot, step) for step in journey.walked]
        met = (closure for who, step in driven + walked for closure in who.closures_on(step))
        return list(dict.fromkeys(met))


def _departure(asked: Asked, times: TravelTimes) -> tuple[Departure, float]:
    """How an origin sets out, and its distance from the road in metres."""
    driving = asked.drive_s <= asked.walk_s
    snaps = asked.by_vehicle if driving else asked.on_foot
    layer_times = times.search.driving if driving and times.search.driving else times.search.walking
    start = snaps.one(asked.number)
    if start is None:
        message = f"{asked.origin.id} is in time without a road"
        raise AssertionError(message)
    if driving:
        gap_s = start.distance_m / (times.profile.speed_kph("service") / 3.6)
    else:
        gap_s = start.distance_m / times.walking_mps
    departure = Departure(
        start=start,
        driving=driving,
        exits=layer_times.layer.exits(snaps.only(asked.number)),
        number=0,
        seconds=asked.travel_s - gap_s,
    )
    return departure, start.distance_m
