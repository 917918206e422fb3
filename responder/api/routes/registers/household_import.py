"""
Households from an Excel sheet: told first, then all or none; and an empty sheet to fill in.

Routers are joined in the order of their names: its paths come before `{household_id}` of the register.
"""

# ruff: noqa: PLC0415 - openpyxl takes most of a second to load: only who asks for a sheet waits for it

import asyncio
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Word
from responder.api.json_body import StrictRoute
from responder.api.routes.registers.household_fields import NOT_KEPT
from responder.api.upload import received
from responder.api.workbook import WORKBOOK_BODY, XLSX_MEDIA_TYPE, SheetMessage
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.errors import SheetRefusedError
from responder.domain.people.access import Action
from responder.domain.registers.household import CURRENT_PURPOSE
from responder.services.registers.households.import_sheet import SheetOutcome, import_households
from responder.services.registers.households.view import building_names

if TYPE_CHECKING:
    from pathlib import Path

    from responder.exchange.registers_households.reader import ReadHouseholds

router = APIRouter(prefix="/circles/{circle_id}/households", tags=["registers"], route_class=StrictRoute)

MOST_MESSAGES: Final = 500
MOST_NAMES: Final = 300


class HouseholdSheetOptions(BaseModel):
    """What is to become of a sheet."""

    model_config = ConfigDict(extra="forbid")

    apply: Annotated[bool, Field(description="Bring it into the register; without it only told")] = False
    expected_digest: Annotated[
        Word | None, Field(description="What the preview said; when it would be otherwise nothing is changed")
    ] = None


class SheetOutcomeAnswer(BaseModel):
    """What would come of a sheet, or has. With errors nothing changes."""

    messages: list[SheetMessage]
    importable: bool
    applied: bool
    created: tuple[int, ...]
    """Rows that are new to the register."""
    changed: tuple[int, ...]
    unchanged: int
    untouched: int
    """Households that the sheet does not name. They stay."""
    digest: str
    """Of all that would change; to be sent as `expected_digest`."""


@router.post("/sheet/import", responses=answers(401, 403, 404, 409, 413, 429), openapi_extra=WORKBOOK_BODY)
async def imported(
    viewer: InCircle,
    context: ContextDep,
    request: Request,
    response: Response,
    said: Annotated[HouseholdSheetOptions, Query()],
) -> SheetOutcomeAnswer:
    """
    Tell row by row what would come of a sheet; with `apply`, bring it in, all or nothing.

    A household is known again by building and door; nothing is removed. `sheet_refused` comes with
    `messages`: always when the file cannot be read, and for any error when it was to be applied.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    response.headers.update(NOT_KEPT)
    context.imports.begin(viewer.account_id, viewer.origin.address)
    async with received(request, context) as sent:
        read = await asyncio.to_thread(_read, sent.path)
    has_errors = any(each.is_error for each in read.faults)
    if not read.is_readable or (said.apply and has_errors):
        raise SheetRefusedError(messages=_dumped(read, SheetOutcome()))
    outcome = await import_households(
        context.database,
        viewer=viewer,
        rows=read.rows,
        apply=said.apply,
        expected_digest=said.expected_digest,
        clock=context.clock,
    )
    if said.apply and not outcome.applied:
        raise SheetRefusedError(messages=_dumped(read, outcome))
    return SheetOutcomeAnswer(
        messages=_messages(read, outcome),
        importable=not has_errors and not outcome.is_refused,
        applied=outcome.applied,
        created=outcome.created,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        untouched=outcome.untouched,
        digest=outcome.digest,
    )


@router.get(
    "/sheet.xlsx",
    response_class=Response,
    responses={200: {"content": {XLSX_MEDIA_TYPE: {}}, "description": "Excel"}, **answers(401, 403, 404)},
)
async def template(
    viewer: InCircle,
    context: ContextDep,
    *,
    language: Annotated[Language, Query()] = DEFAULT_LANGUAGE,
) -> Response:
    """Give an empty Excel workbook to fill in; a second sheet explains it. It holds no households."""
    names = await building_names(context.database, viewer=viewer)
    async with context.reading:
        body = await asyncio.to_thread(_template, names[:MOST_NAMES], language)
    return Response(
        body,
        media_type=XLSX_MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="households.xlsx"', **NOT_KEPT},
    )


def _read(path: "Path") -> "ReadHouseholds":
    from responder.exchange.registers_households.reader import read_households

    return read_households(path)


def _template(names: tuple[str, ...], language: Language) -> bytes:
    from responder.exchange.registers_households.template import write_template

    return write_template(names, language=language, purpose=CURRENT_PURPOSE)


def _messages(read: "ReadHouseholds", outcome: SheetOutcome) -> list[SheetMessage]:
    # Errors first: of a sheet with thousands of warnings not all are told.
    faults = sorted(read.with_notes(outcome.notes), key=lambda each: not each.is_error)
    return [SheetMessage.of(each) for each in faults[:MOST_MESSAGES]]


def _dumped(read: "ReadHouseholds", outcome: SheetOutcome) -> list[dict[str, object]]:
    return [each.model_dump() for each in _messages(read, outcome)]
