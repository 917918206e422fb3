"""The golden rule as a function: an old snapshot with later events is the new snapshot."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from responder.domain.drills.run import DrillRun
from responder.domain.ids import IncidentId
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.event import (
    AlertCatalogueChanged,
    AlertExtended,
    AlertRaised,
    AlertUpdated,
    ClosureCreated,
    ClosureLifted,
    DeliveriesUpdated,
    DrillRunChanged,
    DrillsChanged,
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
from responder.domain.incidents.snapshot import ENDED_KEPT, CircleSnapshot, IncidentDetail
from responder.domain.registers.roll_call import RollCallDoor

Thing = TypeVar("Thing")


def apply(snapshot: CircleSnapshot, recorded: RecordedEvent) -> CircleSnapshot:
    """
    Return the snapshot after the event.

    Events up to `snapshot.seq` change nothing; events about an incident that is not in it change only the
    numbers; the lists keep the order in which a fresh snapshot has them.
    `static/js/state/store.js` does the same.
    """
    if recorded.seq <= snapshot.seq:
        return snapshot
    changed = _apply(snapshot, recorded)
    return replace(changed, seq=recorded.seq, event_id=recorded.id, reach_version=recorded.reach_version)


def _apply(snapshot: CircleSnapshot, recorded: RecordedEvent) -> CircleSnapshot:  # noqa: C901, PLR0911, PLR0912 - one for each kind
    match recorded.event:
        case AlertRaised(detail=incident) | AlertExtended(detail=incident) | IncidentMoved(detail=incident):
            return _with_incidents(snapshot, _with(snapshot.incidents, incident, key=_incident_id))
        case ResponseCircleUpdated(incident_id=incident_id, response_circle=response_circle):
            return _change(
                snapshot, incident_id, lambda known: replace(known, response_circle=response_circle)
            )
        case LadderUpdated(incident_id=incident_id, ladder=ladder):
            return _change(snapshot, incident_id, lambda known: replace(known, ladder=ladder))
        case DeliveriesUpdated(incident_id=incident_id, deliveries=deliveries):
            return _change(snapshot, incident_id, lambda known: _advanced(known, deliveries))
        case IncidentStageChanged(incident=incident):
            return _change(snapshot, incident.id, lambda known: replace(known, incident=incident))
        case (IncidentEnded() | AlertUpdated()) as told:
            return _change(snapshot, told.incident.id, lambda known: _told(known, told))
        case RollCallChanged(incident_id=incident_id, roll_call=roll_call):
            return _change(snapshot, incident_id, lambda known: replace(known, roll_call=roll_call))
        case RollCallMarked(incident_id=incident_id, doors=doors):
            return _change(snapshot, incident_id, lambda known: _marked(known, doors))
        case ClosureCreated(closure=closure):
            return replace(snapshot, closures=_by_id(_with(snapshot.closures, closure)))
        case ClosureLifted(closure_id=closure_id):
            left = tuple(closure for closure in snapshot.closures if closure.id != closure_id)
            return replace(snapshot, closures=left)
        case UnitChanged(unit=unit):
            return replace(snapshot, units=_by_id(_with(snapshot.units, unit)))
        case HazardChanged(hazard=hazard):
            return replace(snapshot, hazards=_by_id(_with(snapshot.hazards, hazard)))
        case DrillRunChanged(run=run):
            others = tuple(each for each in snapshot.drills if each.drill_id != run.drill_id)
            return replace(snapshot, drills=ongoing((*others, run)))
        case AlertCatalogueChanged(catalogue=catalogue):
            return replace(snapshot, catalogue=catalogue)
        case (
            ProfilesChanged()
            | ProposalsChanged()
            | DrillsChanged()
            | FindingsChanged()
            | ReportsChanged()
            | PactChanged()
        ):
            return snapshot
        case FeaturesChanged(removed=removed):
            gone = set(removed)
            return replace(
                snapshot,
                hazards=tuple(each for each in snapshot.hazards if each.id not in gone),
                units=tuple(each for each in snapshot.units if each.id not in gone),
                positions=tuple(each for each in snapshot.positions if each.unit_id not in gone),
            )


def _id(thing: Any) -> Any:  # noqa: ANN401 - closures, units and hazards alike
    return thing.id


def _incident_id(detail: IncidentDetail) -> IncidentId:
    return detail.incident.id


def _with(known: Iterable[Thing], thing: Thing, *, key: Callable[[Thing], object] = _id) -> tuple[Thing, ...]:
    return (*(other for other in known if key(other) != key(thing)), thing)


def _by_id(things: tuple[Thing, ...]) -> tuple[Thing, ...]:
    return tuple(sorted(things, key=_id))


def _change(
    snapshot: CircleSnapshot,
    incident_id: IncidentId,
    change: Callable[[IncidentDetail], IncidentDetail],
) -> CircleSnapshot:
    if all(known.incident.id != incident_id for known in snapshot.incidents):
        return snapshot
    return _with_incidents(
        snapshot,
        tuple(change(known) if known.incident.id == incident_id else known for known in snapshot.incidents),
    )


def _advanced(known: IncidentDetail, moved: Iterable[Delivery]) -> IncidentDetail:
    # By numbers: ids are hashed by a method of Python, and a thousand people may be called.
    fresh = {(delivery.alert_id.int, delivery.recipient_id.int): delivery for delivery in moved}
    deliveries = tuple(
        [
            fresh.get((delivery.alert_id.int, delivery.recipient_id.int), delivery)
            for delivery in known.deliveries
        ]
    )
    return replace(known, deliveries=deliveries)


def _marked(known: IncidentDetail, doors: Iterable[RollCallDoor]) -> IncidentDetail:
    if known.roll_call is None:
        return known
    return replace(known, roll_call=known.roll_call.with_doors(doors))


def _told(known: IncidentDetail, told: IncidentEnded | AlertUpdated) -> IncidentDetail:
    return replace(
        known,
        incident=told.incident,
        alerts=(*known.alerts, told.alert),
        deliveries=(*known.deliveries, *told.deliveries),
    )


def ongoing(runs: Iterable[DrillRun]) -> tuple[DrillRun, ...]:
    """Return the drills that have not ended, by id."""
    return tuple(sorted((run for run in runs if run.ended_at is None), key=lambda run: run.drill_id))


def _with_incidents(snapshot: CircleSnapshot, incidents: tuple[IncidentDetail, ...]) -> CircleSnapshot:
    return replace(snapshot, incidents=kept(incidents))


def kept(incidents: Iterable[IncidentDetail]) -> tuple[IncidentDetail, ...]:
    """Return the open incidents and the `ENDED_KEPT` that ended last, the first raised first."""
    everything = tuple(incidents)
    ended = sorted(
        (each for each in everything if not each.incident.is_open),
        key=lambda each: (each.incident.ended_at, each.incident.id),
    )
    stay = [each for each in everything if each.incident.is_open] + ended[-ENDED_KEPT:]
    return tuple(sorted(stay, key=lambda each: (each.incident.raised_at, each.incident.id)))
