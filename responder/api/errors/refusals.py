"""What only HTTP can refuse; what else can go wrong is in `domain/errors.py` and `geo/errors.py`."""

from responder.domain.errors import ResponderError


class InvalidRequestError(ResponderError):
    """The request does not have the form it should; `errors` names the fields."""

    code = "invalid_request"


class MalformedRequestError(ResponderError):
    """The request is not HTTP/1.1."""

    code = "malformed_request"


class RequestTimeoutError(ResponderError):
    """The request was not sent in time."""

    code = "request_timeout"


class HeadTooLargeError(ResponderError):
    """The request line and the headers are larger than is accepted."""

    code = "head_too_large"


class BodyTooLargeError(ResponderError):
    """The body is larger than is accepted here."""

    code = "body_too_large"


class HostRefusedError(ResponderError):
    """The Host header names a machine that this is not."""

    code = "host_refused"


class OriginRefusedError(ResponderError):
    """A browser sent this from a page of another origin."""

    code = "origin_refused"


class MethodNotAllowedError(ResponderError):
    """There is such an address, but not with this method."""

    code = "method_not_allowed"


class ServerError(ResponderError):
    """Something broke on our side; it has been logged and nothing was half-written."""

    code = "server_error"


class NotReadyError(ResponderError):
    """The database cannot be reached at the moment."""

    code = "not_ready"


class DiskFullError(NotReadyError):
    """The database has no room to store anything; reading goes on."""

    code = "disk_full"


class ReadOnlyError(NotReadyError):
    """The database lets nobody write: it is a standby, or was told so."""

    code = "database_read_only"
