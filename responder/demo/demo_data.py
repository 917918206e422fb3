"""Read the illustrative circle from the files that are shipped with the project."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import as_file, files
from typing import Any
from uuid import UUID, uuid5

from geo.osm.roads import OsmRoads, read_roads
from responder.demo.demo_drill import demo_drill_plan
from responder.demo.demo_households import demo_households
from responder.demo.demo_pact import demo_pact
from responder.demo.hazard_lives import hazard_lives
from responder.demo.held_drill import held_drill
from responder.demo.telephones import desk_telephone, person_telephone
from responder.domain.ids import (
    AccountId,
    BuildingId,
    CircleId,
    ClosureId,
    FacilityId,
    GateId,
    HazardId,
    PartnerId,
    ResponderId,
    UnitId,
)
from responder.domain.map.building import Building, Entrance
from responder.domain.map.circle import Circle
from responder.domain.map.closure import Closure
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.map.gate import Gate, KeyHolder
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.map.unit import Responder, Unit
from responder.domain.people.access import Role
from responder.domain.people.account import Account
from responder.domain.people.partner import Partner, PartnerKind
from responder.ports.demo import Demo, DemoAccount, DemoPact

_NAMES = UUID("5b0c7f0e-6f3a-4f8e-9a55-15a15a15a15a")
"""Ids are made from the names in the files, so that they are the same in every installation."""
_FILES = files("responder.demo") / "data"


def read_demo() -> Demo:
    told = json.loads((_FILES / "partners.json").read_text(encoding="utf-8"))
    return _Reader(told=told, circle_id=CircleId(_id("circle", told["circle"]["id"]))).demo()


def _id(noun: str, name: str) -> UUID:
    return uuid5(_NAMES, f"{noun}/{name}")


def _partner_id(name: str) -> PartnerId:
    return PartnerId(_id("partner", name))


def _rows(file: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    collection = json.loads((_FILES / file).read_text(encoding="utf-8"))
    return [(feature["properties"], feature["geometry"]) for feature in collection["features"]]


def _roads() -> OsmRoads:
    with as_file(_FILES / "lanes.osm") as path:
        return read_roads(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    told: dict[str, Any]
    circle_id: CircleId

    def demo(self) -> Demo:
        circle = self.told["circle"]
        hazards = _rows("hazards.geojson")
        partners = tuple(self._partner(*each) for each in enumerate(self.told["partners"]))
        accounts = tuple(_account(row) for row in self.told["accounts"])
        return Demo(
            circle=Circle(
                id=self.circle_id,
                name=circle["name"],
                name_en=circle["name_en"],
                centre=(circle["centre"][0], circle["centre"][1]),
                limit_s=float(circle["limit_s"]),
                illustrative=circle["illustrative"],
            ),
            partners=partners,
            accounts=accounts,
            responders=tuple(self._responders()),
            layers={
                Unit: [_unit(*row) for row in _rows("units.geojson")],
                Building: [self._building(*row) for row in _rows("buildings.geojson")],
                Hazard: [self._hazard(*row) for row in hazards],
                Closure: [self._closure(row) for row, _ in hazards if "closure" in row],
                Facility: [self._facility(*row) for row in _rows("facilities.geojson")],
                Gate: [self._gate(*row) for row in _rows("gates.geojson")],
            },
            drill_plans=(demo_drill_plan(partners, [_unit(*row) for row in _rows("units.geojson")]),),
            hazard_lives=partial(
                hazard_lives,
                {row["id"]: self._hazard(row, place) for row, place in hazards},
                accounts,
                {each["id"]: _partner_id(each["id"]) for each in self.told["partners"]},
            ),
            held_drill=partial(
                held_drill,
                self.circle_id,
                accounts,
                hazards={row["id"]: HazardId(_id("hazard", row["id"])) for row, _ in hazards},
            ),
            households=lambda now: demo_households(
                self.circle_id,
                {number: BuildingId(_id("building", f"naoke-{number}")) for number in ("7", "8")},
                [each.account for each in accounts if each.role is Role.COORDINATOR],
                now=now,
            ),
            pact=partial(self._pact, partners, accounts),
            roads=_roads(),
        )

    def _partner(self, number: int, row: dict[str, Any]) -> Partner:
        return Partner(
            id=_partner_id(row["id"]),
            circle_id=self.circle_id,
            kind=PartnerKind(row["kind"]),
            name=row["name"],
            name_en=row["name_en"],
            phone=desk_telephone(number),
        )

    def _pact(self, partners: Sequence[Partner], accounts: Sequence[DemoAccount], now: datetime) -> DemoPact:
        return demo_pact(
            self.told,
            circle_id=self.circle_id,
            partners={row["id"]: each for row, each in zip(self.told["partners"], partners, strict=True)},
            accounts=accounts,
            responders={
                row["id"]: each for row, each in zip(self.told["responders"], self._responders(), strict=True)
            },
            facilities=[self._facility(*row) for row in _rows("facilities.geojson")],
            gates=[self._gate(*row) for row in _rows("gates.geojson")],
            now=now,
        )

    def _responders(self) -> list[Responder]:
        partner_of = {row["id"]: row["partner"] for row, _ in _rows("units.geojson")}
        accounts = list(dict.fromkeys(row["account"] for row in self.told["responders"]))
        return [
            Responder(
                id=ResponderId(_id("responder", row["id"])),
                unit_id=UnitId(_id("unit", row["unit"])),
                partner_id=_partner_id(partner_of[row["unit"]]),
                account_id=AccountId(_id("account", row["account"])),
                name=row["name"],
                phone=person_telephone(accounts.index(row["account"])),
            )
            for row in self.told["responders"]
        ]

    def _building(self, row: dict[str, Any], geometry: dict[str, Any]) -> Building:
        return Building(
            id=BuildingId(_id("building", row["id"])),
            circle_id=self.circle_id,
            name=row["name"],
            name_en=row["name_en"],
            geometry=geometry,
            use=row["use"],
            storeys=row["storeys"],
            year=row["year"],
            fire_rating=row["fire_rating"],
            households=row["households"],
            entrances=tuple(Entrance(**entrance) for entrance in row["entrances"]),
        )

    def _hazard(self, row: dict[str, Any], geometry: dict[str, Any]) -> Hazard:
        return Hazard(
            id=HazardId(_id("hazard", row["id"])),
            circle_id=self.circle_id,
            kind=row["kind"],
            grade=HazardGrade(row["grade"]),
            state=HazardState(row["state"]),
            name=row["name"],
            name_en=row["name_en"],
            geometry=geometry,
            note=row["note"],
        )

    def _closure(self, row: dict[str, Any]) -> Closure:
        closure = row["closure"]
        return Closure(
            id=ClosureId(_id("closure", row["id"])),
            circle_id=self.circle_id,
            name=closure["name"],
            geometry=closure["geometry"],
            wider_than_m=closure["wider_than_m"],
            hazard_id=HazardId(_id("hazard", row["id"])),
        )

    def _facility(self, row: dict[str, Any], geometry: dict[str, Any]) -> Facility:
        lon, lat = geometry["coordinates"]
        return Facility(
            id=FacilityId(_id("facility", row["id"])),
            circle_id=self.circle_id,
            kind=FacilityKind(row["kind"]),
            name=row["name"],
            name_en=row["name_en"],
            lon=lon,
            lat=lat,
            partner_id=_partner_id(row["partner"]),
            note=row["note"],
            where_to_find=row.get("where_to_find", ""),
            access_code=row.get("access_code", ""),
            opening_hours=row.get("opening_hours", ""),
            inspection_days=row.get("inspection_days"),
        )

    def _gate(self, row: dict[str, Any], geometry: dict[str, Any]) -> Gate:
        lon, lat = geometry["coordinates"]
        return Gate(
            id=GateId(_id("gate", row["id"])),
            circle_id=self.circle_id,
            name=row["name"],
            name_en=row["name_en"],
            lon=lon,
            lat=lat,
            kind=row["kind"],
            note=row["note"],
            holders=tuple(KeyHolder(**holder) for holder in row["holders"]),
        )


def _account(row: dict[str, Any]) -> DemoAccount:
    account = Account(
        id=AccountId(_id("account", row["username"])), username=row["username"], name=row["name"]
    )
    return DemoAccount(account=account, role=Role(row["role"]), partner_id=_partner_id(row["partner"]))


def _unit(row: dict[str, Any], geometry: dict[str, Any]) -> Unit:
    lon, lat = geometry["coordinates"]
    return Unit(
        id=UnitId(_id("unit", row["id"])),
        partner_id=_partner_id(row["partner"]),
        name=row["name"],
        name_en=row["name_en"],
        kind=row["kind"],
        profile=row["profile"],
        turnout_s=float(row["turnout_s"]),
        people=row["people"],
        on_duty=row["on_duty"],
        post=(lon, lat),
        capabilities=tuple(row["capabilities"]),
    )
