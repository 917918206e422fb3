"""Write the sheets of a drill's evaluators: blank before the run, with what they judged after it."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.plan import DrillMode
from responder.exchange.drill_report.document import document
from responder.exchange.drill_report.words import ITEMS
from responder.exchange.drill_report.writer import Phrases
from responder.exchange.printing.markup import Markup, el, join, table
from responder.services.drills.score.load_sheet import EvaluationSheets

BLANK_LINES: Final = 5
MOST_REMARKS: Final = 100
_TICKED: Final = {ObservationVerdict.GOOD: "ticked_met", ObservationVerdict.IMPROVE: "ticked_missed"}


def write_sheets(sheets: EvaluationSheets, *, language: str, names: bool) -> str:
    """
    Return the sheets as an HTML document: one of each evaluator who judged something, else a blank one.

    `language` is zh-CN or en; without `names` evaluators are numbered.
    """
    write = Phrases(language=language, zone=ZoneInfo(sheets.time_zone))
    name = sheets.drill.plan.name
    parts = [
        el("div", *_sheet(write, sheets, own, _who(write, sheets, own, number, names=names)), class_=kind)
        for number, own in enumerate(sheets.evaluators or ((),), start=1)
        for kind in ("sheet" if number > 1 else "first",)
    ]
    mark = el("p", f"{write('mark')} · {name[:60]}", class_="mark")
    return document(f"{write('sheet_title')} · {name}", join([mark, *parts]), language=language)


def _who(
    write: Phrases, sheets: EvaluationSheets, own: Sequence[Observation], number: int, *, names: bool
) -> str:
    if not own:
        return ""
    partners = {each.id: write.either((each.name, each.name_en)) for each in sheets.partners}
    of = None if own[0].partner_id is None else partners.get(own[0].partner_id)
    who = own[0].by_name if names else write("evaluator_n").format(n=number)
    return who + write.aside(of) if of else who


def _sheet(write: Phrases, sheets: EvaluationSheets, own: Sequence[Observation], who: str) -> list[Markup]:
    return [
        el("h1", write("sheet_title")),
        _front(write, sheets, who),
        el("p", write("sheet_how"), class_="small"),
        _objectives(write, sheets, own),
        _items(write),
        _remarks(write, sheets, own),
        _signature(write, who),
    ]


def _front(write: Phrases, sheets: EvaluationSheets, who: str) -> Markup:
    plan, run, circle = sheets.drill.plan, sheets.run, sheets.circle
    begins = (write("date"), run.started_at) if run is not None else (write("starts"), plan.starts_at)
    mode = write("field" if plan.mode is DrillMode.FIELD else "tabletop")
    rows = [
        (write("drill"), plan.name, write("mode"), mode),
        (
            write("circle"),
            write.either((circle.name, circle.name_en)),
            write("place"),
            write.either((plan.place.label, plan.place.label_en)),
        ),
        (begins[0], "" if begins[1] is None else write.moment(begins[1])[:16], write("evaluator"), who),
    ]
    body = (el("tr", el("th", a), el("td", b), el("th", c), el("td", d)) for a, b, c, d in rows)
    return el("table", el("tbody", *body))


def _objectives(write: Phrases, sheets: EvaluationSheets, own: Sequence[Observation]) -> Markup:
    run = sheets.run
    rows = []
    for number, objective in enumerate(sheets.drill.plan.objectives, start=1):
        about = [each for each in own if each.objective == objective.key and each.verdict in _TICKED]
        last = about[-1] if about else None
        met = last is not None and last.verdict is ObservationVerdict.GOOD
        rows.append(
            (
                str(number),
                objective.text,
                "≤ " + write.clock(objective.within_s),
                "T+" + write.clock(run.clock_s(last.at)) if run and last and met else "",
                _ticks(write("tick_objective" if last is None else _TICKED[last.verdict])),
                "" if last is None else last.text,
            )
        )
    head = ["", *(write(name) for name in ("objective", "target", "time_met", "outcome", "remark"))]
    listed = table(head, rows, class_="blank remarked") if rows else el("p", write("none"))
    return join([el("h2", write("objectives")), listed])


def _ticks(words: str) -> Markup:
    return el("span", words, class_="ticks")


def _items(write: Phrases) -> Markup:
    rows = [(write.either(item), _ticks(write("tick_item")), "") for item in ITEMS]
    head = [write(name) for name in ("item", "judgement", "remark")]
    note = el("p", write("evaluation_note"), class_="small")
    return join([el("h2", write("evaluation")), note, table(head, rows, class_="blank remarked")])


def _remarks(write: Phrases, sheets: EvaluationSheets, own: Sequence[Observation]) -> Markup:
    run = sheets.run
    judged = {objective.key for objective in sheets.drill.plan.objectives}
    others = [each for each in own if each.objective not in judged or each.verdict not in _TICKED]
    rows = [
        (f"T+{write.clock(run.clock_s(each.at))}", write(each.verdict.value), each.text)
        for each in others[:MOST_REMARKS]
        if run is not None
    ]
    blank = [("", "", "")] * (BLANK_LINES if not rows else 1)
    head = [write(name) for name in ("time", "verdict", "text")]
    return join([el("h2", write("remarks")), table(head, rows + blank, class_="blank remarks")])


def _signature(write: Phrases, who: str) -> Markup:
    head = [write("evaluator"), write("signature"), write("day")]
    return el(
        "div",
        el("h2", write("signatures")),
        table(head, [(who, "", "")], class_="blank signed"),
        class_="together",
    )
