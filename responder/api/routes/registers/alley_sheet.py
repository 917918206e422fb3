"""The alley sheet: one page of paper for a circle or a building."""

import asyncio
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from responder.api.attachment import attachment
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.printer import PRINTER
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.ids import BuildingId
from responder.domain.registers.sheet_frame import Paper
from responder.exchange.alley_sheet.words import WORDS
from responder.exchange.alley_sheet.write_sheet import write_alley_sheet
from responder.services.registers.load_alley_sheet import AlleySheet, load_alley_sheet

router = APIRouter(prefix="/circles/{circle_id}", tags=["registers"])
_MOST_OF_NAME: Final = 40
"""Letters of a name in that of a file."""


@router.get(
    "/alley-sheet.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "PDF"},
        **answers(401, 403, 404, 409, 429, 503),
    },
)
async def alley_sheet(
    viewer: InCircle,
    context: ContextDep,
    *,
    building: Annotated[BuildingId | None, Query(description="Whose sheet; of the circle without")] = None,
    paper: Annotated[Paper, Query()] = Paper.A4,
    language: Annotated[Language, Query()] = DEFAULT_LANGUAGE,
) -> Response:
    """Print the alley sheet; with telephones of people for those who may see them."""
    context.sheets.begin(viewer.account_id, viewer.origin.address)
    sheet = await load_alley_sheet(
        context.database,
        context.roads,
        viewer=viewer,
        building_id=building,
        paper=paper,
        page_url=context.page_url,
        clock=context.clock,
    )
    in_english = language is Language.EN
    html = await asyncio.to_thread(write_alley_sheet, sheet, in_english=in_english)
    pdf = await PRINTER.print(html, is_strict=True)
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": _named(sheet, in_english=in_english), "Cache-Control": "no-store"},
    )


def _named(sheet: AlleySheet, *, in_english: bool) -> str:
    of = sheet.building or sheet.circle
    name = (of.name_en if in_english else "") or of.name
    day = sheet.made_at.astimezone(ZoneInfo(sheet.time_zone)).strftime("%Y-%m-%d")
    title = WORDS["title"][in_english]
    return attachment(f"{name[:_MOST_OF_NAME]} {title} {day}", "pdf", ascii_name=f"alley-sheet-{day}")
