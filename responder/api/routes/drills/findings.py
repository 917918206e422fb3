"""Findings of drills: list them, write them down, change and close them."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from responder.api.day import Day
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import (
    Body,
    Flag,
    Latitude,
    Line,
    Longitude,
    OptionalIdempotencyKey,
    ShortNote,
    Word,
)
from responder.api.json_body import StrictRoute
from responder.domain.drills.finding import Finding, FindingState
from responder.domain.ids import ClosureId, DrillId, FindingId, HazardId, ObservationId, PartnerId
from responder.domain.map.hazard import HazardGrade
from responder.services.drills.follow_up import findings
from responder.services.drills.follow_up.list_findings import FindingFilter, list_findings
from responder.services.drills.follow_up.sources import FindingHazard, FindingLinks, FindingSource

router = APIRouter(prefix="/circles/{circle_id}/findings", tags=["drills"], route_class=StrictRoute)

LONGEST_PAGE: Final = 100


class FindingAnswer(BaseModel):
    """Something to be put right."""

    id: FindingId
    text: str
    state: FindingState
    drill_id: DrillId | None
    objective: str | None
    observation_id: ObservationId | None
    owner_id: PartnerId | None
    owner_name: str
    due_on: date | None
    hazard_id: HazardId | None
    closure_id: ClosureId | None
    lon: float | None
    lat: float | None
    version: int
    created_at: datetime
    created_by_name: str
    changed_at: datetime
    changed_by_name: str
    closed_at: datetime | None
    closed_by_name: str
    note: str

    @classmethod
    def of(cls, finding: Finding) -> "FindingAnswer":
        return cls(**{name: getattr(finding, name) for name in cls.model_fields})


class FindingPage(BaseModel):
    """Findings, the last created first."""

    findings: tuple[FindingAnswer, ...]
    next: FindingId | None
    """Ask again with `before` this for the older ones; null when there are none."""
    open: int
    """How many of all that the viewer may see are not settled, whatever was filtered."""
    overdue: int
    """How many of those have passed their last day."""
    today: date
    """In the circle's time zone."""


class NewHazardBody(Body):
    """A hazard to put on the map."""

    kind: Word
    name: Line
    lon: Longitude
    lat: Latitude
    grade: HazardGrade = HazardGrade.GENERAL


class WorkBody(Body):
    """What is to be done, by whom, until when."""

    text: ShortNote
    owner_id: PartnerId | None = None
    owner_name: Line = ""
    due_on: Day | None = None

    def work(self) -> findings.FindingWork:
        return findings.FindingWork(
            text=self.text, owner_id=self.owner_id, owner_name=self.owner_name, due_on=self.due_on
        )


class LinksBody(Body):
    """What on the map a finding is about: a hazard, one that is there or a new one, and a closure."""

    hazard: NewHazardBody | None = None
    hazard_id: HazardId | None = None
    closure_id: ClosureId | None = None

    def links(self) -> FindingLinks:
        return FindingLinks(
            hazard=None if self.hazard is None else FindingHazard(**dict(self.hazard)),
            hazard_id=self.hazard_id,
            closure_id=self.closure_id,
        )


class NewFinding(LinksBody, WorkBody):
    """A finding with what it comes from; without text it takes that of its observation."""

    text: ShortNote = ""
    drill_id: DrillId | None = None
    objective: Word | None = None
    observation_id: ObservationId | None = None


class ChangedFinding(WorkBody):
    """What takes the place of what was to be done."""

    state: FindingState
    links: Annotated[LinksBody | None, Field(description="Left out: it stays about what it is about")] = None
    expected_version: Annotated[
        int | None,
        Field(ge=1, description="The version that was seen; when another holds by now nothing is changed"),
    ] = None


class Closing(Body):
    """What was done; with `drop`, why nothing will be."""

    note: ShortNote = ""
    settle: Flag = False
    """Close the hazard and lift the closures."""
    drop: Flag = False


@router.get("", responses=answers(401, 403, 404))
async def listed(
    viewer: InCircle,
    context: ContextDep,
    *,
    open: bool | None = None,  # noqa: A002 - named as in the address
    overdue: bool = False,
    drill_id: DrillId | None = None,
    for_drill: DrillId | None = None,
    before: FindingId | None = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = LONGEST_PAGE,
) -> FindingPage:
    """List findings, for dispatchers those of their partner; `for_drill`: of its place or its template."""
    wanted = FindingFilter(
        is_open=open, is_overdue=overdue, drill_id=drill_id, for_drill=for_drill, before=before
    )
    found = await list_findings(
        context.database, viewer=viewer, wanted=wanted, limit=limit, clock=context.clock
    )
    return FindingPage(
        findings=tuple(map(FindingAnswer.of, found.findings)),
        next=found.following,
        open=found.counts.open,
        overdue=found.counts.overdue,
        today=found.today,
    )


@router.post("", status_code=201, responses=answers(401, 403, 404, 409, 413))
async def created(
    viewer: InCircle,
    context: ContextDep,
    body: NewFinding,
    idempotency_key: OptionalIdempotencyKey = None,
) -> FindingAnswer:
    """Write a finding down, from a drill, an observation or alone; with `hazard` it is put on the map too."""
    finding = await findings.create_finding(
        context.database,
        context.roads,
        viewer=viewer,
        work=body.work(),
        source=FindingSource(
            drill_id=body.drill_id,
            objective=body.objective,
            observation_id=body.observation_id,
            links=body.links(),
        ),
        idempotency_key=idempotency_key,
        clock=context.clock,
    )
    return FindingAnswer.of(finding)


@router.put("/{finding_id}", responses=answers(401, 403, 404, 409, 413))
async def changed(
    viewer: InCircle, context: ContextDep, finding_id: FindingId, body: ChangedFinding
) -> FindingAnswer:
    """Change a finding; one that is settled is open again."""
    finding = await findings.change_finding(
        context.database,
        context.roads,
        viewer=viewer,
        finding_id=finding_id,
        work=body.work(),
        state=body.state,
        links=None if body.links is None else body.links.links(),
        expected_version=body.expected_version,
        clock=context.clock,
    )
    return FindingAnswer.of(finding)


@router.post("/{finding_id}/close", responses=answers(401, 403, 404, 409, 413))
async def closed(
    viewer: InCircle, context: ContextDep, finding_id: FindingId, body: Closing
) -> FindingAnswer:
    """Close a finding, or drop it; with `settle` its hazard is closed and its closures are lifted."""
    finding = await findings.close_finding(
        context.database,
        context.roads,
        viewer=viewer,
        finding_id=finding_id,
        note=body.note,
        settle=body.settle,
        drop=body.drop,
        clock=context.clock,
    )
    return FindingAnswer.of(finding)
