"""Bring households of a sheet into the register: told first, then all or none."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from responder.domain.audit import AuditAction, audit_entry
from responder.domain.errors import EditConflictError, InvalidValueError
from responder.domain.ids import BuildingId, HouseholdId
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.household import (
    MOST_IN_BUILDING,
    MOST_IN_CIRCLE,
    NO_DETAILS,
    Household,
    HouseholdDetails,
    door_key,
    folded,
)
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.registers.households import BuildingName
from responder.services.registers.households.check import HouseholdData, checked_data, refused_field
from responder.services.registers.households.edit import changed_by, count_buildings, written_by
from responder.services.registers.households.today import today_in

MINUTES: Final = 2
_DETAILS: Final = frozenset(each.name for each in fields(HouseholdDetails))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetHousehold:
    """What a row says of a household."""

    row: int
    building: str
    """Its name, in either language."""
    values: Mapping[str, Any]
    """By field of the household or its details: what the sheet has a column for. `door` is always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRowNote:
    """What is wrong with a row, or should be known of it; `code` is one of the codes of sheets."""

    code: str
    row: int
    field: str
    is_error: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOutcome:
    """What would come of a sheet, or has."""

    created: tuple[int, ...] = ()
    """Rows that are new to the register."""
    changed: tuple[int, ...] = ()
    unchanged: int = 0
    untouched: int = 0
    """Households of the register that the sheet does not name; they stay."""
    notes: tuple[HouseholdRowNote, ...] = ()
    digest: str = ""
    """Of all that would change."""
    applied: bool = False

    @property
    def is_refused(self) -> bool:
        return any(each.is_error for each in self.notes)


