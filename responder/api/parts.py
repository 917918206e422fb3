"""What the endpoints work with: values joined in `app.py`, handed to each request."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from responder.api.attempts import Attempts
from responder.api.live_address import LiveAddress
from responder.services.ports import Clock, Database, Roads


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that an endpoint may need."""

    database: Database
    roads: Roads
    clock: Clock
    live: LiveAddress
    origins: frozenset[str]
    """Origins that a browser may act from."""
    static_dir: Path
    version: str
    attempts: Attempts


def _parts(request: Request) -> Parts:
    found: Parts = request.app.state.parts
    return found


WithParts = Annotated[Parts, Depends(_parts)]
