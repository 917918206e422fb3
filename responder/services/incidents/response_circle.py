"""Find who can be there in time: ask `geo` with what the circle knows, and keep the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shapely.geometry import shape

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.reach.explain import sentence
from geo.reach.results import Leg, Origin, Reached
from responder.domain.drills.run import DrillRun
from responder.domain.ids import CircleId, ClosureId
from responder.domain.incidents.response_circle import (
    AvoidedClosure,
    Member,
    NonMember,
    ResponseCircle,
    RouteLeg,
    VehicleStop,
)
from responder.domain.map.closure import Closure
from responder.domain.map.unit import Position, Unit
from responder.domain.people.partner import Partner
from responder.ports import Transaction
from responder.ports.map import AlertSettings

if TYPE_CHECKING:
    # Comes with SciPy, which a process loads with its first road network, while it serves already.
    from geo.reach.model import ReachModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachInputs:
    """All that the answer depends on besides the roads, the place and the time."""

    reach_version: int
    """The circle's when this was read. In a later one others may be there in time."""
    limit_s: float
    units: tuple[Unit, ...]
    partners: tuple[Partner, ...]
    positions: tuple[Position, ...]
    closures: tuple[Closure, ...]


async def read_inputs(
    transaction: Transaction, circle_id: CircleId, *, settings: AlertSettings | None = None
) -> ReachInputs:
    """Read what the answer depends on, and the circle's settings unless they were read already."""
    if settings is None:
        settings = await transaction.circles.alert_settings(circle_id)
    return ReachInputs(
        reach_version=settings.reach_version,
        limit_s=settings.limit_s,
        units=await transaction.layer(Unit).of_circle(circle_id),
        partners=await transaction.partners.of_circle(circle_id),
        positions=tuple(shared.position for shared in await transaction.positions.of_circle(circle_id)),
        closures=await transaction.layer(Closure).of_circle(circle_id),
    )


def within_drill(inputs: ReachInputs, run: DrillRun) -> ReachInputs:
    """Return what reach depends on in a drill: its own partners, closures and units out of service too."""
    taking_part = set(run.partner_ids)
    return replace(
        inputs,
        units=tuple(
            replace(unit, on_duty=unit.on_duty and unit.id not in run.units_out)
            for unit in inputs.units
            if not taking_part or unit.partner_id in taking_part
        ),
        closures=(*inputs.closures, *run.closures),
    )


def road_closures(closures: Sequence[Closure]) -> tuple[RoadClosure, ...]:
    """Return the closures as `geo` understands them."""
    return tuple(
        RoadClosure(
            id=str(closure.id),
            geometry=shape(closure.geometry),
            wider_than_m=closure.wider_than_m,
            higher_than_m=closure.higher_than_m,
            heavier_than_t=closure.heavier_than_t,
            profiles=None if closure.profiles is None else frozenset(closure.profiles),
            starts_at=closure.starts_at,
            ends_at=closure.ends_at,
            name=closure.name,
        )
        for closure in closures
    )


def compute(
    model: "ReachModel", doors: Sequence[LonLat], *, inputs: ReachInputs, now: datetime
) -> ResponseCircle:
    """
    Return who can be at the best of `doors` in time, soonest first. It takes milliseconds of a core.

    Raises
    ------
    NoRoadNearbyError
        No road lies within 250 m of any of the doors.
    OutsideNetworkError
        The doors lie outside the road network.
    """
    fresh = {p.unit_id: p for p in inputs.positions if p.is_fresh(now=now)}
    result = model.reach(
        doors,
        origins_of(inputs, now=now),
        limit_s=inputs.limit_s,
        closures=road_closures(inputs.closures),
        at=now,
    )
    units = {str(unit.id): unit for unit in inputs.units}
    partners = {partner.id: partner for partner in inputs.partners}
    members = []
    for reached in result.reached:
        unit = units[reached.origin_id]
        members.append(_member(reached, unit, partners[unit.partner_id], fresh.get(unit.id), now=now))
    members.sort(key=lambda member: (member.response_s, member.unit_id))
    reasons = {units[origin_id].id: reason for origin_id, reason in result.not_reached.items()}
    return ResponseCircle(
        limit_s=inputs.limit_s,
        computed_at=now,
        members=tuple(members),
        non_members=tuple(
            _non_member(unit, reasons.get(unit.id, "off_duty"))
            for unit in inputs.units
            if not unit.on_duty or unit.id in reasons
        ),
    )


def without_members(inputs: ReachInputs, *, reason: str, now: datetime) -> ResponseCircle:
    """Return a response circle without members: every unit on duty is excluded for `reason`."""
    return ResponseCircle(
        limit_s=inputs.limit_s,
        computed_at=now,
        members=(),
        non_members=tuple(_non_member(unit, reason if unit.on_duty else "off_duty") for unit in inputs.units),
    )


def origins_of(inputs: ReachInputs, *, now: datetime) -> list[Origin]:
    """Return the units on duty, each where it is now or, when that is not known, at its post."""
    fresh = {p.unit_id: p for p in inputs.positions if p.is_fresh(now=now)}
    return [_origin(unit, fresh.get(unit.id)) for unit in inputs.units if unit.on_duty]


def _origin(unit: Unit, position: Position | None) -> Origin:
    place = LonLat(*unit.post) if position is None else LonLat(position.lon, position.lat)
    return Origin(id=str(unit.id), place=place, profile=unit.profile, turnout_s=unit.turnout_s)


def _member(
    reached: Reached, unit: Unit, partner: Partner, position: Position | None, *, now: datetime
) -> Member:
    stop = reached.stop
    return Member(
        unit_id=unit.id,
        unit_name=unit.name,
        unit_name_en=unit.name_en,
        partner_id=partner.id,
        partner_name=partner.name,
        partner_kind=partner.kind,
        profile=reached.profile,
        turnout_s=reached.turnout_s,
        travel_s=reached.travel_s,
        response_s=reached.response_s,
        why_zh=sentence(reached, language="zh-CN"),
        why_en=sentence(reached, language="en"),
        legs=tuple(_leg(leg) for leg in reached.legs),
        stop=None
        if stop is None
        else VehicleStop(lon=stop.lon, lat=stop.lat, reason=stop.reason, have=stop.have, need=stop.need),
        avoided=tuple(
            AvoidedClosure(
                closure_id=_closure_id(avoided.closure_id), name=avoided.name, cost_s=avoided.cost_s
            )
            for avoided in reached.avoided
        ),
        default_share=reached.default_share,
        position_age_s=None if position is None else max(0.0, (now - position.at).total_seconds()),
    )


def _leg(leg: Leg) -> RouteLeg:
    return RouteLeg(
        mode=leg.mode,
        distance_m=leg.distance_m,
        duration_s=leg.duration_s,
        street_names=tuple(leg.street_names),
        coordinates=tuple((lon, lat) for lon, lat in leg.coordinates),
    )


def _closure_id(text: str) -> ClosureId:
    return ClosureId(UUID(text))


def _non_member(unit: Unit, reason: str) -> NonMember:
    return NonMember(
        unit_id=unit.id,
        unit_name=unit.name,
        unit_name_en=unit.name_en,
        partner_id=unit.partner_id,
        reason=reason,
    )
