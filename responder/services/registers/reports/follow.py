"""What residents and the public read of reports: what became of one, by its code, and of all of a circle."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from responder.domain.errors import NotFoundError
from responder.domain.ids import CircleId, ReportId
from responder.domain.map.circle import Circle
from responder.domain.registers.report import (
    DismissalReason,
    ReportKind,
    ReportProgress,
    ReportState,
    progress_of,
    typed_code,
)
from responder.ports import Database, Transaction
from responder.ports.photos import Photo
from responder.ports.registers.reports import FollowedReport
from responder.services.incidents.catalogue import catalogue_of
from responder.services.registers.reports.send_report import link_of
from responder.services.security_context import as_system

MOST_ECHOES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStatus:
    """What became of one report, for who has its code."""

    code: str
    kind: ReportKind
    place: str
    place_en: str
    month: str
    progress: ReportProgress
    reason: DismissalReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """One accepted report as everyone may read it."""

    id: ReportId
    kind: ReportKind
    place: str
    """A building or a lane, never a position."""
    place_en: str
    month: str
    """Such as 2026-03: no day, since that may tell who it was."""
    progress: ReportProgress
    text: str
    """Empty unless staff show it."""
    has_photo: bool
    """True only if staff show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleEchoes:
    """What residents of a circle reported and what became of it."""

    circle: Circle
    counts: Mapping[ReportProgress, int]
    echoes: tuple[Echo, ...]
    """The last ones; `counts` are of all."""


async def look_up(database: Database, *, code: str) -> ReportStatus:
    """
    Return what became of the report with this code.

    Raises
    ------
    NotFoundError
        There is none.
    """
    wanted = typed_code(code)
    if wanted is None:
        raise NotFoundError
    with as_system():
        async with database.snapshot() as transaction:
            found = await transaction.reports.by_code(wanted)
            if found is None:
                raise NotFoundError
            zone = await _zone(transaction, found.report.circle_id)
    report = found.report
    return ReportStatus(
        code=report.code,
        kind=report.kind,
        place=report.place,
        place_en=report.place_en,
        month=_month(report.reported_at, zone),
        progress=progress_of(report.state, found.hazard_state),
        reason=report.reason,
    )


async def show_echoes(database: Database, *, token: str) -> CircleEchoes:
    """
    Return what the public reads of a circle: nothing that staff have not accepted.

    Raises
    ------
    NotFoundError
        The link is unknown or closed.
    """
    link = await link_of(database, token)
    with as_system(link.circle_id):
        async with database.snapshot() as transaction:
            circle = await transaction.circles.get(link.circle_id)
            zone = await _zone(transaction, link.circle_id)
            accepted = await transaction.reports.accepted(link.circle_id, limit=MOST_ECHOES)
            states = await transaction.reports.accepted_counts(link.circle_id)
    counts: Counter[ReportProgress] = Counter()
    for state, n in states.items():
        counts[progress_of(ReportState.ACCEPTED, state)] += n
    return CircleEchoes(circle=circle, counts=counts, echoes=tuple(_echo(each, zone) for each in accepted))


async def public_photo(database: Database, *, token: str, report_id: ReportId) -> Photo:
    """
    Return the picture of a report that staff show.

    Raises
    ------
    NotFoundError
        The link is unknown or closed, or staff show no such picture.
    """
    link = await link_of(database, token)
    with as_system(link.circle_id):
        async with database.snapshot() as transaction:
            report = await transaction.reports.get(link.circle_id, report_id)
            if report.state is not ReportState.ACCEPTED or not report.shows_photo:
                raise NotFoundError
            photo = await transaction.reports.photo(link.circle_id, report_id)
    if photo is None:
        raise NotFoundError
    return photo


async def _zone(transaction: Transaction, circle_id: CircleId) -> ZoneInfo:
    return ZoneInfo((await catalogue_of(transaction, circle_id)).time_zone)


def _month(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m}"


def _echo(found: FollowedReport, zone: ZoneInfo) -> Echo:
    report = found.report
    return Echo(
        id=report.id,
        kind=report.kind,
        place=report.place,
        place_en=report.place_en,
        month=_month(report.reported_at, zone),
        progress=progress_of(report.state, found.hazard_state),
        text=report.text if report.shows_text else "",
        has_photo=report.shows_photo and report.has_photo,
    )
