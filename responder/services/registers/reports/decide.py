"""Staff decide on reports of residents: a hazard, one that is known already, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geo.lonlat import LonLat
from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import InvalidValueError, NotFoundError, ReportDecidedError
from responder.domain.ids import HazardId, ReportId
from responder.domain.incidents.event import ReportsChanged
from responder.domain.map.hazard import Hazard, HazardGrade
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.hazard_life import HazardSource
from responder.domain.registers.report import DismissalReason, Report, ReportState
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.photos import Photo
from responder.ports.registers.reports import FollowedReport, ReportQuery
from responder.services.incidents.recompute import model_if_any
from responder.services.map.hazards import NewHazard, record_hazard

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

LANE_M: Final = 60.0
"""So near a place is named after a lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundReports:
    """A page of reports, and how many there are in all."""

    reports: tuple[FollowedReport, ...]
    following: ReportId | None
    counts: Mapping[ReportState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardOfReport:
    """The hazard that a report becomes; it lies where the report does."""

    kind: str
    name: str
    grade: HazardGrade = HazardGrade.GENERAL
    clear_width_m: float | None = None
    """What of the lane stays free: 0 blocks it for all, None leaves the lane as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAcceptance:
    """How a report is accepted: as a new hazard, or as one that is known."""

    hazard: HazardOfReport | None = None
    hazard_id: HazardId | None = None
    shows_text: bool = False
    shows_photo: bool = False


async def list_reports(
    database: Database, *, viewer: Viewer, waiting: bool, before: ReportId | None, limit: int
) -> FoundReports:
    """
    Return a page of reports: those that wait, as they came, or those decided on, the last decided first.

    Raises
    ------
    NotFoundError
        There is no report `before`.
    """
    viewer.must(Action.MANAGE_REPORTS)
    query = ReportQuery(state=ReportState.WAITING if waiting else None, before=before, limit=limit + 1)
    async with database.snapshot() as transaction:
        found = await transaction.reports.search(viewer.circle_id, query)
        counts = await transaction.reports.counts(viewer.circle_id)
    page = found[:limit]
    following = page[-1].report.id if len(found) > limit else None
    return FoundReports(reports=page, following=following, counts=counts)


async def show_photo(database: Database, *, viewer: Viewer, report_id: ReportId) -> Photo:
    """Return the picture of a report, or raise NotFoundError."""
    viewer.must(Action.MANAGE_REPORTS)
    async with database.snapshot() as transaction:
        photo = await transaction.reports.photo(viewer.circle_id, report_id)
    if photo is None:
        raise NotFoundError
    return photo


async def accept_report(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    report_id: ReportId,
    accepted: ReportAcceptance,
    clock: Clock,
) -> Report:
    """
    Put a report into the register of hazards, once: as a new one, or beside the one that it is about.

    Raises
    ------
    NotFoundError
        There is no such report or hazard.
    ReportDecidedError
        It was decided on before.
    InvalidValueError
        There is neither a new nor a known hazard, or both, or a field of the new one cannot be.
    OutsideNetworkError
        It is to narrow a lane and lies nowhere near the roads.
    """
    viewer.must(Action.MANAGE_REPORTS)
    now = moment(clock)
    model = await model_if_any(roads, viewer.circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        report = _in_place(await _waiting(transaction, viewer, report_id), model)
        hazard = await _hazard(transaction, roads, viewer, report, accepted, model=model, at=now)
        closed = replace(
            report,
            state=ReportState.ACCEPTED,
            hazard_id=hazard.id,
            shows_text=accepted.shows_text and bool(report.text),
            shows_photo=accepted.shows_photo and report.has_photo,
        )
        return await _decide(transaction, viewer, closed, AuditAction.REPORT_ACCEPTED, at=now)


async def dismiss_report(
    database: Database, *, viewer: Viewer, report_id: ReportId, reason: DismissalReason, clock: Clock
) -> Report:
    """
    Decide that a report becomes no hazard; the reporter reads the reason.

    Raises
    ------
    NotFoundError
        There is no such report.
    ReportDecidedError
        It was decided on before.
    """
    viewer.must(Action.MANAGE_REPORTS)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        report = await _waiting(transaction, viewer, report_id)
        closed = replace(report, state=ReportState.DISMISSED, reason=reason)
        return await _decide(transaction, viewer, closed, AuditAction.REPORT_DISMISSED, at=moment(clock))


async def show_publicly(
    database: Database, *, viewer: Viewer, report_id: ReportId, text: bool, photo: bool, clock: Clock
) -> Report:
    """
    Say whether the public may see text and picture of a report that was accepted.

    Raises
    ------
    NotFoundError
        There is no such report.
    ReportDecidedError
        It was not accepted.
    """
    viewer.must(Action.MANAGE_REPORTS)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        report = await transaction.reports.get(viewer.circle_id, report_id)
        if report.state is not ReportState.ACCEPTED:
            raise ReportDecidedError(state=report.state.value)
        changed = replace(
            report, shows_text=text and bool(report.text), shows_photo=photo and report.has_photo
        )
        await transaction.reports.put_decision(changed)
        await _tell(transaction, viewer, changed, AuditAction.REPORT_SHOWN, at=moment(clock))
        return changed


async def remove_content(database: Database, *, viewer: Viewer, report_id: ReportId, clock: Clock) -> Report:
    """
    Forget text and picture of a report, such as a name or a face; the rest stays.

    Raises
    ------
    NotFoundError
        There is no such report.
    """
    viewer.must(Action.MANAGE_REPORTS)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        report = await transaction.reports.get(viewer.circle_id, report_id)
        await transaction.reports.clear_content(viewer.circle_id, report_id)
        await _tell(transaction, viewer, report, AuditAction.REPORT_CONTENT_REMOVED, at=moment(clock))
        return await transaction.reports.get(viewer.circle_id, report_id)


async def _waiting(transaction: Transaction, viewer: Viewer, report_id: ReportId) -> Report:
    report = await transaction.reports.get(viewer.circle_id, report_id)
    if report.state is not ReportState.WAITING:
        raise ReportDecidedError(state=report.state.value)
    return report


async def _decide(
    transaction: Transaction, viewer: Viewer, report: Report, action: AuditAction, *, at: datetime
) -> Report:
    decided = replace(report, decided_at=at, decided_by=viewer.account_id, decided_by_name=viewer.name)
    await transaction.reports.put_decision(decided)
    await _tell(transaction, viewer, decided, action, at=at)
    return decided


async def _tell(
    transaction: Transaction, viewer: Viewer, report: Report, action: AuditAction, *, at: datetime
) -> None:
    act = audit_entry(viewer, action, subject=Subject(kind="report", id=report.id))
    await transaction.audit.append(viewer.circle_id, act, at=at)
    await transaction.record(viewer.circle_id, ReportsChanged(), at=at)


async def _hazard(
    transaction: Transaction,
    roads: Roads,
    viewer: Viewer,
    report: Report,
    accepted: ReportAcceptance,
    *,
    model: "ReachModel | None",
    at: datetime,
) -> Hazard:
    """Return the hazard that a report is from now on: one that is known, or a new one."""
    if accepted.hazard_id is not None and accepted.hazard is None:
        return await transaction.layer(Hazard).get(viewer.circle_id, accepted.hazard_id)
    if accepted.hazard is None or accepted.hazard_id is not None:
        message = "a report is a new hazard or a known one"
        raise InvalidValueError(message, field="hazard")
    new = _new_hazard(report, accepted.hazard)
    return await record_hazard(transaction, roads, viewer=viewer, model=model, new=new, at=at)


def _in_place(report: Report, model: "ReachModel | None") -> Report:
    """Return the report with the name of its lane where no building is near."""
    if report.place or model is None:
        return report
    road = model.road_names.nearest(LonLat(report.lon, report.lat), within_m=LANE_M)
    return report if road is None else replace(report, place=road.name)


def _new_hazard(report: Report, hazard: HazardOfReport) -> NewHazard:
    return NewHazard(
        kind=hazard.kind,
        grade=hazard.grade,
        name=hazard.name,
        geometry={"type": "Point", "coordinates": [report.lon, report.lat]},
        clear_width_m=hazard.clear_width_m,
        source=HazardSource.REPORT,
    )
