"""Write a household down, change and confirm it, withdraw its consent, and erase it."""

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4, uuid5

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import (
    DoorTakenError,
    EditConflictError,
    IdempotencyConflictError,
    RegisterFullError,
)
from responder.domain.ids import BuildingId, CircleId, HouseholdId
from responder.domain.incidents.event import FeaturesChanged
from responder.domain.map.building import Building
from responder.domain.map.feature_import import Noun
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.household import (
    CURRENT_PURPOSE,
    MOST_IN_BUILDING,
    MOST_IN_CIRCLE,
    Consent,
    Household,
    door_key,
)
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.registers.households.check import HouseholdData, checked_data, refused_field
from responder.services.registers.households.today import today_in


async def create_household(
    database: Database,
    *,
    viewer: Viewer,
    building_id: BuildingId,
    data: HouseholdData,
    idempotency_key: str | None = None,
    clock: Clock,
) -> Household:
    """
    Write a household down. What the same account sent with the same `idempotency_key` is not added again.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    NotFoundError
        The circle has no such building.
    ConsentNeededError
        There are details, and no consent.
    DoorTakenError
        The building has a household behind this door.
    RegisterFullError
        The building or the circle has as many as it may.
    InvalidValueError
        A field cannot be; `field` names it.
    IdempotencyConflictError
        The key was used before for another household.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    now = moment(clock)
    key = uuid4() if idempotency_key is None else uuid5(viewer.account_id, f"household {idempotency_key}")
    async with database.begin() as transaction:
        await transaction.households.lock(viewer.circle_id)
        await transaction.layer(Building).get(viewer.circle_id, building_id)
        today = await today_in(transaction, viewer.circle_id, now)
        household = written_by(
            viewer,
            checked_data(data, today=today),
            household_id=HouseholdId(key),
            building_id=building_id,
            at=now,
            today=today,
        )
        others = await transaction.households.of_buildings(viewer.circle_id, (building_id,))
        for known in others:
            if known.id == household.id:
                if not known.says_the_same_as(household):
                    raise IdempotencyConflictError
                return known
        require_free(household, others)
        if len(others) >= MOST_IN_BUILDING:
            raise RegisterFullError(most=MOST_IN_BUILDING)
        if await transaction.households.number(viewer.circle_id) >= MOST_IN_CIRCLE:
            raise RegisterFullError(most=MOST_IN_CIRCLE)
        await transaction.households.put([household])
        await count_buildings(transaction, viewer.circle_id, {building_id}, at=now)
        await _record(transaction, viewer, AuditAction.HOUSEHOLD_CREATED, household.id, at=now)
    return household


async def change_household(
    database: Database,
    *,
    viewer: Viewer,
    household_id: HouseholdId,
    data: HouseholdData,
    expected_version: int | None = None,
    clock: Clock,
) -> Household:
    """
    Change what is said of a household, which confirms it.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    NotFoundError
        The circle has no such household.
    EditConflictError
        It has another version than `expected_version`. Nothing is changed then.
    ConsentNeededError
        There are details, and no consent.
    DoorTakenError
        The building has another household behind this door.
    InvalidValueError
        A field cannot be; `field` names it.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    now = moment(clock)
    async with database.begin() as transaction:
        before = await _locked(transaction, viewer, household_id, expected_version)
        today = await today_in(transaction, viewer.circle_id, now)
        household = changed_by(viewer, before, checked_data(data, today=today), at=now, today=today)
        if household == before:
            return before
        others = await transaction.households.of_buildings(viewer.circle_id, (before.building_id,))
        require_free(household, others)
        await transaction.households.put([household])
        await _record(transaction, viewer, AuditAction.HOUSEHOLD_CHANGED, household_id, at=now)
    return household


async def confirm_household(
    database: Database,
    *,
    viewer: Viewer,
    household_id: HouseholdId,
    expected_version: int | None = None,
    clock: Clock,
) -> Household:
    """
    Say that all of it was asked for and is right.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    NotFoundError
        The circle has no such household.
    EditConflictError
        It has another version than `expected_version`: that is not what was asked for.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    now = moment(clock)
    async with database.begin() as transaction:
        before = await _locked(transaction, viewer, household_id, expected_version)
        today = await today_in(transaction, viewer.circle_id, now)
        if before.confirmed_on == today:
            return before
        household = replace(before, confirmed_on=today).touch(
            at=now, by=viewer.account_id, by_name=viewer.name
        )
        await transaction.households.put([household])
        await _record(transaction, viewer, AuditAction.HOUSEHOLD_CONFIRMED, household_id, at=now)
    return household


async def withdraw_consent(
    database: Database, *, viewer: Viewer, household_id: HouseholdId, clock: Clock
) -> Household:
    """
    Erase all but door and count, as the household asks for; when consent was given and withdrawn stays.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    NotFoundError
        The circle has no such household.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    now = moment(clock)
    async with database.begin() as transaction:
        before = await _locked(transaction, viewer, household_id, None)
        today = await today_in(transaction, viewer.circle_id, now)
        household = before.withdraw_consent(on=today)
        if household == before:
            return before
        household = household.touch(at=now, by=viewer.account_id, by_name=viewer.name)
        await transaction.households.put([household])
        await _record(transaction, viewer, AuditAction.HOUSEHOLD_CONSENT_WITHDRAWN, household_id, at=now)
    return household


