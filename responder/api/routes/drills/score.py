"""How a drill came out: its score, and the report on it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.ids import DrillId
from responder.exchange.drill_report.print_pdf import Printer
from responder.exchange.drill_report.write_report import write_report
from responder.services.drills.score.load_report import load_report
from responder.services.drills.score.score_drill import DrillScore, score_drill

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"])
ReportLanguage = Annotated[Language, Query()]
_PRINTER = Printer()


@router.get("/score", responses=answers(401, 403, 404, 409))
async def scored(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> DrillScore:
    """Score the drill: objectives, times, injects and attendance, with the events that prove them."""
    return await score_drill(context.database, viewer=viewer, drill_id=drill_id, clock=context.clock)


@router.get(
    "/report.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}, "description": "HTML"}, **answers(401, 403, 404, 409)},
)
async def report(
    viewer: InCircle,
    context: ContextDep,
    drill_id: DrillId,
    *,
    language: ReportLanguage = DEFAULT_LANGUAGE,
    names: Annotated[bool, Query()] = False,
) -> Response:
    """Give the report on the drill as one HTML file; with `names` to those who may export."""
    html = await _html(viewer, context, drill_id, language=language, names=names, form="html")
    return _file(html.encode(), "text/html; charset=utf-8", f"exercise-{drill_id}-report.html")


@router.get(
    "/report.pdf",
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
    html = await _html(viewer, context, drill_id, language=language, names=names, form="pdf")
    return _file(await _PRINTER.print(html), "application/pdf", f"exercise-{drill_id}-report.pdf")


async def _html(
    viewer: InCircle, context: ContextDep, drill_id: DrillId, *, language: Language, names: bool, form: str
) -> str:
    found = await load_report(
        context.database, viewer=viewer, drill_id=drill_id, names=names, form=form, clock=context.clock
    )
    return await asyncio.to_thread(write_report, found, language=language.value, names=names)


def _file(body: bytes, media_type: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(
        body,
        media_type=media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )
