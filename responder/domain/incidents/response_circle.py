"""The units that can respond in time: the decision, with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from responder.domain.ids import ClosureId, PartnerId, UnitId
from responder.domain.people.partner import PartnerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLeg:
    """A part of the way that is travelled in one manner."""

    mode: str
    """drive, ride or walk."""
    distance_m: float
    duration_s: float
    street_names: tuple[str, ...]
    coordinates: tuple[tuple[float, float], ...]
    """Longitude, latitude pairs, WGS 84."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleStop:
    """Where the vehicle can go no further, and why."""

    lon: float
    lat: float
    reason: str
    have: float | None
    need: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidedClosure:
    """A closure that made the way longer."""

    closure_id: ClosureId
    name: str
    cost_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A unit that can be there in time, and why."""

    unit_id: UnitId
    unit_name: str
    unit_name_en: str
    partner_id: PartnerId
    partner_name: str
    partner_kind: PartnerKind
    profile: str
    turnout_s: float
    travel_s: float
    response_s: float
    why_zh: str
    why_en: str
    legs: tuple[RouteLeg, ...]
    stop: VehicleStop | None
    avoided: tuple[AvoidedClosure, ...]
    default_share: float
    """Share of the way, 0 to 1, that rests on default values rather than on what was mapped."""
    position_age_s: float | None
    """Age of the position that the way starts from, in seconds; None when it starts from the unit's post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NonMember:
    """A unit that was considered and cannot be there in time."""

    unit_id: UnitId
    unit_name: str
    unit_name_en: str
    partner_id: PartnerId
    reason: str
    """beyond_limit, no_road_nearby, cut_off or off_duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseCircle:
    """Who can be there within `limit_s`, soonest first."""

    limit_s: float
    computed_at: datetime
    members: tuple[Member, ...]
    non_members: tuple[NonMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachPreview(ResponseCircle):
    """Who could be there in time, and how many of them a call would reach; no one was called."""

    people: Mapping[UnitId, int]
    """By unit: people on record, whom an alert would call. A unit with no one on record has to be phoned."""
    called: int
    """How many people an alert would call; a person in two of the units is one."""
    unannounced_year: int | None = None
    """The year, when peak hours matter and its working days are not announced: they go by the week alone."""
