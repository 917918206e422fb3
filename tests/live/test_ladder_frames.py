"""Staff are sent the ladder with events and snapshots, everyone else is not."""

import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from responder.domain.ids import AccountId
from responder.domain.incidents.event import AlertExtended, AlertRaised, Event, LadderUpdated, RecordedEvent
from responder.domain.people.access import Role, Viewer
from responder.live.circle.read_model import CircleReadModel
from responder.live.circle.rendering import EncodedEvent
from responder.ports.incidents import AddressedEvent
from responder.services.incidents.queries import audience_of
from tests.domain.town import NOON, Town

STAFF = (Role.COORDINATOR, Role.PLANNER)
OTHERS = (Role.OBSERVER,)


def viewer(town: Town, role: Role) -> Viewer:
    return Viewer(account_id=AccountId(uuid4()), name="x", circle_id=town.circle.id, role=role)


def called(town: Town) -> Viewer:
    person = next(iter(town.people.values()))
    return replace(viewer(town, Role.RESPONDER), responder_ids=frozenset({person}))


def body(frame: bytes | None) -> dict[str, object] | None:
    if frame is None:
        return None
    event: dict[str, object] = json.loads(frame[frame.index(b"{") :])["event"]
    return event


def encoded(town: Town, event: Event, incident: object) -> EncodedEvent:
    recorded = RecordedEvent(
        circle_id=town.circle.id, seq=21, id=UUID(int=21), at=NOON, event=event, reach_version=7
    )
    return EncodedEvent(AddressedEvent(recorded, audience_of(incident)))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [AlertRaised, AlertExtended])
def test_a_call_carries_the_ladder_for_staff_only(kind: type[AlertRaised | AlertExtended]) -> None:
    town = Town()
    # What looks like the place of the ladder, in words that people typed.
    detail = town.incident(minute=1)
    detail = replace(detail, incident=replace(detail.incident, note='"ladder":null,"deliveries":[]'))
    frames = encoded(town, kind(detail=detail), detail)
    for role in STAFF:
        event = body(frames.frame_for(viewer(town, role)))
        assert event is not None
        assert event["detail"]["ladder"]["key"] == "135_actions"  # type: ignore[index]
    for other in (called(town), *(viewer(town, role) for role in OTHERS)):
        event = body(frames.frame_for(other))
        assert event is not None
        assert event["detail"]["ladder"] is None  # type: ignore[index]
        assert event["detail"]["incident"]["note"] == detail.incident.note  # type: ignore[index]
        assert len(event["detail"]["deliveries"]) == len(detail.deliveries)  # type: ignore[index,arg-type]


def test_what_the_ladder_did_is_told_to_staff_only() -> None:
    town = Town()
    detail = town.incident(minute=1)
    assert detail.ladder is not None
    frames = encoded(town, LadderUpdated(incident_id=detail.incident.id, ladder=detail.ladder), detail)
    assert all(frames.frame_for(viewer(town, role)) is not None for role in STAFF)
    assert frames.frame_for(called(town)) is None
    assert all(frames.frame_for(viewer(town, role)) is None for role in OTHERS)


def test_a_snapshot_holds_the_ladder_for_staff_only() -> None:
    town = Town()
    model = CircleReadModel(town.snapshot(), has_older=False, positions=())
    for who, sees in ((viewer(town, Role.COORDINATOR), True), (called(town), False)):
        shown = model.show(who)
        assert shown is not None
        incidents = json.loads(shown.json)["snapshot"]["incidents"]
        assert len(incidents) == 2
        assert [each["ladder"] is not None for each in incidents] == [sees, sees]
