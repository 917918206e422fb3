"""Kinds of incident and warning colours, which a circle's staff may change."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag, Line, Word
from responder.api.json_body import StrictRoute
from responder.domain.incidents.cap_codes import CapCategory, CapCertainty, CapSeverity, CapUrgency
from responder.domain.incidents.catalogue import (
    AlertCatalogue,
    CountedBy,
    EmergencyNumber,
    IncidentKind,
    QuietHours,
    SeverityLevel,
    WantedCapability,
)
from responder.domain.incidents.incident import Severity
from responder.services.incidents import catalogue as service
from responder.services.incidents.catalogue import ShownCatalogue

router = APIRouter(prefix="/circles/{circle_id}/alert-catalogue", tags=["incidents"], route_class=StrictRoute)


class WantedBody(Body):
    """So many people or units with a capability."""

    capability: Word
    count: Annotated[int, Field(strict=True)]
    counted: CountedBy


class KindBody(Body):
    """A kind of incident."""

    code: Word
    name_zh: Word
    name_en: Word
    icon: Word
    severity: Severity
    categories: Annotated[tuple[CapCategory, ...], Field(max_length=len(CapCategory))]
    emergency_number: EmergencyNumber
    script_zh: tuple[Line, ...]
    script_en: tuple[Line, ...]
    wanted: tuple[WantedBody, ...] = ()
    is_offered: Flag = True

    def kind(self) -> IncidentKind:
        """Return the kind as the domain has it."""
        wanted = tuple(WantedCapability(**dict(each)) for each in self.wanted)
        return IncidentKind(**{**dict(self), "wanted": wanted})


class QuietHoursBody(Body):
    """Local hours of a day."""

    start: Word
    end: Word


class SeverityBody(Body):
    """What a colour means in terms of CAP 1.2."""

    severity: Severity
    urgency: CapUrgency
    cap_severity: CapSeverity
    certainty: CapCertainty
    quiet_hours: QuietHoursBody | None = None

    def level(self) -> SeverityLevel:
        """Return the level as the domain has it."""
        hours = None if self.quiet_hours is None else QuietHours(**dict(self.quiet_hours))
        return SeverityLevel(**{**dict(self), "quiet_hours": hours})


class CatalogueBody(Body):
    """The kinds and colours of a circle."""

    kinds: Annotated[tuple[KindBody, ...], Field(max_length=service.KINDS_AT_MOST)]
    severities: Annotated[tuple[SeverityBody, ...], Field(max_length=len(Severity))]
    time_zone: Word = "Asia/Shanghai"

    def catalogue(self) -> AlertCatalogue:
        """Return the catalogue as the domain has it."""
        return AlertCatalogue(
            kinds=tuple(each.kind() for each in self.kinds),
            severities=tuple(each.level() for each in self.severities),
            time_zone=self.time_zone,
        )


class NewCatalogue(Body):
    """The kinds and colours that the circle shall go by; null for those that are shipped."""

    catalogue: CatalogueBody | None
    expected_version: Annotated[
        Word | None,
        Field(description="The version that was seen; when another holds by now nothing is changed"),
    ] = None


@router.get("", responses=answers(401, 404))
async def shown(viewer: InCircle, context: ContextDep) -> ShownCatalogue:
    """Tell the kinds of incident and warning colours that the circle goes by."""
    return await service.show_catalogue(context.database, viewer=viewer)


@router.put("", responses=answers(401, 403, 404, 409, 413))
async def changed(viewer: InCircle, context: ContextDep, body: NewCatalogue) -> ShownCatalogue:
    """Change the circle's kinds of incident and warning colours."""
    return await service.set_catalogue(
        context.database,
        viewer=viewer,
        catalogue=None if body.catalogue is None else body.catalogue.catalogue(),
        expected_version=body.expected_version,
        clock=context.clock,
    )
