"""People of a circle: invited, changed and removed, and never left without anyone who coordinates it."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from responder.domain.backoff import PER_ADDRESS
from responder.domain.errors import (
    AlreadyMemberError,
    InvalidValueError,
    InvitationRefusedError,
    LastCoordinatorError,
    NameTakenError,
    NotAllowedError,
    NotFoundError,
    ResponderError,
    TooManyAttemptsError,
    WeakPasswordError,
)
from responder.domain.ids import AccountId, PartnerId, ResponderId, UnitId
from responder.domain.map.unit import Responder
from responder.domain.people.access import MAY, Action, Role, Viewer, administrator
from responder.domain.people.account import Account, Person
from responder.domain.people.client_info import ClientInfo
from responder.domain.people.invitation import INVITATION_LASTS, InvitationState
from responder.ports.audit import AuditQuery, FoundRecord
from responder.security.sign_in import hash_token, list_memberships
from responder.services.circles.create import make_circle
from responder.services.circles.snapshot import show_circle
from responder.services.people.accept_invitation import (
    NewAccount,
    accept_as,
    accept_as_new,
    preview_invitation,
)
from responder.services.people.change_person import PersonChange, change_person
from responder.services.people.invite import NewInvitation, invite, list_invitations, withdraw_invitation
from responder.services.people.list_people import list_partners, list_people
from responder.services.people.remove_person import remove_person
from responder.services.security_context import act_for, as_anonymous
from tests.services.conftest import World

PASSWORD = "eine lange Losung"  # noqa: S105 - of a database that is thrown away
LI = NewAccount(username="li", name="李医生", password=PASSWORD)


async def coordinator(world: World) -> Viewer:
    return await world.viewer("community")


async def person(world: World, username: str) -> Person:
    people = await list_people(world.database, viewer=await coordinator(world), clock=world.clock)
    return next(each for each in people if each.username == username)


async def change(world: World, username: str, **fields: Any) -> Person:  # noqa: ANN401 - any of its fields
    return await change_person(
        world.database,
        viewer=await coordinator(world),
        account_id=(await person(world, username)).account_id,
        change=PersonChange(fields=frozenset(fields), **fields),
        clock=world.clock,
    )


async def token(world: World, role: Role = Role.OBSERVER, **more: Any) -> str:  # noqa: ANN401 - any of its fields
    new = NewInvitation(role=role, **more)
    made = await invite(world.database, viewer=await coordinator(world), new=new, clock=world.clock)
    return made.token


async def records(world: World) -> list[FoundRecord]:
    """Return what the circle's log holds, the oldest first."""
    async with world.database.begin() as transaction:
        return [*await transaction.audit.search(world.circle.id, AuditQuery())][::-1]


async def account(world: World, username: str) -> Account:
    async with world.database.begin() as transaction:
        found = await transaction.accounts.find(username)
    assert found is not None
    return found.account


async def test_people_are_told_with_partner_units_and_presence(world: World) -> None:
    wen = await person(world, "hospital.wen")
    assert (wen.role, wen.signed_in, wen.last_seen_at) == (Role.RESPONDER, False, None)
    assert wen.partner_name is not None
    assert len(wen.unit_ids) == len(wen.units) == 1
    for username in ("hospital", "hospital.wen", "planner", "observer"):
        with pytest.raises(NotAllowedError):
            await list_people(world.database, viewer=await world.viewer(username), clock=world.clock)


async def test_role_partner_and_units_are_changed_one_by_one(world: World) -> None:
    changed = await change(world, "hospital.wen", role=Role.DISPATCHER)
    assert (changed.role, len(changed.units)) == (Role.DISPATCHER, 1)
    police = (await person(world, "police")).partner_id
    changed = await change(world, "hospital.wen", partner_id=police)
    assert (changed.partner_id, changed.units) == (police, ())
    assert (await world.viewer("hospital.wen")).responder_ids == frozenset()
    unit_ids = (await person(world, "police.tang")).unit_ids
    changed = await change(world, "hospital.wen", unit_ids=unit_ids)
    assert changed.unit_ids == unit_ids
    assert (await world.viewer("hospital.wen")).unit_ids == frozenset(unit_ids)


