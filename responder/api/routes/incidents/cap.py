"""Alerts as CAP 1.2 documents, and an Atom feed of them, for other systems of members."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from responder.api.deps.auth import InCircle
from responder.api.deps.context import AppContext, ContextDep
from responder.api.errors.problem import answers
from responder.domain.cap.message import CapMessageType
from responder.domain.ids import AlertId, IncidentId
from responder.exchange.cap_writer import (
    ATOM_MEDIA_TYPE,
    CAP_MEDIA_TYPE,
    CapFeed,
    FeedEntry,
    write_cap,
    write_feed,
)
from responder.ports.incidents import IncidentQuery
from responder.services.cap.publish import MOST_INCIDENTS, PublishedPage, publish_alert, publish_feed

router = APIRouter(prefix="/circles/{circle_id}", tags=["cap"])


@router.get(
    "/alerts/{alert_id}.cap",
    response_class=Response,
    responses={200: {"content": {CAP_MEDIA_TYPE: {}}, "description": "CAP 1.2"}, **answers(401, 404)},
)
async def document(viewer: InCircle, context: ContextDep, alert_id: AlertId) -> Response:
    """Return one alert as a CAP 1.2 document, in Chinese and English, without names of people."""
    message = await publish_alert(context.database, viewer=viewer, alert_id=alert_id)
    kind = "" if message.message_type is CapMessageType.ALERT else f"-{message.message_type.value.lower()}"
    exercise = "exercise-" if message.exercise else ""
    return Response(
        write_cap(message),
        media_type=CAP_MEDIA_TYPE,
        headers={
            "Content-Disposition": f'inline; filename="{exercise}{alert_id}{kind}.cap"',
            "Cache-Control": "no-store",
        },
    )


@router.get(
    "/alerts.atom",
    response_class=Response,
    responses={200: {"content": {ATOM_MEDIA_TYPE: {}}, "description": "Atom, CAP 1.2"}, **answers(401, 404)},
)
async def feed(
    request: Request,
    viewer: InCircle,
    context: ContextDep,
    *,
    exercise: bool | None = None,
    open: bool | None = None,  # noqa: A002 - the name of the query parameter
    before: IncidentId | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_INCIDENTS)] = 20,
) -> Response:
    """
    Return the alerts that concern the viewer as an Atom feed, the last sent first.

    Each entry holds the whole CAP document, a link to it, and `georss:polygon`. `limit` counts incidents;
    `link rel="next"` leads to the older ones.
    """
    query = IncidentQuery(exercise=exercise, open=open, before=before, limit=limit)
    page = await publish_feed(context.database, viewer=viewer, query=query)
    body = write_feed(_feed(request, context, page, query))
    return Response(body, media_type=ATOM_MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def _feed(request: Request, context: AppContext, page: PublishedPage, query: IncidentQuery) -> CapFeed:
    circle = page.circle
    here = f"{_origin(request, context)}/api/circles/{circle.id}"
    sent = [each.message.sent for each in page.alerts]

    def address(before: IncidentId | None) -> str:
        given = {"exercise": query.exercise, "open": query.open, "before": before, "limit": query.limit}
        words = {name: str(value).lower() for name, value in given.items() if value is not None}
        return f"{here}/alerts.atom?{urlencode(words)}"

    return CapFeed(
        id=f"urn:uuid:{circle.id}",
        title=f"{circle.name} · 警报 · Alerts (CAP 1.2)",
        author=circle.name,
        href=address(query.before),
        updated=max(sent) if sent else context.clock.now(),
        entries=[
            FeedEntry(message=each.message, href=f"{here}/alerts/{each.id}.cap") for each in page.alerts
        ],
        next_href=None if page.next is None else address(page.next),
    )


def _origin(request: Request, context: AppContext) -> str:
    """Return the scheme and host by which the caller reaches us; the host was checked before."""
    host = request.headers.get("host", "")
    public = sorted(each for each in context.origins if each.partition("://")[2] == host)
    # A proxy in front of us ends https: then only the settings know of it.
    return public[-1] if public else f"{request.scope['scheme']}://{host}"
