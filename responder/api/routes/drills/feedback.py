"""Participants' feedback on a drill, for those who planned it."""

from fastapi import APIRouter, Response

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.domain.errors import NotFoundError
from responder.domain.ids import DrillId, FeedbackId
from responder.exchange.qr_code import qr_svg
from responder.services.drills.score.feedback import (
    ShownFeedback,
    close_feedback,
    open_feedback,
    remove_text,
    show_feedback,
)

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"])


@router.get("/feedback", responses=answers(401, 403, 404))
async def shown(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> ShownFeedback:
    """Show what participants said of the drill, and the link by which they do."""
    return await show_feedback(context.database, viewer=viewer, drill_id=drill_id, clock=context.clock)


@router.delete("/feedback/{feedback_id}/text", responses=answers(401, 403, 404))
async def text_removed(
    viewer: InCircle, context: ContextDep, drill_id: DrillId, feedback_id: FeedbackId
) -> ShownFeedback:
    """Take out what a participant wrote, such as a name; how they rated stays."""
    return await remove_text(
        context.database,
        viewer=viewer,
        drill_id=drill_id,
        feedback_id=feedback_id,
        clock=context.clock,
    )


@router.post("/feedback-link", responses=answers(401, 403, 404, 409))
async def opened(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> ShownFeedback:
    """Let participants answer by a link that needs no account; one that is open stays as it is."""
    return await open_feedback(context.database, viewer=viewer, drill_id=drill_id, clock=context.clock)


@router.delete("/feedback-link", responses=answers(401, 403, 404))
async def closed(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> ShownFeedback:
    """Take no more answers; a link opened later is another one."""
    return await close_feedback(context.database, viewer=viewer, drill_id=drill_id, clock=context.clock)


@router.get(
    "/feedback-link.svg",
    response_class=Response,
    responses={
        200: {"content": {"image/svg+xml": {}}, "description": "QR code"},
        **answers(401, 403, 404),
    },
)
async def code(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> Response:
    """Draw the link that is open as a QR code."""
    found = await show_feedback(context.database, viewer=viewer, drill_id=drill_id, clock=context.clock)
    if found.link is None:
        raise NotFoundError
    address = f"{context.page_url}{found.link.path}"
    return Response(
        qr_svg(address, label=address), media_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )
