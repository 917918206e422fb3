"""What the public pages of reports are made of: words in both languages, looks in style attributes."""

from typing import Final
from uuid import NAMESPACE_OID, uuid5

from fastapi.responses import HTMLResponse

from responder.api.errors.problem import retry_after
from responder.domain.errors import TooManyAttemptsError
from responder.domain.ids import AccountId
from responder.domain.registers.report import DismissalReason, ReportKind, ReportProgress
from responder.exchange.printing.markup import Markup, el, join

Both = tuple[str, str]
"""The same in Chinese and in English."""

KINDS: Final[dict[ReportKind, Both]] = {
    ReportKind.BLOCKED_LANE: ("通道被占、堵塞", "Lane blocked"),
    ReportKind.EBIKE_CHARGING: ("电动车违规停放、充电", "E-bike parked or charging"),
    ReportKind.CLUTTER: ("楼道、门口堆物", "Clutter in a stairwell or doorway"),
    ReportKind.WIRING: ("电线老化、乱接", "Bad wiring"),
    ReportKind.OTHER: ("其他火灾隐患", "Another fire hazard"),
}
PROGRESS: Final[dict[ReportProgress, Both]] = {
    ReportProgress.WAITING: ("已送达，等待社区查看", "Arrived; the community has not looked at it yet"),
    ReportProgress.DISMISSED: (
        "社区已查看，未列为隐患",
        "The community looked at it; it is not on the list of hazards",
    ),
    ReportProgress.RECEIVED: ("已受理", "Received"),
    ReportProgress.MENDING: ("整改中", "Being mended"),
    ReportProgress.MENDED: ("已整改", "Mended"),
    ReportProgress.REMOVED: ("已不在隐患清单上", "Not on the list of hazards any more"),
}
REASONS: Final[dict[DismissalReason, Both]] = {
    DismissalReason.UNCLEAR: (
        "看不清是什么、在哪里，请补充后再报一次。",
        "It is not clear what or where; please report it again and say more.",
    ),
    DismissalReason.GONE: ("到现场时已经没有这种情况。", "It was gone when we came."),
    DismissalReason.NO_HAZARD: ("经查看不构成火灾隐患。", "We looked at it: it is no fire hazard."),
    DismissalReason.ELSEWHERE: (
        "不在本响应圈范围内，请告知当地社区。",
        "It is not in this circle; please tell the community there.",
    ),
    DismissalReason.NOT_OURS: (
        "不归社区管，请拨打 12345。",
        "It is not for the community; please call 12345.",
    ),
    DismissalReason.MISUSE: ("内容与火灾隐患无关。", "It has nothing to do with fire hazards."),
}
FIRST_119: Final[Both] = (
    "着火、冒烟、有人被困：先打 119",
    "Fire, smoke or a trapped person: call 119 first",
)
NO_ALERT: Final[Both] = (
    "本页不是报警渠道，社区在工作时间查看。",
    "This page raises no alarm; the community reads it in working hours.",
)
GONE: Final[Both] = (
    "此链接无效或已关闭。请向社区索取新的二维码。",
    "This link is not valid or was closed. Please ask the community for the new code.",
)
WAIT: Final[Both] = ("请求过多，请稍后再试。", "Too many requests. Wait a moment.")

BUTTON_STYLE: Final = (
    "display:block;width:100%;box-sizing:border-box;margin:1rem 0;padding:1rem;font:inherit;"
    "font-size:1.25rem;font-weight:700;border-radius:.75rem;border:2px solid #0b6b3a;"
    "background:#0b6b3a;color:#fff;min-height:3.5rem;cursor:pointer;text-align:center"
)
FIELD_STYLE: Final = (
    "width:100%;box-sizing:border-box;font:inherit;padding:.75rem;border-radius:.5rem;border:1px solid;"
    "min-height:3rem"
)
CARD_STYLE: Final = (
    "border:1px solid;border-radius:.5rem;padding:.75rem;margin:.5rem 0;overflow-wrap:anywhere"
)
CODE_STYLE: Final = "font:700 2rem ui-monospace,monospace;letter-spacing:.05em;user-select:all;margin:.5rem 0"
TOUCH_STYLE: Final = "display:inline-block;padding:.75rem 0;color:inherit"
_BODY_STYLE: Final = (
    "font-family:system-ui,sans-serif;line-height:1.5;margin:0 auto;padding:1rem;max-width:32rem"
)
_EMERGENCY_STYLE: Final = (
    "display:block;background:#b3261e;color:#fff;padding:.75rem 1rem;border-radius:.5rem;font-weight:700;"
    "font-size:1.25rem;text-decoration:none"
)
_HEADERS: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
PAGE_ANSWER: Final = {
    "description": "A page that says why",
    "content": {"text/html": {"schema": {"type": "string"}}},
}
"""For OpenAPI."""


def words(both: Both) -> Markup:
    """Return a text in both languages, one below the other."""
    return join((both[0], el("br"), el("span", both[1], lang="en")))


def beside(both: Both) -> Markup:
    """Return a text in both languages, one beside the other."""
    return join((both[0], " · ", el("span", both[1], lang="en")))


def alert(both: Both) -> Markup:
    return el("p", words(both), role="alert", style="font-weight:700")


def link(address: str, both: Both) -> Markup:
    return el("p", el("a", beside(both), href=address, style=TOUCH_STYLE))


def bucket(address: str) -> AccountId:
    """Return what requests from one address are counted by."""
    return AccountId(uuid5(NAMESPACE_OID, address))


def page(title: Both, *body: Markup, status: int = 200, script: str | None = None) -> HTMLResponse:
    """Answer with a page: 119 first, and no script but the one that is named."""
    emergency = el("a", words(FIRST_119), href="tel:119", style=_EMERGENCY_STYLE)
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("title", f"{title[0]} · {title[1]}"),
        el("meta", name="viewport", content="width=device-width,initial-scale=1"),
        # The browser names the origin of a POST only where a referrer may be sent to one's own pages.
        el("meta", name="referrer", content="same-origin"),
        el("meta", name="color-scheme", content="light dark"),
        *([] if script is None else [el("script", Markup(""), src=script, defer="")]),
    )
    brand = el(
        "header",
        el("img", src="/icon.svg", alt="", width=32, height=32),
        "15分钟应急响应圈",
        style="display:flex;gap:.5rem;align-items:center;font-weight:700;margin-bottom:.75rem",
    )
    main = el("main", emergency, el("p", words(NO_ALERT)), *body)
    whole = el("html", head, el("body", brand, main, style=_BODY_STYLE), lang="zh-CN")
    return HTMLResponse(f"<!doctype html>{whole}", status_code=status, headers=_HEADERS)


def gone(title: Both) -> HTMLResponse:
    """Answer alike for links that are unknown and that were closed."""
    return page(title, alert(GONE), status=404)


def wait(title: Both, error: TooManyAttemptsError) -> HTMLResponse:
    answer = page(title, alert(WAIT), status=429)
    answer.headers["Retry-After"] = retry_after(error.detail["retry_after_s"])
    return answer
