"""The page on which participants say what they think of a drill. It needs no account and no script."""

from collections.abc import Mapping
from html import escape
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl
from uuid import NAMESPACE_OID, uuid4, uuid5

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints

from responder.api.deps.auth import ClientDep
from responder.api.deps.context import AppContext, ContextDep
from responder.api.errors.problem import answers, retry_after
from responder.domain.drills.feedback import BEST, QUESTIONS, TEXT_LENGTH
from responder.domain.errors import FeedbackFullError, NotFoundError, TooManyAttemptsError
from responder.domain.ids import AccountId
from responder.services.drills.score.feedback import AskedDrill, give_feedback, show_form

router = APIRouter(prefix="/feedback", tags=["drills"])

Token = Annotated[str, StringConstraints(min_length=1, max_length=128)]

_GONE: Final = "此链接无效、已关闭或已过期。|This link is not valid, was closed, or has expired."
_WAIT: Final = "请求过多，请稍后再试。|Too many requests. Wait a moment."
_BAD: Final = (
    f"请至少回答一题；意见最多 {TEXT_LENGTH} 字。"
    f"|Please answer at least one question; at most {TEXT_LENGTH} characters of text."
)
_FULL: Final = "本场演练的反馈已满，不再接收。谢谢！|This drill has all the answers it can take. Thank you!"
_THANKS: Final = "已收到，谢谢！|Received. Thank you!"
_NOTHING_PERSONAL: Final = (
    "不记名：不要求也不记录您的身份。请勿写出人名。"
    "|Anonymous: it is neither asked nor kept who you are. Please name no one."
)
_SCALE: Final = f"1 = 完全没有，{BEST} = 完全做到。|1 = not at all, {BEST} = fully."
_ELSE: Final = "还有什么要说？|Anything else?"
_SEND: Final = "提交 · Send"
_SAID: Final[dict[str, Any]] = {
    "description": "A page that says why",
    "content": {"text/html": {"schema": {"type": "string"}}},
}
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {
                        "id": {"type": "string", "format": "uuid"},
                        **{
                            key: {"type": "integer", "minimum": 1, "maximum": BEST} for key, _, _ in QUESTIONS
                        },
                        "text": {"type": "string", "maxLength": TEXT_LENGTH},
                    },
                }
            }
        },
    }
}
_HEADERS: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_FIELDS: Final = 20
_MARK: Final = (
    '<p style="background:#5b2a86;color:#fff;padding:.5rem .75rem;border-radius:.5rem;font-weight:700">'
    "演练反馈 · Feedback on an exercise</p>"
)
_SEND_STYLE: Final = (
    "display:block;width:100%;box-sizing:border-box;margin:1rem 0;padding:1rem;font:inherit;"
    "font-size:1.25rem;font-weight:700;border-radius:.75rem;border:2px solid #5b2a86;"
    "background:#5b2a86;color:#fff;min-height:3.5rem;cursor:pointer"
)
_RATING_STYLE: Final = (
    "flex:1;display:flex;flex-direction:column;align-items:center;gap:.25rem;padding:.5rem 0;min-height:3rem;"
    "border:1px solid;border-radius:.5rem;cursor:pointer"
)
_TEXT_STYLE: Final = "width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border-radius:.5rem"


@router.get("/{token}", response_class=HTMLResponse, responses={**answers(), 404: _SAID, 429: _SAID})
async def shown(context: ContextDep, origin: ClientDep, token: Token) -> Response:
    """Ask how a drill was. Unknown, closed and expired links are answered alike."""
    try:
        _begin(context, token, origin.address)
        asked = await show_form(context.database, token=token, clock=context.clock)
    except TooManyAttemptsError as error:
        return _wait(error)
    except NotFoundError:
        return _page(_words(_GONE), status=404)
    return _page(f"{_what(asked)}{_form(token)}")


