"""Roll-calls: at an incident or a drill, by building and door, who is out and who is not."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from responder.domain.errors import InvalidValueError
from responder.domain.ids import AccountId, BuildingId, RollCallMarkId

MOST_DOORS: Final = 500
"""Of one roll-call."""
MOST_BUILDINGS: Final = 20
MOST_MARKS_OF_DOOR: Final = 200
MOST_PEOPLE: Final = 99
"""Behind one door."""
LABEL_LENGTH: Final = 16
NOTE_LENGTH: Final = 80
TAKEN_AFTER_END: Final = timedelta(hours=72)
"""A phone without network may send what it kept so long after the incident."""
_LABEL: Final = re.compile(r"[\w#./-](?:[\w #./-]*[\w#./-])?")
_HIGHEST_LETTER: Final = "\ud7ff"
"""Pages and servers order what comes after differently."""


class RollCallState(StrEnum):
    """What became of the people behind a door."""

    OUT = "out"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    """They will not leave."""
    NEEDS_CARRYING = "needs_carrying"
    UNMARKED = "unmarked"
    """No one has said; as a mark it takes back what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallBuilding:
    """A building of a roll-call, named as it was when it began."""

    id: BuildingId
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallDoor:
    """A door with what was said of it last. It names no one."""

    building_id: BuildingId
    label: str
    """As on the door, such as 301 or 3-301."""
    floor: int | None = None
    """Floor 1 is the one at the street; None where the label does not tell."""
    expected: int | None = None
    """How many people live there; None when that is not known."""
    state: RollCallState = RollCallState.UNMARKED
    people: int = 0
    """How many people the state is about."""
    note: str = ""
    at: datetime | None = None
    """Since when; None while no one has said anything."""

    @property
    def key(self) -> tuple[BuildingId, str]:
        """What names it in its roll-call."""
        return (self.building_id, self.label)

    @property
    def order(self) -> tuple[int, str]:
        """Where it stands in its roll-call; numbers are compared faster than ids."""
        return (self.building_id.int, self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallMark:
    """What one person said of one door. It is never changed; the next mark says more."""

    id: RollCallMarkId
    """Made by the device, so that what is sent twice is kept once."""
    building_id: BuildingId
    label: str
    state: RollCallState
    people: int
    note: str
    at: datetime
    """When it was tapped, by the device; not before the roll-call and not after it was received."""
    received_at: datetime
    by: AccountId | None
    """None once the account was erased."""
    by_name: str

    @property
    def order(self) -> tuple[datetime, RollCallMarkId]:
        """By what a later mark is told from an earlier one, on every device and in any order of arrival."""
        return (self.at, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """The roll-call of an incident as it stands."""

    started_at: datetime
    buildings: tuple[RollCallBuilding, ...]
    """By id."""
    doors: tuple[RollCallDoor, ...]
    """By building and label."""

    def with_doors(self, changed: Iterable[RollCallDoor]) -> "RollCall":
        """Return the roll-call with these doors in the place of those with their labels, or beside them."""
        fresh = {door.order: door for door in changed}
        # With each tap in a list of hundreds: only what is added is put in its place by sorting.
        doors = [fresh.pop(door.order, door) for door in self.doors]
        if fresh:
            doors = sorted([*doors, *fresh.values()], key=lambda door: door.order)
        return replace(self, doors=tuple(doors))


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallTotals:
    """People by what became of them, as far as it is known, and the doors of which nothing is."""

    expected: int = 0
    """People known to live there."""
    out: int = 0
    missing: int = 0
    """Known to live behind doors whose people are out, and not among them."""
    not_found: int = 0
    needs_carrying: int = 0
    refused: int = 0
    doors: int = 0
    unmarked_doors: int = 0


def decide(door: RollCallDoor, marks: Iterable[RollCallMark]) -> RollCallDoor:
    """
    Return the door as all its marks say together: the order in which they arrived changes nothing.

    The last mark decides. Only someone who must be carried stays so until a mark says that they are out,
    or the person who said it says something else: that no one answers the door may not hide them.
    """
    ordered = sorted(marks, key=lambda mark: mark.order)
    if not ordered:
        return replace(door, state=RollCallState.UNMARKED, people=0, note="", at=None)
    decisive = ordered[-1]
    if decisive.state is not RollCallState.OUT:
        last_out = max((n for n, mark in enumerate(ordered) if mark.state is RollCallState.OUT), default=-1)
        says_now = {mark.by or mark.id: mark for mark in ordered[last_out + 1 :]}
        carrying = [each for each in says_now.values() if each.state is RollCallState.NEEDS_CARRYING]
        decisive = max(carrying, key=lambda mark: mark.order, default=decisive)
    return replace(door, state=decisive.state, people=decisive.people, note=decisive.note, at=decisive.at)


def totals_of(doors: Iterable[RollCallDoor]) -> RollCallTotals:
    """Return the totals of some doors; `static/js/state/registers/roll-call.js` counts the same."""
    known = tuple(doors)

    def people(state: RollCallState) -> int:
        return sum(door.people for door in known if door.state is state)

    return RollCallTotals(
        expected=sum(door.expected or 0 for door in known),
        out=people(RollCallState.OUT),
        missing=sum(
            max(0, door.expected - door.people)
            for door in known
            if door.state is RollCallState.OUT and door.expected is not None
        ),
        not_found=people(RollCallState.NOT_FOUND),
        needs_carrying=people(RollCallState.NEEDS_CARRYING),
        refused=people(RollCallState.REFUSED),
        doors=len(known),
        unmarked_doors=sum(door.state is RollCallState.UNMARKED for door in known),
    )


def checked_label(label: str) -> str:
    """
    Return a door's label as it is compared: full-width digits, as Chinese keyboards write them, are digits.

    Raises
    ------
    InvalidValueError
        It is empty or too long, or holds what no label has.

    >>> checked_label(" ３－301 ")
    '3-301'
    """
    plain = " ".join(unicodedata.normalize("NFKC", label).split()).upper()
    if len(plain) > LABEL_LENGTH or not _LABEL.fullmatch(plain) or max(plain) > _HIGHEST_LETTER:
        message = f"a label is 1 to {LABEL_LENGTH} letters, digits, spaces and # . / -"
        raise InvalidValueError(message, field="label")
    return plain


def floor_of(label: str) -> int | None:
    """
    Return on which floor a door is by its label; None where it does not tell.

    The last number says it, as it is usual: the storey, then two digits of the door.

    >>> [floor_of(label) for label in ("301", "3-1204", "A座502", "2", "门卫")]
    [3, 12, 5, None, None]
    """
    numbers = re.findall(r"[0-9]+", label)
    if not numbers or not 3 <= len(numbers[-1]) <= 4:  # noqa: PLR2004 - 101 to 9999
        return None
    return int(numbers[-1][:-2]) or None


def door_grid(
    building_id: BuildingId, *, stairwells: int, storeys: int, doors: int, expected: int | None = None
) -> tuple[RollCallDoor, ...]:
    """
    Return the doors of a building without a register: stairwells, storeys, and doors on each storey.

    >>> from uuid import UUID
    >>> [door.label for door in door_grid(UUID(int=7), stairwells=2, storeys=2, doors=1)]
    ['1-101', '1-201', '2-101', '2-201']
    """
    return tuple(
        RollCallDoor(
            building_id=building_id,
            label=f"{stairwell}-{storey}{number:02}" if stairwells > 1 else f"{storey}{number:02}",
            floor=storey,
            expected=expected,
        )
        for stairwell in range(1, stairwells + 1)
        for storey in range(1, storeys + 1)
        for number in range(1, doors + 1)
    )
