"""The lists of an alley sheet: what to say to 119, whom to call, what is closed, who opens, what helps."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from responder.domain.map.closure import Closure
from responder.domain.map.facility import Facility
from responder.domain.map.gate import Gate
from responder.exchange.alley_sheet.references import Reference
from responder.exchange.alley_sheet.signs import SIGNS, SIZE, draw_sign, sign_of
from responder.exchange.alley_sheet.words import BEARINGS, HOURS_ZH, WORDS
from responder.exchange.printing.markup import Markup, el
from responder.services.registers.load_alley_sheet import AlleySheet

NUMBERS: Final = ("119", "120", "110")


class Lists:
    """Writes the lists of one sheet in one language."""

    def __init__(self, sheet: AlleySheet, found: Sequence[Reference], *, in_english: bool) -> None:
        self.sheet, self._found, self.in_english = sheet, found, in_english
        self._zone = ZoneInfo(sheet.time_zone)

    def words(self, key: str, **values: object) -> str:
        return WORDS[key][self.in_english].format(**values)

    def either(self, in_chinese: str, in_english: str) -> str:
        """Return the name in the sheet's language; the one that there is."""
        return (in_english if self.in_english else "") or in_chinese

    def moment(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")

    def place(self) -> str:
        """Return the address as it is told to the operator."""
        circle = self.either(self.sheet.circle.name, self.sheet.circle.name_en)
        building = self.sheet.building
        if building is None:
            return self.words("where_circle", circle=circle)
        name = self.either(building.name, building.name_en)
        return f"{circle}, {name}" if self.in_english else f"{circle}，{name}"

    def call(self) -> Markup:
        """Return what to tell the operator."""
        fire = self.sheet.fire
        lines = (fire.script_en if self.in_english else fire.script_zh) or fire.script_zh
        kind = fire.name_en if self.in_english else fire.name_zh
        told = [self.words("address", place=self.place()), self.words("what", kind=kind), *lines]
        return el(
            "section",
            el("h2", self.words("dial"), class_="call"),
            el("ol", *(el("li", line) for line in told)),
            class_="call",
        )

    def phones(self) -> Markup:
        told = [
            el(
                "tr",
                el("td", self.either(each.name, each.name_en)),
                el("td", _plain(each.phone) or self.words("none_stored"), class_="number"),
            )
            for each in self.sheet.partners
        ]
        body = el("table", *told) if self.sheet.with_phones else el("p", self.words("phones_left_out"))
        return el("section", el("h2", self.words("phones")), body)

    def closures(self) -> Markup:
        items = [
            el("li", el("b", f"×{number}"), f" {each.name}", el("span", self._closed_to(each)))
            for number, each in enumerate(self.sheet.closures, 1)
        ]
        body = el("ul", *items) if items else el("p", self.words("closures_none"))
        return el("section", el("h2", self.words("closures")), body)

    def _closed_to(self, closure: Closure) -> str:
        bounds = [
            self.words("closed_wider", m=f"{closure.wider_than_m:g}") if closure.wider_than_m else "",
            self.words("closed_higher", m=f"{closure.higher_than_m:g}") if closure.higher_than_m else "",
            self.words("closed_heavier", t=f"{closure.heavier_than_t:g}") if closure.heavier_than_t else "",
        ]
        told = [each for each in bounds if each] or [self.words("closed_all")]
        if closure.profiles is not None:
            names = [self.words(each) if each in WORDS else each for each in closure.profiles]
            told.append(self.words("closed_profiles", names=self._listed(names)))
        if closure.ends_at is not None:
            told.append(self.words("until", at=self.moment(closure.ends_at)))
        return f"：{'；'.join(told)}" if not self.in_english else f": {'; '.join(told)}"

    def gates(self) -> Markup | None:
        own = [each for each in self._found if each.kind == "gate"]
        if not own:
            return None
        return el("section", el("h2", self.words("gates")), el("ul", *map(self._gate, own)))

    def _gate(self, found: Reference) -> Markup:
        gate = found.thing
        kind = f" · {gate.kind}" if isinstance(gate, Gate) and gate.kind else ""
        holders = self._holders(gate) or [el("div", self.words("no_holder"))]
        return el("li", *self._head(found), kind, *holders, *self._found_at(gate))

    def _head(self, found: Reference) -> list[Markup]:
        out = [el("b", f" {self.words('out')}")] if found.is_out else []
        name = el("span", f" {self.either(found.thing.name, found.thing.name_en)}")
        return [el("b", found.code), name, self._where(found), *out]

    def _holders(self, thing: Facility | Gate) -> list[Markup]:
        return [
            el(
                "div",
                "☎ " if each.phone else "– ",
                " ".join(part for part in (each.name, each.hours) if part),
                el("span", f" {_plain(each.phone)}", class_="number") if each.phone else "",
            )
            for each in thing.holders
        ]

    def _found_at(self, thing: Facility | Gate) -> list[Markup]:
        """Tell where it is and how to get at it; a code of a lock is not for paper that lies about."""
        told = [thing.note]
        if isinstance(thing, Facility):
            hours = self.words("open", hours=self._hours(thing.opening_hours)) if thing.opening_hours else ""
            code = self.words("has_code") if thing.access_code else ""
            told = [thing.where_to_find, thing.note, hours, code]
        words = ("; " if self.in_english else "；").join(each for each in told if each)
        return [el("span", f" {words}", class_="note")] if words else []

    def _hours(self, hours: str) -> str:
        """Return opening hours as people read them: the words of OpenStreetMap's grammar are English."""
        if not self.in_english:
            for word, in_chinese in HOURS_ZH:
                hours = hours.replace(word, in_chinese)
        return hours

    def facilities(self) -> list[Markup]:
        others = [each for each in self._found if each.kind != "gate"]
        drawn = []
        for kind, group in groupby(others, key=lambda each: each.kind):
            title = self.words(kind if kind in SIGNS else "other")
            drawn.append(
                el("section", el("h3", _small_sign(kind), title), el("ul", *map(self._facility, group)))
            )
        if self.sheet.left_out:
            drawn.append(el("p", self.words("left_out", n=self.sheet.left_out), class_="small"))
        return drawn

    def _facility(self, found: Reference) -> Markup:
        return el("li", *self._head(found), *self._found_at(found.thing), *self._holders(found.thing))

    def _where(self, found: Reference) -> Markup:
        if found.cell is not None:
            return el("span", f" [{found.cell}]", class_="cell")
        bearing = BEARINGS[found.bearing][self.in_english]
        metres = 10 * round(found.away_m / 10)
        return el("span", f" [{self.words('off_map', bearing=bearing, m=metres)}]", class_="cell")

    def _listed(self, names: Sequence[str]) -> str:
        return (", " if self.in_english else "、").join(names)

    def key(self) -> Markup:
        """Return the legend."""
        kinds = dict.fromkeys(each.kind for each in self._found)
        signs = [
            el("span", _small_sign(kind), self.words(kind if kind in SIGNS else "other")) for kind in kinds
        ]
        marks = [
            el("span", el("i", "2.4m", class_="mark"), self.words("key_width")),
            el("span", el("i", "?m", class_="mark"), self.words("key_unknown")),
            el("span", el("i", "›1m‹", class_="mark dark"), self.words("key_gap")),
            el(
                "span",
                _swatch("M0,4.4L4.4,0M2.6,4.4L7,0M5.2,4.4L8,1.6M0,1.8L1.8,0"),
                self.words("key_closed"),
            ),
            el("span", _swatch("M4,0L6,4H2Z", fill="#000"), self.words("key_door")),
            el("span", _swatch("M0,2.2H8", dash="1.2 0.8"), self.words("key_walked")),
            el("span", _swatch("M0,2.2H8", dash="0.3 0.5", width=2.4), self.words("key_steps")),
        ]
        return el("div", *signs, *marks, class_="key")


def _plain(phone: str) -> str:
    """Return a number of mainland China as it is dialled there."""
    return phone.removeprefix("+86").strip()


def _small_sign(kind: str) -> Markup:
    sign = sign_of(kind)
    half = SIZE * 0.68
    drawn = draw_sign(sign, sign.letter, half, half)
    return _svg(drawn, 2 * half, 2 * half)


def _swatch(d: str, *, fill: str = "none", dash: str = "none", width: float = 0.5) -> Markup:
    line = el(
        "path",
        d=d,
        fill=fill,
        stroke="#000" if fill == "none" else "none",
        stroke_width=width,
        stroke_dasharray=dash,
    )
    return _svg(line, 8, 4.4)


def _svg(drawn: Markup, width: float, height: float) -> Markup:
    return el(
        "svg",
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}mm",
        height=f"{height:g}mm",
        font_family="Noto Sans CJK SC, WenQuanYi Micro Hei, WenQuanYi Zen Hei, sans-serif",
    )
