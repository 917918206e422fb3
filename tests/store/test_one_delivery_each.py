"""An installation in which one person in two units has two deliveries goes on with one."""

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from responder.domain.ids import CircleId, IncidentId, ResponderId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import AlertRaised, DeliveriesUpdated
from responder.embedded import Cluster
from responder.store.bodies import load_event
from responder.store.database import connect, driver_url
from responder.store.migrate import migrate, upgrade

CIRCLE = UUID(int=1)
QUICK, SLOW, OTHER = UUID(int=11), UUID(int=12), UUID(int=13)
OPEN, ENDED, CALM = UUID(int=21), UUID(int=22), UUID(int=23)
TIMES = {
    "queued": "2025-11-03T06:00:00Z",
    "seen": "2025-11-03T06:00:05Z",
    "declined": "2025-11-03T06:00:06Z",
    "accepted": "2025-11-03T06:00:07Z",
    "withdrawn": "2025-11-03T06:00:09Z",
}
ORDER = list(TIMES)


def _up_to(state: str, **other: str) -> dict[str, str]:
    return {each: TIMES[each] for each in ORDER[: ORDER.index(state) + 1] if each != "declined"} | other


def _member(unit: UUID) -> dict[str, object]:
    return {
        "unit_id": str(unit),
        "unit_name": "z",
        "unit_name_en": "",
        "profile": "foot",
        "partner_id": str(CIRCLE),
        "partner_name": "y",
        "partner_kind": "community",
        "turnout_s": 60,
        "travel_s": 60,
        "response_s": 120,
        "why_zh": "x",
        "why_en": "x",
        "legs": [],
        "stop": None,
        "avoided": [],
        "default_share": 0,
        "position_age_s": None,
    }


@pytest.fixture
def before(cluster: Cluster) -> Iterator[tuple[str, Connection]]:
    """An installation of the version before, with a circle of three units."""
    url = cluster.create_database("called_twice")
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0011")
        for identity in (CIRCLE, UUID(int=2)):
            _run(
                connection,
                "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch)"
                " VALUES (:id, CAST(:id AS text), '', ST_Point(112, 28, 4326), 900, false, 'before')",
                id=identity,
            )
        _run(connection, "INSERT INTO partner VALUES (:id, :id, 'community', 'y', '', '')", id=CIRCLE)
        for unit in (QUICK, SLOW, OTHER):
            _run(
                connection,
                "INSERT INTO unit (circle_id, id, partner_id, name, name_en, kind, profile, turnout_s,"
                " people, on_duty, geometry, capabilities)"
                " VALUES (:circle, :id, :circle, 'z', '', 'warden', 'foot', 60, 1, true,"
                " ST_Point(112, 28, 4326), '{}')",
                id=unit,
            )
        circle = {"limit_s": 900, "computed_at": TIMES["queued"], "non_members": []}
        members = [_member(unit) for unit in (QUICK, SLOW)]
        for incident, ended in ((OPEN, None), (ENDED, "2025-11-03T07:00:00Z")):
            _run(
                connection,
                "INSERT INTO incident (circle_id, id, exercise, kind, severity, geometry, label, note,"
                " raised_at, raised_by, raised_by_name, ended_at, end_reason, ended_by_name, response_circle)"
                " VALUES (:circle, :id, false, 'smoke', 'orange', ST_Point(112, 28, 4326), 'x', '',"
                " now(), :id, 'x', CAST(:ended AS timestamptz), :reason, :reason, CAST(:body AS jsonb))",
                id=incident,
                ended=ended,
                reason=None if ended is None else "resolved",
                body=json.dumps({**circle, "members": members}),
            )
            _run(
                connection,
                "INSERT INTO alert (circle_id, id, incident_id, message_type, exercise, headline, sent_at,"
                " reference_ids) VALUES (:circle, :id, :id, 'Alert', false, 'x', now(), '{}')",
                id=incident,
            )
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        yield url, connection
    engine.dispose()
    cluster.drop_database("called_twice")


def _run(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), {"circle": CIRCLE, **values})


