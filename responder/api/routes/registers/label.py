"""Labels of shared facilities."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response

from responder.api.attachment import attachment
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.printer import PRINTER
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.ids import FacilityId
from responder.exchange.registers_labels.write_labels import write_labels
from responder.services.registers.facilities.labels import MOST, FacilityLabels, load_labels

router = APIRouter(prefix="/circles/{circle_id}/facilities", tags=["registers"])
Ids = Annotated[list[FacilityId], Query(alias="id", min_length=1, max_length=MOST)]
LabelLanguage = Annotated[Language, Query()]


@router.get(
    "/labels.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}, "description": "HTML"}, **answers(401, 403, 404)},
)
async def page(
    viewer: InCircle, context: ContextDep, ids: Ids, language: LabelLanguage = DEFAULT_LANGUAGE
) -> Response:
    """Give labels as one HTML file: the QR code of each opens the facility's page, ready for inspection."""
    found, html = await _written(viewer, context, ids, language)
    return _file(html.encode(), "text/html; charset=utf-8", found, "html")


@router.get(
    "/labels.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "PDF"},
        **answers(401, 403, 404, 409, 503),
    },
)
async def printed(
    viewer: InCircle, context: ContextDep, ids: Ids, language: LabelLanguage = DEFAULT_LANGUAGE
) -> Response:
    """Give the same as a PDF, where the server can print one."""
    found, html = await _written(viewer, context, ids, language)
    return _file(await PRINTER.print(html), "application/pdf", found, "pdf")


async def _written(
    viewer: InCircle, context: ContextDep, ids: list[FacilityId], language: Language
) -> tuple[FacilityLabels, str]:
    found = await load_labels(context.database, viewer=viewer, facility_ids=ids)
    html = await asyncio.to_thread(write_labels, found, page_url=context.page_url, language=language.value)
    return found, html


def _file(body: bytes, media_type: str, labels: FacilityLabels, ending: str) -> Response:
    name = attachment(f"设施标签 {labels.circle.name}", ending, ascii_name="facility-labels")
    return Response(
        body, media_type=media_type, headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )
