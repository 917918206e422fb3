"""Take buildings, services and equipment from OpenStreetMap, all or nothing; a file may come twice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4, uuid5

from geo.osm.features import OsmBuilding, OsmFeatures, OsmPlace
from responder.domain.audit import AuditAction, AuditEntry, Subject
from responder.domain.ids import BuildingId, CircleId, FacilityId, ImportId, PartnerId, UnitId
from responder.domain.incidents.event import FeaturesChanged
from responder.domain.map.building import Building, Entrance
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.map.feature_import import (
    MIXED,
    FeatureImport,
    ImportCounts,
    ImportedFeature,
    ImportSource,
    Noun,
    fingerprint,
)
from responder.domain.map.unit import Unit
from responder.domain.people.access import OPERATOR, operator
from responder.domain.people.partner import Partner, PartnerKind
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.circles.create import new_epoch
from responder.services.imports.identity import NOUN_OF
from responder.services.validation.geometry import MOST_VERTICES, to_geojson

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
    import_id: ImportId


async def import_osm_features(
    database: Database, *, circle_id: CircleId, features: OsmFeatures, clock: Clock
) -> OsmImport:
    """
    Add what a file holds to the circle.

    A hospital, police or fire station becomes a partner with one unit **off duty**: that it is on the map
    does not mean that it signed. A person who knows puts the unit on duty.

    Raises
    ------
    NotFoundError
        There is no such circle.
    """
    async with database.begin() as transaction:
        await transaction.allow_minutes(MINUTES)
        await transaction.circles.get(circle_id)
        return await add_features(transaction, circle_id, features, at=moment(clock))


async def add_features(
    transaction: Transaction,
    circle_id: CircleId,
    features: OsmFeatures,
    *,
    at: datetime,
    source: ImportSource | None = None,
) -> OsmImport:
    """
    Add what a file holds to the circle as part of the transaction.

    The import is kept as a record, so that what it brought can be removed again.
    """
    await transaction.imports.lock(circle_id)
    taken: Counter[str] = Counter()
    skipped = Counter(features.summary.skipped)
    buildings, too_large = await _buildings(transaction, circle_id, features)
    skipped["geometry_too_large"] += too_large
    taken["building"] += len(buildings)
    equipment = [place for place in features.places if place.kind not in _SERVICES]
    facilities = await _facilities(transaction, circle_id, equipment)
    taken.update(place.kind for place in equipment)
    gone = await _without_gone(transaction, circle_id, features)
    services = [place for place in features.places if place.kind in _SERVICES]
    new = await _services(transaction, circle_id, services)
    taken.update(place.kind for place in new)
    skipped["already_there"] += len(services) - len(new)

    changes = [*buildings, *facilities, *(_Change(thing=_unit(place, circle_id)) for place in new)]
    record = _record(circle_id, changes, skipped, at=at, source=source or ImportSource())
    await transaction.imports.add(record, [each.imported() for each in changes if each.is_changed])
    await _record_changes(transaction, circle_id, changes, gone, at=at)
    act = AuditEntry(
        action=AuditAction.MAP_IMPORTED,
        actor=OPERATOR,
        subject=Subject(kind="import", id=record.id),
        detail={"noun": MIXED, "created": taken.total()},
    )
    await transaction.audit.append(circle_id, act, at=at)
    return OsmImport(taken=dict(+taken), skipped=dict(+skipped), import_id=record.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A thing of the file, and what the circle had of it."""

    thing: Building | Facility | Unit
    before: Building | Facility | None = None

    @property
    def is_changed(self) -> bool:
        return self.thing != self.before

    def imported(self) -> ImportedFeature:
        return ImportedFeature(
            noun=NOUN_OF[type(self.thing)],
            thing_id=self.thing.id,
            is_new=self.before is None,
            fingerprint=fingerprint(self.thing),
        )


async def _buildings(
    transaction: Transaction, circle_id: CircleId, features: OsmFeatures
) -> tuple[list[_Change], int]:
    """Write the buildings; return them, and how many were too large."""
    small = [_building(b, circle_id) for b in features.buildings if _vertices(b) <= MOST_VERTICES]
    before = await transaction.layer(Building).among(circle_id, [each.id for each in small])
    known = {each.id: each for each in before}
    changes = [
        _Change(thing=_keeping(each, known[each.id]), before=known[each.id])
        if each.id in known
        else _Change(thing=each)
        for each in small
    ]
    changed = [each.thing for each in changes if isinstance(each.thing, Building) and each.is_changed]
    await transaction.layer(Building).add(circle_id, changed)
    return changes, len(features.buildings) - len(small)


