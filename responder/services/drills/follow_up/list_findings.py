"""List findings of drills: all of them, or for dispatchers what their own partner puts right."""

from dataclasses import dataclass
from datetime import date

from responder.domain.drills.finding import Finding
from responder.domain.ids import DrillId, FindingId
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.ports.drills.findings import FindingCounts, FindingQuery
from responder.services.incidents.catalogue import local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    """Which findings to list."""

    is_open: bool | None = None
    is_overdue: bool = False
    drill_id: DrillId | None = None
    for_drill: DrillId | None = None
    """Those of the place of this drill, within 100 m, or of a drill from the same template."""
    before: FindingId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFindings:
    """A page of findings, and how many are open in all."""

    findings: tuple[Finding, ...]
    following: FindingId | None
    """Where the next page begins."""
    counts: FindingCounts
    """Of all that the viewer may see, whatever was filtered."""
    today: date
    """In the circle's time zone."""


async def list_findings(
    database: Database, *, viewer: Viewer, wanted: FindingFilter, limit: int, clock: Clock
) -> FoundFindings:
    """
    Return a page of findings, the last created first.

    Raises
    ------
    NotAllowedError
        The role may not see findings.
    NotFoundError
        There is no drill or finding of these ids.
    """
    viewer.must(Action.SEE_FINDINGS)
    circle_id = viewer.circle_id
    owner_id = None if viewer.may(Action.SEE_DRILL_PLAN) else viewer.partner_id
    async with database.snapshot() as transaction:
        today = await local_date(transaction, circle_id, moment(clock))
        if owner_id is None and not viewer.may(Action.SEE_DRILL_PLAN):
            return FoundFindings(findings=(), following=None, counts=FindingCounts(0, 0), today=today)
        for drill_id in (wanted.drill_id, wanted.for_drill):
            if drill_id is not None:
                await transaction.drills.get(circle_id, drill_id)
        query = FindingQuery(
            owner_id=owner_id,
            is_open=True if wanted.is_overdue else wanted.is_open,
            due_before=today if wanted.is_overdue else None,
            drill_id=wanted.drill_id,
            for_drill=wanted.for_drill,
            before=wanted.before,
            limit=limit + 1,
        )
        found = await transaction.findings.search(circle_id, query)
        counts = await transaction.findings.counts(circle_id, owner_id=owner_id, today=today)
    page = found[:limit]
    following = page[-1].id if len(found) > limit else None
    return FoundFindings(findings=page, following=following, counts=counts, today=today)
