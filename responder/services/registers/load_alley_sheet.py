"""All that an alley sheet shows: the map, whom to call, how to get through, and what is nearby to help."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

import numpy as np
from shapely.geometry import shape

from geo.network.network import DEGREES_PER_UNIT, DisplayRoad, RoadNetwork
from geo.tags.attributes import NO_BARRIER
from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import NoRoadNetworkError
from responder.domain.ids import BuildingId
from responder.domain.incidents.catalogue import IncidentKind
from responder.domain.map.attribution import OPENSTREETMAP
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.map.closure import Closure
from responder.domain.map.facility import Facility, FacilityKind, FacilityState
from responder.domain.map.gate import Gate
from responder.domain.people.access import Action, Viewer
from responder.domain.people.partner import Partner
from responder.domain.registers.sheet_frame import Extent, Paper, SheetFrame, choose_frame
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of
from responder.services.registers.sheet_extent import (
    MOST_ROADS,
    around_building,
    around_homes,
    grown,
    is_within,
)

MOST_BUILDINGS: Final = 800
MOST_CLOSURES: Final = 40
MOST_GATES: Final = 40
MOST_FACILITIES: Final = 80
"""Those nearest to the middle; a sheet of paper holds no more."""
MOST_PARTNERS: Final = 40
_OFF_THE_MAP_M: Final = 500.0
"""So far outside the map something is listed all the same."""
_SAME_PLACE_M: Final = 5.0

Marked = TypeVar("Marked", Facility, Gate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Where a lane narrows to the gap of an obstacle."""

    lon: float
    lat: float
    width_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlleySheet:
    """All that an alley sheet shows, at the moment when it was made."""

    circle: Circle
    building: Building | None
    """Whose sheet it is; None for the whole circle."""
    frame: SheetFrame
    roads: tuple[DisplayRoad, ...]
    gaps: tuple[Gap, ...]
    buildings: tuple[Building, ...]
    facilities: tuple[Facility, ...]
    """On the map and not far outside it, the nearest first."""
    gates: tuple[Gate, ...]
    closures: tuple[Closure, ...]
    """In force, on the map."""
    left_out: int
    """How many facilities, gates and closures found no room."""
    partners: tuple[Partner, ...]
    with_phones: bool
    """False for one who may not see telephones of people: none but the public numbers are told then."""
    fire: IncidentKind
    """With what the operator of 119 asks."""
    made_at: datetime
    time_zone: str
    """IANA name."""
    attribution: str | None
    page_address: str
    """Of the circle on this server."""


async def load_alley_sheet(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    building_id: BuildingId | None,
    paper: Paper,
    page_url: str,
    clock: Clock,
) -> AlleySheet:
    """
    Read what an alley sheet shows. That it was made is recorded, since telephones leave the system with it.

    Raises
    ------
    NotFoundError
        The circle has no such building.
    """
    viewer.must(Action.VIEW)
    now, circle_id = moment(clock), viewer.circle_id
    try:
        network: RoadNetwork | None = (await roads.model(circle_id)).network
    except NoRoadNetworkError:
        network = None
    async with database.snapshot() as transaction:
        sheet = await _read(transaction, viewer, building_id, paper=paper, now=now)
    sheet = replace(
        sheet,
        gaps=() if network is None else _gaps(network, sheet.frame.extent),
        page_address=f"{page_url}#circle={circle_id}",
    )
    async with database.begin() as transaction:
        subject = None if building_id is None else Subject(kind="building", id=building_id)
        detail: dict[str, str | bool] = {"paper": paper.value, "phones": sheet.with_phones}
        act = audit_entry(viewer, AuditAction.ALLEY_SHEET_PRINTED, subject=subject, detail=detail)
        await transaction.audit.append(circle_id, act, at=now)
    return sheet


