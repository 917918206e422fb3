"""
Examples of the golden rule as JSON, one for each thing that can happen: before, messages, after.

The same files are replayed by the browser's reducer. `python -m tests.domain.golden` rewrites them.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from responder.domain.drills.injects import give
from responder.domain.drills.plan import DrillMode, DrillPlan, Inject, InjectKind
from responder.domain.drills.run import PauseReason, begin
from responder.domain.ids import BuildingId, DrillId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import (
    AlertCatalogueChanged,
    AlertExtended,
    AlertRaised,
    ClosureCreated,
    ClosureLifted,
    DeliveriesUpdated,
    DrillRunChanged,
    DrillsChanged,
    Event,
    FeaturesChanged,
    FindingsChanged,
    HazardChanged,
    IncidentEnded,
    IncidentMoved,
    IncidentStageChanged,
    LadderUpdated,
    PactChanged,
    ProfilesChanged,
    ProposalsChanged,
    RecordedEvent,
    ReportsChanged,
    ResponseCircleUpdated,
    RollCallChanged,
    RollCallMarked,
    UnitChanged,
)
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import IncidentStage, Severity
from responder.domain.incidents.snapshot import ENDED_KEPT, CircleSnapshot, IncidentDetail
from responder.domain.ladder.ladder import CircleHelp, HelpState, StepReason, StepState
from responder.domain.map.feature_import import Noun
from responder.domain.map.hazard import HazardState
from responder.domain.registers.roll_call import (
    RollCall,
    RollCallBuilding,
    RollCallDoor,
    RollCallState,
    door_grid,
)
from responder.live.protocol.messages import EventMessage
from tests.domain.town import NOON, Town

FOLDER = Path(__file__).parents[1] / "golden"
_SNAPSHOT: TypeAdapter[CircleSnapshot] = TypeAdapter(CircleSnapshot)


class Example(NamedTuple):
    """What a snapshot was, what happened, and what it is then."""

    name: str
    before: CircleSnapshot
    events: tuple[RecordedEvent, ...]

    @property
    def after(self) -> CircleSnapshot:
        return reduce(apply, self.events, self.before)

    def as_json(self) -> str:
        body: dict[str, Any] = {
            "name": self.name,
            "before": _SNAPSHOT.dump_python(self.before, mode="json"),
            "messages": [
                EventMessage(
                    seq=each.seq, id=each.id, at=each.at, event=each.event, reach_version=each.reach_version
                ).model_dump(mode="json")
                for each in self.events
            ],
            "after": _SNAPSHOT.dump_python(self.after, mode="json"),
        }
        return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def examples() -> Iterator[Example]:
    """Make all examples."""
    yield from (_example(name, *events(town := Town(), town.snapshot())) for name, events in _STORIES.items())


def _example(name: str, before: CircleSnapshot, *events: Event) -> Example:
    recorded = [
        RecordedEvent(
            circle_id=before.circle.id,
            # Numbers jump where an event is not this viewer's business.
            seq=before.seq + 2 * number,
            id=UUID(int=before.seq + 2 * number),
            at=NOON + timedelta(minutes=30, seconds=number),
            event=event,
            reach_version=before.reach_version + number,
        )
        for number, event in enumerate(events, 1)
    ]
    if name == "already_seen":
        recorded = [replace(each, seq=before.seq) for each in recorded]
    return Example(name=name, before=before, events=tuple(recorded))


def _open(snapshot: CircleSnapshot) -> IncidentDetail:
    return next(each for each in snapshot.incidents if each.incident.is_open)


def _end(ended: IncidentDetail) -> IncidentEnded:
    cancel = ended.alerts[-1]
    return IncidentEnded(
        incident=ended.incident,
        alert=cancel,
        deliveries=tuple(each for each in ended.deliveries if each.alert_id == cancel.id),
    )


def _alert_raised(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    # Raised in the same millisecond: the ids decide.
    return before, *(AlertRaised(detail=town.incident(minute=9)) for _ in range(3))


def _alert_extended(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, AlertExtended(detail=town.extended(_open(before), minute=9))


def _response_circle_updated(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    found = town.response_circle(town.units[:1], at=NOON + timedelta(minutes=9))
    return before, ResponseCircleUpdated(incident_id=_open(before).incident.id, response_circle=found)


def _ladder_updated(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known = _open(before)
    assert known.ladder is not None
    at = NOON + timedelta(minutes=9)
    _, reminded, wider, deputies, *others = known.ladder.steps
    stopped = deputies.put_aside(StepState.STOPPED, StepReason.BY_HAND, at=at)
    help_asked = CircleHelp(
        circle_id=before.circle.id,
        name="邻圈",
        name_en="Next door",
        state=HelpState.CALLED,
        called=3,
        coming=1,
    )
    changes = (
        [reminded.taken(at=at, called=1)],
        [wider.put_aside(StepState.SKIPPED, StepReason.ENOUGH, at=at)],
        [wider.again(at=at)],
        [stopped.by_hand(known.incident.raised_by, known.incident.raised_by_name)],
        [replace(others[-1].taken(at=at, called=0), circles=(help_asked,))],
    )
    ladders = [known.ladder]
    for changed in changes:
        ladders.append(ladders[-1].with_steps(changed))
    return before, *(LadderUpdated(incident_id=known.incident.id, ladder=each) for each in ladders[1:])


def _receipts(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known = _open(before)
    seen = known.deliveries[1].advance(DeliveryState.SEEN, at=NOON + timedelta(minutes=9))
    late = seen.advance(DeliveryState.DELIVERED, at=NOON + timedelta(minutes=10))
    return before, *(
        DeliveriesUpdated(incident_id=known.incident.id, deliveries=(each,)) for each in (seen, late)
    )


def _other_unit(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known = _open(before)
    [own] = [each for each in known.deliveries if len(each.unit_ids) > 1]
    first, second = own.unit_ids
    accepted = own.advance(DeliveryState.ACCEPTED, at=NOON + timedelta(minutes=9))
    # First they go with the one, then with the other; then they leave the first, and are another recipient.
    moved = replace(
        accepted,
        recipient_id=type(own.recipient_id)(int=town.new_id().int),
        unit_id=second,
        unit_ids=(second,),
    )
    others = tuple(each for each in known.deliveries if each is not own)
    deliveries = tuple(sorted((*others, moved), key=lambda each: each.recipient_id))
    incident_id = known.incident.id
    return (
        before,
        DeliveriesUpdated(incident_id=incident_id, deliveries=(replace(accepted, unit_id=first),)),
        DeliveriesUpdated(incident_id=incident_id, deliveries=(replace(accepted, unit_id=second),)),
        AlertExtended(detail=replace(known, deliveries=deliveries)),
    )


def _called_again(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known = _open(before)
    left = known.deliveries[1].advance(DeliveryState.WITHDRAWN, at=NOON + timedelta(minutes=9))
    # They come back as another recipient, and the delivery begins as when they were first called.
    called = NOON + timedelta(minutes=10)
    again = replace(
        left,
        recipient_id=type(left.recipient_id)(int=town.new_id().int),
        state=DeliveryState.QUEUED,
        times={DeliveryState.QUEUED.value: called},
    )
    others = [each for each in known.deliveries if each.recipient_id != left.recipient_id]
    deliveries = tuple(sorted((*others, again), key=lambda each: each.recipient_id))
    return (
        before,
        DeliveriesUpdated(incident_id=known.incident.id, deliveries=(left,)),
        AlertExtended(detail=replace(known, deliveries=deliveries)),
    )


def _deliveries_updated(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known = _open(before)
    sent = tuple(
        each.advance(DeliveryState.SENT, at=NOON + timedelta(minutes=9)) for each in known.deliveries
    )
    return before, DeliveriesUpdated(incident_id=known.incident.id, deliveries=sent)


def _incident_ended(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known = _open(before)
    return before, _end(town.ended(known, minute=9))


def _incident_stage_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known, at = _open(before).incident, NOON + timedelta(minutes=9)
    confirmed = known.at_stage(IncidentStage.CONFIRMED, at=at)
    flared_up = confirmed.at_stage(IncidentStage.UNDER_CONTROL, at=at).at_stage(
        IncidentStage.CONFIRMED, at=at
    )
    return before, *(IncidentStageChanged(incident=each) for each in (confirmed, flared_up))


def _alert_updated(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known = _open(before)
    redder = replace(known.incident, severity=Severity.RED)
    return before, *(
        town.updated(replace(known, incident=incident), cause, minute=9)
        for incident, cause in ((redder, AlertCause.LEVEL_RAISED), (redder, AlertCause.TEXT))
    )


def _incident_moved(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, IncidentMoved(detail=town.moved(_open(before), minute=9))


def _more_ended_than_kept(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    events: list[Event] = []
    for number in range(ENDED_KEPT):
        known = town.incident(minute=10 + number)
        # Two and two end in the same millisecond: the ids decide who stays.
        events += [
            AlertRaised(detail=known),
            _end(town.ended(known, minute=40 + number // 2)),
        ]
    return before, *events


def _unknown_incident(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    stranger = town.incident(minute=9)
    moved = stranger.deliveries[0].advance(DeliveryState.SEEN, at=NOON + timedelta(minutes=9))
    incident_id = stranger.incident.id
    return (
        before,
        DeliveriesUpdated(incident_id=incident_id, deliveries=(moved,)),
        DeliveriesUpdated(incident_id=incident_id, deliveries=stranger.deliveries),
        LadderUpdated(incident_id=incident_id, ladder=town.ladder(at=NOON)),
        ResponseCircleUpdated(incident_id=incident_id, response_circle=stranger.response_circle),
        IncidentStageChanged(incident=stranger.incident),
        town.updated(stranger, AlertCause.TEXT, minute=9),
        _end(town.ended(stranger, minute=9)),
    )


def _closure_created(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    changed = replace(before.closures[0], name="北支路（改）")
    return before, *(ClosureCreated(closure=each) for each in (town.closure(), changed, town.closure()))


def _closure_lifted(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, *(ClosureLifted(closure_id=each.id) for each in (before.closures[0], town.closure()))


def _unit_changed(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    changed = replace(before.units[1], on_duty=False)
    new = [
        replace(before.units[0], id=type(changed.id)(int=town.new_id().int), name="新队") for _ in range(3)
    ]
    return before, *(UnitChanged(unit=each) for each in (changed, *new))


def _hazard_changed(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    changed = replace(before.hazards[0], state=HazardState.CLOSED)
    new = [replace(changed, id=type(changed.id)(int=town.new_id().int), name="新患") for _ in range(3)]
    return before, *(HazardChanged(hazard=each) for each in (changed, *new))


def _features_changed(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return (
        before,
        FeaturesChanged(noun=Noun.BUILDINGS, removed=()),
        FeaturesChanged(noun=Noun.HAZARDS, removed=(before.hazards[0].id, town.new_id())),
        FeaturesChanged(noun=Noun.UNITS, removed=(before.units[1].id,)),
    )


def _profiles_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, ProfilesChanged()


def _proposals_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, ProposalsChanged()


def _drills_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, DrillsChanged()


def _roll_call_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    incident_id = _open(before).incident.id
    return before, *(
        RollCallChanged(incident_id=incident_id, roll_call=_roll_call(storeys)) for storeys in (1, 2)
    )


def _roll_call_marked(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    known = _open(before)
    at = NOON + timedelta(minutes=9)
    others = tuple(each for each in before.incidents if each.incident.id != known.incident.id)
    begun = replace(before, incidents=(*others, replace(known, roll_call=_roll_call(2))))
    out = RollCallDoor(
        building_id=BuildingId(UUID(int=7)),
        label="201",
        floor=2,
        expected=2,
        state=RollCallState.OUT,
        people=2,
        at=at,
    )
    # Someone stands at the assembly point whose door no one had listed.
    added = replace(out, label="A座 1", floor=None, expected=None, state=RollCallState.NEEDS_CARRYING)
    taken_back = replace(out, state=RollCallState.UNMARKED, people=0)
    marked = [(added, out), (replace(added, note="轮椅"),), (taken_back,)]
    incident_id = known.incident.id
    not_here = RollCallMarked(incident_id=others[0].incident.id, doors=(out,))
    return begun, *(RollCallMarked(incident_id=incident_id, doors=doors) for doors in marked), not_here


def _roll_call(storeys: int) -> RollCall:
    building = RollCallBuilding(id=BuildingId(UUID(int=7)), name="7栋", name_en="Block 7")
    doors = door_grid(building.id, stairwells=1, storeys=storeys, doors=2, expected=2)
    return RollCall(started_at=NOON, buildings=(building,), doors=doors)


def _findings_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, FindingsChanged()


def _reports_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, ReportsChanged()


def _pact_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, PactChanged()


def _drill_run_changed(town: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    plan = DrillPlan(
        name="电动车电池演练",
        mode=DrillMode.FIELD,
        kind="fire",
        place=before.incidents[0].incident.place,
        starts_at=None,
        duration_s=1800,
        injects=(
            Inject(number=1, after_s=60, kind=InjectKind.UNIT_OUT, text="坏了", unit_id=before.units[0].id),
        ),
    )
    ids = sorted(DrillId(town.new_id()) for _ in range(3))
    runs = [begin(plan, each, before.circle.id, at=NOON, by_name="王主任") for each in ids]
    given = give(plan, runs[0], 1, clock_s=60, now=NOON + timedelta(seconds=60))
    paused = runs[1].pause(PauseReason.REAL_ALERT, at=NOON + timedelta(seconds=90))
    ended = runs[2].end(at=NOON + timedelta(seconds=99))
    return before, *(DrillRunChanged(run=each) for each in (runs[2], runs[1], runs[0], given, paused, ended))


def _alert_catalogue_changed(_: Town, before: CircleSnapshot) -> tuple[Any, ...]:
    return before, AlertCatalogueChanged(
        catalogue=replace(before.catalogue, kinds=before.catalogue.kinds[1:], time_zone="Asia/Urumqi")
    )


_STORIES = {
    "proposals_changed": _proposals_changed,
    "drills_changed": _drills_changed,
    "findings_changed": _findings_changed,
    "roll_call_changed": _roll_call_changed,
    "roll_call_marked": _roll_call_marked,
    "reports_changed": _reports_changed,
    "pact_changed": _pact_changed,
    "drill_run_changed": _drill_run_changed,
    "alert_catalogue_changed": _alert_catalogue_changed,
    "profiles_changed": _profiles_changed,
    "alert_raised": _alert_raised,
    "alert_extended": _alert_extended,
    "response_circle_updated": _response_circle_updated,
    "ladder_updated": _ladder_updated,
    "receipts": _receipts,
    "other_unit": _other_unit,
    "called_again": _called_again,
    "deliveries_updated": _deliveries_updated,
    "incident_ended": _incident_ended,
    "incident_stage_changed": _incident_stage_changed,
    "alert_updated": _alert_updated,
    "incident_moved": _incident_moved,
    "more_ended_than_kept": _more_ended_than_kept,
    "unknown_incident": _unknown_incident,
    "already_seen": _incident_ended,
    "closure_created": _closure_created,
    "closure_lifted": _closure_lifted,
    "unit_changed": _unit_changed,
    "hazard_changed": _hazard_changed,
    "features_changed": _features_changed,
}


def write() -> None:
    """Rewrite all examples."""
    FOLDER.mkdir(exist_ok=True)
    for example in examples():
        (FOLDER / f"{example.name}.json").write_text(example.as_json(), encoding="utf-8")


if __name__ == "__main__":
    write()
