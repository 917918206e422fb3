"""Joining while events flow: each event reaches a client once, in its snapshot or after it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.domain.ids import AccountId, CircleId, ClosureId, PartnerId, ResponderId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import AlertRaised, ClosureLifted, DeliveriesUpdated, RecordedEvent
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.domain.map.circle import Circle
from responder.domain.people.access import Audience, Role, Viewer
from responder.live.circle.audience import CROWD
from responder.live.circle.channel import Channel, LogPosition
from responder.live.circle.read_model import CircleReadModel
from responder.live.circle.session import ClientSession
from responder.live.connection.outbox import Outbox
from responder.ports.incidents import AddressedEvent, CircleHead
from responder.ports.map import LogHead
from responder.services.incidents.queries import audience_of
from tests.domain.town import Town

CIRCLE = CircleId(UUID(int=1))
WHO = ResponderId(UUID(int=2))
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)


class Tape:
    """A link that never is busy and keeps what was written."""

    is_open = True
    is_busy = False

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    @property
    def seqs(self) -> list[int]:
        return [json.loads(frame[frame.index(b"{") :])["seq"] for frame in self.frames]


def event(seq: int, *, audience: Audience | None = None) -> AddressedEvent:
    lifted = ClosureLifted(closure_id=ClosureId(UUID(int=seq)))
    return AddressedEvent(
        RecordedEvent(circle_id=CIRCLE, seq=seq, id=UUID(int=seq), at=NOON, event=lifted, reach_version=0),
        audience,
    )


def viewer(role: Role = Role.RESPONDER, **changed: object) -> Viewer:
    fields = {"account_id": AccountId(uuid4()), "name": "某人", "circle_id": CIRCLE, "role": role}
    return Viewer(**(fields | changed))  # type: ignore[arg-type]


def channel_at(seq: int) -> Channel:
    circle = Circle(id=CIRCLE, name="圈", name_en="Circle", centre=(112.985, 28.158))
    snapshot = CircleSnapshot(
        circle=circle,
        epoch="epoch",
        seq=seq,
        event_id=UUID(int=seq) if seq else None,
        reach_version=0,
        catalogue=SHIPPED,
        partners=(),
        units=(),
        hazards=(),
        closures=(),
        drills=(),
        incidents=(),
        positions=(),
    )
    return Channel(
        CIRCLE, CircleReadModel(snapshot, has_older=False, positions=[]), recent=[], now=0, at=NOON
    )


def joined(channel: Channel, who: Viewer) -> tuple[ClientSession, Tape]:
    tape = Tape()
    box = Outbox(tape, limit_bytes=10**6, limit_s=60, now=lambda: 0.0, on_too_slow=lambda: None)
    session = ClientSession(tape, box, viewer=who, session_hash="", device="")  # type: ignore[arg-type]
    channel.sessions.add(session)
    return session, tape


@given(
    before=st.integers(0, 5),
    batches_while_reading=st.lists(st.integers(1, 3), max_size=4),
    read_after=st.integers(0, 12),
    batches_after=st.lists(st.integers(1, 3), max_size=4),
)
def test_every_event_after_the_snapshot_comes_once_and_in_order(
    before: int, batches_while_reading: list[int], read_after: int, batches_after: list[int]
) -> None:
    channel = channel_at(before)
    session, tape = joined(channel, viewer())

    def relay(batches: list[int]) -> None:
        for size in batches:
            first = channel.last_seq + 1
            channel.publish([event(seq) for seq in range(first, first + size)], now=0)

    relay(batches_while_reading)
    assert tape.frames == []
    # The snapshot is read any time after joining, from a log that may be ahead of the relay.
    snapshot_seq = before + read_after
    session.go_live(snapshot_seq)
    relay(batches_after)
    assert tape.seqs == list(range(snapshot_seq + 1, channel.last_seq + 1))


def test_an_event_goes_to_those_whose_business_it_is() -> None:
    channel = channel_at(0)
    called, called_tape = joined(channel, viewer(responder_ids=frozenset({WHO})))
    other, other_tape = joined(channel, viewer(responder_ids=frozenset({ResponderId(uuid4())})))
    boss, boss_tape = joined(channel, viewer(Role.COORDINATOR))
    for session in (called, other, boss):
        session.go_live(0)
    audience = Audience(recipient_ids=frozenset({WHO}), partner_ids=frozenset({PartnerId(uuid4())}))
    [(_, reached)] = channel.publish([event(1, audience=audience)], now=0)
    channel.publish([event(2)], now=0)
    assert set(reached) == {called, boss}
    assert (called_tape.seqs, other_tape.seqs, boss_tape.seqs) == ([1, 2], [2], [1, 2])


def test_who_may_see_an_event_is_asked_when_it_is_sent() -> None:
    channel = channel_at(0)
    session, tape = joined(channel, viewer(responder_ids=frozenset({WHO})))
    session.go_live(0)
    audience = Audience(recipient_ids=frozenset({WHO}), partner_ids=frozenset())
    channel.publish([event(1, audience=audience)], now=0)
    session.viewer = viewer()
    channel.publish([event(2, audience=audience)], now=0)
    assert tape.seqs == [1]


def test_all_are_sent_the_very_same_bytes() -> None:
    channel = channel_at(0)
    tapes = []
    for _ in range(3):
        session, tape = joined(channel, viewer())
        session.go_live(0)
        tapes.append(tape)
    channel.publish([event(1)], now=0)
    assert tapes[0].frames[0] is tapes[1].frames[0] is tapes[2].frames[0]


def test_only_number_and_id_together_say_what_a_client_has() -> None:
    channel = channel_at(3)
    channel.publish([event(seq) for seq in (4, 5, 6)], now=0)

    def missed(epoch: str, seq: int, event_id: UUID | None) -> list[int] | None:
        found = channel.since(epoch, seq, event_id)
        return None if found is None else [each.seq for each in found]

    assert missed("epoch", 4, UUID(int=4)) == [5, 6]
    assert missed("epoch", 6, UUID(int=6)) == []
    for unknown in (
        ("another", 4, UUID(int=4)),
        ("epoch", 4, UUID(int=44)),
        ("epoch", 6, UUID(int=66)),
        ("epoch", 6, None),
        ("epoch", 7, UUID(int=7)),
        # Not at hand any more: the database may know it.
        ("epoch", 3, UUID(int=3)),
    ):
        assert missed(*unknown) is None, unknown


def test_a_log_that_is_shorter_or_has_another_event_is_not_the_one_that_was_passed_on() -> None:
    channel = channel_at(6)
    same = CircleHead(epoch="epoch", seq=6, event_id=UUID(int=6), membership_version=0)
    assert channel.position.can_be_in(same)
    assert channel.position.can_be_in(same._replace(seq=9, event_id=UUID(int=9)))
    assert not channel.position.can_be_in(same._replace(seq=5, event_id=UUID(int=5)))
    assert not channel.position.can_be_in(same._replace(event_id=UUID(int=66)))
    assert not channel.position.can_be_in(same._replace(epoch="another"))


def crowd_raised(seq: int) -> tuple[AddressedEvent, tuple[Delivery, ...]]:
    """Return an alert to more people than are told of each other, and its deliveries."""
    town = Town()
    detail = town.incident(minute=0)
    people = tuple(
        replace(detail.deliveries[0], recipient_id=ResponderId(uuid4()), recipient_name=f"队员{number}")
        for number in range(CROWD + 1)
    )
    detail = replace(detail, deliveries=people)
    recorded = RecordedEvent(
        circle_id=CIRCLE,
        seq=seq,
        id=UUID(int=seq),
        at=NOON,
        event=AlertRaised(detail=detail),
        reach_version=0,
    )
    return AddressedEvent(recorded, audience_of(detail)), people


def stored_receipt(seq: int, raised: AddressedEvent, delivery: Delivery) -> RecordedEvent:
    assert isinstance(raised.recorded.event, AlertRaised)
    moved = delivery.advance(DeliveryState.DELIVERED, at=NOON)
    told = DeliveriesUpdated(incident_id=raised.recorded.event.detail.incident.id, deliveries=(moved,))
    return RecordedEvent(circle_id=CIRCLE, seq=seq, id=UUID(int=seq), at=NOON, event=told, reach_version=0)


def head_at(seq: int) -> LogHead:
    return LogHead("epoch", seq, UUID(int=seq) if seq else None, 0)


def test_what_was_stored_here_goes_out_with_the_answer_and_not_again_from_the_log() -> None:
    channel = channel_at(0)
    raised, people = crowd_raised(1)
    own, own_tape = joined(channel, viewer(responder_ids=frozenset({people[0].recipient_id})))
    boss, boss_tape = joined(channel, viewer(Role.COORDINATOR))
    for session in (own, boss):
        session.go_live(0)
    channel.publish([raised], now=0)
    stored = stored_receipt(2, raised, people[0])
    [(addressed, reached)] = channel.publish_stored(head_at(1), [stored], {own: b"stored;"}, now=0)
    assert set(reached) == {own, boss}
    # One write, the answer first.
    assert own_tape.frames[1].startswith(b"stored;")
    assert own_tape.seqs == boss_tape.seqs == [1, 2]
    assert channel.position == LogPosition("epoch", 2, UUID(int=2))
    # The relay had asked for what follows number 1 before.
    assert channel.publish([addressed], now=0) == []
    assert (own_tape.seqs, boss_tape.seqs, channel.last_seq) == ([1, 2], [1, 2], 2)
    [detail] = channel.read_model.incidents
    assert detail.deliveries[0].state is DeliveryState.DELIVERED
    assert channel.pending.find(people[0].alert_id, people[0].recipient_id) is None


@pytest.mark.parametrize("after", [head_at(0), head_at(2), LogHead("another epoch", 1, UUID(int=1), 0)])
def test_what_was_stored_after_something_else_is_left_to_the_log(after: LogHead) -> None:
    channel = channel_at(0)
    raised, people = crowd_raised(1)
    own, tape = joined(channel, viewer(responder_ids=frozenset({people[0].recipient_id})))
    own.go_live(0)
    channel.publish([raised], now=0)
    stored = stored_receipt(after.seq + 1, raised, people[0])
    assert channel.publish_stored(after, [stored], {own: b"stored;"}, now=0) == []
    assert tape.frames[1:] == [b"stored;"]
    assert channel.last_seq == 1


def test_a_few_are_told_of_each_others_receipts_from_the_log() -> None:
    channel = channel_at(0)
    raised, people = crowd_raised(1)
    assert isinstance(raised.recorded.event, AlertRaised)
    few = replace(raised.recorded.event.detail, deliveries=people[:3])
    recorded = replace(raised.recorded, event=AlertRaised(detail=few))
    own, tape = joined(channel, viewer(responder_ids=frozenset({people[0].recipient_id})))
    own.go_live(0)
    channel.publish([AddressedEvent(recorded, audience_of(few))], now=0)
    stored = stored_receipt(2, raised, people[0])
    assert channel.publish_stored(head_at(1), [stored], {own: b"stored;"}, now=0) == []
    assert tape.frames[1:] == [b"stored;"]
