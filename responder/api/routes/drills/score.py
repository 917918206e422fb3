"""How a drill came out: its score, and the report on it."""

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
from responder.domain.ids import DrillId
from responder.exchange.drill_report.words import WORDS
from responder.exchange.drill_report.write_report import write_report
from responder.services.drills.score.load_report import DrillReport, load_report
from responder.services.drills.score.score_drill import DrillScore, score_drill

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"])
ReportLanguage = Annotated[Language, Query()]
MOST_OF_NAME: Final = 40
"""Letters of a drill's name in that of a file."""


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
    found = await _load(viewer, context, drill_id, names=names, form="html")
    html = await asyncio.to_thread(write_report, found, language=language.value, names=names)
    return _file(html.encode(), "text/html; charset=utf-8", found, "html", language=language)


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
    found = await _load(viewer, context, drill_id, names=names, form="pdf")
    html = await asyncio.to_thread(write_report, found, language=language.value, names=names)
    return _file(await PRINTER.print(html), "application/pdf", found, "pdf", language=language)


async def _load(
    viewer: InCircle, context: ContextDep, drill_id: DrillId, *, names: bool, form: str
) -> DrillReport:
    return await load_report(
        context.database,
        viewer=viewer,
        drill_id=drill_id,
        names=names,
        form=form,
        page_url=context.page_url,
        clock=context.clock,
    )


def _file(body: bytes, media_type: str, report: DrillReport, ending: str, *, language: Language) -> Response:
    score = report.scored.score
    day = score.started_at.astimezone(ZoneInfo(report.time_zone)).strftime("%Y-%m-%d")
    title = WORDS["title"][language is Language.EN]
    disposition = attachment(
        f"【演练】{score.name[:MOST_OF_NAME]} {day} {title}", ending, ascii_name=f"exercise-report-{day}"
    )
    return Response(
        body,
        media_type=media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )
