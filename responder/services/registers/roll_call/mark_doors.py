"""Say what became of the people behind doors: with one tap each, also while offline, by several phones."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from responder.domain.errors import IncidentEndedError, NoRollCallError
from responder.domain.ids import BuildingId, IncidentId, RollCallMarkId
from responder.domain.incidents.event import RollCallMarked
from responder.domain.incidents.incident import Incident
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.roll_call import (
    MOST_DOORS,
    MOST_MARKS_OF_DOOR,
    NOTE_LENGTH,
    TAKEN_AFTER_END,
    RollCallDoor,
    RollCallMark,
    RollCallState,
    checked_label,
    decide,
    floor_of,
)
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment, to_milliseconds
from responder.ports.registers.roll_calls import Excerpt, KnownMark
from responder.services.validation.text import checked_text

MARKS_SHOWN: Final = 500


class MarkRefusal(StrEnum):
    """Why a mark was not kept; the others of its batch were."""

    NOT_FOUND = "not_found"
    """The roll-call has no such building, or another person's mark has this id."""
    FULL = "full"
    """The roll-call has all its doors, or the door all its marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMark:
    """Input of a mark."""

    id: RollCallMarkId
    building_id: BuildingId
    label: str
    state: RollCallState
    people: int
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedMark:
    """A mark that was not kept."""

    id: RollCallMarkId
    reason: MarkRefusal


class MarksTaken(NamedTuple):
    """What became of a batch, and the doors as they stand."""

    taken: tuple[RollCallMarkId, ...]
    refused: tuple[RefusedMark, ...]
    doors: tuple[RollCallDoor, ...]


async def mark_doors(
    database: Database,
    *,
    viewer: Viewer,
    incident_id: IncidentId,
    marks: Sequence[NewMark],
    clock: Clock,
) -> MarksTaken:
    """
    Keep marks and return what became of each; sent again they are kept once.

    A door that is not in the list yet is added: someone stands at the assembly point and says that they
    live there. A moment before the roll-call counts as its start, one in the future as now: clocks of phones
    differ.

    Raises
    ------
    NotFoundError
        The viewer may see no such incident.
    NoRollCallError
        It was not begun.
    IncidentEndedError
        The incident ended too long ago.
    InvalidValueError
        A label or a note is none that can be kept; nothing of the batch was.
    """
    viewer.must(Action.ANSWER_ALERT)
    checked = [
        replace(
            each,
            label=checked_label(each.label),
            note=checked_text(each.note.strip(), field="note", longest=NOTE_LENGTH),
        )
        for each in marks
    ]
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        now = moment(clock)
        incident = await transaction.roll_calls.incident(viewer, incident_id)
        keys = {(each.building_id, each.label) for each in checked}
        excerpt = await transaction.roll_calls.excerpt(viewer.circle_id, incident_id, of=keys)
        if excerpt is None:
            raise NoRollCallError
        if _is_long_over(incident, now=now):
            raise IncidentEndedError
        batch = _Batch(viewer, incident_id, excerpt, now=now)
        await batch.load(transaction, checked)
        for each in checked:
            batch.take(each)
        changed = batch.changed()
        await transaction.roll_calls.add(viewer.circle_id, incident_id, batch.fresh)
        if changed:
            await transaction.roll_calls.put_doors(viewer.circle_id, incident_id, changed)
            event = RollCallMarked(incident_id=incident_id, doors=changed)
            await transaction.record(viewer.circle_id, event, at=now, incident_id=incident_id)
        return MarksTaken(
            tuple(batch.taken), tuple(RefusedMark(id=id_, reason=why) for id_, why in batch.refused), changed
        )


async def list_marks(
    database: Database, *, viewer: Viewer, incident_id: IncidentId
) -> tuple[RollCallMark, ...]:
    """
    Return who said what, the last said first, the last `MARKS_SHOWN` of them.

    Raises
    ------
    NotFoundError
        The viewer may see no such incident.
    NotAllowedError
        The role may not direct the incident.
    """
    async with database.snapshot() as transaction:
        incident = await transaction.roll_calls.incident(viewer, incident_id)
        viewer.must(Action.DIRECT_EXERCISE if incident.exercise else Action.DIRECT_INCIDENT)
        return await transaction.roll_calls.marks(viewer.circle_id, incident_id, newest=MARKS_SHOWN)


class _Batch:
    """The marks of one request, among those that were there before."""

    def __init__(self, viewer: Viewer, incident_id: IncidentId, excerpt: Excerpt, *, now: datetime) -> None:
        self._viewer = viewer
        self._incident_id = incident_id
        roll_call, self._count = excerpt
        self._started_at = roll_call.started_at
        self._now = now
        self._buildings = {each.id for each in roll_call.buildings}
        self._doors = {door.key: door for door in roll_call.doors}
        self._known: dict[RollCallMarkId, KnownMark] = {}
        self._marks: dict[tuple[BuildingId, str], list[RollCallMark]] = defaultdict(list)
        self._before = dict(self._doors)
        self.fresh: list[RollCallMark] = []
        self.taken: list[RollCallMarkId] = []
        self.refused: list[tuple[RollCallMarkId, MarkRefusal]] = []

    async def load(self, transaction: Transaction, news: Sequence[NewMark]) -> None:
        circle_id = self._viewer.circle_id
        self._known = await transaction.roll_calls.known(circle_id, [each.id for each in news])
        keys = {(each.building_id, each.label) for each in news}
        for mark in await transaction.roll_calls.marks(circle_id, self._incident_id, of=keys):
            self._marks[mark.building_id, mark.label].append(mark)

    def take(self, new: NewMark) -> None:
        known = self._known.get(new.id)
        if known is not None:
            is_own = (known.mark.by, known.incident_id) == (self._viewer.account_id, self._incident_id)
            if is_own:
                self.taken.append(new.id)
            else:
                self.refused.append((new.id, MarkRefusal.NOT_FOUND))
            return
        key = (new.building_id, new.label)
        refusal = self._refusal(key)
        if refusal is not None:
            self.refused.append((new.id, refusal))
            return
        mark = RollCallMark(
            id=new.id,
            building_id=new.building_id,
            label=new.label,
            state=new.state,
            people=0 if new.state is RollCallState.UNMARKED else new.people,
            note=new.note,
            at=min(max(to_milliseconds(new.at), self._started_at), self._now),
            received_at=self._now,
            by=self._viewer.account_id,
            by_name=self._viewer.name,
        )
        self._known[new.id] = KnownMark(incident_id=self._incident_id, mark=mark)
        if key not in self._doors:
            self._count += 1
            self._doors[key] = RollCallDoor(
                building_id=new.building_id, label=new.label, floor=floor_of(new.label)
            )
        self._marks[key].append(mark)
        self.fresh.append(mark)
        self.taken.append(new.id)

    def changed(self) -> tuple[RollCallDoor, ...]:
        """Return the doors that stand otherwise than before."""
        marked = {(mark.building_id, mark.label) for mark in self.fresh}
        decided = [decide(self._doors[key], self._marks[key]) for key in sorted(marked)]
        return tuple(door for door in decided if door != self._before.get(door.key))

    def _refusal(self, key: tuple[BuildingId, str]) -> MarkRefusal | None:
        if key[0] not in self._buildings:
            return MarkRefusal.NOT_FOUND
        is_full = key not in self._doors and self._count >= MOST_DOORS
        return MarkRefusal.FULL if is_full or len(self._marks[key]) >= MOST_MARKS_OF_DOOR else None


def _is_long_over(incident: Incident, *, now: datetime) -> bool:
    return incident.ended_at is not None and now - incident.ended_at > TAKEN_AFTER_END