@pytest.mark.parametrize("role", sorted(set(Role) - MAY[Action.ANSWER_ALERT]))
async def test_a_person_who_may_not_answer_any_more_leaves_their_units_and_is_not_called(
    world: World, role: Role
) -> None:
    before = await person(world, "hospital.wen")
    was = (await world.viewer("hospital.wen")).responder_ids

    changed = await change(world, "hospital.wen", role=role)

    assert (changed.role, changed.units, changed.partner_id) == (role, (), before.partner_id)
    assert not (await world.viewer("hospital.wen")).responder_ids
    assert not was & {each.recipient_id for each in (await world.raise_at()).deliveries}
    [record] = [each for each in await records(world) if each.action == "member_changed"]
    assert (record.detail["units"], record.detail["units_before"]) == (0, 1)
    again = await change(world, "hospital.wen", role=Role.RESPONDER)
    assert again.units == (), "no one is called again unasked"


@pytest.mark.parametrize("role", sorted(set(Role) - MAY[Action.ANSWER_ALERT]))
async def test_a_unit_is_refused_to_a_person_who_may_not_answer(world: World, role: Role) -> None:
    before = await person(world, "hospital.wen")
    for fields in ({"role": role, "unit_ids": before.unit_ids}, {"unit_ids": before.unit_ids}):
        with pytest.raises(InvalidValueError) as refusal:
            await change(world, "hospital.wen" if "role" in fields else "observer", **fields)
        assert refusal.value.detail == {"field": "unit_ids"}
    with pytest.raises(InvalidValueError) as refusal:
        await token(world, role, partner_id=before.partner_id, unit_id=before.unit_ids[0])
    assert refusal.value.detail == {"field": "unit_id"}
    assert await person(world, "hospital.wen") == before
    assert (await change(world, "hospital.wen", role=role, unit_ids=())).units == ()


@pytest.mark.parametrize("role", Role)
async def test_who_is_called_is_asked_of_the_table_of_rights_whatever_rows_there_are(
    world: World, role: Role
) -> None:
    """A row as an older version left it."""
    wen = await world.viewer("hospital.wen")
    async with world.database.begin() as transaction:
        await transaction.people.change(world.circle.id, wen.account_id, role=role, partner_id=wen.partner_id)
    called = {each.recipient_id for each in (await world.raise_at()).deliveries}
    assert bool(wen.responder_ids & called) == (role in MAY[Action.ANSWER_ALERT])
    assert called - wen.responder_ids, "the others are"


async def test_a_person_without_an_account_is_called_and_one_who_is_not_of_the_circle_is_not(
    world: World,
) -> None:
    wen = await world.viewer("hospital.wen")
    [unit_id] = wen.unit_ids
    without, stranger = (
        Responder(
            id=ResponderId(uuid4()),
            unit_id=unit_id,
            partner_id=PartnerId(wen.partner_id or uuid4()),
            account_id=account_id,
            name="李医生",
        )
        for account_id in (None, AccountId(uuid4()))
    )
    async with world.database.begin() as transaction:
        await transaction.accounts.add(
            Account(id=AccountId(stranger.account_id or uuid4()), username="li", name="李医生"),
            "$argon2id$none",
        )
        await transaction.responders.add(world.circle.id, [without, stranger])
    called = {each.recipient_id for each in (await world.raise_at()).deliveries}
    assert {without.id, stranger.id} & called == {without.id}


async def test_what_is_not_of_the_circle_or_the_partner_cannot_be_given(world: World) -> None:
    elsewhere = world.circle.id
    with pytest.raises(NotFoundError):
        await change(world, "hospital.wen", partner_id=PartnerId(elsewhere))
    with pytest.raises(NotFoundError):
        await change(world, "hospital.wen", unit_ids=(UnitId(elsewhere),))
    with pytest.raises(InvalidValueError):
        await change(world, "hospital.wen", unit_ids=(await person(world, "police.tang")).unit_ids)
    with pytest.raises(NotFoundError):
        await change_person(
            world.database,
            viewer=await coordinator(world),
            account_id=AccountId(elsewhere),
            change=PersonChange(fields=frozenset({"role"})),
            clock=world.clock,
        )


async def test_a_person_removed_is_not_called_any_more_and_what_they_did_stays(world: World) -> None:
    wen = await world.viewer("hospital.wen")
    before = await world.raise_at()
    assert wen.responder_ids & {each.recipient_id for each in before.deliveries}
    await remove_person(
        world.database, viewer=await coordinator(world), account_id=wen.account_id, clock=world.clock
    )
    with pytest.raises(NotFoundError):
        await world.viewer("hospital.wen")
    after = await world.raise_at()
    assert not wen.responder_ids & {each.recipient_id for each in after.deliveries}
    async with world.database.begin() as transaction:
        kept = await transaction.incidents.detail(world.circle.id, before.incident.id)
    assert wen.responder_ids & {each.recipient_id for each in kept.deliveries}


