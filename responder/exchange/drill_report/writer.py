"""How a report says names, times and words in its language."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from responder.domain.drills.clock import clock_words
from responder.domain.ids import PartnerId, UnitId
from responder.domain.map.place import Place
from responder.exchange.drill_report.words import WORDS
from responder.services.drills.score.load_report import DrillReport


class Phrases:
    """Says words, times and names in two languages in one of them."""

    def __init__(self, *, language: str, zone: ZoneInfo) -> None:
        self.zone = zone
        self._column = 1 if language == "en" else 0

    def __call__(self, key: str) -> str:
        """Return the words of a key."""
        return WORDS[key][self._column]

    def either(self, both: tuple[str, str]) -> str:
        """Return the Chinese or English of a pair; the one that there is."""
        return both[self._column] or both[0]

    def aside(self, words: str) -> str:
        """Return words in brackets, with a space before them where the language has one."""
        return f"（{words}）" if self._column == 0 else f" ({words})"

    def clock(self, seconds: float | None, *, sign: bool = False) -> str:
        """Return seconds as minutes and seconds, such as 3:07."""
        if seconds is None:
            return "–"
        words = clock_words(abs(seconds))
        mark = "-" if seconds < 0 and words != clock_words(0) else "+" if sign else ""
        return f"{mark}{words}"

    def moment(self, at: datetime | None) -> str:
        return "–" if at is None else at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")


class Writer(Phrases):
    """Says what a report tells, in one language."""

    def __init__(self, report: DrillReport, *, language: str, names: bool) -> None:
        super().__init__(language=language, zone=ZoneInfo(report.time_zone))
        self.report, self.names = report, names
        self._units = _names_of_units(report)
        self._partners: Mapping[PartnerId, tuple[str, str]] = {
            each.id: (each.name, each.name_en) for each in report.scored.partners
        }

    def unit(self, unit_id: UnitId | None) -> str:
        return "–" if unit_id is None else self.either(self._units.get(unit_id, (str(unit_id)[:8], "")))

    def partner(self, partner_id: PartnerId | None) -> str:
        return "–" if partner_id is None else self.either(self._partners.get(partner_id, ("–", "")))

    def place(self, place: Place) -> str:
        words = self.either((place.label, place.label_en))
        building = next((each for each in self.report.buildings if each.id == place.building_id), None)
        if building is not None:
            words = " ".join(filter(None, [self.either((building.name, building.name_en)), place.entrance]))
        return f"{words} ({place.lat:.5f}, {place.lon:.5f})"

    def events(self, numbers: list[int | None]) -> str:
        """Return numbers of events, each once and the first of many."""
        known = sorted({number for number in numbers if number is not None})
        return " ".join(f"#{number}" for number in known[:12]) + (" …" if len(known) > 12 else "")  # noqa: PLR2004


def _names_of_units(report: DrillReport) -> dict[UnitId, tuple[str, str]]:
    """Return names of units as they were at the start."""
    base, expected = report.scored.base, report.scored.expected
    members = () if expected is None else expected.members
    units = () if base is None else base.units
    return {each.unit_id: (each.unit_name, each.unit_name_en) for each in members} | {
        each.id: (each.name, each.name_en) for each in units
    }
