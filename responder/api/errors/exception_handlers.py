"""Turn whatever an endpoint raises into a problem answer."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from geo.errors import GeoError
from responder.api.errors.problem import problem
from responder.api.errors.refusals import (
    DiskFullError,
    InvalidRequestError,
    MethodNotAllowedError,
    NotReadyError,
    ReadOnlyError,
    ServerError,
)
from responder.api.errors.statuses import printable
from responder.domain.errors import BusyError, NotFoundError, ResponderError
from responder.ports import DatabaseAwayError
from responder.ports.database import DatabaseImpairedError, Impairment, StatementAbortedError

_log = logging.getLogger(__name__)
_METHOD_NOT_ALLOWED = 405
_NOT_FOUND = 404
_MOST_ERRORS = 20


def install(api: FastAPI) -> None:
    """Have every error answered in one form."""
    api.add_exception_handler(ResponderError, _known)
    api.add_exception_handler(GeoError, _known)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _by_framework)
    api.add_exception_handler(DatabaseAwayError, _away)
    api.add_exception_handler(ClientDisconnect, _gone)
    api.add_exception_handler(Exception, _unknown)


async def _known(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ResponderError | GeoError)  # noqa: S101 - installed for nothing else
    return problem(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - installed for nothing else
    return problem(InvalidRequestError(errors=field_errors(error.errors())))


async def _by_framework(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - installed for nothing else
    if error.status_code == _NOT_FOUND:
        return problem(NotFoundError())
    if error.status_code == _METHOD_NOT_ALLOWED:
        return problem(MethodNotAllowedError(), headers=error.headers)
    return problem(InvalidRequestError(printable(str(error.detail))))


async def _gone(_request: Request, _error: Exception) -> Response:
    # It is not sent: the client has left, or the server has answered that it took too long.
    return problem(InvalidRequestError("the body ended early"))


async def _away(_request: Request, error: Exception) -> Response:
    # The store has said so in the log, once.
    return problem(unavailable(error))


def unavailable(error: BaseException) -> ResponderError:
    """Return what is answered while the database is away, or cannot do all of its work."""
    if not isinstance(error, DatabaseImpairedError):
        return NotReadyError(part="database")
    match error.impairment:
        case Impairment.DISK:
            return DiskFullError(part="disk")
        case Impairment.READ_ONLY:
            return ReadOnlyError(part="read_only")
        case Impairment.MEMORY | Impairment.CONNECTIONS:
            return BusyError()


async def _unknown(request: Request, error: Exception) -> Response:
    # The server that runs us logs the rest. Of the address the form alone: there are tokens in some.
    path = getattr(request.scope.get("route"), "path", request.scope["path"])
    _log.error("%s %s failed: %r", request.method, path, error)
    was_aborted = isinstance(error, StatementAbortedError)
    return problem(NotReadyError(part="database") if was_aborted else ServerError())


def field_errors(found: Sequence[Any]) -> list[dict[str, str]]:
    """Say which fields are wrong and why, without repeating what was sent."""
    return [
        {
            "field": printable(".".join(str(part) for part in item["loc"]))[:200],
            "message": printable(_message(item))[:300],
        }
        for item in found[:_MOST_ERRORS]
    ]


def _message(item: dict[str, Any]) -> str:
    if item["type"] == "json_invalid":
        return f"not valid JSON: {item.get('ctx', {}).get('error', '')}".removesuffix(": ")
    return str(item["msg"])
