"""Write an alley sheet as one HTML page to print: no script, nothing from outside."""

from typing import Final

from responder.domain.registers.sheet_frame import Paper
from responder.exchange.alley_sheet.ground import DOORS_UP_TO
from responder.exchange.alley_sheet.lists import NUMBERS, Lists
from responder.exchange.alley_sheet.map_picture import MapPicture
from responder.exchange.alley_sheet.references import references
from responder.exchange.alley_sheet.text_width import text_width
from responder.exchange.printing.markup import Markup, el
from responder.exchange.qr_code import qr_svg
from responder.services.registers.load_alley_sheet import AlleySheet

MARGIN_MM: Final = {Paper.A4: 7, Paper.A3: 9}
HEAD_MM: Final = {Paper.A4: 18, Paper.A3: 22}
KEY_MM: Final = {Paper.A4: 10, Paper.A3: 14}
_PAPER_MM: Final = {Paper.A4: (210, 297), Paper.A3: (297, 420)}
_GAP_MM: Final = 2
_BESIDE_TITLE_MM: Final = {Paper.A4: 84, Paper.A3: 120}
"""Of the head: three numbers and the code."""
_COLUMNS: Final = {Paper.A4: 3, Paper.A3: 4}
_TEXT_PT: Final = {Paper.A4: 7.1, Paper.A3: 9.2}
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """
* { box-sizing: border-box; }
body { margin: 0; color: #000; line-height: 1.22; overflow-wrap: anywhere;
  font-family: "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
  "WenQuanYi Zen Hei", sans-serif; }
.fixed { position: absolute; }
header { display: flex; gap: 3mm; align-items: flex-start; border-bottom: 0.6mm solid #000;
  overflow: hidden; }
header .qr { flex: none; } header .qr svg { display: block; }
header .told { flex: 1 1 0; min-width: 0; }
header .told p { margin: 0; line-height: 1.22; }
h1 { line-height: 1.2; margin: 0; white-space: nowrap; overflow: hidden; }
.dial { flex: none; border: 0.5mm solid #000; padding: 0 2mm; text-align: center; }
.dial b { display: block; font-size: 2.7em; line-height: 1.1; }
.dial span { font-size: 1.1em; line-height: 1; }
.dial.first { background: #000; color: #fff; }
.map > svg { display: block; }
.key { display: flex; flex-wrap: wrap; gap: 0.4mm 2.4mm; margin-top: 1mm; font-size: 0.93em;
  line-height: 1.95em; }
.key span { white-space: nowrap; }
.key svg { height: 1.8em; width: auto; vertical-align: middle; margin-right: 0.6mm; }
.mark { font-style: normal; font-weight: bold; border: 0.2mm solid #000; padding: 0 0.6mm;
  margin-right: 0.8mm; }
.mark.dark { background: #000; color: #fff; }
h2 { font-size: 1.22em; margin: 0 0 0.6mm; background: #000; color: #fff; padding: 0 1mm;
  break-after: avoid; }
h2.call { font-size: 1.5em; }
h3 { font-size: 1.05em; margin: 0 0 0.2mm; border-bottom: 0.2mm solid #000; break-after: avoid; }
h3 svg { height: 1.6em; width: auto; vertical-align: middle; margin-right: 1mm; }
section { margin: 0 0 1.8mm; }
p { margin: 0 0 1mm; }
.call { border: 0.5mm solid #000; break-inside: avoid; }
.call ol { margin: 0.5mm 1mm 1mm; padding-left: 4mm; } .call li:first-child { font-weight: bold; }
ul { list-style: none; margin: 0; padding: 0; } li { break-inside: avoid; } ul li { margin-bottom: 0.5mm; }
table { width: 100%; border-collapse: collapse; } tr { break-inside: avoid; }
td { padding: 0.15mm 0; border-bottom: 0.15mm dotted #000; vertical-align: top; }
td.number { text-align: right; padding-left: 1mm; white-space: nowrap; }
.number { font-weight: bold; white-space: nowrap; } .strong { font-size: 1.3em; line-height: 1; }
.cell { font-weight: bold; } .small { font-size: 0.9em; }
"""


