"""The answer to "who can be there in time": values that screens and sentences are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from geo.lonlat import LonLat

Mode = Literal["drive", "ride", "walk"]
StopReason = Literal[
    "width", "height", "weight", "surface", "closed", "barrier", "no_access", "one_way", "faster_on_foot"
]
Missing = Literal["beyond_limit", "no_road_nearby", "cut_off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a person or vehicle sets out."""

    id: str
    """Another one for each origin asked about: answers are given by it."""
    place: LonLat
    profile: str
    """Name of a mobility profile."""
    turnout_s: float
    """From the call to setting out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Part of a journey in one way of moving."""

    mode: Mode
    profile: str
    """Profile whose speeds hold on this leg; for a crew on foot that of people on foot."""
    distance_m: float
    duration_s: float
    """Stopping and getting out is part of the walk that follows."""
    street_names: tuple[str, ...]
    coordinates: tuple[tuple[float, float], ...]
    """Longitude and latitude, in the order of travel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where a vehicle stops short of the place, and why."""

    lon: float
    lat: float
    reason: StopReason
    have: float | None = None
    """What the road offers, in metres or tonnes, for `width`, `height` and `weight`."""
    need: float | None = None
    street: str = ""
    """Name of the road that cannot be taken."""
    closure_id: str | None = None
    closure_name: str = ""
    assumed: bool = False
    """The width is the default of the class of road, not a tagged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureDetour:
    """A closure on the way that would be taken were it open."""

    closure_id: str
    name: str
    cost_s: float
    """Seconds the journey would be shorter without this closure."""


class Reached(NamedTuple):
    """An origin that can be there in time, and how."""

    origin_id: str
    profile: str
    turnout_s: float
    travel_s: float
    place_index: int = 0
    """Which of the places asked for is reached first."""
    legs: tuple[Leg, ...] = ()
    """Empty when no explanation was asked for."""
    stop: Stop | None = None
    avoided: tuple[ClosureDetour, ...] = ()
    default_share: float = 0.0
    """0 to 1: part of the distance that rests on default values."""

    @property
    def response_s(self) -> float:
        """From the call to arriving."""
        return self.turnout_s + self.travel_s


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachResult:
    """Times of all origins, in time or not."""

    reached: tuple[Reached, ...]
    """Soonest first."""
    not_reached: Mapping[str, Missing]
    """Why, by origin: of a city's units nearly all."""
    unannounced_year: int | None = None
    """The year asked about, when peak hours matter and its working days are not announced yet."""