async def _read(
    transaction: Transaction, viewer: Viewer, building_id: BuildingId | None, *, paper: Paper, now: datetime
) -> AlleySheet:
    circle_id = viewer.circle_id
    with_phones = viewer.may(Action.ANSWER_ALERT) or viewer.may(Action.EDIT_MAP)
    circle = await transaction.circles.get(circle_id)
    building = None if building_id is None else await transaction.layer(Building).get(circle_id, building_id)
    buildings = await transaction.layer(Building).of_circle(circle_id)
    facilities = [
        each if with_phones else each.for_onlookers()
        for each in await transaction.layer(Facility).of_circle(circle_id)
        if each.state is not FacilityState.REMOVED
    ]
    gates = await transaction.layer(Gate).of_circle(circle_id)
    if building is None:
        needed, wanted = await around_homes(
            transaction, circle, buildings=buildings, facilities=facilities, gates=gates
        )
    else:
        needed = wanted = await around_building(transaction, building)
    frame = choose_frame(needed, wanted=wanted, paper=paper)
    closures = [
        each
        for each in await transaction.layer(Closure).of_circle(circle_id, bbox=frame.extent)
        if each.is_in_force(now=now)
    ]
    partners = (await transaction.partners.of_circle(circle_id))[:MOST_PARTNERS]
    listed_gates = _nearest(frame, gates)
    listed = _nearest(frame, _without_gates(frame, facilities, gates))
    found = (len(listed) - MOST_FACILITIES, len(listed_gates) - MOST_GATES, len(closures) - MOST_CLOSURES)
    catalogue = await catalogue_of(transaction, circle_id)
    openstreetmap = await transaction.circles.rests_on_openstreetmap(circle_id)
    return AlleySheet(
        circle=circle,
        building=building,
        frame=frame,
        roads=await transaction.road_networks.lines(circle_id, bbox=frame.extent, most=MOST_ROADS),
        gaps=(),
        buildings=tuple(_on_map(frame, buildings))[:MOST_BUILDINGS],
        facilities=tuple(listed[:MOST_FACILITIES]),
        gates=tuple(each if with_phones else each.without_phones() for each in listed_gates[:MOST_GATES]),
        closures=tuple(closures[:MOST_CLOSURES]),
        left_out=sum(max(0, more) for more in found),
        partners=tuple(each if with_phones else replace(each, phone="") for each in partners),
        with_phones=with_phones,
        fire=catalogue.kind("fire"),
        made_at=now,
        time_zone=catalogue.time_zone,
        attribution=OPENSTREETMAP if openstreetmap else None,
        page_address="",
    )


def _without_gates(
    frame: SheetFrame, facilities: Iterable[Facility], gates: Sequence[Gate]
) -> Iterator[Facility]:
    """Leave out what stands in the register of gates too, with who opens it."""
    spots = [frame.to_mm(each.lon, each.lat) for each in gates]
    same_mm = frame.metres_to_mm(_SAME_PLACE_M)
    for each in facilities:
        here = frame.to_mm(each.lon, each.lat)
        if each.kind is not FacilityKind.GATE or all(math.dist(here, spot) > same_mm for spot in spots):
            yield each


def _nearest(frame: SheetFrame, things: Iterable[Marked]) -> list[Marked]:
    """Return things on the map and not far outside it, those nearest to its middle first."""
    middle = (frame.area.width_mm / 2, frame.area.height_mm / 2)
    near = grown((frame.lon, frame.lat, frame.lon, frame.lat), _OFF_THE_MAP_M)
    shown = [
        each
        for each in things
        if frame.cell(each.lon, each.lat) is not None or is_within(near, each.lon, each.lat)
    ]
    return sorted(shown, key=lambda each: math.dist(frame.to_mm(each.lon, each.lat), middle))


def _on_map(frame: SheetFrame, buildings: Iterable[Building]) -> Iterator[Building]:
    west, south, east, north = frame.extent
    for each in buildings:
        left, lower, right, upper = shape(each.geometry).bounds
        if left <= east and right >= west and lower <= north and upper >= south:
            yield each


def _gaps(network: RoadNetwork, extent: Extent) -> tuple[Gap, ...]:
    """Return the obstacles of the roads whose gap is known."""
    obstacles = np.flatnonzero((network.road_barrier != NO_BARRIER) & np.isfinite(network.known_width_m))
    lonlat = network.vertices[network.road_start[obstacles]] * DEGREES_PER_UNIT
    return tuple(
        Gap(lon=lon, lat=lat, width_m=round(float(network.known_width_m[road]), 2))
        for road, (lon, lat) in zip(obstacles.tolist(), lonlat.tolist(), strict=True)
        if is_within(extent, lon, lat)
    )
