"""From a tap to the call, and from a phone to its receipt, it is a fixed number of statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import event

from responder.domain.ids import AccountId, AlertId, ResponderId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.unit import Responder
from responder.domain.people.access import Role, Viewer
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.acknowledge import acknowledge_all
from responder.services.incidents.queries import show_incident
from responder.services.incidents.raise_alert import NewIncident, raise_alert
from responder.services.incidents.receipt_batch import DeviceReceipt
from tests.services.conftest import World
from tests.services.log import addressed_events

CROWD = 300
OF_AN_ALERT = 25
"""Of one at a building with a name, with those that begin its transactions."""
OF_RECEIPTS = 5


@dataclass
class Counted:
    """Statements that were sent to the database."""

    statements: list[str] = field(default_factory=list)


@contextmanager
def counted(world: World) -> Iterator[Counted]:
    found = Counted()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.statements.append(statement)

    engine = world.database._engine.sync_engine  # noqa: SLF001 - nothing else sees each statement
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def raised(world: World) -> tuple[IncidentDetail, Counted]:
    """Raise an alert and end it, so that the next is no second one of the same."""
    viewer = await world.viewer("community")
    new = NewIncident(
        kind="smoke",
        severity=Severity.ORANGE,
        exercise=False,
        building_id=(await world.building("脑科巷7栋")).id,
    )
    with counted(world) as found:
        detail = await raise_alert(
            world.database,
            world.roads,
            viewer=viewer,
            new=new,
            idempotency_key=str(uuid4()),
            clock=world.clock,
        )
    await end_incident(
        world.database,
        viewer=viewer,
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    return detail, found


async def add_crowd(world: World, beside: Delivery) -> list[Responder]:
    people = [
        Responder(
            id=ResponderId(uuid4()),
            unit_id=beside.unit_id,
            partner_id=beside.partner_id,
            account_id=None,
            name=f"队员{number}",
        )
        for number in range(CROWD)
    ]
    async with world.database.begin() as transaction:
        await transaction.responders.add(world.circle.id, people)
    return people


async def test_an_alert_takes_as_many_statements_for_hundreds_as_for_a_few(world: World) -> None:
    # The first prepares the roads.
    await raised(world)
    few, of_few = await raised(world)
    await add_crowd(world, few.deliveries[0])
    many, of_many = await raised(world)
    assert len(many.deliveries) == len(few.deliveries) + CROWD
    assert len(of_many.statements) == len(of_few.statements)
    assert len(of_many.statements) <= OF_AN_ALERT, "\n".join(of_many.statements)


def receipts_of(
    world: World, alert_id: AlertId, deliveries: list[Delivery], state: DeliveryState
) -> list[DeviceReceipt]:
    return [
        DeviceReceipt(
            viewer=Viewer(
                account_id=AccountId(uuid4()),
                name=each.recipient_name,
                circle_id=world.circle.id,
                role=Role.RESPONDER,
                responder_ids=frozenset({each.recipient_id}),
            ),
            action_id=uuid4(),
            alert_id=alert_id,
            state=state,
            device_at=world.clock.now(),
            device="phone",
        )
        for each in deliveries
    ]


async def test_a_batch_of_receipts_takes_as_many_statements_for_hundreds_as_for_one(world: World) -> None:
    few = await world.raise_at()
    await add_crowd(world, few.deliveries[0])
    detail = await world.raise_at()
    alert_id = detail.alerts[0].id
    first, *rest = detail.deliveries
    world.clock.move(seconds=2)
    counts = []
    for deliveries in ([first], rest):
        receipts = receipts_of(world, alert_id, deliveries, DeliveryState.DELIVERED)
        with counted(world) as found:
            outcomes = await acknowledge_all(
                world.database, circle_id=world.circle.id, receipts=receipts, clock=world.clock
            )
        assert outcomes == [
            each.advance(DeliveryState.DELIVERED, at=world.clock.now()) for each in deliveries
        ]
        counts.append(len(found.statements))
    assert counts == [OF_RECEIPTS, OF_RECEIPTS]
    stored = await show_incident(
        world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
    )
    assert {each.state for each in stored.deliveries} == {DeliveryState.DELIVERED}


async def test_devices_of_one_person_and_late_words_in_one_batch_move_forward_only(world: World) -> None:
    detail = await world.raise_at()
    alert_id = detail.alerts[0].id
    one, other = detail.deliveries[:2]
    [seen] = receipts_of(world, alert_id, [one], DeliveryState.SEEN)
    [late] = receipts_of(world, alert_id, [one], DeliveryState.DELIVERED)
    [yes] = receipts_of(world, alert_id, [other], DeliveryState.ACCEPTED)
    [stranger] = receipts_of(world, AlertId(uuid4()), [other], DeliveryState.DELIVERED)
    raised_at = world.clock.now()
    world.clock.move(seconds=3)
    found = await acknowledge_all(
        world.database,
        circle_id=world.circle.id,
        receipts=[seen, stranger, yes, late, seen],
        clock=world.clock,
    )
    heard_at = raised_at + timedelta(seconds=3)
    assert [getattr(each, "state", None) for each in found] == ["seen", None, "accepted", "seen", "seen"]
    moved = one.advance(DeliveryState.SEEN, at=heard_at).advance(DeliveryState.DELIVERED, at=heard_at)
    assert found[4] == moved
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    [told] = [each.recorded.event for each in events if each.recorded.event.kind == "deliveries_updated"]
    assert told.deliveries == (moved, other.advance(DeliveryState.ACCEPTED, at=heard_at))
