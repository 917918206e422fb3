"""Reports of residents, for staff who decide on them."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag, Line, Word
from responder.api.json_body import StrictRoute
from responder.api.picture import PICTURE_ANSWER, picture
from responder.domain.ids import BuildingId, HazardId, ReportId
from responder.domain.map.hazard import HazardGrade
from responder.domain.registers.report import (
    DismissalReason,
    Report,
    ReportKind,
    ReportProgress,
    ReportState,
    progress_of,
)
from responder.ports.registers.reports import FollowedReport
from responder.services.registers.reports import decide

router = APIRouter(prefix="/circles/{circle_id}/reports", tags=["reports"], route_class=StrictRoute)

LONGEST_PAGE: Final = 100


class SentReport(BaseModel):
    """What a resident saw, and what was decided of it. The code is the reporter's alone."""

    id: ReportId
    kind: ReportKind
    building_id: BuildingId | None
    lon: float
    lat: float
    accuracy_m: float | None
    place: str
    place_en: str
    text: str
    has_photo: bool
    reported_at: datetime
    state: ReportState
    reason: DismissalReason | None
    hazard_id: HazardId | None
    shows_text: bool
    shows_photo: bool
    decided_at: datetime | None
    decided_by_name: str

    @classmethod
    def of(cls, report: Report) -> "SentReport":
        return cls(**{name: getattr(report, name) for name in cls.model_fields})


class ListedReport(BaseModel):
    """A report in the list, with what the public reads of it."""

    report: SentReport
    progress: ReportProgress

    @classmethod
    def of(cls, found: FollowedReport) -> "ListedReport":
        progress = progress_of(found.report.state, found.hazard_state)
        return cls(report=SentReport.of(found.report), progress=progress)


class ReportPage(BaseModel):
    """Reports that wait, as they came, or those decided on, the last decided first."""

    reports: list[ListedReport]
    next: ReportId | None
    """Ask again with `before` this for the rest; null when there is none."""
    waiting: int
    """How many wait in all."""
    accepted: int
    dismissed: int


class HazardOfReportBody(Body):
    """The hazard that a report becomes; it lies where the report does."""

    kind: Word
    name: Line
    grade: HazardGrade = HazardGrade.GENERAL
    clear_width_m: Annotated[float, Field(ge=0, le=50, allow_inf_nan=False, strict=True)] | None = None
    """What of the lane stays free: 0 blocks it for all, null leaves the lane as it is."""


class ShownBody(Body):
    """What of a report everyone may read."""

    shows_text: Flag = False
    shows_photo: Flag = False


class AcceptanceBody(ShownBody):
    """A new hazard, or one that is known already."""

    hazard: HazardOfReportBody | None = None
    hazard_id: HazardId | None = None


class DismissalBody(Body):
    """Why a report becomes no hazard; the reporter reads it."""

    reason: DismissalReason


@router.get("", responses=answers(401, 403, 404))
async def listed(
    viewer: InCircle,
    context: ContextDep,
    *,
    waiting: bool = True,
    before: ReportId | None = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
) -> ReportPage:
    """List reports that wait for a decision, or those that were decided on."""
    found = await decide.list_reports(
        context.database, viewer=viewer, waiting=waiting, before=before, limit=limit
    )
    return ReportPage(
        reports=[ListedReport.of(each) for each in found.reports],
        next=found.following,
        **{state.value: found.counts.get(state, 0) for state in ReportState},
    )


@router.get("/{report_id}/photo", response_class=Response, responses=PICTURE_ANSWER)
async def photo(viewer: InCircle, context: ContextDep, report_id: ReportId) -> Response:
    """Show the picture of a report."""
    return picture(await decide.show_photo(context.database, viewer=viewer, report_id=report_id))


@router.post("/{report_id}/accept", responses=answers(401, 403, 404, 409))
async def accepted(
    viewer: InCircle, context: ContextDep, report_id: ReportId, body: AcceptanceBody
) -> SentReport:
    """Put a report into the register of hazards, once: as a new one, or beside the one it is about."""
    hazard = None if body.hazard is None else decide.HazardOfReport(**dict(body.hazard))
    found = await decide.accept_report(
        context.database,
        context.roads,
        viewer=viewer,
        report_id=report_id,
        accepted=decide.ReportAcceptance(
            hazard=hazard,
            hazard_id=body.hazard_id,
            shows_text=body.shows_text,
            shows_photo=body.shows_photo,
        ),
        clock=context.clock,
    )
    return SentReport.of(found)


@router.post("/{report_id}/dismiss", responses=answers(401, 403, 404, 409))
async def dismissed(
    viewer: InCircle, context: ContextDep, report_id: ReportId, body: DismissalBody
) -> SentReport:
    """Decide that a report becomes no hazard."""
    found = await decide.dismiss_report(
        context.database, viewer=viewer, report_id=report_id, reason=body.reason, clock=context.clock
    )
    return SentReport.of(found)


@router.put("/{report_id}/shown", responses=answers(401, 403, 404, 409))
async def made_public(
    viewer: InCircle, context: ContextDep, report_id: ReportId, body: ShownBody
) -> SentReport:
    """Say whether everyone may see text and picture of a report that was accepted."""
    found = await decide.show_publicly(
        context.database,
        viewer=viewer,
        report_id=report_id,
        text=body.shows_text,
        photo=body.shows_photo,
        clock=context.clock,
    )
    return SentReport.of(found)


@router.delete("/{report_id}/content", responses=answers(401, 403, 404))
async def content_removed(viewer: InCircle, context: ContextDep, report_id: ReportId) -> SentReport:
    """Forget text and picture of a report, such as a name or a face; the rest stays."""
    found = await decide.remove_content(
        context.database, viewer=viewer, report_id=report_id, clock=context.clock
    )
    return SentReport.of(found)
