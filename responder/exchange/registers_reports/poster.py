"""The poster by whose code residents report: A4, black and white, Chinese and English."""

from typing import Final

from responder.domain.map.circle import Circle
from responder.exchange.printing.markup import Markup, el
from responder.exchange.qr_code import qr_svg

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE: Final = """
@page { size: A4; margin: 15mm; }
* { box-sizing: border-box; }
body { font: 14pt/1.45 "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
  "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", sans-serif;
  color: #000; margin: 0 auto; max-width: 180mm; text-align: center; }
.first { border: 2.5pt solid #000; padding: 4mm; margin: 0 0 8mm; font-size: 20pt; font-weight: bold; }
h1 { font-size: 34pt; line-height: 1.2; margin: 0 0 2mm; }
p { margin: 0 0 4mm; }
.en { font-size: 13pt; font-weight: normal; }
.qr { width: 90mm; margin: 4mm auto; } .qr svg { display: block; width: 90mm; }
.small { font-size: 10pt; overflow-wrap: anywhere; }
"""
_FIRST: Final = ("着火、冒烟、有人被困：先打 119", "Fire, smoke or a trapped person: call 119 first")
_TITLE: Final = ("扫一扫，随手报火灾隐患", "Scan to report a fire hazard")
_WHAT: Final = (
    "占堵通道、电动车违规停放充电、楼道堆物、乱拉电线……半分钟，一张照片。",
    "Blocked lanes, charging e-bikes, cluttered stairwells, bad wiring: half a minute, one photo.",
)
_HOW: Final = (
    "不用账号，不记录您是谁。凭查询码看办理情况，“小巷回声”看大家报了什么、办得怎样。",
    "No account; it is not kept who you are. A code tells what became of it; so does the public page.",
)
_NO_ALERT: Final = (
    "本码不是报警渠道，社区在工作时间查看。",
    "This code raises no alarm; the community reads reports in working hours.",
)


def write_poster(circle: Circle, *, address: str) -> str:
    """Return the poster as one HTML file with nothing from outside."""
    name = (circle.name, circle.name_en or circle.name)
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width"),
        el("title", _TITLE[0]),
        el("style", Markup(_STYLE)),
    )
    body = el(
        "body",
        el("div", *_lines(_FIRST), class_="first"),
        el("h1", _TITLE[0]),
        el("p", _TITLE[1], class_="en", lang="en"),
        el("p", *_lines(name)),
        el("div", Markup(qr_svg(address, label=address)), class_="qr"),
        el("p", *_lines(_WHAT)),
        el("p", *_lines(_HOW)),
        el("p", *_lines(_NO_ALERT)),
        el("p", address, class_="small"),
    )
    return f"<!doctype html>{el('html', head, body, lang='zh-CN')}"


def _lines(both: tuple[str, str]) -> tuple[object, ...]:
    return (both[0], el("br"), el("span", both[1], class_="en", lang="en"))
