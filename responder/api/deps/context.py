"""What the endpoints work with: values joined in `app.py`, handed to each request."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, Request

from responder.api.live_address import LiveAddress
from responder.ports import Clock, Database, Roads
from responder.ports.channels import PushKeys
from responder.ports.next_channel import NextChannel
from responder.security.alert_priority import AlertPriority
from responder.security.login_throttle import LoginThrottle
from responder.security.rate_limit import RateLimiter
from responder.services.drills.rehearsal.room import RehearsalRoom
from responder.services.ladder.next_channel import by_next_channel
from responder.services.reach.job_queue import JobQueue
from responder.services.registers.facilities.nearest import NearestAnswers

FILES_AT_ONCE: Final = 2
PICTURES_AT_ONCE: Final = 1
ALERTS_PER_MINUTE: Final = 60
"""By one account: more than a person raises in any emergency."""
IMPORTS_PER_MINUTE: Final = 60
SHEETS_PER_MINUTE: Final = 6
"""Printed for one account: each takes a core for two seconds, and others wait meanwhile."""
ANSWERS_PER_MINUTE: Final = 30
"""By one link."""
ANSWER_ADDRESS_TIMES: Final = 40
"""By one address: a hospital or a network of telephones may answer at once; guesses are hopeless anyway."""


def answer_pace() -> RateLimiter:
    """Return how fast links are looked at and answered."""
    return RateLimiter(ANSWERS_PER_MINUTE, address_times=ANSWER_ADDRESS_TIMES)


FEEDBACK_PER_MINUTE: Final = 120
"""By one address: a whole assembly point may share one."""
FEEDBACK_LINK_TIMES: Final = 5
"""By one link."""


def feedback_pace() -> RateLimiter:
    """Return how fast participants say what they think of a drill; begun by address, then by link."""
    return RateLimiter(FEEDBACK_PER_MINUTE, address_times=FEEDBACK_LINK_TIMES)


REPORTS_PER_MINUTE: Final = 20
"""Of residents, by one address: a neighbourhood may share one."""
REPORT_LINK_TIMES: Final = 3
"""By one link: more in a minute than a circle's residents ever see at once."""
REPORT_VIEWS_PER_MINUTE: Final = 120
REPORT_VIEW_LINK_TIMES: Final = 5
CODES_PER_MINUTE: Final = 20
"""Looked up from one address."""
ALL_CODES_TIMES: Final = 15
"""Looked up by all together: of 10,000 reports one is guessed in seven thousand years."""


def report_pace() -> RateLimiter:
    """Return how fast residents report; begun by address, then by link."""
    return RateLimiter(REPORTS_PER_MINUTE, address_times=REPORT_LINK_TIMES)


def report_view_pace() -> RateLimiter:
    """Return how fast the pages of a link are looked at."""
    return RateLimiter(REPORT_VIEWS_PER_MINUTE, address_times=REPORT_VIEW_LINK_TIMES)


def report_code_pace() -> RateLimiter:
    """Return how fast codes of reports are tried."""
    return RateLimiter(CODES_PER_MINUTE, address_times=ALL_CODES_TIMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """Everything that an endpoint may need."""

    database: Database
    roads: Roads
    clock: Clock
    live: LiveAddress
    origins: frozenset[str]
    """Origins that a browser may act from."""
    page_dir: Path
    """Of the page as it is served."""
    version: str
    page_url: str = "http://localhost/"
    """Address of the page to tell people, with / at its end."""
    prepared: asyncio.Event | None = None
    """Set once the roads of the circles are in memory; None when the process does not warm up."""
    priority: AlertPriority = field(default_factory=AlertPriority)
    attempts: LoginThrottle = field(default_factory=LoginThrottle)
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FILES_AT_ONCE))
    """Places for files being read: each may take a core for seconds."""
    alerts: RateLimiter = field(default_factory=lambda: RateLimiter(ALERTS_PER_MINUTE))
    updates: RateLimiter = field(default_factory=lambda: RateLimiter(ALERTS_PER_MINUTE))
    """What tells all recipients of an alert something. Counted apart: raising one is never held up by it."""
    imports: RateLimiter = field(default_factory=lambda: RateLimiter(IMPORTS_PER_MINUTE))
    sheets: RateLimiter = field(default_factory=lambda: RateLimiter(SHEETS_PER_MINUTE))
    answers: RateLimiter = field(default_factory=answer_pace)
    feedback: RateLimiter = field(default_factory=feedback_pace)
    reports: RateLimiter = field(default_factory=report_pace)
    report_views: RateLimiter = field(default_factory=report_view_pace)
    report_codes: RateLimiter = field(default_factory=report_code_pace)
    pictures: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PICTURES_AT_ONCE))
    """Places for pictures of residents that are drawn again."""
    push_keys: PushKeys | None = None
    """Makes keys for Web Push; None where it is not offered."""
    next_channel: NextChannel = by_next_channel
    """By which people are told who have not answered."""
    jobs: JobQueue = field(default_factory=JobQueue)
    """Where computations that take long wait for their turn."""
    nearest: NearestAnswers = field(default_factory=NearestAnswers)
    """What is near a scene, for all who ask it."""
    rehearsals: RehearsalRoom = field(default_factory=RehearsalRoom)
    """Where drills are rehearsed, one at a time."""


async def _parts(request: Request) -> AppContext:
    found: AppContext = request.app.state.context
    return found


ContextDep = Annotated[AppContext, Depends(_parts)]