async def _facilities(
    transaction: Transaction, circle_id: CircleId, equipment: Sequence[OsmPlace]
) -> list[_Change]:
    """Write the equipment, and return it."""
    facilities = [_facility(each, circle_id) for each in equipment]
    before = await transaction.layer(Facility).among(circle_id, [each.id for each in facilities])
    known = {each.id: each for each in before}
    changes = [
        _Change(thing=_still(each, known[each.id]), before=known[each.id])
        if each.id in known
        else _Change(thing=each)
        for each in facilities
    ]
    changed = [each.thing for each in changes if isinstance(each.thing, Facility) and each.is_changed]
    await transaction.layer(Facility).add(circle_id, changed)
    return changes


async def _without_gone(
    transaction: Transaction, circle_id: CircleId, features: OsmFeatures
) -> tuple[FacilityId, ...]:
    """Remove what an earlier file said to work, and return it."""
    ids = [FacilityId(uuid5(circle_id, f"facility/{osm_id}")) for osm_id in features.gone]
    there = tuple(each.id for each in await transaction.layer(Facility).among(circle_id, ids))
    await transaction.layer(Facility).remove(circle_id, there)
    await transaction.imports.delete_keys_of(circle_id, Noun.FACILITIES, there)
    return there


async def _services(
    transaction: Transaction, circle_id: CircleId, services: Sequence[OsmPlace]
) -> list[OsmPlace]:
    """Write the services that the circle does not have, each with its unit, and return them."""
    partners = {partner.id for partner in await transaction.partners.of_circle(circle_id)}
    units = {unit.id for unit in await transaction.layer(Unit).of_circle(circle_id)}
    for place in services:
        if _partner_id(place, circle_id) not in partners:
            await transaction.partners.add(_partner(place, circle_id))
    # A unit whose partner stayed when it was removed comes again.
    new = [place for place in services if _unit_id(place, circle_id) not in units]
    await transaction.layer(Unit).add(circle_id, [_unit(place, circle_id) for place in new])
    return new


def _record(
    circle_id: CircleId,
    changes: Sequence[_Change],
    skipped: Counter[str],
    *,
    at: datetime,
    source: ImportSource,
) -> FeatureImport:
    return FeatureImport(
        id=ImportId(uuid4()),
        circle_id=circle_id,
        noun=MIXED,
        source=source,
        at=at,
        by=OPERATOR,
        by_name=operator(circle_id).name,
        counts=ImportCounts(
            created=sum(each.before is None for each in changes),
            updated=sum(each.before is not None and each.is_changed for each in changes),
            unchanged=sum(not each.is_changed for each in changes),
            skipped=skipped.total(),
            doubtful=0,
        ),
    )


async def _record_changes(
    transaction: Transaction,
    circle_id: CircleId,
    changes: Sequence[_Change],
    gone: tuple[FacilityId, ...],
    *,
    at: datetime,
) -> None:
    """Let open pages load what changed."""
    changed = {type(each.thing) for each in changes if each.is_changed}
    if Unit in changed:
        await transaction.circles.begin_epoch(circle_id, new_epoch())
        return
    if Building in changed:
        await transaction.record(circle_id, FeaturesChanged(noun=Noun.BUILDINGS), at=at)
    if Facility in changed or gone:
        await transaction.record(circle_id, FeaturesChanged(noun=Noun.FACILITIES, removed=gone), at=at)


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
    """Return the building with the fields that OpenStreetMap lacks and a person has entered since."""
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


def _still(facility: Facility, before: Facility) -> Facility:
    """Return the facility with what OpenStreetMap does not know of it, but a person has told since."""
    return replace(
        facility,
        name=facility.name or before.name,
        name_en=facility.name_en or before.name_en,
        partner_id=before.partner_id,
        note=facility.note or before.note,
        state=before.state,
        where_to_find=before.where_to_find,
        access_code=before.access_code,
        holders=before.holders,
        opening_hours=facility.opening_hours or before.opening_hours,
        inspection_days=before.inspection_days,
        inspected_on=before.inspected_on,
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
        opening_hours=place.opening_hours,
    )


def _partner_id(place: OsmPlace, circle_id: CircleId) -> PartnerId:
    return PartnerId(uuid5(circle_id, f"partner/{place.osm_id}"))


def _unit_id(place: OsmPlace, circle_id: CircleId) -> UnitId:
    return UnitId(uuid5(circle_id, f"unit/{place.osm_id}"))


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
        id=_unit_id(place, circle_id),
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
