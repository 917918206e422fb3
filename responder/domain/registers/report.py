"""Reports of residents: what they saw, told by a QR code and without an account, and what became of it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from responder.domain.ids import AccountId, BuildingId, CircleId, HazardId, ReportId
from responder.domain.map.hazard import HazardState

MOST_WAITING: Final = 200
"""Reports of one circle that no one has decided on."""
TEXT_LENGTH: Final = 200
CODE_LENGTH: Final = 10
"""Letters of 5 bits each: of 10,000 codes one is met in 10¹¹ guesses."""
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a digit, and no U."""
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
DISMISSED_KEPT: Final = timedelta(days=30)
"""Text and picture of a report that was dismissed."""
CONTENT_KEPT: Final = timedelta(days=365)
"""Text and picture of a report that was accepted, since that."""
REPORTS_KEPT: Final = timedelta(days=730)
"""Everything else of a report that was decided on."""


class ReportKind(StrEnum):
    """What residents may report."""

    BLOCKED_LANE = "blocked_lane"
    EBIKE_CHARGING = "ebike_charging"
    CLUTTER = "clutter"
    WIRING = "wiring"
    OTHER = "other"


class ReportState(StrEnum):
    """Whether staff have decided on a report."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    """It is a hazard of the register."""
    DISMISSED = "dismissed"


class DismissalReason(StrEnum):
    """Why a report became no hazard; the reporter reads it."""

    UNCLEAR = "unclear"
    GONE = "gone"
    NO_HAZARD = "no_hazard"
    ELSEWHERE = "elsewhere"
    NOT_OURS = "not_ours"
    MISUSE = "misuse"


class ReportProgress(StrEnum):
    """What became of a report, as its reporter and the public read it."""

    WAITING = "waiting"
    DISMISSED = "dismissed"
    RECEIVED = "received"
    MENDING = "mending"
    MENDED = "mended"
    REMOVED = "removed"
    """Its hazard is not on the register any more."""


_PROGRESS: Final[Mapping[HazardState, ReportProgress]] = {
    HazardState.SEEN: ReportProgress.RECEIVED,
    HazardState.ASSIGNED: ReportProgress.MENDING,
    HazardState.MENDING: ReportProgress.MENDING,
    HazardState.MENDED: ReportProgress.MENDED,
    HazardState.VERIFIED: ReportProgress.MENDED,
    HazardState.CLOSED: ReportProgress.MENDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLink:
    """The link under which the residents of a circle report, while it is open."""

    circle_id: CircleId
    token: str
    """Unguessable. It is printed for everyone, so that it is kept as it is."""
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a resident saw; not who, and not from which device."""

    id: ReportId
    """Made from the id of the form, so that what is sent twice is kept once."""
    circle_id: CircleId
    code: str
    """By which the reporter looks up what became of it."""
    kind: ReportKind
    building_id: BuildingId | None
    """Chosen from the list; None when the phone said where."""
    lon: float
    lat: float
    """WGS 84; of a building, a point inside."""
    accuracy_m: float | None = None
    place: str = ""
    """The building or the lane, which is all that the public reads of the place."""
    place_en: str = ""
    text: str = ""
    has_photo: bool = False
    reported_at: datetime
    state: ReportState = ReportState.WAITING
    reason: DismissalReason | None = None
    hazard_id: HazardId | None = None
    shows_text: bool = False
    """The public may read the text."""
    shows_photo: bool = False
    decided_at: datetime | None = None
    decided_by: AccountId | None = None
    decided_by_name: str = ""


def new_code() -> str:
    """Return a code that cannot be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))


def typed_code(typed: str) -> str | None:
    """
    Return the code that a person typed; None when it can be none.

    >>> typed_code("olab3-45678")
    '01AB345678'
    >>> typed_code("0U00000000") is None
    True
    """
    code = typed.strip().upper().translate(_READ_AS)
    return code if len(code) == CODE_LENGTH and set(code) <= set(_ALPHABET) else None


def written_code(code: str) -> str:
    """
    Return a code as it is read.

    >>> written_code("01AB345678")
    '01AB3-45678'
    """
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def progress_of(report_state: ReportState, hazard_state: HazardState | None) -> ReportProgress:
    """Return what became of a report; `hazard_state` is None when there is no such hazard."""
    if report_state is ReportState.WAITING:
        return ReportProgress.WAITING
    if report_state is ReportState.DISMISSED:
        return ReportProgress.DISMISSED
    return ReportProgress.REMOVED if hazard_state is None else _PROGRESS[hazard_state]
