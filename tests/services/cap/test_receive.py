"""Messages of others as proposals: once each, in any order, and never an alert by themselves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import permutations

import pytest

from responder.domain.cap.message import CapMessageType
from responder.domain.cap.proposal import IncidentProposal, ProposalState
from responder.domain.cap.wording import sender
from responder.domain.errors import CapRefusedError
from responder.domain.incidents.incident import Severity
from responder.exchange.cap_reader import read_cap
from responder.exchange.cap_writer import write_cap
from responder.services.audit.retention import PROPOSALS_KEPT, retention_when_due
from responder.services.cap.decide import list_proposals
from responder.services.cap.publish import publish_alert
from responder.services.cap.receive import MessageOutcome, ReceivedMessage, receive_messages
from responder.services.circles.snapshot import show_circle
from responder.services.people.erase_person import ERASED_NAME, erase_person
from responder.services.people.export_person import export_person
from tests.exchange.messages import alert_text, area_text, cap_text, feed_text, info_text, reference
from tests.services.conftest import World

UPDATE = {"message_type": "Update", "references": reference(), "sent": "2025-11-03T13:30:00+08:00"}
CANCEL = {"message_type": "Cancel", "references": reference(), "sent": "2025-11-03T13:40:00+08:00"}


async def receive(world: World, *texts: str, by: str = "community") -> Sequence[ReceivedMessage]:
    text = texts[0] if len(texts) == 1 else feed_text(*texts)
    return await receive_messages(
        world.database,
        viewer=await world.viewer(by),
        read=partial(read_cap, text.encode()),
        clock=world.clock,
    )


async def proposals(world: World, *, by: str = "community") -> dict[str, IncidentProposal]:
    found, _ = await list_proposals(
        world.database, viewer=await world.viewer(by), open_only=None, before=None, limit=100
    )
    return {each.identifier: each for each in found}


async def states(world: World) -> dict[str, ProposalState]:
    return {name: each.state for name, each in (await proposals(world)).items()}


async def refusal(world: World, text: str, *, by: str = "community") -> list[str]:
    with pytest.raises(CapRefusedError) as caught:
        await receive(world, text, by=by)
    assert await proposals(world) == {}, "nothing is half-written"
    [message] = caught.value.detail["messages"]  # type: ignore[misc]
    return [each.code for each in message["faults"]]


async def test_a_message_is_a_proposal_and_calls_nobody(world: World) -> None:
    [received] = await receive(world, cap_text())
    assert received.outcome is MessageOutcome.CREATED
    [proposal] = (await proposals(world)).values()
    assert proposal == received.proposal
    assert (proposal.kind, proposal.severity, proposal.exercise) == (
        "fire",
        Severity.ORANGE,
        False,
    )
    assert (proposal.lon, proposal.lat) == (pytest.approx(112.9845), pytest.approx(28.1575))
    assert proposal.area is not None
    assert proposal.area["type"] == "Polygon"
    assert proposal.texts[0].headline == "脑科巷火灾"
    shown = await show_circle(world.database, viewer=await world.viewer("community"), clock=world.clock)
    assert shown.incidents == ()


async def test_a_repeated_identifier_is_the_same_proposal(world: World) -> None:
    [first] = await receive(world, cap_text())
    [again] = await receive(world, cap_text())
    assert (again.outcome, again.proposal, again.faults) == (MessageOutcome.REPEATED, first.proposal, ())
    [other] = await receive(world, cap_text(sent="2025-11-03T13:00:01+08:00", infos=info_text(event="洪水")))
    assert (other.outcome, other.proposal) == (MessageOutcome.REPEATED, first.proposal)
    assert [each.code for each in other.faults] == ["identifier_reused"]
    await receive(world, cap_text(sender="another@fire.example"))
    assert len(await list_all(world)) == 2


async def list_all(world: World) -> Sequence[IncidentProposal]:
    found, _ = await list_proposals(
        world.database, viewer=await world.viewer("community"), open_only=None, before=None, limit=100
    )
    return found


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_updates_and_cancellations_hold_in_any_order(world: World, order: tuple[int, ...]) -> None:
    texts = [
        alert_text(),
        alert_text(identifier="x-2", **UPDATE),
        alert_text(identifier="x-3", **{**CANCEL, "references": f"{reference()} {reference('x-2')}"}),
    ]
    for index in order:
        await receive(world, texts[index])
        world.clock.move(seconds=1)
    found = await states(world)
    assert found["x-1"] in {ProposalState.CANCELLED, ProposalState.SUPERSEDED}
    assert found["x-2"] is ProposalState.CANCELLED
    assert found["x-3"] is ProposalState.NOTED


async def test_an_update_takes_the_place_of_an_open_proposal(world: World) -> None:
    await receive(world, alert_text(), alert_text(identifier="x-2", **UPDATE))
    assert await states(world) == {"x-1": ProposalState.SUPERSEDED, "x-2": ProposalState.OPEN}


async def test_another_sender_cancels_nothing(world: World) -> None:
    await receive(world, cap_text())
    [received] = await receive(world, cap_text(identifier="y-1", sender="somebody@else.example", **CANCEL))
    assert [each.code for each in received.faults] == ["sender_differs"]
    assert (await states(world))["x-1"] is ProposalState.OPEN


async def test_an_exercise_cancels_nothing_that_is_real_and_stays_an_exercise(world: World) -> None:
    await receive(world, cap_text())
    await receive(world, cap_text(identifier="x-2", status="Exercise", note="演练一", **CANCEL))
    found = await proposals(world)
    assert found["x-1"].state is ProposalState.OPEN
    assert (found["x-1"].exercise, found["x-2"].exercise) == (False, True)


@pytest.mark.parametrize("status", ["Test", "System", "Draft"])
async def test_what_no_one_may_act_on_is_refused(world: World, status: str) -> None:
    assert "status_refused" in await refusal(world, cap_text(status=status))


async def test_acks_own_messages_and_faulty_ones_are_refused(world: World) -> None:
    ack = cap_text(message_type="Ack", references=reference("x-0"))
    assert await refusal(world, ack) == ["type_refused"]
    assert await refusal(world, cap_text(sender=sender(world.circle.id))) == ["own_message"]
    assert await refusal(world, cap_text(message_type="Cancel")) == ["references_missing"]
    assert await refusal(world, "<!DOCTYPE a><a/>") == ["doctype_refused"]


async def test_each_is_taken_by_who_may_raise_it(world: World) -> None:
    exercise = {"status": "Exercise", "note": "演练一"}
    assert await refusal(world, cap_text(), by="planner") == ["right_missing"]
    assert await refusal(world, cap_text(**exercise), by="hospital") == ["right_missing"]
    received = await receive(world, alert_text(), alert_text(identifier="x-2", **exercise), by="planner")
    assert [each.outcome for each in received] == [MessageOutcome.REFUSED, MessageOutcome.CREATED]
    assert list(await proposals(world, by="planner")) == ["x-2"]
    assert list(await proposals(world, by="hospital")) == []
    assert list(await proposals(world)) == ["x-2"]


async def test_the_sound_messages_of_a_feed_are_taken(world: World) -> None:
    received = await receive(world, alert_text(identifier="x 1"), alert_text(identifier="x-2"))
    assert [each.outcome for each in received] == [MessageOutcome.REFUSED, MessageOutcome.CREATED]
    assert [each.code for each in received[0].faults] == ["identifier_characters"]


@pytest.mark.parametrize(
    "area",
    [
        area_text(polygon=None),
        area_text(polygon="20,100 20,120 35,120 35,100 20,100"),
        area_text(polygon=None, circle="28.158,112.985 20000"),
    ],
)
async def test_an_area_too_wide_says_no_place(world: World, area: str) -> None:
    await receive(world, cap_text(infos=info_text(area=area)))
    [proposal] = (await proposals(world)).values()
    assert (proposal.lon, proposal.lat) == (None, None)


@pytest.mark.parametrize(
    "polygon",
    [
        "28.157,112.984 28.158,112.985 28.157,112.985 28.158,112.984 28.157,112.984",
        "28.157,112.984 28.157,112.984 28.157,112.984 28.157,112.984",
        "28.157,112.984 28.158,112.984 28.1575,112.984 28.157,112.984",
    ],
)
async def test_a_ring_that_crosses_itself_or_is_flat_is_still_a_place(world: World, polygon: str) -> None:
    await receive(world, cap_text(infos=info_text(area=area_text(polygon=polygon))))
    [proposal] = (await proposals(world)).values()
    assert proposal.lon == pytest.approx(112.9845, abs=0.0006)
    assert proposal.lat == pytest.approx(28.1575, abs=0.0006)


async def test_long_texts_are_cut_and_what_turns_text_round_is_left_out(world: World) -> None:
    await receive(world, cap_text(infos=info_text(headline="\u202e火" * 600, event="x " * 300)))
    [proposal] = (await proposals(world)).values()
    assert len(proposal.texts[0].headline) == 500
    assert "\u202e" not in proposal.texts[0].headline
    assert len(proposal.texts[0].event) == 200


async def test_what_one_circle_sends_is_a_proposal_in_another(world: World) -> None:
    detail = await world.raise_at(by="planner", exercise=True)
    message = await publish_alert(
        world.database, viewer=await world.viewer("community"), alert_id=detail.alerts[0].id
    )
    elsewhere = replace(message, sender="urn:uuid:another")
    [received] = await receive(world, write_cap(elsewhere).decode())
    proposal = received.proposal
    assert proposal is not None
    assert (proposal.kind, proposal.severity) == (detail.incident.kind, detail.incident.severity)
    assert proposal.exercise
    assert proposal.message_type is CapMessageType.ALERT
    assert proposal.lon == pytest.approx(detail.incident.place.lon, abs=0.0005)


async def test_proposals_are_forgotten(world: World) -> None:
    world.clock.time = datetime(2025, 11, 3, 6, 0, tzinfo=UTC)
    await receive(world, cap_text())
    world.clock.move(seconds=(PROPOSALS_KEPT - timedelta(minutes=1)).total_seconds())
    forgotten = await retention_when_due(world.database, clock=world.clock)
    assert forgotten is not None
    assert forgotten.proposals == 0
    world.clock.move(minutes=20)
    forgotten = await retention_when_due(world.database, clock=world.clock)
    assert forgotten is not None
    assert forgotten.proposals == 1
    assert await proposals(world) == {}


async def test_who_sent_it_in_is_told_of_it_and_erased_from_it(world: World) -> None:
    await receive(world, cap_text(), by="hospital")
    viewer = await world.viewer("hospital")
    told = await export_person(world.database, username="hospital", clock=world.clock)
    [record] = told["proposals"]
    assert record["received_by_name"] == viewer.name
    assert "texts" not in record
    done = await erase_person(world.database, username="hospital", clock=world.clock)
    assert done["proposals"] == 1
    [proposal] = (await proposals(world)).values()
    assert (proposal.received_by, proposal.received_by_name) == (None, ERASED_NAME)