async def test_the_last_coordinator_stays(world: World) -> None:
    viewer = await coordinator(world)
    with pytest.raises(LastCoordinatorError):
        await change(world, "community", role=Role.OBSERVER)
    with pytest.raises(LastCoordinatorError):
        await remove_person(world.database, viewer=viewer, account_id=viewer.account_id, clock=world.clock)
    await change(world, "planner", role=Role.COORDINATOR)
    assert (await change(world, "community", role=Role.OBSERVER)).role is Role.OBSERVER


async def test_of_two_coordinators_who_step_down_at_once_one_stays(world: World) -> None:
    await change(world, "planner", role=Role.COORDINATOR)
    viewers = [await world.viewer("community"), await world.viewer("planner")]

    async def step_down(viewer: Viewer) -> str:
        try:
            await change_person(
                world.database,
                viewer=viewer,
                account_id=viewer.account_id,
                change=PersonChange(fields=frozenset({"role"}), role=Role.OBSERVER),
                clock=world.clock,
            )
        except LastCoordinatorError as error:
            return error.code
        return "done"

    assert sorted(await asyncio.gather(*map(step_down, viewers))) == ["done", "last_coordinator"]


async def test_an_invitation_makes_an_account_that_is_called(world: World) -> None:
    wen = await person(world, "hospital.wen")
    invited = await token(
        world, Role.RESPONDER, partner_id=wen.partner_id, unit_id=wen.unit_ids[0], note="新来的李医生"
    )
    card = await preview_invitation(world.database, token=invited, clock=world.clock)
    assert (card.circle_name, card.role, card.partner_name) == (
        world.circle.name,
        Role.RESPONDER,
        wen.partner_name,
    )
    opened = await accept_as_new(world.database, token=invited, new=LI, clock=world.clock)
    viewer = await world.viewer("li")
    assert (viewer.account_id, viewer.role) == (opened.account.id, Role.RESPONDER)
    detail = await world.raise_at()
    assert viewer.responder_ids & {each.recipient_id for each in detail.deliveries}
    [listed, *_] = await list_invitations(world.database, viewer=await coordinator(world))
    assert listed.invitation.state(now=world.clock.now()) is InvitationState.USED
    assert listed.used_by_name == "李医生"


async def test_unknown_used_withdrawn_and_old_invitations_are_refused_alike(world: World) -> None:
    used, withdrawn, old = [await token(world) for _ in range(3)]
    await accept_as_new(world.database, token=used, new=LI, clock=world.clock)
    viewer = await coordinator(world)
    newest = await list_invitations(world.database, viewer=viewer)
    async with world.database.begin() as transaction:
        found = await transaction.invitations.by_token(hash_token(withdrawn), to_use=False)
    assert found is not None
    for _ in range(2):
        await withdraw_invitation(
            world.database, viewer=viewer, invitation_id=found.invitation.id, clock=world.clock
        )
    assert len(newest) == 3
    refused = [used, withdrawn, "no such token", "\ud800", "\x00"]
    for each in refused:
        with pytest.raises(InvitationRefusedError) as refusal:
            await preview_invitation(world.database, token=each, clock=world.clock)
        assert refusal.value.detail == {}
        with pytest.raises(InvitationRefusedError):
            await accept_as_new(
                world.database, token=each, new=replace(LI, username="li2"), clock=world.clock
            )
    await preview_invitation(world.database, token=old, clock=world.clock)
    world.clock.move(seconds=INVITATION_LASTS.total_seconds())
    with pytest.raises(InvitationRefusedError):
        await preview_invitation(world.database, token=old, clock=world.clock)


async def test_guessing_invitations_gets_slow(world: World) -> None:
    origin = ClientInfo(address="10.0.0.9")
    for _ in range(PER_ADDRESS.free_attempts + 1):
        with pytest.raises(InvitationRefusedError):
            await preview_invitation(world.database, token="guess", clock=world.clock, origin=origin)  # noqa: S106
    with pytest.raises(TooManyAttemptsError):
        await preview_invitation(world.database, token="guess", clock=world.clock, origin=origin)  # noqa: S106


