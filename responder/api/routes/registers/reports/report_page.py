"""
The page by which residents report: a form that needs no account and no script.

A small script shrinks the photo and asks the phone where it is; without it the same form is sent.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from responder.api.deps.auth import ClientDep
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.routes.registers.reports import page_parts as parts
from responder.domain.errors import (
    InvalidValueError,
    NotFoundError,
    ReportsFullError,
    TooManyAttemptsError,
)
from responder.domain.registers.report import TEXT_LENGTH, ReportKind, written_code
from responder.exchange.pictures import redrawn
from responder.exchange.printing.markup import Markup, el, join
from responder.services.registers.reports.send_report import (
    LARGEST_SENT,
    ReportForm,
    send_report,
    show_form,
)

router = APIRouter(prefix="/reports", tags=["reports"])

Token = Annotated[str, StringConstraints(min_length=1, max_length=128)]

_SCRIPT: Final = "/report-form.js"
_TITLE: Final = ("随手报火灾隐患", "Report a fire hazard")
_PERSONAL: Final = (
    "不用账号，不记录您是谁、从哪里上网。请勿写姓名、电话，请勿拍人脸。",
    "No account; it is not kept who or where you are. Please no names, telephone numbers or faces.",
)
_FULL: Final = (
    "等待查看的上报太多，暂不接收。请直接告诉社区。",
    "Too many reports are waiting. Please tell the community directly.",
)
_BAD: Final[Mapping[str, parts.Both]] = {
    "kind": ("请选择是什么情况。", "Please choose what it is."),
    "place": (
        "请选择最近的楼栋；手机定位须在本响应圈内。",
        "Please choose the nearest building; the phone's position has to be in this circle.",
    ),
    "photo": (
        f"照片须为 JPEG 或 PNG，不超过 {LARGEST_SENT // 1024**2} MB。请重选，或不带照片。",
        f"The photo has to be a JPEG or PNG of {LARGEST_SENT // 1024**2} MB at most, or leave it out.",
    ),
    "text": (f"说明最多 {TEXT_LENGTH} 字。", f"At most {TEXT_LENGTH} characters of text."),
}
_UNREADABLE: Final = ("表单没有传完整，请再试一次。", "The form did not arrive whole. Please try again.")
_FORM_BYTES: Final = 64 * 1024
_FIELDS: Final = 12
_FIELD_BYTES: Final = 16 * 1024
_RADIO_STYLE: Final = (
    "display:flex;gap:.75rem;align-items:center;padding:.75rem;margin:.5rem 0;min-height:2rem;"
    "border:1px solid;border-radius:.5rem;cursor:pointer"
)
_LEGEND_STYLE: Final = "font-weight:700;padding:0"
_GROUP_STYLE: Final = "border:0;padding:0;margin:1rem 0"
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            form: {
                "schema": {
                    "type": "object",
                    "required": ["id", "kind"],
                    "properties": {
                        "id": {"type": "string", "format": "uuid"},
                        "kind": {"type": "string", "enum": [each.value for each in ReportKind]},
                        "building": {"type": "string", "format": "uuid"},
                        "lon": {"type": "string"},
                        "lat": {"type": "string"},
                        "accuracy": {"type": "string"},
                        "text": {"type": "string", "maxLength": TEXT_LENGTH},
                        **more,
                    },
                }
            }
            for form, more in (
                ("multipart/form-data", {"photo": {"type": "string", "format": "binary"}}),
                ("application/x-www-form-urlencoded", {}),
            )
        },
    }
}


@router.get(
    "/{token}",
    response_class=HTMLResponse,
    responses={**answers(), 404: parts.PAGE_ANSWER, 429: parts.PAGE_ANSWER},
)
async def shown(context: ContextDep, origin: ClientDep, token: Token) -> Response:
    """Ask what was seen and where. Unknown and closed links are answered alike."""
    try:
        context.report_views.begin(parts.bucket(origin.address), token)
        form = await show_form(context.database, token=token)
    except TooManyAttemptsError as error:
        return parts.wait(_TITLE, error)
    except NotFoundError:
        return parts.gone(_TITLE)
    return _asked(token, form, {})


@router.post(
    "/{token}",
    response_class=HTMLResponse,
    responses={**answers(413), **dict.fromkeys((404, 409, 422, 429), parts.PAGE_ANSWER)},
    openapi_extra=_FORM,
)
async def sent(context: ContextDep, origin: ClientDep, token: Token, request: Request) -> Response:
    """Keep what a resident saw until staff decide on it, and tell the code by which it is looked up."""
    given: dict[str, str] = {}
    try:
        context.reports.begin(parts.bucket(origin.address), token)
        form = await show_form(context.database, token=token)
        try:
            async with _received(request) as (given, photo), context.pictures:
                code = await send_report(
                    context.database,
                    token=token,
                    given=given,
                    photo=None if photo is None else await photo.read(),
                    redraw=redrawn,
                    clock=context.clock,
                )
        except InvalidValueError as error:
            why = _BAD.get(str(error.detail.get("field")), _UNREADABLE)
            return _asked(token, form, given, why=why)
        except (HTTPException, ValueError):
            return _asked(token, form, given, why=_UNREADABLE)
        except ReportsFullError:
            return parts.page(_TITLE, parts.alert(_FULL), status=409)
    except TooManyAttemptsError as error:
        return parts.wait(_TITLE, error)
    except NotFoundError:
        return parts.gone(_TITLE)
    return _thanks(token, code)


@asynccontextmanager
async def _received(request: Request) -> AsyncIterator[tuple[dict[str, str], UploadFile | None]]:
    """Give the fields of the form and the photo, which is on disk if it is large."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _FORM_BYTES:
                message = "the form is too long"
                raise ValueError(message)
        yield dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_FIELDS)), None
        return
    async with request.form(max_files=1, max_fields=_FIELDS, max_part_size=_FIELD_BYTES) as form:
        photo = form.get("photo")
        yield (
            {name: value for name, value in form.items() if isinstance(value, str)},
            photo if isinstance(photo, UploadFile) and photo.size else None,
        )


def _asked(
    token: str, form: ReportForm, given: Mapping[str, str], *, why: parts.Both | None = None
) -> HTMLResponse:
    """Return the form, with what was given already; a browser does not take a photo back."""
    name = (form.circle.name, form.circle.name_en or form.circle.name)
    fields = (
        el("input", type="hidden", name="id", value=given.get("id") or uuid4()),
        _kinds(given.get("kind", "")),
        _place(form, given),
        _photo(),
        _text(given.get("text", "")),
        el("button", parts.beside(("提交", "Send")), style=parts.BUTTON_STYLE),
    )
    return parts.page(
        _TITLE,
        el("h1", parts.words(_TITLE), style="font-size:1.5rem;margin:.5rem 0"),
        el("p", parts.beside(name)),
        *([] if why is None else [parts.alert(why)]),
        el("form", *fields, method="post", action=f"/api/reports/{token}", enctype="multipart/form-data"),
        el("p", parts.words(_PERSONAL)),
        parts.link("/api/report-status", ("凭查询码看办理情况", "Look up a report by its code")),
        parts.link(
            f"/api/reports/{token}/echo",
            ("小巷回声：大家报了什么、办得怎样", "What was reported here, and what became of it"),
        ),
        status=200 if why is None else 422,
        script=_SCRIPT,
    )


def _group(legend: parts.Both, *children: Markup) -> Markup:
    return el(
        "fieldset", el("legend", parts.beside(legend), style=_LEGEND_STYLE), *children, style=_GROUP_STYLE
    )


def _kinds(chosen: str) -> Markup:
    choices = [
        el(
            "label",
            el(
                "input",
                type="radio",
                name="kind",
                value=kind.value,
                required="",
                **({"checked": ""} if chosen == kind.value else {}),
            ),
            el("span", parts.words(both)),
            style=_RADIO_STYLE,
        )
        for kind, both in parts.KINDS.items()
    ]
    return _group(("是什么情况？", "What is it?"), *choices)


def _place(form: ReportForm, given: Mapping[str, str]) -> Markup:
    hidden = [el("input", type="hidden", name=name, id=name) for name in ("lon", "lat", "accuracy")]
    ask = el(
        "button",
        parts.beside(("用手机定位", "Use the phone's position")),
        type="button",
        id="locate",
        hidden="",
        style=parts.FIELD_STYLE,
        data_asking="正在定位… · Looking for the position…",
        data_found="已定位，误差约 {m} 米 · Position found, about {m} m",
        data_failed="定位不到，请选择楼栋 · No position; choose a building",
    )
    options = [el("option", "请选择最近的楼栋 · Choose the nearest building", value="")]
    for each in form.buildings:
        chosen = {"selected": ""} if given.get("building") == str(each.id) else {}
        name = f"{each.name} · {each.name_en}" if each.name_en else each.name
        options.append(el("option", name, value=each.id, **chosen))
    listed = el(
        "select",
        *options,
        name="building",
        id="building",
        aria_label="楼栋 · Building",
        style=f"{parts.FIELD_STYLE};margin-top:.5rem",
    )
    return _group(("在哪里？", "Where?"), *hidden, ask, listed)


def _photo() -> Markup:
    limit = LARGEST_SENT // 1024**2
    return _group(
        ("照片（可不带）", "Photo (not needed)"),
        el(
            "input",
            type="file",
            name="photo",
            id="photo",
            accept="image/jpeg,image/png",
            aria_label="照片 · Photo",
            style=parts.FIELD_STYLE,
        ),
        el(
            "small",
            parts.words(
                (
                    f"一张，不超过 {limit} MB；拍摄地点等信息会去掉。",
                    f"One, {limit} MB at most; where it was taken is left out.",
                )
            ),
        ),
    )


def _text(given: str) -> Markup:
    field = el(
        "textarea",
        join((Markup("\n"), given)),
        name="text",
        rows=2,
        maxlength=TEXT_LENGTH,
        aria_label="补充说明 · More",
        style=parts.FIELD_STYLE,
    )
    return _group(("补充几句（可不填）", "A few words (not needed)"), field)


def _thanks(token: str, code: str) -> HTMLResponse:
    written = written_code(code)
    status = f"/api/report-status?code={written}"
    return parts.page(
        _TITLE,
        el(
            "p",
            parts.words(("已收到，谢谢！", "Received. Thank you!")),
            role="status",
            style="font-size:1.5rem;font-weight:700",
        ),
        el("p", parts.words(("查询码，请抄下或截图：", "Your code; write it down or take a screenshot:"))),
        el("p", written, style=parts.CODE_STYLE, id="code"),
        parts.link(status, ("看办理情况", "See what becomes of it")),
        parts.link(f"/api/reports/{token}", ("再报一条", "Report another")),
    )
