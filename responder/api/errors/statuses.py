"""The one table from error to HTTP status."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, Final

from geo import errors as geo_errors
from geo.errors import GeoError
from responder.api.errors import refusals
from responder.domain import errors
from responder.domain.errors import ResponderError

STATUS: Final[Mapping[type[Exception], int]] = {
    errors.NotSignedInError: 401,
    errors.WrongCredentialsError: 401,
    errors.TicketRefusedError: 401,
    errors.NotAllowedError: 403,
    errors.NotARecipientError: 403,
    errors.WrongPasswordError: 403,
    errors.NotComingError: 403,
    errors.NotFoundError: 404,
    errors.InvitationRefusedError: 404,
    errors.AnswerLinkRefusedError: 404,
    errors.NoRoadNetworkError: 409,
    errors.HazardStepRefusedError: 409,
    errors.IncidentEndedError: 409,
    errors.StepDecidedError: 409,
    errors.UndoExpiredError: 409,
    errors.SimilarIncidentError: 409,
    errors.AlreadyLiftedError: 409,
    errors.AlreadyRemovedError: 409,
    errors.ExerciseRefusedError: 409,
    errors.NameTakenError: 409,
    errors.OffDutyError: 409,
    errors.LastCoordinatorError: 409,
    errors.AlreadyMemberError: 409,
    errors.EditConflictError: 409,
    errors.ProposalClosedError: 409,
    errors.DrillNotPlannedError: 409,
    errors.DrillNotReadyError: 409,
    errors.DrillNotRunningError: 409,
    errors.PdfUnavailableError: 409,
    errors.PactNotDraftError: 409,
    errors.InjectDecidedError: 409,
    errors.RollCallBegunError: 409,
    errors.NoRollCallError: 409,
    errors.RealAlertOpenError: 409,
    errors.OtherDrillRunningError: 409,
    errors.DrillWithoutDateError: 409,
    errors.DoorTakenError: 409,
    errors.RegisterFullError: 409,
    errors.ConsentNeededError: 422,
    errors.IdempotencyConflictError: 422,
    errors.CapRefusedError: 422,
    errors.SheetRefusedError: 422,
    errors.InvalidValueError: 422,
    errors.FeedbackFullError: 409,
    errors.ReportsFullError: 409,
    errors.ReportDecidedError: 409,
    errors.MomentOutsideRunError: 422,
    errors.WeakPasswordError: 422,
    errors.CodeRefusedError: 422,
    errors.TooManyAttemptsError: 429,
    errors.BusyError: 503,
    refusals.HostRefusedError: 400,
    refusals.MalformedRequestError: 400,
    refusals.OriginRefusedError: 403,
    refusals.MethodNotAllowedError: 405,
    refusals.RequestTimeoutError: 408,
    refusals.BodyTooLargeError: 413,
    refusals.InvalidRequestError: 422,
    refusals.HeadTooLargeError: 431,
    refusals.ServerError: 500,
    refusals.NotReadyError: 503,
    refusals.DiskFullError: 503,
    refusals.ReadOnlyError: 503,
    geo_errors.NoRoadNearbyError: 422,
    geo_errors.OutsideNetworkError: 422,
    geo_errors.InvalidLimitError: 422,
    geo_errors.InvalidGeometryError: 422,
    geo_errors.GeometryTooLargeError: 422,
    geo_errors.UnreadableFileError: 422,
    geo_errors.LayerNeededError: 422,
    geo_errors.ChangeFileError: 422,
    geo_errors.CutDownloadError: 422,
    geo_errors.UnknownCrsError: 422,
    geo_errors.AxisOrderNeededError: 422,
    geo_errors.InvalidCoordinatesError: 422,
    geo_errors.UnknownProfileError: 422,
    geo_errors.InvalidProfileError: 422,
}

_SAFE = (str, int, float, bool, type(None))


def status_of(error: ResponderError | GeoError) -> int:
    """Look up the status of an error by its class, or the nearest class that it inherits from."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500


def problem_of(error: ResponderError | GeoError) -> dict[str, Any]:
    """
    Describe an error as RFC 9457 does, with our stable `code`.

    `title` is English, for developers; screens choose their words by `code`.
    """
    status = status_of(error)
    words = (type(error).__doc__ or "").strip().splitlines()
    # Server errors say nothing, but for the part that fails.
    says_more = status < 500 or isinstance(error, refusals.NotReadyError)  # noqa: PLR2004
    more = _plain(_more(error)) if says_more else {}
    return {
        **more,
        "type": "about:blank",
        "title": words[0] if words else error.code,
        "status": status,
        "code": error.code,
        "detail": "" if status >= 500 or str(error) == error.code else printable(str(error)),  # noqa: PLR2004
    }


def printable(text: str) -> str:
    """Replace what UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _more(error: ResponderError | GeoError) -> dict[str, object]:
    if isinstance(error, ResponderError):
        return error.detail
    # What was found out: which figure is wrong, which coordinate systems a file could be in, its layers.
    names = ("candidates", "layers", "field")
    return {name: getattr(error, name) for name in names if hasattr(error, name)}


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON is any
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, _SAFE):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {printable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return printable(str(value))