def write_alley_sheet(sheet: AlleySheet, *, in_english: bool) -> str:
    """Return the sheet as an HTML document whose first page holds the map; long lists go on overleaf."""
    found = references(sheet)
    lists = Lists(sheet, found, in_english=in_english)
    language = "en" if in_english else "zh-CN"
    title = f"{lists.either(sheet.circle.name, sheet.circle.name_en)} · {lists.words('title')}"
    picture = MapPicture(sheet, found, in_english=in_english).draw(lists.words("map"))
    flow = [lists.call(), lists.phones(), lists.closures(), lists.gates(), *lists.facilities()]
    end = el("p", lists.words("never_replaces"), class_="small")
    body = el(
        "body",
        _head(lists),
        el("div", picture, lists.key(), class_="fixed map"),
        el("main", *(each for each in flow if each is not None), end),
    )
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("title", title),
        el("style", Markup(_STYLE + _page(sheet))),
    )
    return f"<!doctype html>{el('html', head, body, lang=language)}"


def _head(lists: Lists) -> Markup:
    sheet = lists.sheet
    building = sheet.building
    place = lists.either(sheet.circle.name, sheet.circle.name_en)
    if building is not None:
        place = f"{lists.either(building.name, building.name_en)} · {place}"
    title = f"{place} · {lists.words('title')}"
    illustrative = el("b", f" {lists.words('illustrative')}") if sheet.circle.illustrative else ""
    made = lists.words("made", at=lists.moment(sheet.made_at), zone=sheet.time_zone)
    told = [
        el("h1", title, style=f"font-size:{_title_pt(title, sheet.frame.paper)}pt"),
        el("p", el("b", made)),
        el("p", lists.words("moment"), illustrative),
    ]
    if sheet.frame.scale > DOORS_UP_TO:
        told.append(el("p", el("b", lists.words("small_scale"))))
    code = Markup(qr_svg(sheet.page_address, label=lists.words("scan")))
    return el(
        "header",
        *(
            el("div", el("b", number), el("span", lists.words(f"who_{number}")), class_=look)
            for number, look in zip(NUMBERS, ("dial first", "dial", "dial"), strict=True)
        ),
        el("div", *told, class_="told"),
        el("div", code, class_="qr"),
        class_="fixed",
    )


def _title_pt(title: str, paper: Paper) -> float:
    """Return the size at which a title fits beside the numbers and the code."""
    room_mm = _PAPER_MM[paper][0] - 2 * MARGIN_MM[paper] - _BESIDE_TITLE_MM[paper]
    return round(min(2.1 * _TEXT_PT[paper], max(7.0, room_mm / text_width(title, 25.4 / 72))), 1)


def _page(sheet: AlleySheet) -> str:
    """Return the sizes: on the first page the lists have the room that the map leaves."""
    paper, area = sheet.frame.paper, sheet.frame.area
    margin, head = MARGIN_MM[paper], HEAD_MM[paper]
    width, height = _PAPER_MM[paper]
    inner = width - 2 * margin
    top = margin + head + _GAP_MM
    first_top, first_left, columns = float(top), margin + area.width_mm + _GAP_MM, 1
    if area.is_wide:
        below = area.height_mm + KEY_MM[paper] + _GAP_MM
        first_top, first_left, columns = top + below, float(margin), _COLUMNS[paper]
    up, left = first_top - margin, first_left - margin
    text = _TEXT_PT[paper]
    return f"""
@page {{ size: {width}mm {height}mm; margin: {margin}mm; }}
@page :first {{ margin: {first_top}mm {margin}mm {margin}mm {first_left}mm; }}
body {{ font-size: {text}pt; }}
main {{ columns: {columns}; column-gap: 3mm; column-fill: auto; }}
header {{ top: -{up}mm; left: -{left}mm; width: {inner}mm; height: {head}mm; }}
header .qr svg {{ width: {head - 1}mm; height: {head - 1}mm; }}
.map {{ top: -{up - head - _GAP_MM}mm; left: -{left}mm; width: {area.width_mm}mm; }}
"""
