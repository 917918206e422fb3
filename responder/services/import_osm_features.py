"""Take buildings, services and equipment from OpenStreetMap, all or nothing; a file may come twice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import uuid5

from geo.osm_features import OsmBuilding, OsmFeatures, OsmPlace
from responder.domain.access import OPERATOR
from responder.domain.audit import Act, Deed
from responder.domain.building import Building, Entrance
from responder.domain.facility import Facility, FacilityKind
from responder.domain.ids import BuildingId, CircleId, FacilityId, PartnerId, UnitId
from responder.domain.partner import Partner, PartnerKind
from responder.domain.unit import Unit
from responder.services.geometry import MOST_VERTICES, to_geojson
from responder.services.make_circle import new_epoch
from responder.services.ports import Clock, Database, Transaction
from responder.services.ports.clock import SystemClock, moment

MINUTES = 10


class _Service(NamedTuple):
    partner_kind: PartnerKind
    unit_kind: str
    profile: str
    turnout_s: float
    people: int
    words: str
    words_en: str


_SERVICES: Mapping[str, _Service] = {
    "hospital": _Service(PartnerKind.HOSPITAL, "ambulance", "ambulance", 120, 3, "急救车", "ambulance"),
    "police": _Service(PartnerKind.POLICE, "patrol", "car", 90, 2, "巡逻车", "patrol car"),
    "fire_station": _Service(
        PartnerKind.FIRE_SERVICE, "fire_engine", "fire_engine", 60, 6, "消防车", "fire engine"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmImport:
    """What came of a file."""

    taken: Mapping[str, int]
    """By kind."""
    skipped: Mapping[str, int]
    """By reason, those of the reading among them."""


async def import_osm_features(
    database: Database,
    *,
    circle_id: CircleId,
    features: OsmFeatures,
    clock: Clock,  # noqa: ARG001 - every service that writes is told the time
) -> OsmImport:
    """
    Add what a file holds to the circle.

    A hospital, police or fire station becomes a partner with one unit **off duty**: that it is on the map
    does not mean that it signed. Somebody who knows puts the unit on duty.

    Raises
    ------
    NotFoundError
        There is no such circle.
    """
    async with database.begin() as transaction:
        await transaction.allow_minutes(MINUTES)
        await transaction.circles.get(circle_id)
        return await add_features(transaction, circle_id, features)


async def add_features(transaction: Transaction, circle_id: CircleId, features: OsmFeatures) -> OsmImport:
    """Add what a file holds to the circle as part of the transaction."""
    taken: Counter[str] = Counter()
    skipped = Counter(features.summary.skipped)
    small = [b for b in features.buildings if _vertices(b) <= MOST_VERTICES]
    skipped["geometry_too_large"] += len(features.buildings) - len(small)
    buildings = [_building(each, circle_id) for each in small]
    before = await transaction.buildings.among(circle_id, [each.id for each in buildings], bbox=None)
    known = {each.id: each for each in before}
    await transaction.buildings.add(
        circle_id, [_keeping(each, known[each.id]) if each.id in known else each for each in buildings]
    )
    taken["building"] += len(small)
    equipment = [place for place in features.places if place.kind not in _SERVICES]
    await transaction.facilities.add(circle_id, [_facility(each, circle_id) for each in equipment])
    taken.update(place.kind for place in equipment)
    # What an earlier file said to work.
    gone = [FacilityId(uuid5(circle_id, f"facility/{osm_id}")) for osm_id in features.gone]
    await transaction.facilities.remove(circle_id, gone)
    there = {partner.id for partner in await transaction.partners.of_circle(circle_id)}
    services = [place for place in features.places if place.kind in _SERVICES]
    new = [place for place in services if _partner_id(place, circle_id) not in there]
    for place in new:
        await transaction.partners.add(_partner(place, circle_id))
    await transaction.units.add(circle_id, [_unit(place, circle_id) for place in new])
    taken.update(place.kind for place in new)
    skipped["already_there"] += len(services) - len(new)
    if new:
        await transaction.circles.begin_epoch(circle_id, new_epoch())
    act = Act(deed=Deed.MAP_IMPORTED, actor=OPERATOR, detail={"noun": "osm", "taken": taken.total()})
    await transaction.audit.append(circle_id, act, at=moment(SystemClock()))
    return OsmImport(taken=dict(+taken), skipped=dict(+skipped))


def _vertices(building: OsmBuilding) -> int:
    polygons = getattr(building.outline, "geoms", [building.outline])
    return sum(len(ring.coords) for each in polygons for ring in (each.exterior, *each.interiors))


def _building(building: OsmBuilding, circle_id: CircleId) -> Building:
    return Building(
        id=BuildingId(uuid5(circle_id, f"building/{building.osm_id}")),
        circle_id=circle_id,
        name=building.names.zh,
        name_en=building.names.en,
        geometry=to_geojson(building.outline),
        use=building.use,
        storeys=building.storeys,
        year=building.year,
        entrances=tuple(
            Entrance(name=door.name, lon=door.place.lon, lat=door.place.lat) for door in building.entrances
        ),
    )


def _keeping(building: Building, before: Building) -> Building:
    """Return the building with what OpenStreetMap does not know of it, but somebody has told since."""
    return replace(
        building,
        name=building.name or before.name,
        name_en=building.name_en or before.name_en,
        storeys=before.storeys if building.storeys is None else building.storeys,
        year=before.year if building.year is None else building.year,
        fire_rating=before.fire_rating,
        households=before.households,
        entrances=building.entrances or before.entrances,
    )


def _facility(place: OsmPlace, circle_id: CircleId) -> Facility:
    return Facility(
        id=FacilityId(uuid5(circle_id, f"facility/{place.osm_id}")),
        circle_id=circle_id,
        kind=FacilityKind(place.kind),
        name=place.names.zh,
        name_en=place.names.en,
        lon=place.place.lon,
        lat=place.place.lat,
        note=place.note,
    )


def _partner_id(place: OsmPlace, circle_id: CircleId) -> PartnerId:
    return PartnerId(uuid5(circle_id, f"partner/{place.osm_id}"))


def _partner(place: OsmPlace, circle_id: CircleId) -> Partner:
    return Partner(
        id=_partner_id(place, circle_id),
        circle_id=circle_id,
        kind=_SERVICES[place.kind].partner_kind,
        name=place.names.zh or f"OpenStreetMap {place.osm_id}",
        name_en=place.names.en or f"OpenStreetMap {place.osm_id}",
    )


def _unit(place: OsmPlace, circle_id: CircleId) -> Unit:
    service = _SERVICES[place.kind]
    partner = _partner(place, circle_id)
    return Unit(
        id=UnitId(uuid5(circle_id, f"unit/{place.osm_id}")),
        partner_id=partner.id,
        name=f"{partner.name} {service.words}",
        name_en=f"{partner.name_en} {service.words_en}",
        kind=service.unit_kind,
        profile=service.profile,
        turnout_s=service.turnout_s,
        people=service.people,
        on_duty=False,
        post=(place.place.lon, place.place.lat),
    )
