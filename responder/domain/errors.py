"""Errors, each with a stable code. `api/errors/statuses.py` has the status, the browser the words."""

from math import ceil
from typing import ClassVar


class ResponderError(Exception):
    """
    Something the caller should hear about.

    `detail` holds plain JSON values that help to say more, never a secret and never another circle's data.
    """

    code: ClassVar[str] = "responder_error"

    def __init__(self, message: str = "", **detail: object) -> None:
        super().__init__(message or self.code)
        self.detail = detail


class NotSignedInError(ResponderError):
    """No session, or one that has ended."""

    code = "not_signed_in"


class WrongCredentialsError(ResponderError):
    """Name and password do not belong together; which of the two is wrong is not said."""

    code = "wrong_credentials"


class TooManyAttemptsError(ResponderError):
    """Too many tries; `retry_after_s` says how long to wait."""

    code = "too_many_attempts"

    def __init__(self, *, retry_after_s: float) -> None:
        # Rounded up to a tenth: whoever waits for as long as they are told is not to come too early.
        super().__init__(retry_after_s=ceil(round(retry_after_s * 10, 6)) / 10)


class NotAllowedError(ResponderError):
    """The account is known in the circle, but its role may not do this."""

    code = "not_allowed"


class NotFoundError(ResponderError):
    """There is no such thing, or it belongs to a circle that the account may not see."""

    code = "not_found"


class NoRoadNetworkError(ResponderError):
    """The circle has no roads yet: nothing can be reached before some are imported."""

    code = "no_road_network"


class IdempotencyConflictError(ResponderError):
    """The Idempotency-Key was used before for a different request."""

    code = "idempotency_conflict"


class IncidentEndedError(ResponderError):
    """The incident has been ended by a person; nothing more can be done about it."""

    code = "incident_ended"


class NotARecipientError(ResponderError):
    """The alert was not sent to this person, so there is nothing to answer."""

    code = "not_a_recipient"


class AlreadyLiftedError(ResponderError):
    """The closure was lifted before."""

    code = "already_lifted"


class AlreadyRemovedError(ResponderError):
    """What the import brought was removed before."""

    code = "already_removed"


class InvalidValueError(ResponderError, ValueError):
    """A value may not be; `field` names it."""

    code = "invalid_value"


class ExerciseRefusedError(ResponderError):
    """An exercise may not use this channel or this start."""

    code = "exercise_refused"


class TicketRefusedError(ResponderError):
    """The live ticket is unknown, used or too old."""

    code = "ticket_refused"


class NameTakenError(ResponderError):
    """Something else already has this name."""

    code = "name_taken"


class WrongPasswordError(ResponderError):
    """The present password that somebody signed in gave is not theirs."""

    code = "wrong_password"


class WeakPasswordError(ResponderError, ValueError):
    """The new password is too short, too common or little but the user name; `reason` says which."""

    code = "weak_password"


class LastCoordinatorError(ResponderError):
    """A circle must keep somebody who coordinates it."""

    code = "last_coordinator"


class InvitationRefusedError(ResponderError):
    """The invitation is unknown, used, withdrawn or too old; which of them is not said."""

    code = "invitation_refused"


class ChangedMeanwhileError(ResponderError):
    """Somebody else changed the same thing since it was read; `by` says who. Nothing was done."""

    code = "changed_meanwhile"


class AlreadyMemberError(ResponderError):
    """The account belongs to the circle already."""

    code = "already_member"


class BusyError(ResponderError):
    """Too many want something of the database at once; nothing was done, and the same may be asked again."""

    code = "busy"


class OffDutyError(ResponderError):
    """The unit is neither on duty nor on an alert, so nobody is told where it is."""

    code = "off_duty"
