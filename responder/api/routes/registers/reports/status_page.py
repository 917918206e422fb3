"""The page on which a reporter looks up, by the code, what became of a report."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from responder.api.deps.auth import ClientDep
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.routes.registers.reports import page_parts as parts
from responder.domain.errors import NotFoundError, TooManyAttemptsError
from responder.domain.registers.report import written_code
from responder.exchange.printing.markup import Markup, el
from responder.services.registers.reports.follow import ReportStatus, look_up

router = APIRouter(prefix="/report-status", tags=["reports"])

_TITLE: Final = ("上报办理情况", "What became of a report")
_UNKNOWN: Final = (
    "没有这个查询码；处理完两年以上的已删除。",
    "There is no such code; what was settled over two years ago is deleted.",
)
_ALL: Final = "codes"
"""Guesses are counted together, whatever they guess."""


@router.get(
    "",
    response_class=HTMLResponse,
    responses={**answers(), 404: parts.PAGE_ANSWER, 429: parts.PAGE_ANSWER},
)
async def shown(
    context: ContextDep, origin: ClientDep, code: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """Ask for a code, and tell what became of the report that has it."""
    if not code.strip():
        return parts.page(_TITLE, _form())
    try:
        context.report_codes.begin(parts.bucket(origin.address), _ALL)
        found = await look_up(context.database, code=code)
    except TooManyAttemptsError as error:
        return parts.wait(_TITLE, error)
    except NotFoundError:
        return parts.page(_TITLE, parts.alert(_UNKNOWN), _form(), status=404)
    return parts.page(_TITLE, _card(found), _form())


def _card(found: ReportStatus) -> Markup:
    place = f"{found.place} {found.place_en}".strip()
    lines = [
        el("p", written_code(found.code), style=parts.CODE_STYLE),
        el("p", parts.words(parts.KINDS[found.kind])),
        el("p", f"{place} · {found.month}" if place else found.month),
        el(
            "p",
            parts.words(parts.PROGRESS[found.progress]),
            role="status",
            style="font-size:1.25rem;font-weight:700",
        ),
    ]
    if found.reason is not None:
        lines.append(el("p", parts.words(parts.REASONS[found.reason])))
    return el("section", *lines, style=parts.CARD_STYLE)


def _form() -> Markup:
    asked = el("label", parts.beside(("查询码", "Code")), for_="asked")
    field = el(
        "input",
        name="code",
        id="asked",
        required="",
        maxlength=20,
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
        style=parts.FIELD_STYLE,
    )
    send = el("button", parts.beside(("查询", "Look up")), style=parts.BUTTON_STYLE)
    return el("form", asked, field, send, method="get", action="/api/report-status")
