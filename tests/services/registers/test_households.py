"""Households: kept with consent, shown to those who come, found, confirmed, erased without a trace."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from responder.domain.audit import AuditAction
from responder.domain.errors import (
    ConsentNeededError,
    DoorTakenError,
    EditConflictError,
    IncidentEndedError,
    InvalidValueError,
    NotAllowedError,
    NotComingError,
    NotFoundError,
)
from responder.domain.ids import HouseholdId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import FeaturesChanged
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.building import Building
from responder.domain.map.feature_import import Noun
from responder.domain.registers.household import (
    NO_DETAILS,
    HelpKind,
    Household,
    HouseholdDetails,
    HouseholdRetention,
    SpokenLanguage,
)
from responder.ports.audit import AuditQuery, FoundRecord
from responder.services.directing.end_incident import end_incident
from responder.services.imports.remove_features import remove_features
from responder.services.incidents.acknowledge import acknowledge
from responder.services.people.erase_person import ERASED_NAME, erase_person
from responder.services.people.export_person import export_person
from responder.services.registers.households import edit, view
from responder.services.registers.households.check import HouseholdData
from responder.services.registers.households.forget import EVERY, forget_unconfirmed_when_due
from responder.services.registers.households.on_incident import IncidentHouseholds, households_at_incident
from tests.services.audit.test_privacy import everything
from tests.services.conftest import World
from tests.services.log import addressed_events

TODAY = date(2025, 11, 3)
DETAILS = HouseholdDetails(
    language=SpokenLanguage.XIANG,
    contact_name="测试住户上官",
    contact_phone="+86 140-0000-7777",
    help_kinds=(HelpKind.CARRYING, HelpKind.POWER),
    help_people=1,
    help_note="钥匙在门框上",
    is_tenant=True,
    landlord_name="测试房东司徒",
    landlord_phone="14000008888",
    tenancy_until=date(2026, 6, 30),
)
PERSONAL = ("测试住户上官", "140-0000-7777", "0000007777", "钥匙在门框上", "测试房东司徒", "14000008888")
DATA = HouseholdData(door="2单元301", floor=3, people=3, details=DETAILS, consent_given_on=TODAY)


async def create(
    world: World, data: HouseholdData = DATA, *, at: str = "脑科巷13栋", by: str = "community"
) -> Household:
    building = await world.building(at)
    return await edit.create_household(
        world.database,
        viewer=await world.viewer(by),
        building_id=building.id,
        data=data,
        clock=world.clock,
    )


async def seen(world: World, detail: IncidentDetail, *, by: str) -> IncidentHouseholds:
    return await households_at_incident(
        world.database, viewer=await world.viewer(by), incident_id=detail.incident.id, clock=world.clock
    )


async def answer(world: World, detail: IncidentDetail, state: DeliveryState, *, by: str) -> None:
    viewer = await world.viewer(by)
    [own] = [each for each in detail.deliveries if each.recipient_id in viewer.responder_ids]
    await acknowledge(
        world.database,
        viewer=viewer,
        alert_id=own.alert_id,
        state=state,
        action_id=uuid4(),
        device_at=world.clock.now(),
        device="x",
        clock=world.clock,
    )


async def records(world: World) -> tuple[FoundRecord, ...]:
    """Return the audit log, the newest first."""
    async with world.database.begin() as transaction:
        return await transaction.audit.search(world.circle.id, AuditQuery(limit=50))


async def shown(world: World, name: str, *, by: str = "community") -> tuple[Household, ...]:
    building = await world.building(name)
    found = await view.view_building(
        world.database, viewer=await world.viewer(by), building_id=building.id, clock=world.clock
    )
    return found.households


async def test_without_consent_only_door_floor_and_count_are_kept(world: World) -> None:
    with pytest.raises(ConsentNeededError):
        await create(world, replace(DATA, consent_given_on=None))
    bare = await create(world, replace(DATA, consent_given_on=None, details=NO_DETAILS))
    assert (bare.door, bare.floor, bare.people, bare.has_consent) == ("2单元301", 3, 3, False)
    with pytest.raises(DoorTakenError):
        await create(world, replace(DATA, door=" 2单元 301室"))
    # The database refuses it too, whoever asks.
    url = world.url.replace("postgresql+psycopg://responder@", "postgresql://postgres@")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("UPDATE household SET contact_name = 'x' WHERE id = %s", (bare.id,))


async def test_withdrawn_consent_leaves_door_and_count_and_a_proof(world: World) -> None:
    household = await create(world)
    assert household.consent is not None
    assert household.consent.recorded_by_name == (await world.viewer("community")).name
    world.clock.move(days=3)
    kept = await edit.withdraw_consent(
        world.database,
        viewer=await world.viewer("community"),
        household_id=household.id,
        clock=world.clock,
    )
    assert kept.details == NO_DETAILS
    assert kept.consent is not None
    assert (kept.consent.given_on, kept.consent.withdrawn_on) == (TODAY, TODAY + timedelta(days=3))
    text = everything(world)
    assert not [word for word in PERSONAL if word in text]
    # A consent from before does not hold again.
    with pytest.raises(InvalidValueError):
        await change(world, kept, DATA)
    again = await change(world, kept, replace(DATA, consent_given_on=TODAY + timedelta(days=3)))
    assert again.has_consent


async def change(
    world: World, household: Household, data: HouseholdData, *, expected_version: int | None = None
) -> Household:
    return await edit.change_household(
        world.database,
        viewer=await world.viewer("community"),
        household_id=household.id,
        data=data,
        expected_version=expected_version,
        clock=world.clock,
    )


async def test_an_edit_of_what_another_changed_is_refused(world: World) -> None:
    household = await create(world)
    changed = await change(world, household, replace(DATA, people=4), expected_version=1)
    assert (changed.people, changed.version) == (4, 2)
    with pytest.raises(EditConflictError):
        await change(world, household, replace(DATA, people=5), expected_version=1)


async def test_what_cannot_be_is_refused_and_named(world: World) -> None:
    for wrong, field in (
        (replace(DATA, door="  "), "door"),
        (replace(DATA, people=-1), "people"),
        (replace(DATA, floor=999), "floor"),
        (replace(DATA, consent_given_on=TODAY + timedelta(days=1)), "consent_given_on"),
        (replace(DATA, details=replace(DETAILS, contact_phone="<script>")), "contact_phone"),
        (replace(DATA, details=replace(DETAILS, help_people=9)), "help_people"),
        (replace(DATA, details=replace(DETAILS, help_note="x" * 61)), "help_note"),
    ):
        with pytest.raises(InvalidValueError) as refused:
            await create(world, wrong)
        assert refused.value.detail["field"] == field


async def test_a_building_has_as_many_households_as_the_register_lists(world: World) -> None:
    before = (await world.building("脑科巷13栋")).households
    assert before == 7
    first = await create(world)
    assert (await world.building("脑科巷13栋")).households == 1
    await create(world, replace(DATA, door="302"))
    assert (await world.building("脑科巷13栋")).households == 2
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    told = [each.recorded.event for each in events if isinstance(each.recorded.event, FeaturesChanged)]
    assert [each.noun for each in told] == [Noun.BUILDINGS] * 2
    # What a file says of a building does not overrule it.
    building = await world.building("脑科巷13栋")
    async with world.database.begin() as transaction:
        await transaction.layer(Building).add(world.circle.id, [replace(building, households=99)])
    assert (await world.building("脑科巷13栋")).households == 2
    await erase(world, first)
    assert (await world.building("脑科巷13栋")).households == 1


async def erase(world: World, household: Household) -> None:
    await edit.erase_household(
        world.database,
        viewer=await world.viewer("community"),
        household_id=household.id,
        clock=world.clock,
    )


async def test_a_building_with_a_register_is_not_removed(world: World) -> None:
    await create(world)
    building = await world.building("脑科巷13栋")
    removal = await remove_features(
        world.database,
        viewer=await world.viewer("planner"),
        noun=Noun.BUILDINGS,
        ids=[building.id],
        clock=world.clock,
    )
    assert [each.code for each in removal.kept] == ["building_has_households"]


async def test_erasing_leaves_no_trace(world: World) -> None:
    household = await create(world)
    detail = await world.raise_at("脑科巷13栋")
    await answer(world, detail, DeliveryState.ACCEPTED, by="hospital.wen")
    await seen(world, detail, by="hospital.wen")
    viewer = await world.viewer("community")
    told = await view.export_household(
        world.database, viewer=viewer, household_id=household.id, clock=world.clock
    )
    assert told["contact_name"] == "测试住户上官"
    await view.search_households(world.database, viewer=viewer, words="上官", clock=world.clock)
    assert all(word in everything(world) for word in ("测试住户上官", "测试房东司徒", "14000008888"))

    await erase(world, household)

    text = everything(world)
    assert not [word for word in PERSONAL if word in text]
    assert "上官" not in text
    [last, *_] = await records(world)
    assert (last.action, last.subject_id, dict(last.detail)) == ("household_erased", household.id, {})
    with pytest.raises(NotFoundError):
        await view.export_household(
            world.database, viewer=viewer, household_id=household.id, clock=world.clock
        )


@pytest.mark.parametrize("by", ["hospital", "planner", "observer", "hospital.wen"])
async def test_the_register_is_for_coordinators(world: World, by: str) -> None:
    household = await create(world)
    with pytest.raises(NotAllowedError):
        await shown(world, "脑科巷13栋", by=by)
    viewer = await world.viewer(by)
    for attempt in (
        view.household_numbers(world.database, viewer=viewer, clock=world.clock),
        view.search_households(world.database, viewer=viewer, words="上官", clock=world.clock),
        view.export_household(world.database, viewer=viewer, household_id=household.id, clock=world.clock),
        edit.erase_household(world.database, viewer=viewer, household_id=household.id, clock=world.clock),
        edit.withdraw_consent(world.database, viewer=viewer, household_id=household.id, clock=world.clock),
        edit.confirm_household(world.database, viewer=viewer, household_id=household.id, clock=world.clock),
    ):
        with pytest.raises(NotAllowedError):
            await attempt


async def test_those_who_come_see_the_households_until_it_ends(world: World) -> None:
    await create(world)
    await create(world, replace(DATA, door="501", floor=5, details=NO_DETAILS))
    detail = await world.raise_at("脑科巷13栋")
    with pytest.raises(NotComingError):
        await seen(world, detail, by="hospital.wen")
    await answer(world, detail, DeliveryState.SEEN, by="hospital.wen")
    with pytest.raises(NotComingError):
        await seen(world, detail, by="hospital.wen")

    for state in (DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE, DeliveryState.ON_SCENE):
        await answer(world, detail, state, by="hospital.wen")
        found = await seen(world, detail, by="hospital.wen")
        assert (found.households, found.people, found.need_help, found.exercise) == (2, 6, 1, False)
        assert found.listed is not None
        assert [each.door for each in found.listed] == ["2单元301", "501"], "who needs help comes first"
        [record, *_] = await records(world)
        assert (record.action, record.subject_kind) == (AuditAction.HOUSEHOLD_DETAILS_VIEWED, "building")
        assert record.subject_id == found.building_id
        assert record.actor_username == "hospital.wen"
        assert dict(record.detail) == {"households": 2, "incident": str(detail.incident.id)}
    # Others of the same partner did not accept.
    with pytest.raises(NotComingError):
        await seen(world, detail, by="hospital.liao")
    with pytest.raises(NotComingError):
        await seen(world, detail, by="hospital")
    assert (await seen(world, detail, by="community")).listed is not None

    await end_incident(
        world.database,
        viewer=await world.viewer("community"),
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    for by in ("hospital.wen", "community"):
        with pytest.raises(IncidentEndedError):
            await seen(world, detail, by=by)


async def test_who_comes_no_more_sees_them_no_more(world: World) -> None:
    await create(world)
    detail = await world.raise_at("脑科巷13栋")
    await answer(world, detail, DeliveryState.ACCEPTED, by="hospital.wen")
    await seen(world, detail, by="hospital.wen")
    await answer(world, detail, DeliveryState.WITHDRAWN, by="hospital.wen")
    with pytest.raises(NotComingError):
        await seen(world, detail, by="hospital.wen")


async def test_an_exercise_shows_numbers_only(world: World) -> None:
    await create(world)
    detail = await world.raise_at("脑科巷13栋", exercise=True)
    await answer(world, detail, DeliveryState.ACCEPTED, by="hospital.wen")
    for by in ("hospital.wen", "community"):
        found = await seen(world, detail, by=by)
        assert (found.households, found.need_help, found.listed) == (1, 1, None)


async def test_a_household_is_found_by_door_name_and_telephone(world: World) -> None:
    household = await create(world)
    viewer = await world.viewer("community")

    async def found(words: str) -> list[UUID]:
        result = await view.search_households(world.database, viewer=viewer, words=words, clock=world.clock)
        return [each.id for each in result.found]

    for words in (
        "测试住户",
        "上官",
        "司徒",
        "14000007777",
        "140 0000 7777",
        "7777",
        "2单元301",
        "13栋 2单元301",
    ):
        assert await found(words) == [household.id], words
    assert await found("7栋 2单元301") == []
    assert await found("没有这个人") == []
    # Wildcards are letters like others.
    assert await found("%%") == []
    assert await found("__") == []
    with pytest.raises(InvalidValueError):
        await found("x")
    for record in await records(world):
        assert "上官" not in str(record)


async def test_a_household_is_due_after_a_year_and_deleted_after_two(world: World) -> None:
    household = await create(world)
    viewer = await world.viewer("community")
    building = await world.building("脑科巷13栋")

    async def due() -> int:
        numbers = await view.household_numbers(world.database, viewer=viewer, clock=world.clock)
        return sum(each.due for each in numbers.buildings if each.building_id == building.id)

    assert await due() == 0
    world.clock.move(days=365)
    assert await due() == 1
    await edit.confirm_household(world.database, viewer=viewer, household_id=household.id, clock=world.clock)
    assert await due() == 0
    world.clock.move(days=700)
    await forget_unconfirmed_when_due(world.database, clock=world.clock)
    assert len(await shown(world, "脑科巷13栋")) == 1
    world.clock.move(days=40)
    assert await forget_unconfirmed_when_due(world.database, clock=world.clock)
    assert await forget_unconfirmed_when_due(world.database, clock=world.clock) is None
    assert await shown(world, "脑科巷13栋") == ()
    assert "上官" not in everything(world)
    assert "households_expired" in {each.action for each in await records(world)}


async def test_a_circle_says_how_long_households_are_kept(world: World) -> None:
    viewer = await world.viewer("community")
    await create(world)
    for wrong in ((12, 12), (0, 6), (12, 61)):
        retention = HouseholdRetention(due_after_months=wrong[0], delete_after_months=wrong[1])
        with pytest.raises(InvalidValueError):
            await view.change_retention(world.database, viewer=viewer, retention=retention, clock=world.clock)
    short = HouseholdRetention(due_after_months=1, delete_after_months=2)
    await view.change_retention(world.database, viewer=viewer, retention=short, clock=world.clock)
    world.clock.time += EVERY + timedelta(days=70)
    assert await forget_unconfirmed_when_due(world.database, clock=world.clock)
    assert await shown(world, "脑科巷13栋") == ()


async def test_who_wrote_it_down_is_erased_from_it_and_told_nothing_of_residents(world: World) -> None:
    household = await create(world)
    account_name = (await world.viewer("community")).name
    told = await export_person(world.database, username="community", clock=world.clock)
    assert household.id in {each["id"] for each in told["households_recorded"]}
    assert not [word for word in PERSONAL if word in str(told)]
    url = world.url.replace("postgresql+psycopg://responder@", "postgresql://postgres@")
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE membership SET role = 'coordinator' WHERE account_id ="
            " (SELECT id FROM account WHERE username = 'planner')"
        )
    await erase_person(world.database, username="community", clock=world.clock)
    [kept] = await shown(world, "脑科巷13栋", by="planner")
    assert (kept.changed_by, kept.changed_by_name) == (None, ERASED_NAME)
    assert kept.consent is not None
    assert (kept.consent.recorded_by, kept.consent.recorded_by_name) == (None, ERASED_NAME)
    assert account_name not in str(kept)


async def test_another_circles_household_is_not_there(world: World) -> None:
    with pytest.raises(NotFoundError):
        await edit.erase_household(
            world.database,
            viewer=await world.viewer("community"),
            household_id=HouseholdId(uuid4()),
            clock=world.clock,
        )
