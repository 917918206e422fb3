"""A pact as one HTML file to be printed: parties, duties, signatures, annex and hash, on A4."""

from datetime import date, datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from responder.domain.registers.pact.pact import PactDuty, PactState
from responder.exchange.printing.markup import Markup, el, join, table, text
from responder.exchange.registers_pact.words import DUTY_KINDS, FACILITY_KINDS, PERIODS, STATES, WORDS
from responder.services.registers.pact.load_document import PactDocument

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_FONTS: Final = '"Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", sans-serif'
# Black on white alone: a photocopy of it reads the same.
_STYLE: Final = f"""
@page {{ size: A4; margin: 20mm 18mm 20mm; font-family: {_FONTS};
  @top-right {{ content: string(state); font-size: 9pt; }}
  @bottom-left {{ content: string(mark); font-size: 7.5pt; }}
  @bottom-right {{ content: counter(page) " / " counter(pages); font-size: 9pt; }} }}
* {{ box-sizing: border-box; }}
body {{ font: 10.5pt/1.55 {_FONTS}; color: #000; margin: 0; }}
.state {{ string-set: state content(); }} .mark {{ string-set: mark content(); }}
.state, .mark {{ height: 0; line-height: 0; margin: 0; visibility: hidden; }}
h1 {{ font-size: 19pt; line-height: 1.3; margin: 2mm 0 1mm; text-align: center; }}
.below {{ text-align: center; margin: 0 0 4mm; }}
h2 {{ font-size: 13pt; margin: 6mm 0 2mm; border-bottom: 1pt solid #000; break-after: avoid; }}
h3 {{ font-size: 11pt; margin: 3mm 0 1mm; break-after: avoid; }}
p {{ margin: 0 0 2mm; overflow-wrap: anywhere; white-space: pre-line; }}
table {{ width: 100%; border-collapse: collapse; margin: 0 0 3mm; font-size: 9.5pt; }}
th, td {{ border: 0.6pt solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }}
th {{ font-weight: bold; border-bottom-width: 1.2pt; overflow-wrap: normal; }}
td.short {{ white-space: nowrap; }}
tr {{ break-inside: avoid; }} thead {{ display: table-header-group; }}
.duties, .annexed {{ table-layout: fixed; }}
.duties th:first-child {{ width: 54%; }} .duties th:last-child {{ width: 17%; }}
.annexed th:nth-child(1) {{ width: 7%; }} .annexed th:nth-child(2) {{ width: 15%; }}
.signed td {{ height: 14mm; }}
.box {{ border: 1pt solid #000; padding: 2mm; font-weight: bold; }}
.small {{ font-size: 8.5pt; }}
.hash {{ font-family: "Noto Sans Mono CJK SC", "DejaVu Sans Mono", monospace; font-size: 9pt; }}
.annex {{ break-before: page; }}
.together {{ break-inside: avoid; }}
"""


def write_pact(document: PactDocument, *, language: str) -> str:
    """Return the pact as an HTML document; `language` is zh-CN or en."""
    writer = _Writer(document, language=language)
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("title", writer.title),
        el("style", Markup(_STYLE)),
    )
    return f"<!doctype html>{el('html', head, el('body', writer.body()), lang=language)}"


