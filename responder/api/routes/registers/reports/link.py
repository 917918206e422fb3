"""The link by which residents of a circle report, as a code and as a poster."""

from typing import Final

from fastapi import APIRouter, Response

from responder.api.attachment import attachment
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag
from responder.api.json_body import StrictRoute
from responder.api.printer import PRINTER
from responder.exchange.qr_code import qr_svg
from responder.exchange.registers_reports.poster import write_poster
from responder.services.registers.reports import links

router = APIRouter(prefix="/circles/{circle_id}", tags=["reports"], route_class=StrictRoute)

_KEPT: Final = {"Cache-Control": "no-store"}


class LinkBody(Body):
    """`renew`: put another in the place of the one that is open."""

    renew: Flag = False


@router.get("/report-link", responses=answers(401, 403, 404))
async def shown(viewer: InCircle, context: ContextDep) -> links.ShownLink:
    """Show the link by which residents report, if one is open."""
    return await links.show_link(context.database, viewer=viewer)


@router.post("/report-link", responses=answers(401, 403, 404))
async def opened(viewer: InCircle, context: ContextDep, body: LinkBody) -> links.ShownLink:
    """Let residents report by a link; what is printed of an earlier one leads nowhere after a renewal."""
    return await links.open_link(context.database, viewer=viewer, renew=body.renew, clock=context.clock)


@router.delete("/report-link", responses=answers(401, 403, 404))
async def closed(viewer: InCircle, context: ContextDep) -> links.ShownLink:
    """Take no more reports; the public page is gone with it."""
    return await links.close_link(context.database, viewer=viewer, clock=context.clock)


@router.get(
    "/report-link.svg",
    response_class=Response,
    responses={
        200: {"content": {"image/svg+xml": {}}, "description": "QR code"},
        **answers(401, 403, 404),
    },
)
async def code(viewer: InCircle, context: ContextDep) -> Response:
    """Draw the link that is open as a QR code."""
    poster = await links.show_poster(context.database, viewer=viewer)
    address = f"{context.page_url}{poster.path}"
    return Response(qr_svg(address, label=address), media_type="image/svg+xml", headers=_KEPT)


@router.get(
    "/report-poster.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}, "description": "HTML"}, **answers(401, 403, 404)},
)
async def page(viewer: InCircle, context: ContextDep) -> Response:
    """Give the poster for the wall as one HTML file, in Chinese and English."""
    html = await _poster(viewer, context)
    return _file(html.encode(), "text/html; charset=utf-8", "html")


@router.get(
    "/report-poster.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "PDF"},
        **answers(401, 403, 404, 409, 503),
    },
)
async def printed(viewer: InCircle, context: ContextDep) -> Response:
    """Give the same as a PDF, where the server can print one."""
    return _file(await PRINTER.print(await _poster(viewer, context)), "application/pdf", "pdf")


async def _poster(viewer: InCircle, context: ContextDep) -> str:
    poster = await links.show_poster(context.database, viewer=viewer)
    return write_poster(poster.circle, address=f"{context.page_url}{poster.path}")


def _file(body: bytes, media_type: str, ending: str) -> Response:
    name = attachment("随手报火灾隐患 二维码海报", ending, ascii_name="report-poster")
    return Response(body, media_type=media_type, headers={"Content-Disposition": name, **_KEPT})
