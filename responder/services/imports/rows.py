"""Rows of a file as things of a circle."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import uuid4

from shapely.geometry import Point

from geo.errors import GeoError
from geo.lonlat import LonLat
from geo.network.opening_hours import is_opening_hours
from geo.network.profiles import DEFAULT_PROFILES
from responder.domain.errors import InvalidValueError
from responder.domain.ids import BuildingId, CircleId, FacilityId, GateId, HazardId, PartnerId, UnitId
from responder.domain.map.building import Building, Entrance
from responder.domain.map.facility import Facility, FacilityKind, FacilityState
from responder.domain.map.feature_import import Noun
from responder.domain.map.gate import Gate, KeyHolder
from responder.domain.map.hazard import FORMER_STATES, Hazard, HazardGrade, HazardState
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner, PartnerKind
from responder.services.imports.row import NAME_LENGTH, Row, RowRefusedError, refused
from responder.services.validation.text import checked_text

NOTE_LENGTH = 2000
MOST_ENTRANCES = 200
MOST_HOLDERS = 10
PHONE = re.compile(r"\+?[0-9][0-9 ()#*,-]{1,39}")
"""What a telephone can dial, an extension included."""
AREAS = frozenset({"Polygon", "MultiPolygon"})
ANYTHING = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", *AREAS})
LONGEST_TURNOUT_S = 7200.0
LONGEST_INTERVAL_DAYS = 3660
"""Between two inspections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    """What rows may refer to."""

    circle_id: CircleId
    partners: dict[str, PartnerId]
    """By each of their names."""
    partner_ids: frozenset[PartnerId] = frozenset()
    is_typed: bool = False
    """True where a person types it and can put it right at once: then it has to be right."""

    @classmethod
    def of(cls, circle_id: CircleId, partners: Iterable[Partner], *, is_typed: bool = False) -> Self:
        """Return what rows may refer to in a circle with these partners."""
        every = list(partners)
        return cls(
            circle_id=circle_id,
            partners={name: each.id for each in every for name in (each.name_en, each.name) if name},
            partner_ids=frozenset(each.id for each in every),
            is_typed=is_typed,
        )

    def partner(self, row: Row) -> PartnerId | None:
        name = row.text("partner")
        if not name:
            return self._partner_by_id(row)
        if name not in self.partners:
            raise refused(code="unknown_partner")
        return self.partners[name]

    def _partner_by_id(self, row: Row) -> PartnerId | None:
        """Return the partner that the row names by our own id, as an exported file does."""
        text = row.text("partner_id")
        if not text:
            return None
        for id_ in self.partner_ids:
            if text == str(id_):
                return id_
        raise refused(code="unknown_partner")


def read_building(row: Row, known: RowContext) -> Building:
    return Building(
        id=BuildingId(uuid4()),
        circle_id=known.circle_id,
        name=row.text("name"),
        name_en=row.text("name_en"),
        geometry=row.shape(AREAS),
        use=row.text("use") or "residential",
        storeys=row.whole("storeys", least=0, most=300),
        year=row.whole("year", least=1, most=2200),
        fire_rating=row.whole("fire_rating", least=1, most=4),
        households=row.whole("households", least=0, most=100_000) or 0,
        entrances=_entrances(row.many("entrances")),
    )


def read_hazard(row: Row, known: RowContext) -> Hazard:
    return Hazard(
        id=HazardId(uuid4()),
        circle_id=known.circle_id,
        kind=row.text("kind", needed=True),
        grade=row.choice("grade", HazardGrade, default=HazardGrade.GENERAL),
        state=_state(row),
        name=row.text("name", needed=True),
        name_en=row.text("name_en"),
        geometry=row.shape(ANYTHING),
        note=row.text("note", longest=NOTE_LENGTH),
    )


def _state(row: Row) -> HazardState:
    former = FORMER_STATES.get(row.text("state"))
    return former or row.choice("state", HazardState, default=HazardState.SEEN)


def read_facility(row: Row, known: RowContext) -> Facility:
    place = row.point()
    return Facility(
        id=FacilityId(uuid4()),
        circle_id=known.circle_id,
        kind=row.choice("kind", FacilityKind),
        name=row.text("name"),
        name_en=row.text("name_en"),
        lon=place.lon,
        lat=place.lat,
        partner_id=known.partner(row),
        note=row.text("note", longest=NOTE_LENGTH),
        state=_facility_state(row, known),
        where_to_find=row.text("where_to_find"),
        access_code=row.text("access_code"),
        holders=_holders(row.many("holders")),
        opening_hours=_opening_hours(row, known),
        inspection_days=row.whole("inspection_days", least=1, most=LONGEST_INTERVAL_DAYS),
        inspected_on=row.day("inspected_on"),
    )


