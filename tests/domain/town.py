"""A small circle made by hand, the same every time: nothing in it depends on a map or a database."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from responder.domain.ids import (
    AccountId,
    AlertId,
    CircleId,
    ClosureId,
    HazardId,
    IncidentId,
    PartnerId,
    ResponderId,
    UnitId,
)
from responder.domain.incidents.alert import Alert, AlertCause, MessageType, headline
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import AlertUpdated
from responder.domain.incidents.incident import EndReason, Incident, Severity
from responder.domain.incidents.response_circle import Member, NonMember, ResponseCircle, RouteLeg
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.ladder.ladder import Ladder, plan
from responder.domain.ladder.shipped import ACTIONS
from responder.domain.map.circle import Circle
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.map.place import Place
from responder.domain.map.unit import Position, Unit
from responder.domain.people.partner import Partner, PartnerKind

# Two kinds and one colour are enough, and keep the golden files short.
CATALOGUE = replace(SHIPPED, kinds=SHIPPED.kinds[:2], severities=SHIPPED.severities[-1:])
NOON = datetime(2025, 11, 3, 4, 0, tzinfo=UTC)


class Town:
    """Makes the things of a circle, each with the next id of a seeded row."""

    def __init__(self) -> None:
        self._random = random.Random(15)  # noqa: S311 - the same ids every time
        self.circle = Circle(
            id=CircleId(self.new_id()), name="脑科巷（示例）", name_en="Naoke Alley", centre=(112.985, 28.158)
        )
        self.partners = tuple(
            sorted((self._partner(kind) for kind in PartnerKind), key=lambda each: each.id)[:3]
        )
        self.units = tuple(sorted((self._unit(each) for each in self.partners), key=lambda each: each.id))
        self.hazards = tuple(
            sorted((self._hazard(name) for name in ("占道", "飞线")), key=lambda each: each.id)
        )
        self.account_id = AccountId(self.new_id())
        self.people = {unit.id: ResponderId(self.new_id()) for unit in self.units}

    def new_id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def snapshot(self) -> CircleSnapshot:
        """The circle with one open incident, one ended, and one closure."""
        open_one, ended = self.incident(minute=1), self.ended(self.incident(minute=0), minute=2)
        return CircleSnapshot(
            circle=self.circle,
            epoch="5b0c7f0e6f3a4f8e",
            seq=20,
            event_id=UUID(int=20),
            reach_version=7,
            catalogue=CATALOGUE,
            partners=self.partners,
            units=self.units,
            hazards=self.hazards,
            closures=(self.closure(),),
            drills=(),
            incidents=(ended, open_one),
            positions=(Position(unit_id=self.units[0].id, lon=112.984, lat=28.157, accuracy_m=8.5, at=NOON),),
        )

    def closure(self) -> Closure:
        line = {"type": "LineString", "coordinates": [[112.9854, 28.1595], [112.9856, 28.1598]]}
        return Closure(
            id=ClosureId(self.new_id()),
            circle_id=self.circle.id,
            name="北支路",
            geometry=line,
            wider_than_m=2.0,
            ends_at=NOON + timedelta(hours=8),
        )

    def incident(self, *, minute: int, units: int = 2) -> IncidentDetail:
        at = NOON + timedelta(minutes=minute, milliseconds=125)
        incident = Incident(
            id=IncidentId(self.new_id()),
            circle_id=self.circle.id,
            exercise=False,
            kind="smoke",
            severity=Severity.ORANGE,
            place=Place(lon=112.98538, lat=28.15933, label="脑科巷7栋"),
            note="",
            raised_at=at,
            raised_by=self.account_id,
            raised_by_name="社区指挥席",
        )
        alert = self._alert(incident, MessageType.ALERT, at=at)
        return IncidentDetail(
            incident=incident,
            alerts=(alert,),
            response_circle=self.response_circle(self.units[:units], at=at),
            deliveries=self.deliveries(alert, self.units[:units], at=at),
            ladder=self.ladder(at=at),
        )

    def ladder(self, *, at: datetime) -> Ladder:
        """One that has called everyone in reach and waits for the rest."""
        ladder = plan(ACTIONS, raised_at=at, everyone_at_once=False)
        return ladder.with_steps([ladder.steps[0].taken(at=at, called=2)])

    def extended(self, detail: IncidentDetail, *, minute: int) -> IncidentDetail:
        """The incident after the last unit can be there in time as well."""
        at = NOON + timedelta(minutes=minute)
        added = self.deliveries(detail.alerts[0], self.units[-1:], at=at)
        deliveries = sorted((*detail.deliveries, *added), key=lambda each: each.recipient_id)
        return replace(
            detail, response_circle=self.response_circle(self.units, at=at), deliveries=tuple(deliveries)
        )

    def ended(self, detail: IncidentDetail, *, minute: int) -> IncidentDetail:
        at = NOON + timedelta(minutes=minute)
        incident = detail.incident.end(EndReason.FALSE_ALARM, at=at, by_name="社区指挥席")
        cancel = self._alert(
            incident,
            MessageType.CANCEL,
            at=at,
            references=(detail.alerts[0].id,),
            cause=AlertCause.FALSE_ALARM,
        )
        told = self._told(detail, cancel, at=at)
        return replace(
            detail,
            incident=incident,
            alerts=(*detail.alerts, cancel),
            deliveries=(*detail.deliveries, *told),
        )

    def updated(self, detail: IncidentDetail, cause: AlertCause, *, minute: int) -> AlertUpdated:
        """What tells the recipients of the incident's alert something."""
        at = NOON + timedelta(minutes=minute)
        references = tuple(alert.id for alert in detail.alerts)
        alert = self._alert(detail.incident, MessageType.UPDATE, at=at, references=references, cause=cause)
        told = self._told(detail, alert, at=at)
        return AlertUpdated(incident=detail.incident, alert=alert, deliveries=told)

    def moved(self, detail: IncidentDetail, *, minute: int) -> IncidentDetail:
        """The incident elsewhere: the first unit can be there in time, the others are released."""
        at = NOON + timedelta(minutes=minute)
        place = replace(detail.incident.place, lat=28.16, label="脑科巷9栋")
        update = self.updated(detail, AlertCause.MOVED, minute=minute)
        released = tuple(
            each if each.unit_id == self.units[0].id else each.advance(DeliveryState.RELEASED, at=at)
            for each in detail.deliveries
        )
        return IncidentDetail(
            incident=replace(detail.incident, place=place),
            alerts=(*detail.alerts, update.alert),
            response_circle=self.response_circle(self.units[:1], at=at),
            deliveries=(*released, *update.deliveries),
        )

    def _told(self, detail: IncidentDetail, alert: Alert, *, at: datetime) -> tuple[Delivery, ...]:
        first = detail.alerts[0].id
        return tuple(
            replace(
                delivery,
                alert_id=alert.id,
                state=DeliveryState.QUEUED,
                times={DeliveryState.QUEUED.value: at},
            )
            for delivery in detail.deliveries
            if delivery.alert_id == first
        )

    def response_circle(self, units: tuple[Unit, ...], *, at: datetime) -> ResponseCircle:
        late = [unit for unit in self.units if unit not in units]
        return ResponseCircle(
            limit_s=900.0,
            computed_at=at,
            members=tuple(self._member(unit, number) for number, unit in enumerate(units)),
            non_members=tuple(
                NonMember(
                    unit_id=unit.id,
                    unit_name=unit.name,
                    unit_name_en=unit.name_en,
                    partner_id=unit.partner_id,
                    reason="beyond_limit",
                )
                for unit in late
            ),
        )

    def deliveries(self, alert: Alert, units: tuple[Unit, ...], *, at: datetime) -> tuple[Delivery, ...]:
        made = (
            Delivery(
                alert_id=alert.id,
                recipient_id=self.people[unit.id],
                recipient_name=f"{unit.name}甲",
                unit_id=unit.id,
                partner_id=unit.partner_id,
                state=DeliveryState.QUEUED,
                times={DeliveryState.QUEUED.value: at},
                # The first is in the others' units, too.
                unit_ids=tuple(each.id for each in (units if unit is units[0] else (unit,))),
            )
            for unit in units
        )
        return tuple(sorted(made, key=lambda each: each.recipient_id))

    def _alert(
        self,
        incident: Incident,
        message_type: MessageType,
        *,
        at: datetime,
        references: tuple[AlertId, ...] = (),
        cause: AlertCause = AlertCause.RAISED,
    ) -> Alert:
        return Alert(
            id=AlertId(self.new_id()),
            incident_id=incident.id,
            message_type=message_type,
            exercise=False,
            headline=headline(
                CATALOGUE.kind(incident.kind).name_zh, incident.place.label, exercise=False, cause=cause
            ),
            cause=cause,
            sent_at=at,
            references=references,
        )

    def _partner(self, kind: PartnerKind) -> Partner:
        return Partner(
            id=PartnerId(self.new_id()),
            circle_id=self.circle.id,
            kind=kind,
            name=kind.value,
            name_en=kind.value,
        )

    def _unit(self, partner: Partner) -> Unit:
        return Unit(
            id=UnitId(self.new_id()),
            partner_id=partner.id,
            name=f"{partner.name}队",
            name_en=f"{partner.name_en} team",
            kind="patrol",
            profile="foot",
            turnout_s=60.0,
            people=2,
            on_duty=True,
            post=(112.984, 28.157),
        )

    def _hazard(self, name: str) -> Hazard:
        return Hazard(
            id=HazardId(self.new_id()),
            circle_id=self.circle.id,
            kind="blocked_lane",
            grade=HazardGrade.MAJOR,
            state=HazardState.SEEN,
            name=name,
            name_en=name,
            geometry={"type": "Point", "coordinates": [112.9855, 28.1596]},
        )

    def _member(self, unit: Unit, number: int) -> Member:
        partner = next(each for each in self.partners if each.id == unit.partner_id)
        travel_s = 100.5 + 60 * number
        return Member(
            unit_id=unit.id,
            unit_name=unit.name,
            unit_name_en=unit.name_en,
            partner_id=partner.id,
            partner_name=partner.name,
            partner_kind=partner.kind,
            profile=unit.profile,
            turnout_s=unit.turnout_s,
            travel_s=travel_s,
            response_s=unit.turnout_s + travel_s,
            why_zh="3 分钟：出动 1 + 步行 2",
            why_en="3 min: turnout 1 + walk 2",
            legs=(
                RouteLeg(
                    mode="walk",
                    distance_m=140.25,
                    duration_s=travel_s,
                    street_names=("脑科巷",),
                    coordinates=((112.984, 28.157), (112.98538, 28.15933)),
                ),
            ),
            stop=None,
            avoided=(),
            default_share=0.0,
            position_age_s=None,
        )
