"""The sheets of a drill's evaluators."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response

from responder.api.attachment import attachment
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.printer import PRINTER
from responder.api.routes.drills.score import MOST_OF_NAME, ReportLanguage
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.ids import DrillId
from responder.exchange.drill_report.evaluation_sheet import write_sheets
from responder.exchange.drill_report.words import WORDS
from responder.services.drills.score.load_sheet import EvaluationSheets, load_sheets

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"])


@router.get(
    "/evaluation-sheet.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}, "description": "HTML"}, **answers(401, 403, 404)},
)
async def page(
    viewer: InCircle,
    context: ContextDep,
    drill_id: DrillId,
    *,
    language: ReportLanguage = DEFAULT_LANGUAGE,
    names: Annotated[bool, Query()] = False,
) -> Response:
    """Give the sheets as one HTML file: blank before the run, after it with what evaluators judged."""
    found, html = await _written(viewer, context, drill_id, language=language, names=names, form="html")
    return _file(html.encode(), "text/html; charset=utf-8", found, "html", language=language)


@router.get(
    "/evaluation-sheet.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "PDF"},
        **answers(401, 403, 404, 409, 503),
    },
)
async def printed(
    viewer: InCircle,
    context: ContextDep,
    drill_id: DrillId,
    *,
    language: ReportLanguage = DEFAULT_LANGUAGE,
    names: Annotated[bool, Query()] = False,
) -> Response:
    """Give the same as a PDF, where the server can print one."""
    found, html = await _written(viewer, context, drill_id, language=language, names=names, form="pdf")
    return _file(await PRINTER.print(html), "application/pdf", found, "pdf", language=language)


async def _written(
    viewer: InCircle, context: ContextDep, drill_id: DrillId, *, language: Language, names: bool, form: str
) -> tuple[EvaluationSheets, str]:
    found = await load_sheets(
        context.database, viewer=viewer, drill_id=drill_id, names=names, form=form, clock=context.clock
    )
    return found, await asyncio.to_thread(write_sheets, found, language=language.value, names=names)


def _file(
    body: bytes, media_type: str, sheets: EvaluationSheets, ending: str, *, language: Language
) -> Response:
    title = WORDS["sheet_title"][language is Language.EN]
    name = f"【演练】{sheets.drill.plan.name[:MOST_OF_NAME]} {title}"
    return Response(
        body,
        media_type=media_type,
        headers={
            "Content-Disposition": attachment(name, ending, ascii_name="exercise-evaluation-sheet"),
            "Cache-Control": "no-store",
        },
    )
