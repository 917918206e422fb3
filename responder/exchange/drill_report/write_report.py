"""Write the report on a drill as one HTML file: no script, nothing from outside, A4 when printed."""

from collections.abc import Callable

from responder.domain.drills.plan import DrillMode
from responder.exchange.drill_report.document import document
from responder.exchange.drill_report.feedback import feedback
from responder.exchange.drill_report.map_picture import draw_map, unit_colours
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
from responder.exchange.printing.markup import Markup, el, join, table
from responder.services.drills.score.load_report import DrillReport


def write_report(report: DrillReport, *, language: str, names: bool) -> str:
    """
    Return the report as an HTML document.

    `language` is zh-CN or en; without `names` people are told by their unit alone.
    """
    write = Writer(report, language=language, names=names)
    title = f"{write('title')} · {report.scored.drill.plan.name}"
    body = join(
        [
            el("p", f"{write('mark')} · {report.scored.drill.plan.name[:60]}", class_="mark"),
            el("h1", write("title")),
            *_front(write),
            *(section(write) for section in _SECTIONS),
        ]
    )
    return document(title, body, language=language)


def _front(write: Writer) -> list[Markup]:
    scored = write.report.scored
    plan, run, circle = scored.drill.plan, scored.run, write.report.circle
    partners = write("list_comma").join(write.partner(each) for each in run.partner_ids) or write("everyone")
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
    return join([el("h2", write("evaluation")), note, table(head, rows, class_="blank remarked")])


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
