"""The browser and the domain make the same new snapshot of an old snapshot and what happened since."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints
from uuid import UUID

from pydantic import TypeAdapter

from responder.domain.drills.plan import DrillMode, DrillPlan, Inject, InjectKind
from responder.domain.drills.run import begin
from responder.domain.incidents import event as events
from responder.domain.incidents.alert import Alert, MessageType
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import Event, RecordedEvent
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import EndReason, Incident, IncidentStage, Severity
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.ladder.ladder import Ladder, plan
from responder.domain.ladder.shipped import NEAREST_FIRST
from responder.domain.map.circle import Circle
from responder.domain.map.closure import Closure
from responder.domain.map.feature_import import Noun
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.map.place import Place
from responder.domain.map.unit import Unit
from responder.domain.registers.roll_call import RollCall, RollCallDoor, RollCallState

SCENARIOS = 40
EVENTS = 45
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SNAPSHOT: TypeAdapter[CircleSnapshot] = TypeAdapter(CircleSnapshot)
RECORDED: TypeAdapter[RecordedEvent] = TypeAdapter(RecordedEvent)


class Story:
    """A circle in which things happen at random, some of them twice, late, or about what is not known."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self.circle_id = self.uuid()
        self.now = NOON
        self.before = CircleSnapshot(
            circle=Circle(id=self.circle_id, name="脑科巷", name_en="", centre=(112.985, 28.158)),
            epoch="e",
            seq=3,
            event_id=UUID(int=3),
            reach_version=1,
            catalogue=SHIPPED,
            partners=(),
            units=(),
            hazards=(),
            closures=(),
            drills=(),
            incidents=(),
            positions=(),
        )
        self.after = self.before
        self.told: list[RecordedEvent] = []

    def uuid(self) -> Any:  # noqa: ANN401 - an identifier of any kind
        # Few different ones, so that events meet what is there.
        return UUID(int=self.random.randrange(1, 40))

    def happen(self) -> None:
        self.now += timedelta(milliseconds=self.random.choice([0, 1, 500, 90_000]))
        kinds = [self.raised, self.recomputed, self.advanced, self.several_advanced, self.ended]
        kinds += [self.closed, self.lifted, self.changed_unit, self.changed_hazard, self.changed_features]
        kinds += [self.extended, self.changed_profiles, self.changed_proposals, self.changed_drills, self.changed_findings]
        kinds += [self.changed_reports, self.changed_catalogue, self.changed_pact]
        kinds += [self.changed_ladder, self.changed_drill]
        kinds += [self.changed_stage, self.updated, self.moved_pin]
        kinds += [self.changed_roll_call, self.marked_doors]
        seq = self.after.seq + self.random.choice([0, 1, 1, 1, 3])
        recorded = RecordedEvent(
            circle_id=self.circle_id,
            seq=seq,
            id=UUID(int=seq),
            at=self.now,
            event=self.random.choice(kinds)(),
            reach_version=self.after.reach_version + self.random.randrange(2),
        )
        self.told.append(recorded)
        self.after = apply(self.after, recorded)

    def raised(self) -> Event:
        incident_id = self.uuid()
        incident = Incident(
            id=incident_id,
            circle_id=self.circle_id,
            exercise=self.random.random() < 0.2,
            kind=self.random.choice(["fire", "smoke", "gas"]),
            severity=self.random.choice(list(Severity)),
            place=Place(lon=112.985, lat=28.158, label="7栋"),
            note="",
            raised_at=self.now,
            raised_by=self.uuid(),
            raised_by_name="周岚",
        )
        alert = self.alert(incident_id, MessageType.ALERT)
        return events.AlertRaised(
            detail=IncidentDetail(
                incident=incident,
                alerts=(alert,),
                response_circle=self.circle(),
                deliveries=tuple(self.delivery(alert.id) for _ in range(self.random.randrange(4))),
                ladder=self.random.choice([None, self.ladder()]),
            )
        )

    def extended(self) -> Event:
        known = self.known()
        if known is None:
            return self.raised()
        more = tuple(self.delivery(known.alerts[0].id) for _ in range(self.random.randrange(4)))
        return events.AlertExtended(detail=replace(known, deliveries=(*known.deliveries, *more)))

    def ladder(self) -> Ladder:
        ladder = plan(NEAREST_FIRST, raised_at=self.now, everyone_at_once=self.random.random() < 0.5)
        step = self.random.choice(ladder.steps)
        return ladder.with_steps([step.taken(at=self.now, called=self.random.randrange(9))])

    def changed_ladder(self) -> Event:
        known = self.known()
        incident_id = known.incident.id if known else self.uuid()
        return events.LadderUpdated(incident_id=incident_id, ladder=self.ladder())

    def changed_profiles(self) -> Event:
        return events.ProfilesChanged()

    def changed_proposals(self) -> Event:
        return events.ProposalsChanged()

    def changed_drills(self) -> Event:
        return events.DrillsChanged()

    def changed_findings(self) -> Event:
        return events.FindingsChanged()

    def changed_reports(self) -> Event:
        return events.ReportsChanged()

    def changed_pact(self) -> Event:
        return events.PactChanged()

    def changed_drill(self) -> Event:
        plan = DrillPlan(
            name="演练",
            mode=self.random.choice(list(DrillMode)),
            kind="fire",
            place=Place(lon=113.0, lat=28.0),
            starts_at=None,
            duration_s=900,
            injects=(Inject(number=1, after_s=5, kind=InjectKind.MESSAGE, text="烟"),),
        )
        drill_id = self.uuid()
        run = begin(plan, drill_id, self.circle_id, at=self.now, by_name="王")
        return events.DrillRunChanged(run=run.end(at=self.now) if self.random.random() < 0.3 else run)

    def changed_roll_call(self) -> Event:
        known = self.known()
        roll_call = RollCall(started_at=self.now, buildings=(), doors=()).with_doors(self.doors())
        return events.RollCallChanged(incident_id=known.incident.id if known else self.uuid(), roll_call=roll_call)

    def marked_doors(self) -> Event:
        known = self.known()
        return events.RollCallMarked(incident_id=known.incident.id if known else self.uuid(), doors=self.doors())

    def doors(self) -> tuple[RollCallDoor, ...]:
        labels = ["101", "9-201", "A座", "门卫"]
        return tuple(
            RollCallDoor(
                building_id=self.uuid(),
                label=self.random.choice(labels),
                state=self.random.choice(list(RollCallState)),
                people=self.random.randrange(9),
                at=self.now,
            )
            for _ in range(self.random.randrange(1, 4))
        )

    def changed_catalogue(self) -> Event:
        return events.AlertCatalogueChanged(catalogue=replace(SHIPPED, kinds=SHIPPED.kinds[: self.random.randrange(3)]))

    def alert(self, incident_id: Any, message_type: MessageType) -> Alert:  # noqa: ANN401
        return Alert(
            id=self.uuid(),
            incident_id=incident_id,
            message_type=message_type,
            exercise=False,
            headline="火情",
            sent_at=self.now,
        )

    def circle(self) -> ResponseCircle:
        return ResponseCircle(limit_s=900, computed_at=self.now, members=(), non_members=())

    def delivery(self, alert_id: Any) -> Delivery:  # noqa: ANN401
        state = self.random.choice(list(DeliveryState))
        recipient = self.uuid()
        units = tuple(self.uuid() for _ in range(self.random.randint(1, 3)))
        return Delivery(
            alert_id=alert_id,
            recipient_id=recipient,
            recipient_name=str(recipient.int),
            unit_id=self.random.choice(units),
            unit_ids=units,
            partner_id=self.uuid(),
            state=state,
            times={state.value: self.now},
        )

    def known(self) -> IncidentDetail | None:
        return self.random.choice(self.after.incidents) if self.after.incidents else None

    def recomputed(self) -> Event:
        known = self.known()
        return events.ResponseCircleUpdated(
            incident_id=known.incident.id if known else self.uuid(), response_circle=self.circle()
        )

    def moved(self, known: IncidentDetail | None) -> Delivery:
        if known is None or not known.deliveries:
            return self.delivery(self.uuid())
        return self.random.choice(known.deliveries).advance(DeliveryState.ON_SCENE, at=self.now)

    def advanced(self) -> Event:
        known = self.known()
        return events.DeliveriesUpdated(
            incident_id=known.incident.id if known else self.uuid(), deliveries=(self.moved(known),)
        )

    def several_advanced(self) -> Event:
        known = self.known()
        return events.DeliveriesUpdated(
            incident_id=known.incident.id if known else self.uuid(),
            deliveries=(self.moved(known), self.moved(known)),
        )

    def ended(self) -> Event:
        known = self.known()
        if known is None or not known.incident.is_open:
            return self.raised()
        ended = known.incident.end(self.random.choice(list(EndReason)), at=self.now, by_name="周岚")
        alert = self.alert(ended.id, MessageType.CANCEL)
        return events.IncidentEnded(incident=ended, alert=alert, deliveries=(self.delivery(alert.id),))

    def changed_stage(self) -> Event:
        known = self.known()
        if known is None:
            return self.raised()
        stage = self.random.choice(list(IncidentStage))
        return events.IncidentStageChanged(incident=known.incident.at_stage(stage, at=self.now))

    def updated(self) -> Event:
        known = self.known()
        if known is None:
            return self.raised()
        incident = replace(known.incident, severity=self.random.choice(list(Severity)))
        alert = self.alert(incident.id, MessageType.UPDATE)
        return events.AlertUpdated(incident=incident, alert=alert, deliveries=(self.delivery(alert.id),))

    def moved_pin(self) -> Event:
        known = self.known()
        if known is None:
            return self.raised()
        place = replace(known.incident.place, lat=28.16)
        return events.IncidentMoved(detail=replace(known, incident=replace(known.incident, place=place)))

    def closed(self) -> Event:
        geometry = {"type": "Point", "coordinates": [112.985, 28.158]}
        closure = Closure(id=self.uuid(), circle_id=self.circle_id, name="北支", geometry=geometry)
        return events.ClosureCreated(closure=replace(closure, wider_than_m=self.random.choice([None, 2.0])))

    def lifted(self) -> Event:
        return events.ClosureLifted(closure_id=self.uuid())

    def changed_unit(self) -> Event:
        return events.UnitChanged(
            unit=Unit(
                id=self.uuid(),
                partner_id=self.uuid(),
                name="急救车组",
                name_en="",
                kind="ambulance",
                profile="ambulance",
                turnout_s=60,
                people=3,
                on_duty=self.random.random() < 0.5,
                post=(112.9825, 28.1571),
            )
        )

    def changed_features(self) -> Event:
        gone = tuple(self.uuid() for _ in range(self.random.randrange(4)))
        return events.FeaturesChanged(noun=self.random.choice(list(Noun)), removed=gone)

    def changed_hazard(self) -> Event:
        return events.HazardChanged(
            hazard=Hazard(
                id=self.uuid(),
                circle_id=self.circle_id,
                kind="wiring",
                grade=HazardGrade.GENERAL,
                state=self.random.choice(list(HazardState)),
                name="线缆",
                name_en="",
                geometry={"type": "Point", "coordinates": [112.985, 28.158]},
            )
        )


def test_random_stories_end_in_the_same_snapshot(node: Callable[..., str]) -> None:
    stories = [Story(seed) for seed in range(SCENARIOS)]
    for story in stories:
        for _ in range(EVENTS):
            story.happen()
    kinds = {recorded.event.kind for story in stories for recorded in story.told}
    assert kinds == {get_args(get_type_hints(kind)["kind"])[0] for kind in get_args(Event)}

    cases = [
        {
            "before": SNAPSHOT.dump_python(story.before, mode="json"),
            "events": [RECORDED.dump_python(recorded, mode="json") for recorded in story.told],
        }
        for story in stories
    ]
    folded = json.loads(node("tests/fold.js", stdin=json.dumps(cases)))

    assert folded == [SNAPSHOT.dump_python(story.after, mode="json") for story in stories]