def _facility_state(row: Row, known: RowContext) -> FacilityState:
    out_of_service = row.flag("out_of_service", default=False)
    default = FacilityState.FAULTY if out_of_service else FacilityState.IN_SERVICE
    if not known.is_typed and not has_state(row):
        return default
    return row.choice("state", FacilityState, default=default)


def has_state(row: Row) -> bool:
    """Tell whether a row says the state in our words: in many files that name means something else."""
    return str(row.properties.get("state")) in set(FacilityState)


def _opening_hours(row: Row, known: RowContext) -> str:
    """Return the opening hours; those of a file that cannot be read are kept for people to read."""
    hours = row.text("opening_hours", longest=NOTE_LENGTH)
    if known.is_typed and hours and not is_opening_hours(hours):
        raise refused(code="invalid_opening_hours")
    return hours


def read_gate(row: Row, known: RowContext) -> Gate:
    place = row.point()
    return Gate(
        id=GateId(uuid4()),
        circle_id=known.circle_id,
        name=row.text("name", needed=True),
        name_en=row.text("name_en"),
        lon=place.lon,
        lat=place.lat,
        kind=row.text("kind"),
        note=row.text("note", longest=NOTE_LENGTH),
        holders=_holders(row.many("holders")),
    )


def _holders(rows: list[Any]) -> tuple[KeyHolder, ...]:
    if len(rows) > MOST_HOLDERS or not all(isinstance(each, dict) for each in rows):
        raise refused(code="invalid_holders")
    said = [Row(each, Point()) for each in rows]
    try:
        return tuple(
            KeyHolder(name=each.text("name", needed=True), phone=_phone(each), hours=each.text("hours"))
            for each in said
        )
    except RowRefusedError:
        raise refused(code="invalid_holders") from None


def _phone(row: Row) -> str:
    phone = row.text("phone")
    if phone and not PHONE.fullmatch(phone):
        raise refused(code="invalid_phone")
    return phone


def read_unit(row: Row, known: RowContext) -> Unit:
    place = row.point()
    # A partner that should have been introduced is not known when its kind, say, is none: that is the reason.
    read_partner(row, known)
    partner_id = known.partner(row)
    if partner_id is None:
        raise refused(code="missing_partner")
    profile = row.text("profile", needed=True)
    if profile not in DEFAULT_PROFILES:
        raise refused(code="unknown_profile")
    capabilities = row.many("capabilities")
    if not all(isinstance(capability, str) for capability in capabilities):
        raise refused(code="invalid_capabilities")
    turnout_s = row.number("turnout_s", least=0, most=LONGEST_TURNOUT_S)
    if turnout_s is None:
        raise refused(code="missing_turnout_s")
    return Unit(
        id=UnitId(uuid4()),
        partner_id=partner_id,
        name=row.text("name", needed=True),
        name_en=row.text("name_en"),
        kind=row.text("kind", needed=True),
        profile=profile,
        turnout_s=turnout_s,
        people=row.whole("people", least=0, most=10_000) or 0,
        on_duty=row.flag("on_duty", default=True),
        post=(place.lon, place.lat),
        capabilities=tuple(capabilities),
    )


READ: Final[Mapping[Noun, Callable[[Row, RowContext], Any]]] = {
    Noun.BUILDINGS: read_building,
    Noun.FACILITIES: read_facility,
    Noun.HAZARDS: read_hazard,
    Noun.UNITS: read_unit,
    Noun.GATES: read_gate,
}


def read_partner(row: Row, known: RowContext) -> Partner | None:
    """Return the partner that a unit's row introduces by `partner_kind`; None when it introduces none."""
    name = row.text("partner")
    if not name or name in known.partners or not row.text("partner_kind"):
        return None
    return Partner(
        id=PartnerId(uuid4()),
        circle_id=known.circle_id,
        kind=row.choice("partner_kind", PartnerKind),
        name=name,
        name_en=row.text("partner_en"),
    )


def _entrances(rows: list[Any]) -> tuple[Entrance, ...]:
    if len(rows) > MOST_ENTRANCES:
        raise refused(code="invalid_entrances")
    try:
        return tuple(_entrance(row) for row in rows)
    except (LookupError, TypeError, GeoError, InvalidValueError):
        raise refused(code="invalid_entrances") from None


def _entrance(row: Any) -> Entrance:  # noqa: ANN401 - whatever the file holds
    place = LonLat(row["lon"], row["lat"])
    name = row["name"]
    if not isinstance(name, str):
        raise TypeError
    return Entrance(name=checked_text(name, field="name", longest=NAME_LENGTH), lon=place.lon, lat=place.lat)
