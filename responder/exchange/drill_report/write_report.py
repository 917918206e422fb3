"""Write the report on a drill as one HTML file: no script, nothing from outside, A4 when printed."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from responder.domain.drills.plan import DrillMode
from responder.exchange.drill_report.feedback import feedback
from responder.exchange.drill_report.map_picture import draw_map, unit_colours
from responder.exchange.drill_report.markup import Markup, el, join, table
from responder.exchange.drill_report.tables import (
    attendance,
    comparison,
    expected_actual,
    objectives,
    observations,
    timeline,
    times,
)
from responder.exchange.drill_report.words import ITEMS, METHOD
from responder.exchange.drill_report.writer import Writer
from responder.services.drills.score.load_report import DrillReport

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
@page { size: A4; margin: 20mm 15mm 18mm;
  font-family: "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", sans-serif;
  @top-center { content: string(mark); font-size: 9pt; color: #6a1b9a; }
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt; color: #444; } }
* { box-sizing: border-box; }
body { font: 10.5pt/1.5 "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
  "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", sans-serif;
  color: #1a1a1a; margin: 0 auto; max-width: 190mm; }
.mark { string-set: mark content(); color: #6a1b9a; font-size: 9pt; text-align: center; margin: 0; }
h1 { font-size: 20pt; margin: 4mm 0 2mm; text-align: center; }
h2 { font-size: 13pt; margin: 7mm 0 2mm; border-bottom: 1.5pt solid #6a1b9a; break-after: avoid; }
h3 { font-size: 11pt; margin: 3mm 0 1mm; break-after: avoid; }
p { margin: 0 0 2mm; overflow-wrap: anywhere; white-space: pre-line; }
table { width: 100%; border-collapse: collapse; margin: 0 0 3mm; font-size: 9pt; }
th, td { border: 0.5pt solid #9a9a9a; padding: 1mm 1.5mm; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #efe9f4; overflow-wrap: normal; }
td.short { white-space: nowrap; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
table.blank td { height: 9mm; }
.warn { border: 1pt solid #b85c00; padding: 2mm; }
.small { font-size: 8.5pt; color: #333; }
.together { break-inside: avoid; }
svg.map { display: block; width: 150mm; max-width: 100%; margin: 0 auto 2mm; border: 0.5pt solid #9a9a9a; }
.met { color: #14612d; font-weight: bold; } .missed { color: #a32020; font-weight: bold; }
ul { margin: 0 0 3mm; padding-left: 6mm; } li { overflow-wrap: anywhere; white-space: pre-line; }
.by-code { display: flex; gap: 4mm; align-items: center; margin: 0 0 3mm; }
.qr { flex: none; width: 32mm; } .qr svg { display: block; width: 32mm; }
.key { display: inline-block; width: 8mm; height: 2mm; margin-right: 1mm; }
@media screen { body { padding: 6mm; } }
@media print { .mark { height: 0; line-height: 0; visibility: hidden; } }
"""


def write_report(report: DrillReport, *, language: str, names: bool) -> str:
    """
    Return the report as an HTML document.

    `language` is zh-CN or en; without `names` people are told by their unit alone.
    """
    write = Writer(report, language=language, names=names, zone=ZoneInfo(report.time_zone))
    title = f"{write('title')} · {report.scored.drill.plan.name}"
    body = join(
        [
            el("p", f"{write('mark')} · {report.scored.drill.plan.name[:60]}", class_="mark"),
            el("h1", write("title")),
            *_front(write),
            *(section(write) for section in _SECTIONS),
        ]
    )
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width"),
        el("title", title),
        el("style", Markup(_STYLE)),
    )
    return f"<!doctype html>{el('html', head, el('body', body), lang=language)}"


def _front(write: Writer) -> list[Markup]:
    scored = write.report.scored
    plan, run, circle = scored.drill.plan, scored.run, write.report.circle
    partners = "、".join(write.partner(each) for each in run.partner_ids) or write("everyone")
    numbers = [each.seq for each in scored.events]
    rows = [
        (write("drill"), plan.name),
        (write("circle"), write.either((circle.name, circle.name_en))),
        (write("place"), write.place(plan.place)),
        (write("date"), write.moment(run.started_at)),
        (write("ended"), write.moment(run.ended_at)),
        (write("lasted"), write.clock(scored.score.clock_s)),
        (write("mode"), write("field" if plan.mode is DrillMode.FIELD else "tabletop")),
        (write("participants"), partners),
        (write("log"), f"{numbers[0]} – {numbers[-1]}" if numbers else "–"),
    ]
    told = el("table", el("tbody", *(el("tr", el("th", name), el("td", value)) for name, value in rows)))
    front = [el("p", write("illustrative"), class_="warn")] if circle.illustrative else []
    front += [] if run.ended_at else [el("p", write("running"), class_="warn")]
    scenario = [el("h2", write("scenario")), el("p", plan.scenario)] if plan.scenario else []
    return [*front, told, *scenario]


def _map(write: Writer) -> Markup:
    colours = unit_colours(write.report)
    keys = [
        el("span", el("span", class_="key", style=f"background:{colour}"), write.unit(unit), " ")
        for unit, colour in colours.items()
    ]
    picture = draw_map(write.report, write("map"))
    words = el("p", write("map_key"), class_="small")
    return el(
        "div", el("h2", write("map")), picture, words, el("p", *keys, class_="small"), class_="together"
    )


def _findings(write: Writer) -> Markup:
    rows: list[tuple[str, ...]] = [
        (
            each.text,
            (write.partner(each.owner_id) if each.owner_id else "")
            + (f" {each.owner_name}" if write.names and each.owner_name else ""),
            str(each.due_on or ""),
            write(each.state.value),
        )
        for each in write.report.findings
    ]
    blank: list[tuple[str, ...]] = [("", "", "", "")] * max(0, 4 - len(rows))
    head = [write(name) for name in ("finding", "owner", "due", "state")]
    return join([el("h2", write("findings")), table(head, rows + blank, class_="blank")])


def _evaluation(write: Writer) -> Markup:
    rows = [(write.either(item), "", "") for item in ITEMS]
    head = [write(name) for name in ("item", "rating", "remark")]
    note = el("p", write("evaluation_note"), class_="small")
    return join([el("h2", write("evaluation")), note, table(head, rows, class_="blank")])


def _signatures(write: Writer) -> Markup:
    rows = [(role, "", "", "") for role in write("signatories").split("|")]
    head = [write(name) for name in ("role", "name", "signature", "day")]
    return el("div", el("h2", write("signatures")), table(head, rows, class_="blank"), class_="together")


def _method(write: Writer) -> Markup:
    lines = [write.either(line) for line in METHOD]
    lines.append(write("clock").format(zone=write.zone.key))
    items = (el("li", line) for line in lines)
    return el("div", el("h2", write("method")), el("ul", *items, class_="small"), class_="together")


_SECTIONS: tuple[Callable[[Writer], Markup], ...] = (
    objectives,
    _map,
    timeline,
    times,
    expected_actual,
    attendance,
    observations,
    feedback,
    comparison,
    _findings,
    _evaluation,
    _signatures,
    _method,
)
