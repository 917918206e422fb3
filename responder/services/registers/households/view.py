"""Look at households: numbers freely, people one building at a time, and each look is recorded."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import InvalidValueError
from responder.domain.ids import BuildingId, HouseholdId
from responder.domain.map.building import Building
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.household import (
    LONGEST_RETENTION_MONTHS,
    PURPOSES,
    Household,
    HouseholdRetention,
    digits_of,
    folded,
)
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.ports.registers.households import BuildingHouseholds, FoundHousehold
from responder.services.registers.households.today import today_in

MOST_FOUND: Final = 30
MOST_WORDS: Final = 4
SHORTEST_SEARCH: Final = 2
_SHORTEST_PHONE: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdNumbers:
    """How many households each building has, and how long they are kept."""

    buildings: tuple[BuildingHouseholds, ...]
    retention: HouseholdRetention


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingRegister:
    """The households of one building."""

    building: Building
    households: tuple[Household, ...]
    due_since: date
    """Households last confirmed by that day are due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHouseholds:
    """Where a search leads."""

    found: tuple[FoundHousehold, ...]
    more: bool
    """There are more than are listed: another word narrows it down."""


async def household_numbers(database: Database, *, viewer: Viewer, clock: Clock) -> HouseholdNumbers:
    """Return the numbers of each building that has households."""
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    async with database.begin() as transaction:
        retention = await transaction.households.retention(viewer.circle_id)
        today = await today_in(transaction, viewer.circle_id, moment(clock))
        return HouseholdNumbers(
            buildings=await transaction.households.counts(
                viewer.circle_id, due_since=retention.due_since(today)
            ),
            retention=retention,
        )


async def building_names(database: Database, *, viewer: Viewer) -> tuple[str, ...]:
    """Return what buildings are called, as a sheet of households names them."""
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    async with database.begin() as transaction:
        found = await transaction.households.building_names(viewer.circle_id)
    return tuple(sorted({each.name for each in found}))


async def view_building(
    database: Database, *, viewer: Viewer, building_id: BuildingId, clock: Clock
) -> BuildingRegister:
    """
    Return the households of a building. The look is recorded in the same transaction, or nothing is shown.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    NotFoundError
        The circle has no such building.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    now = moment(clock)
    async with database.begin() as transaction:
        building = await transaction.layer(Building).get(viewer.circle_id, building_id)
        households = await transaction.households.of_buildings(viewer.circle_id, (building_id,))
        retention = await transaction.households.retention(viewer.circle_id)
        today = await today_in(transaction, viewer.circle_id, now)
        act = audit_entry(
            viewer,
            AuditAction.HOUSEHOLD_DETAILS_VIEWED,
            subject=Subject(kind="building", id=building_id),
            detail={"households": len(households)},
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return BuildingRegister(building=building, households=households, due_since=retention.due_since(today))


async def search_households(
    database: Database, *, viewer: Viewer, words: str, clock: Clock
) -> FoundHouseholds:
    """
    Return households by door, name or telephone of a contact or landlord, and by building beside those.

    All words have to fit. What was searched for is not recorded, only that something was.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    InvalidValueError
        There is too little to search for.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    now = moment(clock)
    whole = _term("".join(words.split()))
    # A telephone may be written with spaces.
    terms = (
        [whole]
        if whole.isdigit() and len(whole) >= _SHORTEST_PHONE
        else [_term(word) for word in words.split()]
    )
    terms = [term for term in terms if term][:MOST_WORDS]
    if sum(map(len, terms)) < SHORTEST_SEARCH:
        message = "there is too little to search for"
        raise InvalidValueError(message, field="words")
    async with database.begin() as transaction:
        names = await transaction.households.building_names(viewer.circle_id) if len(terms) > 1 else ()
        within: set[BuildingId] | None = None
        others = []
        for term in terms:
            named = {each.id for each in names if term in folded(each.name) or term in folded(each.name_en)}
            if named:
                within = named if within is None else within & named
            else:
                others.append(term)
        # Of words that all name buildings the last is meant for a door.
        if not others:
            others, within = [terms[-1]], within if len(terms) > 1 else None
        found = await transaction.households.search(
            viewer.circle_id, others, building_ids=within, limit=MOST_FOUND + 1
        )
        act = audit_entry(
            viewer, AuditAction.HOUSEHOLDS_SEARCHED, detail={"found": min(len(found), MOST_FOUND)}
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return FoundHouseholds(found=found[:MOST_FOUND], more=len(found) > MOST_FOUND)


async def export_household(
    database: Database, *, viewer: Viewer, household_id: HouseholdId, clock: Clock
) -> dict[str, Any]:
    """
    Return all that is kept of a household, to be handed to it when it asks.

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
        household = await transaction.households.get(viewer.circle_id, household_id)
        building = await transaction.layer(Building).get(viewer.circle_id, household.building_id)
        act = audit_entry(
            viewer, AuditAction.HOUSEHOLD_EXPORTED, subject=Subject(kind="household", id=household_id)
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return {"exported_at": now, "building": building.name, **_told(household)}


async def change_retention(
    database: Database, *, viewer: Viewer, retention: HouseholdRetention, clock: Clock
) -> None:
    """
    Keep how long households are kept that nobody confirms.

    Raises
    ------
    NotAllowedError
        The role may not keep the register.
    InvalidValueError
        A household would be deleted before it is due, or kept for more than five years.
    """
    viewer.must(Action.MANAGE_HOUSEHOLDS)
    if not 0 < retention.due_after_months < retention.delete_after_months <= LONGEST_RETENTION_MONTHS:
        message = "a household is due first and deleted later, within five years"
        raise InvalidValueError(message, field="delete_after_months")
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.households.lock(viewer.circle_id)
        await transaction.households.put_retention(viewer.circle_id, retention)
        act = audit_entry(
            viewer,
            AuditAction.HOUSEHOLD_RETENTION_CHANGED,
            detail={
                "due_after_months": retention.due_after_months,
                "delete_after_months": retention.delete_after_months,
            },
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)


def _term(word: str) -> str:
    digits = digits_of(word)
    # A telephone may be written with a plus and dashes; a door such as 1-1201 is none.
    is_phone = len(digits) >= _SHORTEST_PHONE and not any(letter.isalpha() for letter in word)
    return digits if is_phone else folded(word)


def _told(household: Household) -> dict[str, Any]:
    details, consent = household.details, household.consent
    zh, en = ("", "") if consent is None else PURPOSES[consent.purpose]
    return {
        "door": household.door,
        "floor": household.floor,
        "people": household.people,
        "language": details.language,
        "contact_name": details.contact_name,
        "contact_phone": details.contact_phone,
        "help_kinds": details.help_kinds,
        "help_people": details.help_people,
        "help_note": details.help_note,
        "is_tenant": details.is_tenant,
        "landlord_name": details.landlord_name,
        "landlord_phone": details.landlord_phone,
        "tenancy_until": details.tenancy_until,
        "consent_given_on": None if consent is None else consent.given_on,
        "consent_withdrawn_on": None if consent is None else consent.withdrawn_on,
        "purpose": zh,
        "purpose_en": en,
        "confirmed_on": household.confirmed_on,
        "changed_at": household.changed_at,
    }
