"""Names in a sheet that stand for partners, units and objectives."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from responder.domain.channels.message_words import Language
from responder.domain.drills.plan import DrillPlan, WaitKind, WaitsFor
from responder.domain.ids import PartnerId, UnitId
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner
from responder.exchange.drill_columns import WAIT_WORDS, plain
from responder.exchange.sheet_faults import CellRefusedError

_BETWEEN: Final = re.compile(r"[、,，;；\n]")
_JOINED: Final = {Language.ZH: "、", Language.EN: ", "}
_WAITS: Final = re.compile(
    r"\s*(?:(目标|objective)|(注入|inject))[\s:：]*(.*?)\s*", re.IGNORECASE | re.DOTALL
)
_NUMBER: Final = re.compile(r"#?([0-9]{1,9})")

Key = TypeVar("Key")


class NamesInPlan(Generic[Key]):
    """Things by what they are called: by name in either language, or by key."""

    def __init__(self, what: str, named: Iterable[tuple[Key, Sequence[str]]]) -> None:
        """Take each key with its names; `what` is how codes of faults begin."""
        self._what = what
        self._names = {key: tuple(name for name in names if name) for key, names in named}
        self._by_key = {str(key): key for key in self._names}
        self._by_name: dict[str, set[Key]] = {}
        for key, names in self._names.items():
            for name in names:
                self._by_name.setdefault(plain(name), set()).add(key)

    def find(self, word: str) -> Key:
        """
        Return what a word names.

        Raises
        ------
        CellRefusedError
            Nothing, or several.
        """
        by_key = self._by_key.get(word.strip().casefold())
        if by_key is not None:
            return by_key
        found = self._by_name.get(plain(word), set())
        if len(found) != 1:
            raise CellRefusedError(
                code=f"{self._what}_{'unclear' if found else 'unknown'}", value=word.strip()
            )
        return next(iter(found))

    def label(self, key: Key, *, first: int = 0) -> str:
        """Return a name that is read as this key, preferably the one at `first`; the key without any."""
        names = self._names.get(key, ())
        for name in (*names[first:], *names[:first]):
            try:
                if self.find(name) == key:
                    return name
            except CellRefusedError:
                pass
        return str(key)


@dataclass(frozen=True, slots=True)
class PlanNames:
    """What cells of a plan's sheet may refer to."""

    partners: NamesInPlan[PartnerId]
    units: NamesInPlan[UnitId]
    objectives: NamesInPlan[str]

    @classmethod
    def of(cls, plan: DrillPlan, partners: Iterable[Partner], units: Iterable[Unit]) -> "PlanNames":
        return cls(
            partners=NamesInPlan("partner", ((each.id, (each.name, each.name_en)) for each in partners)),
            units=NamesInPlan("unit", ((each.id, (each.name, each.name_en)) for each in units)),
            objectives=NamesInPlan("objective", ((each.key, (each.text,)) for each in plan.objectives)),
        )

    def read_partners(self, text: str) -> tuple[PartnerId, ...]:
        """
        Return the partners that a cell names; a name may hold what is between names otherwise.

        Raises
        ------
        CellRefusedError
            One is not known, or not clear.
        """
        try:
            return (self.partners.find(text),)
        except CellRefusedError as error:
            words = [word for word in _BETWEEN.split(text) if word.strip()]
            if error.code == "partner_unclear" or not words:
                raise
        return tuple(dict.fromkeys(map(self.partners.find, words)))

    def write_partners(self, ids: Sequence[PartnerId], language: Language) -> str:
        """Return the partners as `read_partners` reads them."""
        first = 0 if language is Language.ZH else 1
        text = _JOINED[language].join(self.partners.label(each, first=first) for each in ids)
        try:
            if not ids or self.read_partners(text) == tuple(ids):
                return text
        except CellRefusedError:
            pass
        return _JOINED[language].join(map(str, ids))

    def read_wait(self, text: str) -> WaitsFor:
        """
        Return what a cell waits for.

        Raises
        ------
        CellRefusedError
            It cannot be read, or names an objective that is not there.
        """
        if plain(text) in _ON_SCENE:
            return WaitsFor(kind=WaitKind.ON_SCENE)
        found = _WAITS.fullmatch(text)
        if found is not None and found[1]:
            return WaitsFor(kind=WaitKind.OBJECTIVE, objective=self.objectives.find(found[3]))
        number = _NUMBER.fullmatch(found[3]) if found is not None else None
        if number is None:
            raise CellRefusedError(code="wait_unreadable", value=text)
        return WaitsFor(kind=WaitKind.INJECT, inject=int(number[1]))

    def write_wait(self, waits: WaitsFor, language: Language) -> str:
        """Return what is waited for as `read_wait` reads it."""
        word = WAIT_WORDS[waits.kind][language]
        match waits.kind:
            case WaitKind.ON_SCENE:
                return word
            case WaitKind.OBJECTIVE:
                key = waits.objective or ""
                text = f"{word} {self.objectives.label(key)}"
                try:
                    return text if self.read_wait(text) == waits else f"{word} {key}"
                except CellRefusedError:
                    return f"{word} {key}"
            case WaitKind.INJECT:
                return f"{word} {waits.inject}"


_ON_SCENE: Final = frozenset(
    plain(word) for word in (*WAIT_WORDS[WaitKind.ON_SCENE].values(), WaitKind.ON_SCENE.value, "有人到达现场")
)