async def erase_household(
    database: Database, *, viewer: Viewer, household_id: HouseholdId, clock: Clock
) -> None:
    """
    Erase a household with all that is known of its people; the audit log says only that it was done.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    NotFoundError
        The circle has no such household.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    now = moment(clock)
    async with database.begin() as transaction:
        before = await _locked(transaction, viewer, household_id, None)
        await transaction.households.delete(viewer.circle_id, [household_id])
        await count_buildings(transaction, viewer.circle_id, {before.building_id}, at=now)
        await _record(transaction, viewer, AuditAction.HOUSEHOLD_ERASED, household_id, at=now)


def written_by(
    viewer: Viewer,
    data: HouseholdData,
    *,
    household_id: HouseholdId,
    building_id: BuildingId,
    at: datetime,
    today: date,
) -> Household:
    """Return a household that is new, or raise ConsentNeededError."""
    return Household(
        id=household_id,
        circle_id=viewer.circle_id,
        building_id=building_id,
        door=data.door,
        floor=data.floor,
        people=data.people,
        consent=_consent(viewer, data),
        details=data.details,
        confirmed_on=today,
        changed_at=at,
        changed_by=viewer.account_id,
        changed_by_name=viewer.name,
    )


def changed_by(
    viewer: Viewer, before: Household, data: HouseholdData, *, at: datetime, today: date
) -> Household:
    """
    Return a household with other data, confirmed today; itself if all is so already.

    Raises
    ------
    ConsentNeededError
        There are details, and no consent.
    InvalidValueError
        The consent was withdrawn after it was given.
    """
    given, consent = data.consent_given_on, before.consent
    is_new = given is not None and (consent is None or not consent.holds or consent.given_on != given)
    withdrawn_on = None if consent is None else consent.withdrawn_on
    if given is not None and withdrawn_on is not None and given < withdrawn_on:
        raise refused_field(field="consent_given_on")
    household = replace(
        before,
        door=data.door,
        floor=data.floor,
        people=data.people,
        consent=_consent(viewer, data) if is_new else consent,
        details=data.details,
        confirmed_on=today,
    )
    return (
        before if household == before else household.touch(at=at, by=viewer.account_id, by_name=viewer.name)
    )


def require_free(household: Household, others: tuple[Household, ...]) -> None:
    """
    Raise when another household of the building is behind this door.

    Raises
    ------
    DoorTakenError
        It is.
    """
    key = door_key(household.door)
    if any(door_key(each.door) == key and each.id != household.id for each in others):
        raise DoorTakenError


async def count_buildings(
    transaction: Transaction, circle_id: CircleId, building_ids: set[BuildingId], *, at: datetime
) -> None:
    """Let buildings have as many households as the register lists, and tell those who look at the map."""
    if not building_ids:
        return
    await transaction.circles.lock(circle_id)
    if await transaction.households.count_buildings(circle_id, building_ids):
        await transaction.record(circle_id, FeaturesChanged(noun=Noun.BUILDINGS), at=at)


def _consent(viewer: Viewer, data: HouseholdData) -> Consent | None:
    if data.consent_given_on is None:
        return None
    return Consent(
        given_on=data.consent_given_on,
        purpose=CURRENT_PURPOSE,
        recorded_by=viewer.account_id,
        recorded_by_name=viewer.name,
    )


async def _locked(
    transaction: Transaction, viewer: Viewer, household_id: HouseholdId, expected_version: int | None
) -> Household:
    await transaction.households.lock(viewer.circle_id)
    before = await transaction.households.get(viewer.circle_id, household_id)
    if expected_version not in {None, before.version}:
        raise EditConflictError(by=before.changed_by_name)
    return before


async def _record(
    transaction: Transaction, viewer: Viewer, action: AuditAction, household_id: HouseholdId, *, at: datetime
) -> None:
    act = audit_entry(viewer, action, subject=Subject(kind="household", id=household_id))
    await transaction.audit.append(viewer.circle_id, act, at=at)
