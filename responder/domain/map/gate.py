"""Gates on the way: how they are locked, and who holds the key."""

from dataclasses import dataclass, replace
from typing import Self

from responder.domain.ids import CircleId, GateId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """Who opens a gate, and when."""

    name: str
    phone: str = ""
    hours: str = ""
    """Such as 18:00–08:00; empty for always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A gate, barrier or bollard with a lock."""

    id: GateId
    circle_id: CircleId
    name: str
    name_en: str
    lon: float
    lat: float
    kind: str = ""
    """What locks it, such as a padlock, a card or a code."""
    note: str = ""
    """How to get through."""
    holders: tuple[KeyHolder, ...] = ()
    """Whom to call, the first first."""

    def without_phones(self) -> Self:
        """Return it without the telephones of people."""
        return replace(self, holders=tuple(replace(each, phone="") for each in self.holders))
