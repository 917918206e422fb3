"""Incidents: something that units respond to, real or practised."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from responder.domain.errors import IncidentEndedError
from responder.domain.ids import AccountId, CircleId, IncidentId
from responder.domain.map.place import Place


class Severity(StrEnum):
    """Warning colours of the Emergency Response Law, most severe first. Not the grade of an accident."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class IncidentStage(StrEnum):
    """How far an open incident has come; a person says so."""

    RAISED = "raised"
    CONFIRMED = "confirmed"
    """Someone on scene, or the caller once more, says that it is so."""
    UNDER_CONTROL = "under_control"


class EndReason(StrEnum):
    """Why a person ended an incident."""

    RESOLVED = "resolved"
    FALSE_ALARM = "false_alarm"
    MISTAKE = "mistake"
    """Taken back at once by the person who raised it."""
    MERGED = "merged"
    """It is the same as another incident, which goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that units respond to."""

    id: IncidentId
    circle_id: CircleId
    exercise: bool
    """True in a drill; everything sent about the incident says so."""
    kind: str
    """Code of a kind in the circle's catalogue."""
    severity: Severity
    place: Place
    note: str
    raised_at: datetime
    raised_by: AccountId
    raised_by_name: str
    stage: IncidentStage = IncidentStage.RAISED
    """How far it has come; of one that has ended, how far it had come then."""
    stage_times: dict[str, datetime] = field(default_factory=dict)
    """When each stage was last reached, by stage; when it was raised is `raised_at`."""
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    ended_by_name: str | None = None
    end_note: str = ""
    """What the person who ended it said of it."""
    merged_into: IncidentId | None = None
    """The incident that goes on, of one that is the same."""

    @property
    def is_open(self) -> bool:
        """Only a person ends an incident; until then it stays."""
        return self.ended_at is None

    def require_open(self) -> None:
        """
        Raise when the incident has ended.

        Raises
        ------
        IncidentEndedError
            The incident has ended.
        """
        if not self.is_open:
            raise IncidentEndedError

    def at_stage(self, stage: IncidentStage, *, at: datetime) -> "Incident":
        """Return the incident as having come to a stage, or gone back to one: a fire may flare up again."""
        if stage is self.stage:
            return self
        return replace(self, stage=stage, stage_times={**self.stage_times, stage.value: at})

    def at_stage_of(self, other: "Incident") -> "Incident":
        """Return the incident at the stage of another that it helps, if that came to it later."""
        at = other.stage_times.get(other.stage)
        own = self.stage_times.get(other.stage)
        if at is None or (own is not None and own >= at):
            return self
        return replace(self, stage=other.stage, stage_times={**self.stage_times, other.stage.value: at})

    def end(
        self,
        reason: EndReason,
        *,
        at: datetime,
        by_name: str,
        note: str = "",
        into: IncidentId | None = None,
    ) -> "Incident":
        """
        Return the incident as ended; `into` is the one that goes on when it is merged.

        Raises
        ------
        IncidentEndedError
            The incident is ended already.
        """
        self.require_open()
        return replace(
            self, ended_at=at, end_reason=reason, ended_by_name=by_name, end_note=note, merged_into=into
        )
