"""Households, and the words by which they are found."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, BuildingId, CircleId, HouseholdId
from responder.domain.registers.household import (
    Consent,
    HelpKind,
    Household,
    HouseholdDetails,
    HouseholdRetention,
    Purpose,
    SpokenLanguage,
    door_key,
    search_terms,
)
from responder.ports.registers.households import (
    BuildingHouseholds,
    BuildingName,
    DoorCount,
    FoundHousehold,
)
from responder.store.bbox import one_of
from responder.store.map.building import BUILDING
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

HOUSEHOLD = Table(
    "household",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("building_id", Uuid, nullable=False),
    Column("door", Text, nullable=False),
    # As doors are compared.
    Column("door_key", Text, nullable=False),
    Column("floor", SmallInteger),
    Column("people", SmallInteger, nullable=False),
    Column("consent_given_on", Date),
    Column("consent_purpose", Text),
    # Not a foreign key: accounts may be gone.
    Column("consent_recorded_by", Uuid),
    Column("consent_recorded_by_name", Text, nullable=False),
    Column("consent_withdrawn_on", Date),
    Column("language", Text),
    Column("contact_name", Text, nullable=False),
    Column("contact_phone", Text, nullable=False),
    Column("help_kinds", ARRAY(Text), nullable=False),
    Column("help_people", SmallInteger, nullable=False),
    Column("help_note", Text, nullable=False),
    Column("is_tenant", Boolean, nullable=False),
    Column("landlord_name", Text, nullable=False),
    Column("landlord_phone", Text, nullable=False),
    Column("tenancy_until", Date),
    Column("confirmed_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    time("changed_at"),
    Column("changed_by", Uuid),
    Column("changed_by_name", Text, nullable=False),
    ForeignKeyConstraint(["circle_id", "building_id"], ["building.circle_id", "building.id"]),
    CheckConstraint("people >= 0 AND help_people >= 0", name="people_counted"),
    CheckConstraint("(consent_given_on IS NULL) = (consent_purpose IS NULL)", name="consent_for_a_purpose"),
    CheckConstraint(
        "(consent_given_on IS NOT NULL AND consent_withdrawn_on IS NULL)"
        " OR (language IS NULL AND contact_name = '' AND contact_phone = '' AND help_kinds = '{}'"
        " AND help_people = 0 AND help_note = '' AND NOT is_tenant AND landlord_name = ''"
        " AND landlord_phone = '' AND tenancy_until IS NULL)",
        name="details_with_consent",
    ),
    Index("ix_household_door", "circle_id", "building_id", "door_key", unique=True),
    Index("ix_household_confirmed_on", "circle_id", "confirmed_on"),
)

HOUSEHOLD_TERM = Table(
    "household_term",
    METADATA,
    circle_id(known_by_other_keys=True),
    # By bytes: a search for what a word begins with is a range of the index.
    Column("term", Text(collation="C"), primary_key=True),
    Column("household_id", Uuid, primary_key=True),
    ForeignKeyConstraint(
        ["circle_id", "household_id"], ["household.circle_id", "household.id"], ondelete="CASCADE"
    ),
    Index("ix_household_term_household_id", "circle_id", "household_id"),
)

HOUSEHOLD_REGISTER = Table(
    "household_register",
    METADATA,
    circle_id(),
    Column("due_after_months", SmallInteger, nullable=False),
    Column("delete_after_months", SmallInteger, nullable=False),
    CheckConstraint(
        "due_after_months > 0 AND delete_after_months > due_after_months", name="due_before_deleted"
    ),
)

_LAST_LETTER = "\U0010ffff"
_NEEDS_HELP = (HOUSEHOLD.c.help_people > 0) | (func.cardinality(HOUSEHOLD.c.help_kinds) > 0)
_HAS_CONSENT = HOUSEHOLD.c.consent_given_on.is_not(None) & HOUSEHOLD.c.consent_withdrawn_on.is_(None)


class PostgresHouseholds:
    """The households of a circle's buildings."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, circle_id: CircleId) -> None:
        usual = HouseholdRetention()
        await self._connection.execute(
            insert(HOUSEHOLD_REGISTER).values(_register(circle_id, usual)).on_conflict_do_nothing()
        )
        await self._connection.execute(
            select(HOUSEHOLD_REGISTER.c.circle_id)
            .where(HOUSEHOLD_REGISTER.c.circle_id == circle_id)
            .with_for_update()
        )

    async def retention(self, circle_id: CircleId) -> HouseholdRetention:
        found = await self._connection.execute(
            select(HOUSEHOLD_REGISTER).where(HOUSEHOLD_REGISTER.c.circle_id == circle_id)
        )
        row = found.one_or_none()
        if row is None:
            return HouseholdRetention()
        return HouseholdRetention(
            due_after_months=row.due_after_months, delete_after_months=row.delete_after_months
        )

    async def put_retention(self, circle_id: CircleId, retention: HouseholdRetention) -> None:
        await upsert(self._connection, HOUSEHOLD_REGISTER, [_register(circle_id, retention)])

    async def circles(self) -> tuple[CircleId, ...]:
        found = await self._connection.execute(select(HOUSEHOLD.c.circle_id).distinct())
        return tuple(CircleId(each) for each in found.scalars())

    async def building_names(self, circle_id: CircleId) -> tuple[BuildingName, ...]:
        found = await self._connection.execute(
            select(BUILDING.c.id, BUILDING.c.name, BUILDING.c.name_en)
            .where(BUILDING.c.circle_id == circle_id)
            .order_by(BUILDING.c.id)
        )
        return tuple(BuildingName(BuildingId(row.id), row.name, row.name_en) for row in found)

    async def counts(self, circle_id: CircleId, *, due_since: date) -> tuple[BuildingHouseholds, ...]:
        columns = HOUSEHOLD.c
        counted = await self._connection.execute(
            select(
                columns.building_id,
                func.count(),
                func.sum(columns.people),
                func.count().filter(_NEEDS_HELP),
                func.count().filter(_HAS_CONSENT),
                func.count().filter(columns.confirmed_on <= due_since),
            )
            .where(columns.circle_id == circle_id)
            .group_by(columns.building_id)
            .order_by(columns.building_id)
        )
        return tuple(
            BuildingHouseholds(
                building_id=BuildingId(building_id),
                households=households,
                people=people,
                need_help=need_help,
                with_consent=with_consent,
                due=due,
            )
            for building_id, households, people, need_help, with_consent, due in counted
        )

    async def doors(
        self, circle_id: CircleId, building_id: BuildingId, *, at_most: int
    ) -> tuple[DoorCount, ...]:
        found = await self._connection.execute(
            select(
                HOUSEHOLD.c.door,
                func.max(HOUSEHOLD.c.floor).label("floor"),
                func.sum(HOUSEHOLD.c.people).label("people"),
            )
            .where(HOUSEHOLD.c.circle_id == circle_id, HOUSEHOLD.c.building_id == building_id)
            .group_by(HOUSEHOLD.c.door)
            .order_by(HOUSEHOLD.c.door)
            .limit(at_most)
        )
        return tuple(DoorCount(row.door, row.floor, int(row.people)) for row in found)

    async def number(self, circle_id: CircleId) -> int:
        found = await self._connection.execute(
            select(func.count()).select_from(HOUSEHOLD).where(HOUSEHOLD.c.circle_id == circle_id)
        )
        return int(found.scalar_one())

    async def get(self, circle_id: CircleId, household_id: HouseholdId) -> Household:
        found = await self._connection.execute(
            select(HOUSEHOLD).where(HOUSEHOLD.c.circle_id == circle_id, HOUSEHOLD.c.id == household_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return _household(row)

    async def of_buildings(
        self, circle_id: CircleId, building_ids: Collection[BuildingId]
    ) -> tuple[Household, ...]:
        found = await self._connection.execute(
            select(HOUSEHOLD)
            .where(HOUSEHOLD.c.circle_id == circle_id, one_of(HOUSEHOLD.c.building_id, list(building_ids)))
            .order_by(HOUSEHOLD.c.building_id, HOUSEHOLD.c.floor.nulls_last(), HOUSEHOLD.c.door_key)
        )
        return tuple(_household(row) for row in found)

    async def search(
        self,
        circle_id: CircleId,
        terms: Sequence[str],
        *,
        building_ids: Collection[BuildingId] | None,
        limit: int,
    ) -> tuple[FoundHousehold, ...]:
        columns, term = HOUSEHOLD.c, HOUSEHOLD_TERM.c
        wanted = [columns.circle_id == circle_id]
        for each in terms:
            # Said as a range: of LIKE row-level security would make no use of the index.
            begun = select(term.household_id).where(
                term.circle_id == circle_id, term.term >= each, term.term < each + _LAST_LETTER
            )
            wanted.append(columns.id.in_(begun))
        if building_ids is not None:
            wanted.append(one_of(columns.building_id, list(building_ids)))
        found = await self._connection.execute(
            select(columns.id, columns.building_id, columns.door, columns.floor)
            .where(*wanted)
            .order_by(columns.building_id, columns.door_key)
            .limit(limit)
        )
        return tuple(
            FoundHousehold(HouseholdId(row.id), BuildingId(row.building_id), row.door, row.floor)
            for row in found
        )

    async def put(self, households: Sequence[Household]) -> None:
        if not households:
            return
        await upsert(self._connection, HOUSEHOLD, [_values(each) for each in households])
        [circle] = {each.circle_id for each in households}
        ids = [each.id for each in households]
        await self._connection.execute(
            delete(HOUSEHOLD_TERM).where(
                HOUSEHOLD_TERM.c.circle_id == circle, one_of(HOUSEHOLD_TERM.c.household_id, ids)
            )
        )
        terms = [(term, each.id) for each in households for term in sorted(search_terms(each))]
        added = select(
            literal(circle, Uuid),
            func.unnest(literal([term for term, _ in terms], ARRAY(Text))),
            func.unnest(literal([household_id for _, household_id in terms], ARRAY(Uuid))),
        )
        await self._connection.execute(
            insert(HOUSEHOLD_TERM).from_select(["circle_id", "term", "household_id"], added)
        )

    async def delete(self, circle_id: CircleId, household_ids: Collection[HouseholdId]) -> None:
        await self._connection.execute(
            delete(HOUSEHOLD).where(
                HOUSEHOLD.c.circle_id == circle_id, one_of(HOUSEHOLD.c.id, list(household_ids))
            )
        )

    async def delete_unconfirmed(self, circle_id: CircleId, *, kept_since: date) -> tuple[BuildingId, ...]:
        gone = await self._connection.execute(
            delete(HOUSEHOLD)
            .where(HOUSEHOLD.c.circle_id == circle_id, HOUSEHOLD.c.confirmed_on <= kept_since)
            .returning(HOUSEHOLD.c.building_id)
        )
        return tuple(BuildingId(each) for each in gone.scalars())

    async def count_buildings(self, circle_id: CircleId, building_ids: Collection[BuildingId]) -> bool:
        counted = (
            select(HOUSEHOLD.c.building_id, func.count().label("number"))
            .where(HOUSEHOLD.c.circle_id == circle_id, one_of(HOUSEHOLD.c.building_id, list(building_ids)))
            .group_by(HOUSEHOLD.c.building_id)
            .subquery()
        )
        done = await self._connection.execute(
            update(BUILDING)
            .where(
                BUILDING.c.circle_id == circle_id,
                BUILDING.c.id == counted.c.building_id,
                BUILDING.c.households != counted.c.number,
            )
            .values(households=counted.c.number)
        )
        return bool(done.rowcount)


def _register(circle_id: CircleId, retention: HouseholdRetention) -> dict[str, Any]:
    return {
        "circle_id": circle_id,
        "due_after_months": retention.due_after_months,
        "delete_after_months": retention.delete_after_months,
    }


def _values(household: Household) -> dict[str, Any]:
    consent, details = household.consent, household.details
    return {
        "circle_id": household.circle_id,
        "id": household.id,
        "building_id": household.building_id,
        "door": household.door,
        "door_key": door_key(household.door),
        "floor": household.floor,
        "people": household.people,
        "consent_given_on": None if consent is None else consent.given_on,
        "consent_purpose": None if consent is None else consent.purpose.value,
        "consent_recorded_by": None if consent is None else consent.recorded_by,
        "consent_recorded_by_name": "" if consent is None else consent.recorded_by_name,
        "consent_withdrawn_on": None if consent is None else consent.withdrawn_on,
        "language": None if details.language is None else details.language.value,
        "contact_name": details.contact_name,
        "contact_phone": details.contact_phone,
        "help_kinds": [each.value for each in details.help_kinds],
        "help_people": details.help_people,
        "help_note": details.help_note,
        "is_tenant": details.is_tenant,
        "landlord_name": details.landlord_name,
        "landlord_phone": details.landlord_phone,
        "tenancy_until": details.tenancy_until,
        "confirmed_on": household.confirmed_on,
        "version": household.version,
        "changed_at": household.changed_at,
        "changed_by": household.changed_by,
        "changed_by_name": household.changed_by_name,
    }


def _household(row: AnyRow) -> Household:
    return Household(
        id=HouseholdId(row.id),
        circle_id=CircleId(row.circle_id),
        building_id=BuildingId(row.building_id),
        door=row.door,
        floor=row.floor,
        people=row.people,
        consent=_consent(row),
        details=HouseholdDetails(
            language=None if row.language is None else SpokenLanguage(row.language),
            contact_name=row.contact_name,
            contact_phone=row.contact_phone,
            help_kinds=tuple(HelpKind(each) for each in row.help_kinds),
            help_people=row.help_people,
            help_note=row.help_note,
            is_tenant=row.is_tenant,
            landlord_name=row.landlord_name,
            landlord_phone=row.landlord_phone,
            tenancy_until=row.tenancy_until,
        ),
        confirmed_on=row.confirmed_on,
        version=row.version,
        changed_at=row.changed_at,
        changed_by=None if row.changed_by is None else AccountId(row.changed_by),
        changed_by_name=row.changed_by_name,
    )


def _consent(row: AnyRow) -> Consent | None:
    if row.consent_given_on is None:
        return None
    return Consent(
        given_on=row.consent_given_on,
        purpose=Purpose(row.consent_purpose),
        recorded_by=None if row.consent_recorded_by is None else AccountId(row.consent_recorded_by),
        recorded_by_name=row.consent_recorded_by_name,
        withdrawn_on=row.consent_withdrawn_on,
    )