class _Writer:
    def __init__(self, document: PactDocument, *, language: str) -> None:
        self._document = document
        self._pact = document.pact
        self._column = 1 if language == "en" else 0
        self._zone = ZoneInfo(document.time_zone)

    @property
    def title(self) -> str:
        content = self._pact.content
        return self._either((content.name, content.name_en))

    def body(self) -> Markup:
        return join(
            [
                el("p", self._either(STATES[self._pact.state]), class_="state"),
                el("p", f"SHA-256 {self._document.document_hash}", class_="mark"),
                *self._front(),
                *self._parties(),
                *self._duties(),
                el("p", self("calls_first"), class_="box"),
                self._signatures(),
                el("div", *self._annex(), class_="annex"),
            ]
        )

    def __call__(self, key: str, **values: object) -> str:
        return WORDS[key][self._column].format(**values)

    def _either(self, both: tuple[str, str]) -> str:
        return both[self._column] or both[0]

    def _front(self) -> list[Markup]:
        circle, pact = self._document.circle, self._pact
        below = " · ".join(
            [
                self._either((circle.name, circle.name_en)),
                self("version", n=pact.number),
                self._either(STATES[pact.state]),
            ]
        )
        note = [el("p", self("illustrative"), class_="below small")] if circle.illustrative else []
        return [el("h1", self.title), el("p", below, class_="below"), *note]

    def _parties(self) -> list[Markup]:
        content = self._pact.content
        rows = [(self._either((each.name, each.name_en)), each.signatory) for each in content.parties]
        validity = self("from_to", first=self._day(content.valid_from), last=self._day(content.valid_until))
        return [
            el("h2", self("parties")),
            table([self("party"), self("office")], rows) if rows else el("p", self("none")),
            el("h2", self("validity")),
            el("p", validity),
            el("p", self("renewal"), class_="small"),
        ]

    def _duties(self) -> list[Markup]:
        parts = [el("h2", self("duties"))]
        order = list(DUTY_KINDS)
        duties = sorted(self._pact.content.duties, key=lambda each: order.index(each.kind))
        for kind, group in groupby(duties, key=lambda each: each.kind):
            head = [self("duty"), self("owner"), self("often")]
            rows = [
                (self._long((each.text, each.text_en)), self._owner(each), self._often(each))
                for each in group
            ]
            parts += [el("h3", self._either(DUTY_KINDS[kind])), table(head, rows, class_="duties")]
        return parts if duties else [*parts, el("p", self("none"))]

    def _signatures(self) -> Markup:
        by_party = {each.partner_id: each for each in self._pact.signatures}
        rows = []
        for party in self._pact.content.parties:
            signature = by_party.get(party.partner_id)
            who = self("unsigned") if signature is None else signature.account_name
            when = "" if signature is None else self._moment(signature.at)
            rows.append(
                (self._long((party.name, party.name_en)), party.signatory, self._long((who, "")), when)
            )
        head = [self("party"), self("office"), self("signed_by"), self("signed_at")]
        return el(
            "div",
            el("h2", self("signatures")),
            el("p", self("signature_note"), class_="small"),
            table(head, rows, class_="signed") if rows else el("p", self("none")),
            el("p", self("hash"), class_="small"),
            el("p", self._document.document_hash, class_="hash"),
            el("p", f"{self('printed')} {self._moment(self._document.printed_at)}", class_="small"),
            class_="together",
        )

    def _annex(self) -> list[Markup]:
        annex = self._document.annex
        is_fixed = self._pact.annex is not None or self._pact.state is not PactState.DRAFT
        rows = [
            (
                number,
                self._either(FACILITY_KINDS.get(each.kind, (each.kind, ""))),
                self._long((each.name, each.name_en)),
                self._long((each.owner, each.owner_en)),
                self._long((each.note, "")),
            )
            for number, each in enumerate(annex, start=1)
        ]
        head = [self(name) for name in ("number", "kind", "name", "owner", "note")]
        return [
            el("h2", self("annex")),
            el("p", self("annex_signed" if is_fixed else "annex_draft", n=len(annex)), class_="small"),
            table(head, rows, class_="annexed") if rows else el("p", self("none")),
        ]

    def _owner(self, duty: PactDuty) -> Markup:
        for party in self._pact.content.parties:
            if party.partner_id == duty.owner_id:
                return self._long((party.name, party.name_en))
        return text(self("everyone"))

    def _often(self, duty: PactDuty) -> str:
        if duty.times == 0:
            return self("when_needed")
        return self._either(PERIODS[duty.per]).format(n=duty.times)

    def _long(self, both: tuple[str, str]) -> Markup:
        """Return a text that may be broken into lines however short it is."""
        return text(self._either(both))

    def _day(self, day: date) -> str:
        return f"{day.year} 年 {day.month} 月 {day.day} 日" if self._column == 0 else day.isoformat()

    def _moment(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
