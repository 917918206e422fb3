"""Repository of reports of residents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from responder.domain.ids import BuildingId, CircleId, ReportId
from responder.domain.map.hazard import HazardState
from responder.domain.registers.report import Report, ReportLink, ReportState
from responder.ports.photos import Photo


class BuildingChoice(NamedTuple):
    """A building that a resident can choose."""

    id: BuildingId
    name: str
    name_en: str


class FollowedReport(NamedTuple):
    """A report, and how far its hazard has been put right."""

    report: Report
    hazard_state: HazardState | None
    """None when there is no such hazard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """Which reports to list."""

    state: ReportState | None = None
    """None for all that were decided on."""
    before: ReportId | None = None
    """Only what comes after this one: the next page."""
    limit: int


class Reports(Protocol):
    """What residents report, and the links by which they do."""

    async def put_link(self, link: ReportLink) -> None:
        """Keep the link in the place of the one that the circle may have had."""
        ...

    async def delete_link(self, circle_id: CircleId) -> bool:
        """Forget the link of a circle; tell whether there was one."""
        ...

    async def link(self, circle_id: CircleId) -> ReportLink | None:
        """Return the link of a circle; None when none is open."""
        ...

    async def by_token(self, token: str, *, lock: bool = False) -> ReportLink | None:
        """Return the link with this token, of any circle; with `lock` one transaction at a time has it."""
        ...

    async def buildings(self, circle_id: CircleId, *, limit: int) -> tuple[BuildingChoice, ...]:
        """Return buildings with a name, by name as people count."""
        ...

    async def add(self, report: Report, photo: Photo | None, *, most_waiting: int) -> str | None:
        """
        Keep a report once and return its code; None if `most_waiting` others wait already.

        Of what was sent before, the code of then is returned. The link is locked, so that reports are
        counted one after the other.
        """
        ...

    async def get(self, circle_id: CircleId, report_id: ReportId) -> Report:
        """Return the report, or raise NotFoundError."""
        ...

    async def by_code(self, code: str) -> FollowedReport | None:
        """Return the report with this code, of any circle."""
        ...

    async def search(self, circle_id: CircleId, query: ReportQuery) -> tuple[FollowedReport, ...]:
        """Return a page: those that wait as they came, others the last decided first."""
        ...

    async def counts(self, circle_id: CircleId) -> Mapping[ReportState, int]:
        """Count the reports of a circle by state."""
        ...

    async def accepted(self, circle_id: CircleId, *, limit: int) -> tuple[FollowedReport, ...]:
        """Return accepted reports whose hazard is on the register, the last reported first."""
        ...

    async def accepted_counts(self, circle_id: CircleId) -> Mapping[HazardState, int]:
        """Count accepted reports by the state of their hazard."""
        ...

    async def put_decision(self, report: Report) -> None:
        """Keep what was decided of a report, by whom, and what the public may see of it."""
        ...

    async def photo(self, circle_id: CircleId, report_id: ReportId) -> Photo | None:
        """Return the picture of a report."""
        ...

    async def clear_content(self, circle_id: CircleId, report_id: ReportId) -> None:
        """Forget text and picture of a report."""
        ...

    async def forget(
        self, *, dismissed_before: datetime, accepted_before: datetime, decided_before: datetime
    ) -> int:
        """
        Forget what is kept no longer, in all circles, and return of how many reports.

        Text and picture of what was dismissed or accepted before a time, and whole reports that were decided
        on before another.
        """
        ...
