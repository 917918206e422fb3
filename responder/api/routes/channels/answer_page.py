"""
The page of a link in a message: what, where, how far, and three buttons. It needs no session and no script.

Looking at it changes nothing, since services and phones look at links on their own; a button sends a POST.
"""

from collections.abc import Iterable
from html import escape
from math import ceil
from typing import Annotated, Any, Final
from uuid import NAMESPACE_OID, uuid5

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import StringConstraints

from responder.api.deps.auth import ClientDep
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers, retry_after
from responder.domain.errors import AnswerLinkRefusedError, TooManyAttemptsError
from responder.domain.ids import AccountId
from responder.domain.incidents.alert import EXERCISE_PREFIX
from responder.services.channels.answers import (
    TO_ALERTS,
    AnswerCard,
    LinkAnswer,
    answer_by_link,
    confirm_test,
    is_test,
    show_card,
)

router = APIRouter(prefix="/answers", tags=["channels"])

Token = Annotated[str, StringConstraints(min_length=1, max_length=128)]

_GONE: Final = (
    "此链接无效、已用过或已过期。若您已作答，您的回答有效。"
    "|This link is not valid, was used, or has expired. If you answered, your answer counts."
)
_TEST: Final = (
    "通道测试，不是警情，无需出动。请点“收到了”。"
    "|A test of the channel, not an incident: do not set out. Please press “It came”."
)
_WAIT: Final = "请求过多，请稍后再试。|Too many requests. Wait a moment."
_DONE: Final = {
    LinkAnswer.ACCEPT: "已记录：您前往现场。|Recorded: you are coming.",
    LinkAnswer.CANNOT: "已记录：您无法到场。|Recorded: you cannot come.",
    LinkAnswer.RECEIVED: "已记录：这个通道能找到您。|Recorded: this channel reaches you.",
}
_SAID: Final[dict[str, Any]] = {
    "description": "A page that says why",
    "content": {"text/html": {"schema": {"type": "string"}}},
}
_HEADERS: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_EMERGENCY: Final = (("119", "火警", "Fire"), ("120", "急救", "Ambulance"), ("110", "报警", "Police"))
_BUTTON: Final = (
    "display:block;width:100%;box-sizing:border-box;margin:.75rem 0;padding:1rem;font:inherit;"
    "font-size:1.25rem;font-weight:700;"
    "border-radius:.75rem;border:2px solid;min-height:3.5rem;cursor:pointer;"
)
_BACK: Final = "display:inline-block;padding:.75rem 0;color:inherit"
_COLOURS: Final = {
    LinkAnswer.ACCEPT: "background:#0b6b3a;border-color:#0b6b3a;color:#fff",
    LinkAnswer.CANNOT: "background:transparent;border-color:currentColor;color:inherit",
    LinkAnswer.RECEIVED: "background:#0b6b3a;border-color:#0b6b3a;color:#fff",
    LinkAnswer.OPEN: "background:transparent;border-color:transparent;color:inherit;font-weight:400",
}
_LABELS: Final = {
    LinkAnswer.ACCEPT: "我来 · I am coming",
    LinkAnswer.CANNOT: "无法到场 · I cannot come",
    LinkAnswer.OPEN: "打开详情 · Open details",
    LinkAnswer.RECEIVED: "收到了 · It came",
}


@router.get("/{token}", response_class=HTMLResponse, responses={**answers(), 404: _SAID, 429: _SAID})
async def shown(context: ContextDep, origin: ClientDep, token: Token) -> Response:
    """Show what an alert is about. Unknown, used and expired links are answered alike."""
    try:
        context.answers.begin(_bucket(token), origin.address)
        card = await show_card(context.database, token=token)
    except TooManyAttemptsError as error:
        return _wait(error)
    except AnswerLinkRefusedError:
        if await is_test(context.database, token=token):
            return _page(f"<h1>{_words(_TEST)}</h1>{_form(token, [LinkAnswer.RECEIVED])}", dials=False)
        return _page(_words(_GONE), status=404)
    return _page(f"{_what(card)}{_form(token, TO_ALERTS)}", exercise=card.incident.exercise)


@router.post(
    "/{token}/{answer}",
    response_class=HTMLResponse,
    responses={**answers(), 303: {}, 404: _SAID, 429: _SAID},
)
async def answered(context: ContextDep, origin: ClientDep, token: Token, answer: LinkAnswer) -> Response:
    """Take an answer, once. `open` leads to the page and leaves the link as it is."""
    try:
        context.answers.begin(_bucket(token), origin.address)
        if answer is LinkAnswer.RECEIVED:
            if await confirm_test(context.database, token=token, clock=context.clock):
                return _page(_said(answer), dials=False)
            return _page(_words(_GONE), status=404)
        card = await answer_by_link(context.database, token=token, answer=answer, clock=context.clock)
    except TooManyAttemptsError as error:
        return _wait(error)
    except AnswerLinkRefusedError:
        return _page(_words(_GONE), status=404)
    if answer is LinkAnswer.OPEN:
        where = f"/#alert={card.alert_id}&circle={card.incident.circle_id}"
        return RedirectResponse(where, status_code=303, headers=_HEADERS)
    return _page(f"{_said(answer)}{_what(card)}", exercise=card.incident.exercise)


def _form(token: str, offered: Iterable[LinkAnswer]) -> str:
    buttons = "".join(
        f'<button formaction="/api/answers/{escape(token)}/{answer.value}" '
        f'style="{_BUTTON}{_COLOURS[answer]}">{_LABELS[answer]}</button>'
        for answer in offered
    )
    return f'<form method="post">{buttons}</form>'


def _said(answer: LinkAnswer) -> str:
    return f'<p style="font-size:1.5rem;font-weight:700" role="status">{_words(_DONE[answer])}</p>'


def _bucket(token: str) -> AccountId:
    """Return what the requests of one link are counted by."""
    return AccountId(uuid5(NAMESPACE_OID, token))


def _what(card: AnswerCard) -> str:
    incident = card.incident
    mark = f"{EXERCISE_PREFIX} " if incident.exercise else ""
    english = "EXERCISE · " if incident.exercise else ""
    minutes = (
        ""
        if card.response_s is None
        else f'<p style="font-size:1.25rem">约 {ceil(card.response_s / 60)} 分钟 · about '
        f"{ceil(card.response_s / 60)} min</p>"
    )
    place = escape(incident.place.label)
    place_en = escape(incident.place.label_en)
    return (
        f'<h1 style="font-size:1.75rem;margin:.5rem 0">{mark}{escape(card.kind.name_zh)}</h1>'
        f'<p style="font-size:1.5rem;margin:.25rem 0">{place}</p>'
        f'<p lang="en" style="margin:.25rem 0">{english}{escape(card.kind.name_en)}'
        f"{f' · {place_en}' if place_en else ''}</p>{minutes}"
    )


def _words(both: str) -> str:
    chinese, english = both.split("|")
    return f'{chinese}<br><span lang="en">{english}</span>'


def _number(number: str, chinese: str, english: str) -> str:
    link = "display:inline-block;padding:.7rem .5rem .7rem 0;color:inherit"
    return f'<a style="{link}" href="tel:{number}">{chinese} <span lang="en">{english}</span> {number}</a>'


def _wait(error: TooManyAttemptsError) -> HTMLResponse:
    page = _page(_words(_WAIT), status=429)
    page.headers["Retry-After"] = retry_after(error.detail["retry_after_s"])
    return page


def _page(body: str, *, status: int = 200, exercise: bool = False, dials: bool = True) -> HTMLResponse:
    mark = (
        '<p style="background:#5b2a86;color:#fff;padding:.5rem .75rem;border-radius:.5rem;font-weight:700">'
        "演练，不是真实警情 · Exercise, not a real emergency</p>"
        if exercise
        else ""
    )
    dial = "" if exercise or not dials else f"<p>{' '.join(_number(*each) for each in _EMERGENCY)}</p>"
    return HTMLResponse(
        # The browser names the origin of a POST only where a referrer may be sent to one's own pages.
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>响应圈</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="same-origin"><meta name="color-scheme" content="light dark">'
        '</head><body style="font-family:system-ui,sans-serif;line-height:1.5;margin:0 auto;padding:1rem;'
        f'max-width:32rem"><header style="display:flex;gap:.5rem;align-items:center;font-weight:700">'
        '<img src="/icon.svg" alt="" width="32" height="32">15分钟应急响应圈</header>'
        f'<main>{mark}{body}{dial}</main><p><a style="{_BACK}" href="/">'
        '进入响应圈 · <span lang="en">To the circle</span></a></p></body></html>',
        status_code=status,
        headers=_HEADERS,
    )
