"""Errors of HTTP alone; the others are in `domain/errors.py` and `geo/errors.py`."""

from responder.domain.errors import ResponderError


class InvalidRequestError(ResponderError):
    """Invalid request; see `errors`."""

    code = "invalid_request"


class MalformedRequestError(ResponderError):
    """Request is not HTTP/1.1."""

    code = "malformed_request"


class RequestTimeoutError(ResponderError):
    """Request not received in time."""

    code = "request_timeout"


class HeadTooLargeError(ResponderError):
    """Request line and headers too large."""

    code = "head_too_large"


class BodyTooLargeError(ResponderError):
    """Request body too large."""

    code = "body_too_large"


class HostRefusedError(ResponderError):
    """Unknown host in the Host header."""

    code = "host_refused"


class OriginRefusedError(ResponderError):
    """Request from a page of another origin."""

    code = "origin_refused"


class MethodNotAllowedError(ResponderError):
    """Method not allowed for this path."""

    code = "method_not_allowed"


class ServerError(ResponderError):
    """Internal server error; it has been logged."""

    code = "server_error"


class NotReadyError(ResponderError):
    """Database unavailable. Retry later."""

    code = "not_ready"


class DiskFullError(NotReadyError):
    """Database disk full; only reading is possible."""

    code = "disk_full"


class ReadOnlyError(NotReadyError):
    """Database read-only: a standby, or configured so."""

    code = "database_read_only"
