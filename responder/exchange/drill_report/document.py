"""One HTML file around what is printed of a drill: no script, nothing from outside, A4."""

from responder.exchange.printing.markup import Markup, el

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
h2 + p, h2 + p + p.small { break-after: avoid; }
p { margin: 0 0 2mm; overflow-wrap: anywhere; white-space: pre-line; }
table { width: 100%; border-collapse: collapse; margin: 0 0 3mm; font-size: 9pt; }
th, td { border: 0.5pt solid #9a9a9a; padding: 1mm 1.5mm; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #efe9f4; overflow-wrap: normal; }
td.short { white-space: nowrap; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
table.remarked th:last-child { width: 30%; }
.ticks { white-space: nowrap; }
table.signed th { width: 33%; }
table.remarks th:last-child { width: 70%; }
table.blank td { height: 9mm; }
.warn { border: 1pt solid #b85c00; padding: 2mm; }
.small { font-size: 8.5pt; color: #333; }
.together { break-inside: avoid; }
svg.map { display: block; width: 150mm; max-width: 100%; margin: 0 auto 2mm; border: 0.5pt solid #9a9a9a; }
.met { color: #14612d; font-weight: bold; } .missed { color: #a32020; font-weight: bold; }
ul { margin: 0 0 3mm; padding-left: 6mm; } li { overflow-wrap: anywhere; white-space: pre-line; }
.by-code { display: flex; gap: 4mm; align-items: center; margin: 0 0 3mm; }
.qr { flex: none; width: 32mm; } .qr svg { display: block; width: 32mm; }
.photos { orphans: 1; widows: 1; }
.photos figure { display: inline-block; vertical-align: top; margin: 0 3mm 3mm 0; width: 56mm; }
.photos img { display: block; max-width: 56mm; max-height: 56mm; }
.photos figcaption { font-size: 8.5pt; overflow-wrap: anywhere; }
.sheet { break-before: page; }
.key { display: inline-block; width: 8mm; height: 2mm; margin-right: 1mm; }
@media screen { body { padding: 6mm; } }
@media print { .mark { height: 0; line-height: 0; visibility: hidden; } }
"""


def document(title: str, body: Markup, *, language: str) -> str:
    """Return the HTML document; `language` is zh-CN or en."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width"),
        el("title", title),
        el("style", Markup(_STYLE)),
    )
    return f"<!doctype html>{el('html', head, el('body', body), lang=language)}"
