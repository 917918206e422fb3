"""小巷回声: what residents of a circle reported and what became of it, for everyone to read."""

from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from responder.api.deps.auth import ClientDep
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.picture import picture
from responder.api.routes.registers.reports import page_parts as parts
from responder.api.routes.registers.reports.report_page import Token
from responder.domain.errors import NotFoundError, TooManyAttemptsError
from responder.domain.ids import ReportId
from responder.domain.registers.report import ReportProgress
from responder.exchange.printing.markup import Markup, el
from responder.services.registers.reports.follow import CircleEchoes, Echo, public_photo, show_echoes

router = APIRouter(prefix="/reports/{token}", tags=["reports"])

_TITLE: Final = ("小巷回声", "Echoes of the alley")
_NONE: Final = ("还没有。", "Nothing yet.")
_COUNTED: Final = (ReportProgress.RECEIVED, ReportProgress.MENDING, ReportProgress.MENDED)
_MARKS: Final = {ReportProgress.RECEIVED: "○", ReportProgress.MENDING: "◐", ReportProgress.MENDED: "●"}


@router.get(
    "/echo",
    response_class=HTMLResponse,
    responses={**answers(), 404: parts.PAGE_ANSWER, 429: parts.PAGE_ANSWER},
)
async def shown(context: ContextDep, origin: ClientDep, token: Token) -> Response:
    """Tell what was reported and accepted: what, roughly where, in which month, and how far it has come."""
    try:
        context.report_views.begin(parts.bucket(origin.address), token)
        found = await show_echoes(context.database, token=token)
    except TooManyAttemptsError as error:
        return parts.wait(_TITLE, error)
    except NotFoundError:
        return parts.gone(_TITLE)
    name = (found.circle.name, found.circle.name_en or found.circle.name)
    echoes = [_card(token, each) for each in found.echoes] or [el("p", parts.words(_NONE))]
    return parts.page(
        _TITLE,
        el("h1", parts.words(_TITLE), style="font-size:1.5rem;margin:.5rem 0"),
        el("p", parts.beside(name)),
        _counts(found),
        *echoes,
        parts.link(f"/api/reports/{token}", ("我也要报", "Report something")),
        parts.link("/api/report-status", ("凭查询码看办理情况", "Look up a report by its code")),
    )


@router.get(
    "/photos/{report_id}",
    response_class=Response,
    responses={
        200: {"description": "The picture", "content": {"image/jpeg": {}}},
        **answers(404, 429),
    },
)
async def photo(context: ContextDep, origin: ClientDep, token: Token, report_id: ReportId) -> Response:
    """Show the picture of an accepted report, where staff have said that everyone may see it."""
    context.report_views.begin(parts.bucket(origin.address), token)
    answer = picture(await public_photo(context.database, token=token, report_id=report_id))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _counts(found: CircleEchoes) -> Markup:
    items = [
        el("li", f"{_MARKS[each]} ", parts.beside(parts.PROGRESS[each]), f" {found.counts.get(each, 0)}")
        for each in _COUNTED
    ]
    return el("ul", *items, style="list-style:none;padding:0;font-size:1.125rem;font-weight:700")


def _card(token: str, echo: Echo) -> Markup:
    place = " · ".join(each for each in (echo.place, echo.place_en, echo.month) if each)
    lines = [
        el("strong", parts.beside(parts.KINDS[echo.kind])),
        el("p", place, style="margin:.25rem 0"),
        el(
            "p",
            f"{_MARKS.get(echo.progress, '')} ",
            parts.beside(parts.PROGRESS[echo.progress]),
            style="margin:.25rem 0",
        ),
    ]
    if echo.text:
        lines.append(el("p", echo.text, style="margin:.25rem 0;white-space:pre-line"))
    if echo.has_photo:
        address = f"/api/reports/{token}/photos/{echo.id}"
        lines.append(
            el(
                "img",
                src=address,
                alt="照片 · Photo",
                loading="lazy",
                style="max-width:100%;max-height:20rem;border-radius:.5rem",
            )
        )
    return el("article", *lines, style=parts.CARD_STYLE)
