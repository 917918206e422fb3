"""What the endpoints work with: values joined in `app.py`, handed to each request."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, Request

from responder.api.live_address import LiveAddress
from responder.ports import Clock, Database, Roads
from responder.security.login_queue import Turns
from responder.security.login_throttle import Attempts
from responder.security.rate_limit import Pace
from responder.services.reach.job_queue import Desk

FILES_AT_ONCE: Final = 2
ALERTS_PER_MINUTE: Final = 60
"""By one account: more than anybody means to raise, whatever burns."""
IMPORTS_PER_MINUTE: Final = 60


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
    prepared: asyncio.Event | None = None
    """Set once the roads of the circles are in memory; None when nobody prepares them."""
    attempts: Attempts = field(default_factory=Attempts)
    turns: Turns = field(default_factory=Turns)
    """Whose turn it is to try to sign in."""
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FILES_AT_ONCE))
    """Places for files being read: each may take a core for seconds."""
    alerts: Pace = field(default_factory=lambda: Pace(ALERTS_PER_MINUTE))
    imports: Pace = field(default_factory=lambda: Pace(IMPORTS_PER_MINUTE))
    desk: Desk = field(default_factory=Desk)
    """Where computations that take long wait for their turn."""


async def _parts(request: Request) -> Parts:
    found: Parts = request.app.state.parts
    return found


WithParts = Annotated[Parts, Depends(_parts)]