def _account(connection: Connection, name: str) -> UUID:
    account = uuid4()
    _run(
        connection,
        "INSERT INTO account (id, username, name, password_hash, admin)"
        " VALUES (:id, :name, :name, '$argon2id$none', false)",
        id=account,
        name=name,
    )
    return account


def _called(
    connection: Connection,
    unit: UUID,
    *,
    account: UUID | None,
    name: str,
    times: dict[str, str],
    state: str,
    incident: UUID = OPEN,
    phone: str = "",
    left: bool = False,
) -> ResponderId:
    recipient = ResponderId(uuid4())
    _run(
        connection,
        "INSERT INTO responder (circle_id, id, unit_id, partner_id, account_id, name, phone, left_at)"
        " VALUES (:circle, :id, :unit, :circle, :account, :name, :phone,"
        " CASE WHEN :has_left THEN now() END)",
        id=recipient,
        unit=unit,
        account=account,
        name=name,
        phone=phone,
        has_left=left,
    )
    _run(
        connection,
        "INSERT INTO delivery (circle_id, alert_id, recipient_id, incident_id, recipient_name, unit_id,"
        " partner_id, state, times)"
        " VALUES (:circle, :incident, :id, :incident, :name, :unit, :circle, :state, CAST(:times AS jsonb))",
        id=recipient,
        incident=incident,
        unit=unit,
        name=name,
        state=state,
        times=json.dumps(times),
    )
    return recipient


async def test_open_and_ended_incidents_keep_what_was_said_and_count_each_person_once(
    before: tuple[str, Connection],
) -> None:
    url, connection = before
    both, gone, came_back, ended = (_account(connection, f"a{number}") for number in range(4))
    # In two units, and answered: the quicker unit comes, and the earlier moment counts.
    early = {**_up_to("accepted"), "seen": "2025-11-03T06:00:04.500Z"}
    _called(connection, SLOW, account=both, name="both", state="accepted", times=early)
    kept = _called(connection, QUICK, account=both, name="both", state="accepted", times=_up_to("accepted"))
    # Left the quick unit, and still comes with the other one.
    _called(
        connection, QUICK, account=gone, name="gone", left=True, state="withdrawn", times=_up_to("withdrawn")
    )
    stays = _called(connection, SLOW, account=gone, name="gone", state="accepted", times=_up_to("accepted"))
    # Left the only unit, came back into it, and was called again.
    _called(
        *(connection, QUICK),
        account=came_back,
        name="back",
        left=True,
        state="withdrawn",
        times=_up_to("withdrawn"),
    )
    again = _called(connection, QUICK, account=came_back, name="back", state="seen", times=_up_to("seen"))
    # Two people of one name, and one person with a number in two units.
    namesakes = {
        _called(connection, unit, account=None, name="desk", state="queued", times=_up_to("queued"))
        for unit in (QUICK, SLOW)
    }
    for unit in (SLOW, QUICK):
        _called(
            *(connection, unit),
            account=None,
            name="rung",
            phone="0731",
            state="queued",
            times=_up_to("queued"),
        )
    # Over, and withdrawn by hand in both.
    for unit in (SLOW, OTHER):
        _called(
            *(connection, unit),
            account=ended,
            name="ended",
            incident=ENDED,
            state="withdrawn",
            times=_up_to("withdrawn"),
        )
    connection.commit()

    upgrade(url)

    deliveries, epochs = await _found(url)
    found = {each.recipient_id: each for each in deliveries[OPEN]}
    assert len(found) == 6
    assert found.keys() >= {kept, stays, again, *namesakes}
    assert (found[kept].unit_id, found[kept].unit_ids) == (QUICK, (QUICK, SLOW))
    assert found[kept].state is DeliveryState.ACCEPTED
    assert found[kept].times["seen"].microsecond == 500_000
    assert (found[stays].unit_id, found[stays].unit_ids) == (SLOW, (SLOW,))
    assert "withdrawn" not in found[stays].times
    assert (found[again].unit_ids, found[again].state) == ((QUICK,), DeliveryState.SEEN)
    [rung] = [each for each in found.values() if each.recipient_name == "rung"]
    assert rung.unit_ids == (QUICK, SLOW)
    [over] = deliveries[ENDED]
    assert (over.unit_ids, over.state) == ((SLOW, OTHER), DeliveryState.WITHDRAWN)
    assert "withdrawn" in over.times
    assert epochs[0] != "before", "a client that holds both deliveries has to read everything afresh"
    assert epochs[1] == "before", "and no one else"


