"""From a journey to the legs, the stop and the share of guesses that people are told."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.network.network import RoadNetwork
from geo.network.profiles import MobilityProfile, RoadDefaults
from geo.network.weighting import why_not
from geo.reach.results import Leg, Mode, Stop
from geo.search.paths import Journey
from geo.search.road_shapes import Coordinates, RoadShapes, Shape
from geo.search.steps import Step
from geo.search.weighted_graph import WeightedGraph
from geo.tags.attributes import Trait

_LONGEST_CURBSIDE_M = 10.0
_LEAST_M = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """What is to be told of one journey."""

    legs: tuple[Leg, ...]
    stop: Stop | None
    default_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A journey between two places away from the roads."""

    journey: Journey
    travel_s: float
    """Seconds of the whole."""
    start: LonLat
    start_gap_m: float
    """From the origin to the road in a straight line."""
    end: LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class ItineraryBuilder:
    """
    Turns journeys into what is told of them.

    Parameters
    ----------
    shapes
        Draws along the roads.
    network
        The roads.
    vehicle, walking
        Layers of the profile and of people on foot, the same graph for a profile on foot.
    walking_mps
        Pace between road and door.
    closures
        Those of the layers' cuts, in their order.
    defaults
        Widths assumed.
    """

    shapes: RoadShapes
    network: RoadNetwork
    vehicle: WeightedGraph
    walking: WeightedGraph
    walking_mps: float
    closures: Sequence[RoadClosure]
    defaults: RoadDefaults

    def build(self, trip: Trip, *, driven: Shape, walked: Shape) -> Itinerary:
        """Tell one journey, given the shapes of its steps."""
        return Itinerary(
            legs=self._legs(trip, driven=driven, walked=walked),
            stop=self.stop_of(trip.journey) if trip.journey.stopped else None,
            default_share=self._default_share(driven, walked),
        )

    def _legs(self, trip: Trip, *, driven: Shape, walked: Shape) -> tuple[Leg, ...]:
        journey, profile = trip.journey, self.vehicle.costs.profile
        gap_m = journey.connector_s * self.walking_mps
        last_walk_m = gap_m if journey.walked or gap_m > _LONGEST_CURBSIDE_M else 0.0
        walk_s = journey.walk_s if journey.walked or last_walk_m else 0.0
        first = (trip.start.lon, trip.start.lat)
        last = (trip.end.lon, trip.end.lat)
        legs: list[Leg] = []
        if journey.driven:
            legs.append(
                _leg(
                    driven,
                    profile,
                    trip.travel_s - walk_s,
                    extra_m=trip.start_gap_m + (gap_m if not walk_s else 0.0),
                    coordinates=(first, *driven.coordinates, *(() if walk_s else (last,))),
                )
            )
        if journey.walked:
            drawn = walked.coordinates if journey.driven else (first, *walked.coordinates)
            legs.append(
                _leg(
                    walked,
                    self.walking.costs.profile,
                    walk_s if journey.driven else trip.travel_s,
                    extra_m=last_walk_m + (0.0 if journey.driven else trip.start_gap_m),
                    coordinates=(*drawn, last),
                )
            )
        elif last_walk_m:
            drawn = (*driven.coordinates[-1:], last)
            legs.append(
                _leg(None, self.walking.costs.profile, walk_s, extra_m=last_walk_m, coordinates=drawn)
            )
        return tuple(leg for leg in legs if leg.distance_m >= _LEAST_M or len(legs) == 1)

    def stop_of(self, journey: Journey) -> Stop:
        """Find the first road of the walk that the vehicle cannot take, and say why."""
        lon, lat = self.shapes.point_on(journey.walked[0].road, journey.walked[0].start)
        for step in journey.walked:
            stop = self._blocked(step, lon, lat)
            if stop is not None:
                return stop
        return Stop(lon=lon, lat=lat, reason="faster_on_foot")

    def _blocked(self, step: Step, lon: float, lat: float) -> Stop | None:
        network, profile = self.network, self.vehicle.costs.profile
        if network.road_traits[step.road] & Trait.TURN_LINK:
            return None
        street = network.names[network.road_name[step.road]]
        backward = step.end < step.start
        found = why_not(network, profile, step.road, backward=backward, defaults=self.defaults)
        if found is not None:
            assumed = found.reason == "width" and bool(self.vehicle.costs.assumed[step.road])
            return Stop(
                lon=lon,
                lat=lat,
                reason=found.reason,
                have=found.have,
                need=found.need,
                street=street,
                assumed=assumed,
            )
        for number in self.closures_on(step):
            return _stop_at_closure(self.closures[number], profile, lon=lon, lat=lat, street=street)
        return None

    def closures_on(self, step: Step) -> list[int]:
        """Positions of the closures that stop the vehicle somewhere on a step."""
        layer = self.vehicle
        cut = layer.cuts.roads.get(step.road) if layer.cuts else None
        if cut is None or layer.cuts is None:
            return []
        found: list[int] = []
        for piece in cut.pieces_between(step.start, step.end):
            covered = layer.cuts.covered_by[cut.first_piece + piece]
            found += [c for c in covered if layer.stops[c] and c not in found]
        return found

    def _default_share(self, driven: Shape, walked: Shape) -> float:
        """Part of the distance that rests on default values, 0 to 1."""
        total_m = driven.length_m + walked.length_m
        if total_m == 0:
            return 0.0
        guessed_m = _guessed_m(driven, self.vehicle) + _guessed_m(walked, self.walking)
        return round(guessed_m / total_m, 4)


def _guessed_m(shape: Shape, layer: WeightedGraph) -> float:
    """Metres on roads whose size is a default value."""
    return float(shape.step_m @ layer.costs.assumed[shape.roads]) if len(shape.roads) else 0.0


def _leg(
    shape: Shape | None,
    profile: MobilityProfile,
    duration_s: float,
    *,
    extra_m: float,
    coordinates: Coordinates,
) -> Leg:
    """Make a leg; `None` stands for a walk away from the roads."""
    return Leg(
        mode=_mode(profile),
        profile=profile.name,
        distance_m=round((shape.length_m if shape else 0.0) + extra_m, 1),
        duration_s=round(max(duration_s, 0.0), 1),
        street_names=shape.street_names if shape else (),
        coordinates=coordinates,
    )


def _mode(profile: MobilityProfile) -> Mode:
    if profile.on_foot:
        return "walk"
    return "ride" if profile.mode == "cycle" else "drive"


def _stop_at_closure(
    closure: RoadClosure, profile: MobilityProfile, *, lon: float, lat: float, street: str
) -> Stop:
    """Tell of a closure for wider vehicles as of a narrow lane: what there is and what is needed."""
    made = {"lon": lon, "lat": lat, "street": street}
    named = {"closure_id": closure.id, "closure_name": closure.name}
    if closure.wider_than_m is not None and profile.clear_width_m > closure.wider_than_m:
        size = (closure.wider_than_m, profile.clear_width_m)
        return Stop(**made, **named, reason="width", have=size[0], need=size[1])  # type: ignore[arg-type]
    if closure.higher_than_m is not None and profile.clear_height_m > closure.higher_than_m:
        size = (closure.higher_than_m, profile.clear_height_m)
        return Stop(**made, **named, reason="height", have=size[0], need=size[1])  # type: ignore[arg-type]
    if closure.heavier_than_t is not None and profile.weight_t > closure.heavier_than_t:
        size = (closure.heavier_than_t, profile.weight_t)
        return Stop(**made, **named, reason="weight", have=size[0], need=size[1])  # type: ignore[arg-type]
    return Stop(**made, **named, reason="closed")  # type: ignore[arg-type]
