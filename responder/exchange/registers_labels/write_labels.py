"""Labels to be printed, cut out and stuck on: what it is, whose, and a QR code that opens its page."""

from typing import Final

from responder.domain.map.facility import Facility, FacilityKind
from responder.exchange.printing.markup import Markup, el, join
from responder.exchange.qr_code import qr_svg
from responder.services.registers.facilities.labels import FacilityLabels

KINDS: Final = {
    FacilityKind.HYDRANT: ("消火栓", "Hydrant"),
    FacilityKind.EXTINGUISHER: ("灭火器", "Fire extinguisher"),
    FacilityKind.AED: ("自动体外除颤器（AED）", "Defibrillator (AED)"),
    FacilityKind.HOSE_BOX: ("消防水带箱", "Hose box"),
    FacilityKind.ASSEMBLY_POINT: ("疏散集合点", "Assembly point"),
    FacilityKind.GATE: ("门、道闸", "Gate"),
    FacilityKind.KEY: ("应急钥匙", "Key"),
    FacilityKind.FIRST_AID: ("急救箱", "First-aid box"),
    FacilityKind.POWER_CUTOFF: ("电源总开关", "Power cut-off"),
    FacilityKind.GAS_VALVE: ("燃气总阀", "Gas valve"),
}
_WORDS: Final = {
    "title": ("设施标签", "Facility labels"),
    "scan": ("扫码查看或登记巡检（需登录）", "Scan to inspect (sign-in needed)"),
    "of": ("责任单位", "Kept by"),
    "circle": ("响应圈", "Circle"),
}
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE: Final = """
@page { size: A4; margin: 10mm;
  font-family: "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", sans-serif; }
* { box-sizing: border-box; }
body { font: 9.5pt/1.35 "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
  "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", sans-serif;
  color: #000; margin: 0 auto; width: 190mm; }
.label { display: inline-flex; gap: 3mm; align-items: center; width: 94mm; height: 48mm; padding: 3mm;
  border: 0.6pt dashed #555; overflow: hidden; break-inside: avoid; vertical-align: top; }
.qr { flex: none; width: 38mm; } .qr svg { display: block; width: 38mm; }
.says { min-width: 0; overflow-wrap: anywhere; }
h2 { font-size: 13pt; margin: 0 0 1mm; line-height: 1.2; }
p { margin: 0 0 0.8mm; } .small { font-size: 8pt; }
"""


def write_labels(labels: FacilityLabels, *, page_url: str, language: str) -> str:
    """
    Return the labels as an HTML document on A4 pages, ten a page.

    Parameters
    ----------
    labels
        What they say.
    page_url
        Address of the page, with / at its end.
    language
        zh-CN or en.
    """
    english = int(language == "en")
    partners = {each.id: (each.name, each.name_en) for each in labels.partners}
    circle = _either((labels.circle.name, labels.circle.name_en), english)
    parts = [
        _label(
            each,
            address=label_address(labels, each, page_url=page_url),
            owner=_either(partners.get(each.partner_id, ("", "")), english) if each.partner_id else "",
            circle=circle,
            english=english,
        )
        for each in labels.facilities
    ]
    title = f"{_WORDS['title'][english]} · {circle}"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("title", title),
        el("style", Markup(_STYLE)),
    )
    return f"<!doctype html>{el('html', head, el('body', *parts), lang=language)}"


def label_address(labels: FacilityLabels, facility: Facility, *, page_url: str) -> str:
    """Return the address that a label's code opens; without a session the page asks for one first."""
    return f"{page_url}#circle={labels.circle.id}&facility={facility.id}"


def _label(facility: Facility, *, address: str, owner: str, circle: str, english: int) -> Markup:
    kind = KINDS[facility.kind][english]
    name = _either((facility.name, facility.name_en), english)
    lines = [
        el("h2", name or kind),
        el("p", kind) if name else "",
        el("p", facility.where_to_find) if facility.where_to_find else "",
        el("p", f"{_WORDS['of'][english]}: {owner}", class_="small") if owner else "",
        el("p", circle, class_="small"),
        el("p", _WORDS["scan"][english], class_="small"),
    ]
    code = el("div", Markup(qr_svg(address, label=address)), class_="qr")
    return el("div", code, el("div", join(lines), class_="says"), class_="label")


def _either(names: tuple[str, str], english: int) -> str:
    return names[english] or names[1 - english]
