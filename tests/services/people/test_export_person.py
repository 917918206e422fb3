"""An export of a person holds nothing about others."""

import json
from dataclasses import replace

from responder.domain.audit import PERSON
from responder.domain.backoff import Lockout
from responder.domain.incidents.incident import EndReason
from responder.domain.people.access import Role
from responder.domain.people.client_info import ClientInfo
from responder.ports.clock import moment
from responder.security.login_failures import record_lock
from responder.services.directing.end_incident import end_incident
from responder.services.people.accept_invitation import NewAccount, accept_as_new
from responder.services.people.change_person import PersonChange, change_person
from responder.services.people.export_person import export_person
from responder.services.people.invite import NewInvitation, invite
from tests.services.conftest import World


async def test_one_is_told_what_others_did_to_one_but_nothing_of_those_others(world: World) -> None:
    office = ClientInfo(address="198.51.100.7", device="Edge · Windows")
    coordinator = replace(await world.viewer("community"), origin=office)
    wen = await world.viewer("hospital.wen")
    await change_person(
        world.database,
        viewer=coordinator,
        account_id=wen.account_id,
        change=PersonChange(fields=frozenset({"role"}), role=Role.PLANNER),
        clock=world.clock,
    )
    world.clock.move(seconds=1)
    await export_person(world.database, username="hospital.wen", clock=world.clock)

    about_wen = (await export_person(world.database, username="hospital.wen", clock=world.clock))["audit"]

    assert [(each["action"], each["by"]) for each in about_wen] == [
        ("member_changed", "somebody_else"),
        ("account_exported", "operator"),
    ]
    assert (about_wen[0]["subject_id"], about_wen[0]["detail"]["role_before"]) == (
        wen.account_id,
        "responder",
    )
    told = json.dumps(about_wen, default=str, ensure_ascii=False)
    for personal in (office.address, office.device, coordinator.name, str(coordinator.account_id)):
        assert personal not in told, personal

    about_coordinator = await export_person(world.database, username="community", clock=world.clock)

    [record] = about_coordinator["audit"]
    assert (record["action"], record["by"], record["address"]) == ("member_changed", "self", office.address)
    assert (record["subject_kind"], record["subject_id"]) == (PERSON, None)
    assert str(wen.account_id) not in json.dumps(about_coordinator, default=str)


async def test_who_invited_one_and_who_ended_ones_incident_is_not_told(world: World) -> None:
    coordinator = await world.viewer("community")
    made = await invite(
        world.database, viewer=coordinator, new=NewInvitation(role=Role.COORDINATOR), clock=world.clock
    )
    new = NewAccount(username="li.xin", name="李新", password="eine-lange-losung")  # noqa: S106 - of no account
    await accept_as_new(world.database, token=made.token, new=new, clock=world.clock)
    li = await world.viewer("li.xin")
    for who in (coordinator, li):
        incident = (await world.raise_at(by="li.xin")).incident
        await end_incident(
            world.database, viewer=who, incident_id=incident.id, reason=EndReason.RESOLVED, clock=world.clock
        )

    told = await export_person(world.database, username="li.xin", clock=world.clock)

    assert [(each["made_by"], each["used_by"]) for each in told["invitations"]] == [(None, li.account_id)]
    assert {each["ended_by_name"] for each in told["incidents_raised"]} == {None, "李新"}
    text = json.dumps(told, default=str, ensure_ascii=False)
    assert coordinator.name not in text
    assert str(coordinator.account_id) not in text


async def test_who_guessed_ones_password_is_not_told_as_if_it_had_been_oneself(world: World) -> None:
    wen = await world.viewer("hospital.wen")
    guesser = ClientInfo(address="203.0.113.99", device="curl")
    async with world.database.begin() as transaction:
        lock = Lockout(failures=5, everywhere=False)
        await record_lock(
            transaction, lock, account_id=wen.account_id, origin=guesser, at=moment(world.clock)
        )

    told = await export_person(world.database, username="hospital.wen", clock=world.clock)

    [record] = told["audit"]
    assert (record["action"], record["by"]) == ("account_locked", "nobody_known")
    assert (record["address"], record["device"]) == (None, None)
