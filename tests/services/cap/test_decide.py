"""A person decides on a proposal: an alert is raised from it once, or not at all."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from responder.domain.audit import AuditAction
from responder.domain.cap.proposal import IncidentProposal, ProposalState
from responder.domain.errors import (
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    ProposalClosedError,
)
from responder.domain.ids import CircleId
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports.audit import AuditQuery
from responder.services.audit.read_audit import read_audit
from responder.services.cap.decide import (
    ProposalChoice,
    confirm_proposal,
    dismiss_proposal,
    list_proposals,
    show_proposal,
)
from responder.services.circles.snapshot import show_circle
from tests.exchange.messages import area_text, cap_text, info_text
from tests.services.cap.test_receive import CANCEL, UPDATE, proposals, receive
from tests.services.conftest import World

AS_SENT = ProposalChoice()


async def proposed(world: World, **parts: str) -> IncidentProposal:
    [received] = await receive(world, cap_text(**parts))
    assert received.proposal is not None
    return received.proposal


async def confirm(
    world: World,
    proposal: IncidentProposal,
    choice: ProposalChoice = AS_SENT,
    *,
    by: str = "community",
    key: str | None = None,
) -> IncidentDetail:
    return await confirm_proposal(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        proposal_id=proposal.id,
        choice=choice,
        idempotency_key=key or str(uuid4()),
        clock=world.clock,
    )


async def incidents(world: World) -> int:
    shown = await show_circle(world.database, viewer=await world.viewer("community"), clock=world.clock)
    return len(shown.incidents)


async def test_confirmed_it_is_an_alert_in_the_middle_of_its_area(world: World) -> None:
    proposal = await proposed(world)
    detail = await confirm(world, proposal)
    incident = detail.incident
    assert (incident.kind, incident.severity, incident.exercise) == (
        "fire",
        Severity.ORANGE,
        False,
    )
    assert (incident.place.lon, incident.place.lat) == (proposal.lon, proposal.lat)
    assert incident.place.label, "in words, of the nearest thing with a name"
    assert "脑科巷火灾" in incident.note
    assert "消防救援站 · x-1" in incident.note
    assert detail.deliveries
    viewer = await world.viewer("community")
    closed = await show_proposal(world.database, viewer=viewer, proposal_id=proposal.id)
    assert (closed.state, closed.incident_id) == (ProposalState.CONFIRMED, incident.id)
    assert closed.decided_by_name == viewer.name


async def test_who_confirms_may_choose_otherwise(world: World) -> None:
    building = await world.building("脑科巷7栋")
    proposal = await proposed(world)
    choice = ProposalChoice(kind="smoke", severity=Severity.RED, building_id=building.id)
    incident = (await confirm(world, proposal, choice)).incident
    assert (incident.kind, incident.severity) == ("smoke", Severity.RED)
    assert incident.place.building_id == building.id


async def test_two_people_at_once_raise_one(world: World) -> None:
    proposal = await proposed(world)
    done = await asyncio.gather(
        confirm(world, proposal, by="community"),
        confirm(world, proposal, by="hospital"),
        return_exceptions=True,
    )
    [refused] = [each for each in done if isinstance(each, BaseException)]
    [raised] = [each for each in done if isinstance(each, IncidentDetail)]
    assert isinstance(refused, ProposalClosedError)
    assert refused.detail == {"state": "confirmed", "incident_id": raised.incident.id}
    assert await incidents(world) == 1


async def test_the_same_key_again_is_the_same_alert(world: World) -> None:
    proposal = await proposed(world)
    key = str(uuid4())
    first, again = await confirm(world, proposal, key=key), await confirm(world, proposal, key=key)
    assert first.incident == again.incident
    assert await incidents(world) == 1


async def test_without_a_place_one_has_to_be_chosen(world: World) -> None:
    proposal = await proposed(world, infos=info_text(area=area_text(polygon=None)))
    with pytest.raises(InvalidValueError) as caught:
        await confirm(world, proposal)
    assert caught.value.detail == {"field": "place"}
    assert (await proposals(world))["x-1"].state is ProposalState.OPEN
    detail = await confirm(world, proposal, ProposalChoice(lon=112.985, lat=28.158))
    assert detail.incident.place.lonlat.lon == 112.985


async def test_dismissed_it_is_no_alert(world: World) -> None:
    proposal = await proposed(world)
    viewer = await world.viewer("hospital")
    closed = await dismiss_proposal(world.database, viewer=viewer, proposal_id=proposal.id, clock=world.clock)
    assert (closed.state, closed.decided_by_name) == (ProposalState.DISMISSED, viewer.name)
    with pytest.raises(ProposalClosedError):
        await confirm(world, proposal)
    with pytest.raises(ProposalClosedError):
        await dismiss_proposal(world.database, viewer=viewer, proposal_id=proposal.id, clock=world.clock)
    assert await incidents(world) == 0


async def test_an_update_of_what_was_raised_says_of_which_incident(world: World) -> None:
    first = await proposed(world)
    detail = await confirm(world, first)
    update = await proposed(world, identifier="x-2", **UPDATE)
    assert (update.state, update.about_incident_id) == (ProposalState.OPEN, detail.incident.id)
    cancel = await proposed(world, identifier="x-3", **CANCEL)
    assert (cancel.state, cancel.about_incident_id) == (ProposalState.OPEN, detail.incident.id)
    with pytest.raises(ProposalClosedError):
        await confirm(world, cancel)
    assert await incidents(world) == 1
    found = await show_circle(world.database, viewer=await world.viewer("community"), clock=world.clock)
    assert found.incidents[0].incident.is_open, "only a person ends an incident"


async def test_an_exercise_is_raised_as_one_by_who_may(world: World) -> None:
    proposal = await proposed(world, status="Exercise", note="演练一")
    with pytest.raises(NotAllowedError):
        await confirm(world, proposal, by="hospital")
    detail = await confirm(world, proposal, by="planner")
    assert detail.incident.exercise
    assert detail.alerts[0].headline.startswith("【演练】")


@pytest.mark.parametrize("by", ["hospital.wen", "observer"])
async def test_who_may_not_raise_may_not_look(world: World, by: str) -> None:
    proposal = await proposed(world)
    viewer = await world.viewer(by)
    with pytest.raises(NotAllowedError):
        await show_proposal(world.database, viewer=viewer, proposal_id=proposal.id)
    with pytest.raises(NotAllowedError):
        await list_proposals(world.database, viewer=viewer, open_only=None, before=None, limit=5)
    with pytest.raises(NotAllowedError):
        await dismiss_proposal(world.database, viewer=viewer, proposal_id=proposal.id, clock=world.clock)


async def test_in_another_circle_it_is_not_there(world: World) -> None:
    proposal = await proposed(world)
    viewer = replace(await world.viewer("community"), circle_id=CircleId(uuid4()))
    with pytest.raises(NotFoundError):
        await show_proposal(world.database, viewer=viewer, proposal_id=proposal.id)
    with pytest.raises(NotFoundError):
        await dismiss_proposal(world.database, viewer=viewer, proposal_id=proposal.id, clock=world.clock)


async def test_all_of_it_is_in_the_audit_log(world: World) -> None:
    first, second = await proposed(world), await proposed(world, identifier="x-2")
    await confirm(world, first)
    viewer = await world.viewer("community")
    await dismiss_proposal(world.database, viewer=viewer, proposal_id=second.id, clock=world.clock)
    records, _ = await read_audit(world.database, viewer=viewer, query=AuditQuery(), clock=world.clock)
    actions = [each.action for each in records]
    for action in (
        AuditAction.PROPOSALS_RECEIVED,
        AuditAction.PROPOSAL_CONFIRMED,
        AuditAction.PROPOSAL_DISMISSED,
    ):
        assert action.value in actions


async def test_the_list_goes_on_page_by_page(world: World) -> None:
    for index in range(3):
        await proposed(world, identifier=f"x-{index}")
        world.clock.move(seconds=1)
    viewer = await world.viewer("community")
    page, following = await list_proposals(
        world.database, viewer=viewer, open_only=True, before=None, limit=2
    )
    assert [each.identifier for each in page] == ["x-2", "x-1"]
    rest, end = await list_proposals(world.database, viewer=viewer, open_only=True, before=following, limit=2)
    assert ([each.identifier for each in rest], end) == (["x-0"], None)
    closed, _ = await list_proposals(world.database, viewer=viewer, open_only=False, before=None, limit=2)
    assert closed == ()
