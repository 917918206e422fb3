"""
Errors, each with a stable code.

The first line of a docstring is the `title` on the wire (RFC 9457). `api/errors/statuses.py` has the status,
`static/locales` the words on screen.
"""

from math import ceil
from typing import ClassVar


class ResponderError(Exception):
    """
    An error that the caller is told.

    `detail` holds plain JSON values: never a secret, never data of another circle.
    """

    code: ClassVar[str] = "responder_error"

    def __init__(self, message: str = "", **detail: object) -> None:
        super().__init__(message or self.code)
        self.detail = detail


class NotSignedInError(ResponderError):
    """No session, or the session has ended."""

    code = "not_signed_in"


class WrongCredentialsError(ResponderError):
    """Wrong user name or password."""

    code = "wrong_credentials"


class TooManyAttemptsError(ResponderError):
    """Too many attempts; retry after `retry_after_s` seconds."""

    code = "too_many_attempts"

    def __init__(self, *, retry_after_s: float) -> None:
        # Rounded up to a tenth: a client that waits exactly this long must not be too early.
        super().__init__(retry_after_s=ceil(round(retry_after_s * 10, 6)) / 10)


class NotAllowedError(ResponderError):
    """Action not allowed for this role."""

    code = "not_allowed"


class NotFoundError(ResponderError):
    """Not found, or not visible to this account."""

    code = "not_found"


class NoRoadNetworkError(ResponderError):
    """No road network in this circle; import roads first."""

    code = "no_road_network"


class IdempotencyConflictError(ResponderError):
    """Idempotency-Key already used for a different request."""

    code = "idempotency_conflict"


class HazardStepRefusedError(ResponderError):
    """Step not possible from the state of the hazard; see `state`."""

    code = "hazard_step_refused"


class IncidentEndedError(ResponderError):
    """Incident already ended."""

    code = "incident_ended"


class StepDecidedError(ResponderError):
    """Step of the ladder already decided; see `state`."""

    code = "step_decided"


class UndoExpiredError(ResponderError):
    """Alert raised too long ago, or by another person; end it as a false alarm."""

    code = "undo_expired"


class SimilarIncidentError(ResponderError):
    """Incident nearby raised moments ago, see `candidates`; name those that are not the same to go on."""

    code = "similar_incident"


class NotARecipientError(ResponderError):
    """Alert not addressed to this person."""

    code = "not_a_recipient"


class AlreadyLiftedError(ResponderError):
    """Closure already lifted."""

    code = "already_lifted"


class AlreadyRemovedError(ResponderError):
    """Import already removed."""

    code = "already_removed"


class InvalidValueError(ResponderError, ValueError):
    """Invalid value; see `field`."""

    code = "invalid_value"


class ExerciseRefusedError(ResponderError):
    """Channel or start not allowed in an exercise."""

    code = "exercise_refused"


class ProposalClosedError(ResponderError):
    """Proposal already decided, updated or cancelled; see `state`."""

    code = "proposal_closed"


class DrillNotPlannedError(ResponderError):
    """Drill under way, over or called off; see `state`. Its plan stays as it is."""

    code = "drill_not_planned"


class DrillNotReadyError(ResponderError):
    """Something is missing in the plan of the drill; see `problems`."""

    code = "drill_not_ready"


class DrillNotRunningError(ResponderError):
    """Drill not started, paused or over; see `state`."""

    code = "drill_not_running"


class RollCallBegunError(ResponderError):
    """People are counted door by door, in the roll-call of the exercise."""

    code = "roll_call_begun"


class NoRollCallError(ResponderError):
    """The incident has no roll-call."""

    code = "no_roll_call"


class FeedbackFullError(ResponderError):
    """The drill has all the answers of participants that it can have."""

    code = "feedback_full"


class ReportsFullError(ResponderError):
    """As many reports of residents wait for a decision as can."""

    code = "reports_full"


class ReportDecidedError(ResponderError):
    """Report already decided on; see `state`."""

    code = "report_decided"


class MomentOutsideRunError(ResponderError):
    """Moment outside the run of the drill; it lasted, or has lasted so far, `ends_s` seconds."""

    code = "moment_outside_run"


class PdfUnavailableError(ResponderError):
    """No PDF can be made on this server; `packages` says what its administrator has to install."""

    code = "pdf_unavailable"


class PactNotDraftError(ResponderError):
    """Pact signed by all or superseded, see `state`; what is signed is not changed."""

    code = "pact_not_draft"


class InjectDecidedError(ResponderError):
    """Inject in a state in which this cannot be done; see `state`."""

    code = "inject_decided"


class RealAlertOpenError(ResponderError):
    """Real alerts open, as many as `count`; a drill goes on beside them only if a person says so."""

    code = "real_alert_open"


class OtherDrillRunningError(ResponderError):
    """Other drills running in the circle, as many as `count`; one more starts only if a person says so."""

    code = "other_drill_running"


class DrillWithoutDateError(ResponderError):
    """Drill without a date; a calendar needs one."""

    code = "drill_without_date"


class SheetRefusedError(ResponderError):
    """Sheet refused, nothing imported; see `messages`."""

    code = "sheet_refused"


class ConsentNeededError(ResponderError, ValueError):
    """Details of a household need consent that is recorded and not withdrawn."""

    code = "consent_needed"


class DoorTakenError(ResponderError):
    """Door already in the register of this building."""

    code = "door_taken"


class RegisterFullError(ResponderError):
    """Register full; at most `most` households."""

    code = "register_full"


class NotComingError(ResponderError):
    """Households are shown to people who accepted the alert and are on their way or on scene."""

    code = "not_coming"


class CapRefusedError(ResponderError):
    """CAP document refused; see `messages`."""

    code = "cap_refused"


class TicketRefusedError(ResponderError):
    """Live ticket unknown, used or expired."""

    code = "ticket_refused"


class NameTakenError(ResponderError):
    """Name already in use."""

    code = "name_taken"


class WrongPasswordError(ResponderError):
    """Wrong current password."""

    code = "wrong_password"


class WeakPasswordError(ResponderError, ValueError):
    """New password too weak; see `reason`."""

    code = "weak_password"


class LastCoordinatorError(ResponderError):
    """Last coordinator of the circle; the circle must keep one."""

    code = "last_coordinator"


class InvitationRefusedError(ResponderError):
    """Invitation unknown, used, withdrawn or expired."""

    code = "invitation_refused"


class EditConflictError(ResponderError):
    """Edit conflict: changed since it was read, see `by`. Nothing was changed."""

    code = "edit_conflict"


class AlreadyMemberError(ResponderError):
    """Account already belongs to the circle."""

    code = "already_member"


class BusyError(ResponderError):
    """Service busy; nothing was changed. Retry later."""

    code = "busy"


class OffDutyError(ResponderError):
    """Unit neither on duty nor on an alert; its position is not shared."""

    code = "off_duty"


class CodeRefusedError(ResponderError):
    """Code wrong or expired, or too many wrong codes; have another one sent."""

    code = "code_refused"


class AnswerLinkRefusedError(ResponderError):
    """Link unknown, used or expired."""

    code = "answer_link_refused"
