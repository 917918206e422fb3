"""JSON as strictly as RFC 8259 and I-JSON (RFC 7493) have it, so that nothing odd gets to a service."""

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from responder.api.field_types import UNFIT

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
TOO_DEEP = f"nested deeper than {MAX_DEPTH}"


def parse(body: bytes) -> Any:  # noqa: ANN401 - JSON is any
    """
    Parse JSON.

    Raises
    ------
    json.JSONDecodeError
        It is not JSON, or has something in it that parsers read differently: NaN, a name twice,
        a number too large to be exact, NUL or half a surrogate pair, or nesting deeper than 32.
    """
    try:
        parsed = json.loads(
            body.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_exact,
            object_pairs_hook=_once_each,
        )
        _require_fit(parsed)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise json.JSONDecodeError(TOO_DEEP, "", 0) from None
    except ValueError as error:
        raise json.JSONDecodeError(str(error), "", 0) from None
    return parsed


class StrictRequest(Request):
    """A request whose JSON is parsed strictly."""

    async def json(self) -> Any:  # noqa: ANN401 - JSON is any
        """Parse the body, once."""
        if not hasattr(self, "_json"):
            self._json = parse(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A route whose endpoint gets a `StrictRequest`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


def _refuse_constant(name: str) -> None:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        message = "a number is too large"
        raise ValueError(message)
    return value


def _exact(digits: str) -> int:
    # Longer than any exact integer: not worth the effort of converting.
    if len(digits) > len(str(MAX_INTEGER)) + 1 or abs(value := int(digits)) > MAX_INTEGER:
        message = "an integer is too large"
        raise ValueError(message)
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name occurs twice in one object"
        raise ValueError(message)
    return found


def _require_fit(parsed: object) -> None:
    level = _holders([parsed])
    for _ in range(MAX_DEPTH):
        level = [inner for holder in level for inner in _holders(holder)]
        if not level:
            return
    raise ValueError(TOO_DEEP)


def _holders(holder: dict[str, Any] | list[Any]) -> list[dict[str, Any] | list[Any]]:
    """Return the objects and arrays one level down, after checking the texts."""
    items = [*holder, *holder.values()] if isinstance(holder, dict) else holder
    for item in items:
        if isinstance(item, str) and UNFIT.search(item):
            message = "text with NUL or half a surrogate pair"
            raise ValueError(message)
    return [item for item in items if isinstance(item, dict | list)]
