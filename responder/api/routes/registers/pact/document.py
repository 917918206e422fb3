"""The pact as a PDF."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from responder.api.attachment import attachment
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.printer import PRINTER
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.ids import PactId
from responder.exchange.registers_pact.write_pact import write_pact
from responder.services.registers.pact.load_document import load_document

router = APIRouter(prefix="/circles/{circle_id}/pacts/{pact_id}", tags=["registers"])

MOST_OF_NAME: Final = 60


@router.get(
    "/document.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "PDF"},
        **answers(401, 403, 404, 409, 503),
    },
)
async def printed(
    viewer: InCircle,
    context: ContextDep,
    pact_id: PactId,
    *,
    language: Annotated[Language, Query()] = DEFAULT_LANGUAGE,
) -> Response:
    """Give the pact with its annex, signatures and hash as a PDF, where the server can print one."""
    found = await load_document(
        context.database, viewer=viewer, pact_id=pact_id, language=language.value, clock=context.clock
    )
    html = await asyncio.to_thread(write_pact, found, language=language.value)
    content = found.pact.content
    name = (content.name_en if language is Language.EN else "") or content.name
    return Response(
        await PRINTER.print(html),
        media_type="application/pdf",
        headers={
            "Content-Disposition": attachment(
                f"{name[:MOST_OF_NAME]} {found.pact.number}", "pdf", ascii_name=f"pact-{found.pact.number}"
            ),
            "Cache-Control": "no-store",
        },
    )
