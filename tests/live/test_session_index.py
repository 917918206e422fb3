"""Looking only at those whom an event may concern leaves none out whom it does."""

import random
from uuid import UUID, uuid4

import pytest

from responder.domain.ids import (
    AccountId,
    AlertId,
    ClosureId,
    IncidentId,
    PartnerId,
    ResponderId,
    UnitId,
)
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import (
    ClosureLifted,
    DeliveriesUpdated,
    Event,
    RecordedEvent,
)
from responder.domain.people.access import Audience, Role
from responder.live.circle.audience import CROWD
from responder.live.circle.rendering import EncodedEvent
from responder.live.circle.session import ClientSession
from responder.live.circle.session_index import SessionIndex
from responder.live.connection.outbox import Outbox
from responder.ports.incidents import AddressedEvent
from tests.live.test_channel import CIRCLE, NOON, Tape, viewer

PEOPLE = [ResponderId(UUID(int=1000 + number)) for number in range(2 * CROWD)]
ACCOUNTS = [AccountId(UUID(int=5000 + number)) for number in range(60)]
PARTNERS = [PartnerId(UUID(int=9000 + number)) for number in range(4)]


def random_session(chance: random.Random) -> ClientSession:
    who = viewer(
        chance.choice(list(Role)),
        account_id=chance.choice(ACCOUNTS),
        partner_id=chance.choice([None, *PARTNERS]),
        responder_ids=frozenset(chance.sample(PEOPLE, chance.choice([0, 1, 1, 2]))),
    )
    box = Outbox(Tape(), limit_bytes=10**6, limit_s=60, now=lambda: 0.0, on_too_slow=lambda: None)
    return ClientSession(Tape(), box, viewer=who, session_hash="", device="")  # type: ignore[arg-type]


def something(chance: random.Random, audience: Audience) -> Event:
    called = sorted(audience.recipient_ids)
    moved = tuple(delivery(person) for person in chance.sample(called, chance.randint(1, 5)))
    incident_id = IncidentId(UUID(int=7))
    return chance.choice(
        [
            DeliveriesUpdated(incident_id=incident_id, deliveries=moved),
            DeliveriesUpdated(incident_id=incident_id, deliveries=moved[:1]),
            ClosureLifted(closure_id=ClosureId(UUID(int=8))),
        ]
    )


def delivery(person: ResponderId) -> Delivery:
    return Delivery(
        alert_id=AlertId(UUID(int=6)),
        recipient_id=person,
        recipient_name="某人",
        unit_id=UnitId(UUID(int=5)),
        partner_id=PARTNERS[0],
        state=DeliveryState.DELIVERED,
        times={"delivered": NOON},
    )


@pytest.mark.parametrize("seed", range(20))
def test_all_whom_an_event_concerns_are_candidates(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
    sessions, sessions_in_order = SessionIndex(), [random_session(chance) for _ in range(150)]
    for session in sessions_in_order:
        sessions.add(session)
    for left in chance.sample(sessions_in_order, 30):
        sessions.discard(left)
        sessions_in_order.remove(left)
    assert set(sessions) == set(sessions_in_order)
    for seq in range(1, 20):
        few = seq % 2
        audience = Audience(
            recipient_ids=frozenset(chance.sample(PEOPLE, 5 if few else CROWD + 1)),
            partner_ids=frozenset(chance.sample(PARTNERS, 2)),
            account_ids=frozenset({chance.choice(ACCOUNTS)}),
        )
        happened = something(chance, audience)
        recorded = RecordedEvent(
            circle_id=CIRCLE, seq=seq, id=uuid4(), at=NOON, event=happened, reach_version=0
        )
        addressed = AddressedEvent(recorded, chance.choice([audience, audience, None]))
        rendering = EncodedEvent(addressed)
        concerned = {
            session for session in sessions_in_order if rendering.frame_for(session.viewer) is not None
        }
        looked_at = set(sessions.candidates(addressed))
        assert concerned <= looked_at <= set(sessions_in_order)


def test_of_ten_thousand_only_those_who_are_called_are_looked_at() -> None:
    sessions = SessionIndex()
    box = Outbox(Tape(), limit_bytes=10**6, limit_s=60, now=lambda: 0.0, on_too_slow=lambda: None)
    for number in range(10_000):
        who = viewer(Role.RESPONDER, responder_ids=frozenset({ResponderId(UUID(int=number))}))
        sessions.add(ClientSession(Tape(), box, viewer=who, session_hash="", device=""))  # type: ignore[arg-type]
    called = Audience(
        recipient_ids=frozenset(ResponderId(UUID(int=number)) for number in range(7)), partner_ids=frozenset()
    )
    lifted = ClosureLifted(closure_id=ClosureId(UUID(int=8)))
    recorded = RecordedEvent(circle_id=CIRCLE, seq=1, id=uuid4(), at=NOON, event=lifted, reach_version=0)
    assert len(sessions.candidates(AddressedEvent(recorded, called))) == 7
    assert len(sessions.candidates(AddressedEvent(recorded, None))) == 10_000
