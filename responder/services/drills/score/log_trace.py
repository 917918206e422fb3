"""Where in the log of a circle the facts of a drill are told first."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.run import DrillRun, InjectRun, InjectState
from responder.domain.drills.score.objectives import Evidence
from responder.domain.ids import DrillId, IncidentId, ObservationId, ResponderId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    DeliveriesUpdated,
    DrillRunChanged,
    Event,
    IncidentMoved,
    RecordedEvent,
)
from responder.services.incidents.waves import current_calls

_DECIDED = (InjectState.GIVEN, InjectState.SKIPPED, InjectState.EXPIRED)
_STATES = {
    FactKind.COMING: (DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE),
    FactKind.ON_SCENE: (DeliveryState.ON_SCENE,),
}


@dataclass(slots=True)
class LogTrace:
    """Numbers of the events that first told what happened in a drill."""

    said: dict[ResponderId, dict[str, int]] = field(default_factory=dict)
    """By person who was called and state of their delivery."""
    injects: dict[int, int] = field(default_factory=dict)
    """By number of the inject: the event that decided it last."""
    reported: dict[Fact, int] = field(default_factory=dict)
    observed: dict[Fact, ObservationId] = field(default_factory=dict)

    def of(self, fact: Fact) -> Evidence:
        """Return the fact with the number of its event, and with the observation that it rests on."""
        seq = self.reported.get(fact)
        if fact.kind is FactKind.INJECT_GIVEN and fact.inject is not None:
            seq = self.injects.get(fact.inject)
        elif fact.recipient_id is not None:
            said = self.said.get(fact.recipient_id, {})
            known = [said[state] for state in _STATES.get(fact.kind, ()) if state in said]
            seq = min(known, default=None)
        return Evidence(fact=fact, seq=seq, observation_id=self.observed.get(fact))


def trace_log(
    events: Iterable[RecordedEvent], run: DrillRun, observations: Iterable[Observation]
) -> LogTrace:
    """Return where each fact of a run is told first; events have to be in their order."""
    trace = LogTrace()
    facts = 0
    decided: dict[int, InjectRun] = {}
    for recorded in events:
        changed = _run_of(recorded.event, run.drill_id)
        for delivery in _calls_in(recorded.event, run.incident_id):
            said = trace.said.setdefault(delivery.recipient_id, {})
            for state in delivery.times:
                said.setdefault(state, recorded.seq)
        if changed is None:
            continue
        for fact in changed.facts[facts:]:
            trace.reported.setdefault(fact, recorded.seq)
        facts = len(changed.facts)
        for inject in changed.injects:
            if inject.state in _DECIDED and decided.get(inject.number) != inject:
                decided[inject.number] = inject
                trace.injects[inject.number] = recorded.seq
    for each in observations:
        if each.verdict is ObservationVerdict.GOOD and each.objective is not None:
            at_s = run.clock_s(each.at)
            seen = Fact(kind=FactKind.OBSERVED, at_s=at_s, objective=each.objective)
            trace.observed.setdefault(seen, each.id)
    return trace


def _run_of(event: Event, drill_id: DrillId) -> DrillRun | None:
    return event.run if isinstance(event, DrillRunChanged) and event.run.drill_id == drill_id else None


def _calls_in(event: Event, incident_id: IncidentId | None) -> list[Delivery]:
    """Return the deliveries of the exercise that an event tells."""
    if incident_id is None:
        return []
    if isinstance(event, AlertRaised | AlertExtended | IncidentMoved):
        return current_calls(event.detail) if event.detail.incident.id == incident_id else []
    if isinstance(event, DeliveriesUpdated) and event.incident_id == incident_id:
        return list(event.deliveries)
    return []
