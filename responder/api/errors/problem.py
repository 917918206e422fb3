"""Answers of the kind `application/problem+json`, RFC 9457."""

import json
from collections.abc import Mapping
from math import ceil
from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from geo.errors import GeoError
from responder.api.errors.statuses import problem_of
from responder.domain.errors import ResponderError

MEDIA_TYPE = "application/problem+json"
UNAVAILABLE_S = 2
"""After how long something that could not be done is worth asking again."""


class FieldError(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong. `code` is stable; members that are not listed here say more about one code."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[FieldError] | None = None


def retry_after(wait_s: object) -> str:
    """Return the value of Retry-After, in whole seconds."""
    return str(max(1, ceil(float(str(wait_s)))))


def problem(error: ResponderError | GeoError, *, headers: Mapping[str, str] | None = None) -> Response:
    body: dict[str, Any] = problem_of(error)
    more = dict(headers or {})
    if body["status"] == 401:  # noqa: PLR2004 - RFC 9110 wants the challenge with a 401
        more["WWW-Authenticate"] = 'Bearer realm="responder"'
    if body["status"] == 429:  # noqa: PLR2004 - a flood shall not go on by the connections it has
        more["Connection"] = "close"
    if "retry_after_s" in body:
        more["Retry-After"] = retry_after(body["retry_after_s"])
    elif body["status"] == 503:  # noqa: PLR2004 - nothing was done, and soon it may be
        more["Retry-After"] = str(UNAVAILABLE_S)
    return Response(
        json.dumps(body, ensure_ascii=False, allow_nan=False),
        status_code=body["status"],
        media_type=MEDIA_TYPE,
        headers=more,
    )


_DESCRIPTIONS = {
    400: "The Host header names another machine, or the request is not HTTP",
    401: "Not signed in, or wrong user name or password",
    403: "The role may not do this, or the request came from a page of another origin",
    404: "There is no such thing, or it is another circle's",
    405: "Not with this method",
    408: "The request was not sent in time",
    409: "The state of things does not allow it",
    413: "The body is too large",
    422: "The request does not have the form it should",
    429: "Too many attempts; `Retry-After` says how long to wait",
    431: "The request line and the headers are too large",
    503: "The database cannot be reached or has no time at the moment; `Retry-After` says when to ask again",
}


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe for OpenAPI which errors an endpoint may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": _DESCRIPTIONS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in (400, 408, *statuses, 422, 431, 503)
    }