async def import_households(
    database: Database,
    *,
    viewer: Viewer,
    rows: Sequence[SheetHousehold],
    apply: bool,
    expected_digest: str | None = None,
    clock: Clock,
) -> SheetOutcome:
    """
    Tell what would come of rows; with `apply`, and when nothing is wrong, bring them into the register.

    A household is known again by building and door. What the sheet has no column for stays, and nothing is
    removed. Without consent only door, floor and count are kept, whatever a row says.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    EditConflictError
        Something else would change than when `expected_digest` was told. Nothing is changed then.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.allow_minutes(MINUTES)
        if apply:
            await transaction.households.lock(viewer.circle_id)
        names = _by_name(await transaction.households.building_names(viewer.circle_id))
        wanted = {building for row in rows for building in names.get(folded(row.building), ())}
        known = await transaction.households.of_buildings(viewer.circle_id, wanted)
        number = await transaction.households.number(viewer.circle_id)
        today = await today_in(transaction, viewer.circle_id, now)
        plan = _Plan(viewer=viewer, names=names, at=now, today=today)
        # In a thread, since thousands of rows would block the event loop.
        await asyncio.to_thread(plan.read, rows, known)
        outcome = plan.outcome(known, in_register=number)
        if not apply or outcome.is_refused:
            return outcome
        if expected_digest not in {None, outcome.digest}:
            raise EditConflictError(by=None)
        await _keep(transaction, viewer, plan, outcome, at=now)
    return replace(outcome, applied=True)


async def _keep(
    transaction: Transaction, viewer: Viewer, plan: "_Plan", outcome: SheetOutcome, *, at: datetime
) -> None:
    await transaction.households.put(plan.kept)
    await count_buildings(transaction, viewer.circle_id, {each.building_id for each in plan.kept}, at=at)
    act = audit_entry(
        viewer,
        AuditAction.HOUSEHOLD_SHEET_IMPORTED,
        detail={
            "created": len(outcome.created),
            "changed": len(outcome.changed),
            "unchanged": outcome.unchanged,
        },
    )
    await transaction.audit.append(viewer.circle_id, act, at=at)


def _by_name(buildings: Sequence[BuildingName]) -> Mapping[str, frozenset[BuildingId]]:
    found: dict[str, set[BuildingId]] = {}
    for each in buildings:
        for name in {folded(each.name), folded(each.name_en)} - {""}:
            found.setdefault(name, set()).add(each.id)
    return {name: frozenset(ids) for name, ids in found.items()}


@dataclass(slots=True, kw_only=True)
class _Plan:
    """What becomes of each row."""

    viewer: Viewer
    names: Mapping[str, frozenset[BuildingId]]
    at: datetime
    today: date
    kept: list[Household] = field(default_factory=list)
    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: int = 0
    notes: list[HouseholdRowNote] = field(default_factory=list)
    _seen: set[tuple[BuildingId, str]] = field(default_factory=set)

    def read(self, rows: Sequence[SheetHousehold], known: Sequence[Household]) -> None:
        by_door = {(each.building_id, door_key(each.door)): each for each in known}
        for row in rows:
            building_id = self._building(row)
            if building_id is None:
                continue
            key = (building_id, door_key(row.values["door"]))
            if key in self._seen:
                self._note("door_repeated", row, "door")
                continue
            self._seen.add(key)
            try:
                self._take(row, building_id, by_door.get(key))
            except InvalidValueError as error:
                name = str(error.detail["field"])
                self._note(f"{name}_refused", row, name)

    def outcome(self, known: Sequence[Household], *, in_register: int) -> SheetOutcome:
        numbers = Counter(each.building_id for each in known)
        known_ids = {each.id for each in known}
        numbers.update(each.building_id for each in self.kept if each.id not in known_ids)
        notes = list(self.notes)
        if (
            in_register + len(self.created) > MOST_IN_CIRCLE
            or max(numbers.values(), default=0) > MOST_IN_BUILDING
        ):
            notes.append(
                HouseholdRowNote(
                    code="register_full", row=self.created[-1] if self.created else 1, field="door"
                )
            )
        return SheetOutcome(
            created=tuple(self.created),
            changed=tuple(self.changed),
            unchanged=self.unchanged,
            untouched=in_register - self.unchanged - len(self.changed),
            notes=tuple(notes),
            digest=self._digest(),
        )

    def _building(self, row: SheetHousehold) -> BuildingId | None:
        found = self.names.get(folded(row.building), frozenset())
        if len(found) == 1:
            return next(iter(found))
        self._note("building_unclear" if found else "building_unknown", row, "building")
        return None

    def _take(self, row: SheetHousehold, building_id: BuildingId, before: Household | None) -> None:
        data = checked_data(self._data(row, before), today=self.today)
        if before is None:
            household = written_by(
                self.viewer,
                data,
                household_id=HouseholdId(uuid4()),
                building_id=building_id,
                at=self.at,
                today=self.today,
            )
        else:
            household = changed_by(self.viewer, before, data, at=self.at, today=self.today)
        confirmed_on = self._confirmed_on(row, before)
        if before is not None and replace(household, confirmed_on=before.confirmed_on).says_the_same_as(
            before
        ):
            # Of a sheet that says the same only a day of confirmation counts.
            household = before if confirmed_on is None else replace(household, confirmed_on=confirmed_on)
            if household.confirmed_on == before.confirmed_on:
                self.unchanged += 1
                return
        elif confirmed_on is not None:
            household = replace(household, confirmed_on=confirmed_on)
        self.kept.append(household)
        (self.created if before is None else self.changed).append(row.row)

    def _data(self, row: SheetHousehold, before: Household | None) -> HouseholdData:
        values = row.values
        details = replace(
            NO_DETAILS if before is None else before.details,
            **{name: value for name, value in values.items() if name in _DETAILS},
        )
        given = values.get("consent_given_on")
        consent = None if before is None else before.consent
        if given is not None and consent is not None and consent.withdrawn_on is not None:
            # A list from before the household said no does not bring back what it had erased.
            given = given if given > consent.withdrawn_on else None
        if given is None and (consent is None or not consent.holds) and details != NO_DETAILS:
            self._note("details_not_kept", row, "consent_given_on", is_error=False)
            details = NO_DETAILS
        return HouseholdData(
            door=values["door"],
            people=values.get("people", 0 if before is None else before.people),
            floor=values.get("floor", None if before is None else before.floor),
            details=details,
            consent_given_on=given,
        )

    def _confirmed_on(self, row: SheetHousehold, before: Household | None) -> date | None:
        said: date | None = row.values.get("confirmed_on")
        if said is not None and not date(2000, 1, 1) <= said <= self.today:
            raise refused_field(field="confirmed_on")
        if said is None or before is None:
            return said
        return max(said, before.confirmed_on)

    def _note(self, code: str, row: SheetHousehold, name: str, *, is_error: bool = True) -> None:
        self.notes.append(HouseholdRowNote(code=code, row=row.row, field=name, is_error=is_error))

    def _digest(self) -> str:
        hashed = hashlib.sha256()
        for each in self.kept:
            said = (each.building_id, each.door, each.floor, each.people, each.details, each.version)
            consent = each.consent and (each.consent.given_on, each.consent.purpose)
            hashed.update(repr((said, consent, each.confirmed_on)).encode("utf-8", "replace"))
        return hashed.hexdigest()