async def test_the_call_that_can_still_be_answered_stays(before: tuple[str, Connection]) -> None:
    url, connection = before
    slower, freed, left_later, left = (_account(connection, f"b{number}") for number in range(4))
    # Came with the slower unit; of two moments the earlier is not the one whose text comes first.
    late = {**_up_to("accepted"), "seen": "2025-11-03T06:00:05.500Z"}
    _called(connection, QUICK, account=slower, name="slower", state="seen", times=_up_to("seen"))
    comes = _called(connection, SLOW, account=slower, name="slower", state="accepted", times=late)
    # Called in another incident as well: of each one call stays.
    other, _ = (
        _called(
            *(connection, unit),
            account=slower,
            name="slower",
            incident=ENDED,
            state="queued",
            times=_up_to("queued"),
        )
        for unit in (QUICK, SLOW)
    )
    # Withdrawn by hand in the quick unit alone.
    _called(connection, QUICK, account=freed, name="freed", state="withdrawn", times=_up_to("withdrawn"))
    waits = _called(connection, SLOW, account=freed, name="freed", state="queued", times=_up_to("queued"))
    # Left the quick unit when all was over, or while the call was open.
    for account, incident in ((left_later, ENDED), (left, OPEN)):
        _called(
            *(connection, QUICK),
            account=account,
            name="left",
            left=True,
            incident=incident,
            state="accepted",
            times=_up_to("accepted"),
        )
    was_in_two, is_in_one = (
        _called(
            *(connection, SLOW),
            account=account,
            name="left",
            incident=incident,
            state="seen",
            times=_up_to("seen"),
        )
        for account, incident in ((left_later, ENDED), (left, OPEN))
    )
    connection.commit()

    upgrade(url)

    deliveries, _ = await _found(url)
    found = {each.recipient_id: each for each in (*deliveries[OPEN], *deliveries[ENDED])}
    assert found.keys() == {comes, other, waits, was_in_two, is_in_one}
    assert (found[comes].unit_id, found[comes].unit_ids) == (SLOW, (QUICK, SLOW))
    assert found[comes].times["seen"].microsecond == 0
    assert found[other].unit_ids == (QUICK, SLOW)
    assert (found[waits].unit_ids, found[waits].state) == ((SLOW,), DeliveryState.QUEUED)
    assert "withdrawn" not in found[waits].times
    assert found[was_in_two].unit_ids == (QUICK, SLOW)
    assert found[is_in_one].unit_ids == (SLOW,)


async def _found(url: str) -> tuple[dict[UUID, tuple[Delivery, ...]], list[str]]:
    """Return the deliveries of both incidents, and the epochs of both circles."""
    database = connect(url)
    async with database.begin() as transaction:
        deliveries = {
            incident: (await transaction.incidents.detail(CircleId(CIRCLE), IncidentId(incident))).deliveries
            for incident in (OPEN, ENDED)
        }
        epochs = [(await transaction.circles.head(CircleId(UUID(int=number)))).epoch for number in (1, 2)]
    await database.dispose()
    return deliveries, epochs


def test_events_of_before_can_be_read() -> None:
    delivery = {
        "alert_id": str(uuid4()),
        "recipient_id": str(uuid4()),
        "recipient_name": "x",
        "unit_id": str(QUICK),
        "partner_id": str(CIRCLE),
        "state": "sent",
        "times": {"queued": TIMES["queued"]},
    }
    event = load_event(
        json.dumps({"kind": "deliveries_updated", "incident_id": str(OPEN), "deliveries": [delivery]})
    )
    assert not isinstance(event, AlertRaised)
    assert isinstance(event, DeliveriesUpdated)
    assert event.deliveries[0].unit_ids == (QUICK,)
