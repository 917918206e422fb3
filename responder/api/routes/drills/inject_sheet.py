"""
The injects of a drill as an Excel sheet: out, and in again after a preview.

Routers are joined in the order of their names: its paths come before `injects/{number}/{deed}` of `run`.
"""

# ruff: noqa: PLC0415 - openpyxl takes most of a second to load: only who asks for a sheet waits for it

import asyncio
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import AppContext, ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Word
from responder.api.json_body import StrictRoute
from responder.api.routes.drills.drill import DrillAnswer
from responder.api.upload import received
from responder.api.workbook import WORKBOOK_BODY, XLSX_MEDIA_TYPE, SheetMessage
from responder.domain.audit import AuditAction
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.drills.inject_changes import ChangedInject, InjectChanges, inject_changes
from responder.domain.drills.plan import DrillPlan
from responder.domain.errors import SheetRefusedError
from responder.domain.ids import DrillId
from responder.domain.people.access import Viewer
from responder.services.drills.drills import change_drill
from responder.services.drills.exchange import DrillForSheet, check_injects, drill_for_sheet

if TYPE_CHECKING:
    from pathlib import Path

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"], route_class=StrictRoute)


class SheetOptions(BaseModel):
    """What is said of the plan that the sheet is for."""

    model_config = ConfigDict(extra="forbid")

    expected_version: Annotated[
        Word | None,
        Field(description="The version that was seen; when another holds by now nothing is changed"),
    ] = None


class InjectPreview(BaseModel):
    """What would come of a sheet. With errors nothing would change."""

    messages: list[SheetMessage]
    importable: bool
    """False when there is an error."""
    added: tuple[int, ...]
    """Numbers of injects."""
    changed: tuple[ChangedInject, ...]
    removed: tuple[int, ...]
    unchanged: int
    """How many injects stay as they are."""
    version: str
    """Of the plan that the sheet was compared with; to be sent as `expected_version`."""


class InjectsImported(BaseModel):
    """The drill with the injects of the sheet, and what should be known of them."""

    drill: DrillAnswer
    messages: list[SheetMessage]


@router.get(
    "/injects.xlsx",
    response_class=Response,
    responses={200: {"content": {XLSX_MEDIA_TYPE: {}}, "description": "Excel"}, **answers(401, 403, 404)},
)
async def sheet(
    viewer: InCircle,
    context: ContextDep,
    drill_id: DrillId,
    *,
    language: Annotated[Language, Query()] = DEFAULT_LANGUAGE,
) -> Response:
    """Give the injects as an Excel workbook that can be imported again; a second sheet explains it."""
    found = await drill_for_sheet(context.database, viewer=viewer, drill_id=drill_id)
    async with context.reading:
        body = await asyncio.to_thread(_write, found, language)
    return Response(
        body,
        media_type=XLSX_MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="exercise-{drill_id}-injects.xlsx"',
            "Cache-Control": "no-store",
        },
    )


@router.post(
    "/injects/import/preview", responses=answers(401, 403, 404, 413, 429), openapi_extra=WORKBOOK_BODY
)
async def previewed(
    viewer: InCircle, context: ContextDep, request: Request, drill_id: DrillId
) -> InjectPreview:
    """Tell row by row what would come of a sheet; nothing is written. An unreadable file is a message."""
    _, _, told = await _read(context, viewer, request, drill_id)
    return told


@router.post("/injects/import", responses=answers(401, 403, 404, 409, 413, 429), openapi_extra=WORKBOOK_BODY)
async def imported(
    viewer: InCircle,
    context: ContextDep,
    request: Request,
    drill_id: DrillId,
    said: Annotated[SheetOptions, Query()],
) -> InjectsImported:
    """
    Put the injects of a sheet in the place of the plan's, all or none.

    An inject that the plan has by the same number keeps what the sheet has no column for, and the stretch
    that it closes. `sheet_refused` comes with the `messages` of the preview.
    """
    found, plan, told = await _read(context, viewer, request, drill_id)
    if not told.importable:
        raise SheetRefusedError(messages=[each.model_dump() for each in told.messages])
    shown = await change_drill(
        context.database,
        context.roads,
        viewer=viewer,
        drill_id=drill_id,
        plan=plan,
        expected_version=said.expected_version or found.drill.version,
        action=AuditAction.DRILL_INJECTS_IMPORTED,
        clock=context.clock,
    )
    return InjectsImported(drill=DrillAnswer.of(shown), messages=told.messages)


async def _read(
    context: AppContext, viewer: Viewer, request: Request, drill_id: DrillId
) -> tuple[DrillForSheet, DrillPlan, InjectPreview]:
    found = await drill_for_sheet(context.database, viewer=viewer, drill_id=drill_id, to_change=True)
    context.imports.begin(viewer.account_id, viewer.origin.address)
    async with received(request, context) as sent:
        plan, told = await asyncio.to_thread(_understood, sent.path, found)
    return found, plan, told


def _write(found: DrillForSheet, language: Language) -> bytes:
    from responder.exchange.drill_names import PlanNames
    from responder.exchange.drill_sheet_writer import write_injects

    plan = found.drill.plan
    return write_injects(plan, PlanNames.of(plan, found.partners, found.units), language=language)


def _understood(path: "Path", found: DrillForSheet) -> tuple[DrillPlan, InjectPreview]:
    from responder.exchange.drill_names import PlanNames
    from responder.exchange.drill_sheet_reader import read_injects
    from responder.exchange.drill_sheet_rules import with_rules

    before = found.drill.plan
    read = read_injects(path, before, PlanNames.of(before, found.partners, found.units))
    checked = check_injects(found, read.injects)
    read = with_rules(read, checked)
    importable = not any(each.is_error for each in read.faults)
    changes = (
        inject_changes(before.injects, checked.plan.injects)
        if importable
        else InjectChanges(added=(), changed=(), removed=(), unchanged=len(before.injects))
    )
    return checked.plan, InjectPreview(
        messages=[SheetMessage.of(each) for each in read.faults],
        importable=importable,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        unchanged=changes.unchanged,
        version=found.drill.version,
    )
