"""Facts in the log of a circle, in the past tense, each with all that turns a snapshot into the next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from responder.domain.drills.run import DrillRun
from responder.domain.ids import CircleId, ClosureId, IncidentId
from responder.domain.incidents.alert import Alert
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import Ladder
from responder.domain.map.closure import Closure
from responder.domain.map.feature_import import Noun
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit
from responder.domain.registers.roll_call import RollCall, RollCallDoor


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised:
    """An alert was raised."""

    kind: Literal["alert_raised"] = "alert_raised"
    detail: IncidentDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertExtended:
    """
    The calls of an open incident changed; `detail` replaces what was known of it.

    More units can be there in time, a person joined a called unit or came back to it, or one who left a unit
    is called in their others. It calls new recipients as `AlertRaised` does.
    """

    kind: Literal["alert_extended"] = "alert_extended"
    detail: IncidentDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseCircleUpdated:
    """Roads changed, and with them who can be there in time; no further person was called."""

    kind: Literal["response_circle_updated"] = "response_circle_updated"
    incident_id: IncidentId
    response_circle: ResponseCircle


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderUpdated:
    """A step of the ladder was decided without calling anyone, or could not be taken. Only staff are told."""

    kind: Literal["ladder_updated"] = "ladder_updated"
    incident_id: IncidentId
    ladder: Ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesUpdated:
    """Deliveries of one incident moved on: one by a receipt, several when handed to open sockets."""

    kind: Literal["deliveries_updated"] = "deliveries_updated"
    incident_id: IncidentId
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStageChanged:
    """A person said how far the incident has come."""

    kind: Literal["incident_stage_changed"] = "incident_stage_changed"
    incident: Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUpdated:
    """Staff told all recipients of the alert something, or changed the colour of the incident."""

    kind: Literal["alert_updated"] = "alert_updated"
    incident: Incident
    alert: Alert
    deliveries: tuple[Delivery, ...]
    """Those of the update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMoved:
    """
    The pin of an open incident was moved; `detail` replaces what was known of it.

    Those who can be there in time now are called, the others are released, and an update tells all of them.
    """

    kind: Literal["incident_moved"] = "incident_moved"
    detail: IncidentDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded:
    """A person ended the incident; all recipients of the alert are told."""

    kind: Literal["incident_ended"] = "incident_ended"
    incident: Incident
    alert: Alert
    deliveries: tuple[Delivery, ...]
    """Those of the cancelling alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallChanged:
    """A roll-call was begun, or has other doors; what was said of them stays."""

    kind: Literal["roll_call_changed"] = "roll_call_changed"
    incident_id: IncidentId
    roll_call: RollCall


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallMarked:
    """People said what became of those behind some doors."""

    kind: Literal["roll_call_marked"] = "roll_call_marked"
    incident_id: IncidentId
    doors: tuple[RollCallDoor, ...]
    """Each as it stands now, with all that was ever said of it taken into account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureCreated:
    """A closure was set or changed."""

    kind: Literal["closure_created"] = "closure_created"
    closure: Closure


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureLifted:
    """A closure was lifted."""

    kind: Literal["closure_lifted"] = "closure_lifted"
    closure_id: ClosureId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChanged:
    """A unit went on or off duty, or was changed otherwise."""

    kind: Literal["unit_changed"] = "unit_changed"
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardChanged:
    """A hazard was reported or moved on in its life-cycle."""

    kind: Literal["hazard_changed"] = "hazard_changed"
    hazard: Hazard


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesChanged:
    """
    Buildings or facilities came from a file, or things of any noun were removed.

    The snapshot holds hazards and units, which leave it; clients load buildings and facilities separately.
    """

    kind: Literal["features_changed"] = "features_changed"
    noun: Noun
    removed: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilesChanged:
    """Speeds, sizes or delays of the circle changed, and with them who can be there in time."""

    kind: Literal["profiles_changed"] = "profiles_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalsChanged:
    """A message of another system proposed an incident, or a person decided on one; staff load them again."""

    kind: Literal["proposals_changed"] = "proposals_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillsChanged:
    """A drill was planned, changed or called off; pages that show drills load them again."""

    kind: Literal["drills_changed"] = "drills_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsChanged:
    """A finding of drills was written down, changed or closed; pages that show findings load them again."""

    kind: Literal["findings_changed"] = "findings_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsChanged:
    """A resident reported something, or staff decided on a report; those who decide load them again."""

    kind: Literal["reports_changed"] = "reports_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PactChanged:
    """A pact, what was done for it or the roster changed; pages that show one of them load it again."""

    kind: Literal["pact_changed"] = "pact_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRunChanged:
    """A drill was started, paused, resumed or ended, or something in it was given, held or reported."""

    kind: Literal["drill_run_changed"] = "drill_run_changed"
    run: DrillRun


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCatalogueChanged:
    """Kinds of incident or warning colours of the circle changed."""

    kind: Literal["alert_catalogue_changed"] = "alert_catalogue_changed"
    catalogue: AlertCatalogue


Event = (
    AlertRaised
    | AlertExtended
    | ResponseCircleUpdated
    | LadderUpdated
    | DeliveriesUpdated
    | IncidentStageChanged
    | AlertUpdated
    | IncidentMoved
    | IncidentEnded
    | RollCallChanged
    | RollCallMarked
    | ClosureCreated
    | ClosureLifted
    | UnitChanged
    | HazardChanged
    | FeaturesChanged
    | ProfilesChanged
    | ProposalsChanged
    | DrillsChanged
    | FindingsChanged
    | ReportsChanged
    | PactChanged
    | DrillRunChanged
    | AlertCatalogueChanged
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """An event at its place in the log of a circle."""

    circle_id: CircleId
    seq: int
    """Per circle, from 1, without gaps, in the order of commit."""
    id: UUID
    """Random: in a restored log another event may have the same number, and never the same id."""
    at: datetime
    event: Event
    reach_version: int
    """The circle's, with this event: it grows with everything that changes who can be there in time."""