async def test_of_several_who_use_one_invitation_at_once_one_comes_in(world: World) -> None:
    invited = await token(world)
    several = [Account(id=AccountId(uuid4()), username=f"li{number}", name="李") for number in range(6)]
    async with world.database.begin() as transaction:
        for each in several:
            await transaction.accounts.add(each, "$argon2id$nobody-signs-in-with-this")

    async def accept(account: Account) -> str:
        try:
            await accept_as(world.database, token=invited, account=account, clock=world.clock)
        except ResponderError as error:
            return error.code
        return "in"

    told = await asyncio.gather(*map(accept, several))
    assert sorted(told) == ["in", *["invitation_refused"] * 5]
    people = await list_people(world.database, viewer=await coordinator(world), clock=world.clock)
    assert sum(each.username.startswith("li") for each in people) == 1


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"password": "short"}, WeakPasswordError),
        ({"password": "123456789012"}, WeakPasswordError),
        ({"username": "lilililili", "password": "LiLiLiLiLi" * 2}, WeakPasswordError),
        ({"username": "li.xiaohong", "password": "Li.XiaoHong123"}, WeakPasswordError),
        ({"username": "Li"}, InvalidValueError),
        ({"username": "l"}, InvalidValueError),
        ({"username": "l i"}, InvalidValueError),
        ({"username": "ｌｉ"}, InvalidValueError),
        ({"username": "li\x00"}, InvalidValueError),
        ({"name": " "}, InvalidValueError),
        ({"name": "\ud800"}, InvalidValueError),
        ({"username": "hospital"}, NameTakenError),
    ],
)
async def test_what_may_not_be_leaves_the_invitation_open(
    world: World, changed: dict[str, str], refusal: type[ResponderError]
) -> None:
    invited = await token(world)
    with pytest.raises(refusal):
        await accept_as_new(world.database, token=invited, new=replace(LI, **changed), clock=world.clock)
    await accept_as_new(world.database, token=invited, new=LI, clock=world.clock)


async def test_an_account_joins_a_second_circle_but_none_twice(world: World) -> None:
    invited = await token(world)
    hospital = await account(world, "hospital")
    with pytest.raises(AlreadyMemberError):
        await accept_as(world.database, token=invited, account=hospital, clock=world.clock)
    root = Account(id=hospital.id, username="hospital", name=hospital.name, admin=True)
    other = await make_circle(
        world.database, account=root, name="新片区", name_en="", centre=(113.0, 28.2), clock=world.clock
    )
    viewer = replace(await coordinator(world), circle_id=other.id)
    made = await invite(
        world.database, viewer=viewer, new=NewInvitation(role=Role.PLANNER), clock=world.clock
    )
    planner = await account(world, "planner")
    await accept_as(world.database, token=made.token, account=planner, clock=world.clock)
    found = await list_memberships(world.database, account_id=planner.id)
    assert {(each.name, each.role) for each in found} == {
        ("新片区", Role.PLANNER),
        (world.circle.name, Role.PLANNER),
    }


async def test_an_administrator_sets_people_right_without_belonging_to_the_circle(world: World) -> None:
    root = administrator(AccountId(world.circle.id), "平台", world.circle.id)
    people = await list_people(world.database, viewer=root, clock=world.clock)
    assert len(await list_partners(world.database, viewer=root)) > 0
    planner = next(each for each in people if each.username == "planner")
    changed = await change_person(
        world.database,
        viewer=root,
        account_id=planner.account_id,
        change=PersonChange(fields=frozenset({"role"}), role=Role.COORDINATOR),
        clock=world.clock,
    )
    assert changed.role is Role.COORDINATOR
    with pytest.raises(NotAllowedError):
        await show_circle(world.database, viewer=root, clock=world.clock)


async def test_behind_the_wall_too_only_the_token_opens_a_circle(world: World) -> None:
    """The same with row-level security as the interface has it: begun anonymously, then for an account."""
    invited = await token(world)
    with as_anonymous():
        opened = await accept_as_new(world.database, token=invited, new=LI, clock=world.clock)
        act_for(opened.account.id, world.circle.id)
        assert [each.id for each in await list_memberships(world.database, account_id=opened.account.id)] == [
            world.circle.id
        ]
        stranger = replace(await coordinator(world), account_id=opened.account.id)
        act_for(AccountId(world.circle.id), world.circle.id)
        assert await list_people(world.database, viewer=stranger, clock=world.clock) == ()