@router.post(
    "/{token}",
    response_class=HTMLResponse,
    responses={**answers(), 404: _SAID, 409: _SAID, 422: _SAID, 429: _SAID},
    openapi_extra=_FORM,
)
async def given(context: ContextDep, origin: ClientDep, token: Token, request: Request) -> Response:
    """Keep what a participant says. The same form sent twice is kept once."""
    try:
        _begin(context, token, origin.address)
        asked = await show_form(context.database, token=token, clock=context.clock)
        body = (await request.body()).decode("utf-8", "replace")
        fields: dict[str, str] = {}
        try:
            fields = dict(parse_qsl(body, max_num_fields=_FIELDS))
            await give_feedback(context.database, token=token, given=fields, clock=context.clock)
        except FeedbackFullError:
            return _page(_words(_FULL), status=409)
        except ValueError:
            form = _form(token, fields)
            return _page(f'<p role="alert">{_words(_BAD)}</p>{_what(asked)}{form}', status=422)
    except TooManyAttemptsError as error:
        return _wait(error)
    except NotFoundError:
        return _page(_words(_GONE), status=404)
    return _page(
        f'<p style="font-size:1.5rem;font-weight:700" role="status">{_words(_THANKS)}</p>{_what(asked)}'
    )


def _begin(context: AppContext, token: str, address: str) -> None:
    context.feedback.begin(AccountId(uuid5(NAMESPACE_OID, address)), token)


def _what(asked: AskedDrill) -> str:
    return f'<h1 style="font-size:1.5rem;margin:.5rem 0;overflow-wrap:anywhere">{escape(asked.name)}</h1>'


def _form(token: str, given: Mapping[str, str] | None = None) -> str:
    """Return the form, with what was given already."""
    given = given or {}
    questions = "".join(_question(key, *words, chosen=given.get(key, "")) for key, *words in QUESTIONS)
    return (
        f'<p>{_words(_NOTHING_PERSONAL)}</p><form method="post" action="/api/feedback/{escape(token)}">'
        f'<input type="hidden" name="id" value="{uuid4()}"><p>{_words(_SCALE)}</p>{questions}'
        f'<p><label for="text">{_words(_ELSE)}</label><br><textarea id="text" name="text" rows="4" '
        f'maxlength="{TEXT_LENGTH}" style="{_TEXT_STYLE}">\n{escape(given.get("text", ""))}</textarea></p>'
        f'<button style="{_SEND_STYLE}">{_SEND}</button></form>'
    )


def _question(key: str, chinese: str, english: str, *, chosen: str) -> str:
    ratings = "".join(
        f'<label style="{_RATING_STYLE}"><input type="radio" name="{key}" value="{rating}"'
        f"{' checked' if chosen == str(rating) else ''}>{rating}</label>"
        for rating in range(1, BEST + 1)
    )
    return (
        '<fieldset style="border:0;padding:0;margin:1rem 0">'
        f'<legend style="font-weight:700">{_words(f"{chinese}|{english}")}</legend>'
        f'<div style="display:flex;gap:.5rem;margin-top:.5rem">{ratings}</div></fieldset>'
    )


def _words(both: str) -> str:
    chinese, english = both.split("|")
    return f'{chinese}<br><span lang="en">{english}</span>'


def _wait(error: TooManyAttemptsError) -> HTMLResponse:
    page = _page(_words(_WAIT), status=429)
    page.headers["Retry-After"] = retry_after(error.detail["retry_after_s"])
    return page


def _page(body: str, *, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        # The browser names the origin of a POST only where a referrer may be sent to one's own pages.
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>演练反馈</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="same-origin"><meta name="color-scheme" content="light dark">'
        '</head><body style="font-family:system-ui,sans-serif;line-height:1.5;margin:0 auto;padding:1rem;'
        f'max-width:32rem"><header style="display:flex;gap:.5rem;align-items:center;font-weight:700">'
        '<img src="/icon.svg" alt="" width="32" height="32">15分钟应急响应圈</header>'
        f"<main>{_MARK}{body}</main></body></html>",
        status_code=status,
        headers=_HEADERS,
    )
