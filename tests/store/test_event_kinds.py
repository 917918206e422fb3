"""Events that an earlier version stored have the kinds of this one, under their own numbers and ids."""

import json
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from responder.domain.ids import CircleId
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    ClosureCreated,
    DeliveriesUpdated,
    ResponseCircleUpdated,
)
from responder.embedded import Cluster
from responder.store.database import connect, driver_url
from responder.store.migrate import migrate, upgrade

CIRCLE, INCIDENT = UUID(int=1), UUID(int=2)


def _delivery(recipient: int) -> dict[str, object]:
    return {
        "alert_id": str(UUID(int=3)),
        "recipient_id": str(UUID(int=recipient)),
        "recipient_name": "x",
        "unit_id": str(UUID(int=4)),
        "partner_id": str(UUID(int=5)),
        "state": "seen",
        "times": {"queued": "2025-11-03T06:00:00Z", "seen": "2025-11-03T06:00:05Z"},
    }


CLOSURE = {
    "id": str(UUID(int=6)),
    "circle_id": str(CIRCLE),
    "name": "围挡",
    "geometry": {"type": "Point", "coordinates": [112.0, 28.0]},
}
RESPONSE_CIRCLE = {"limit_s": 900, "computed_at": "2025-11-03T06:00:00Z", "members": [], "non_members": []}
DETAIL = json.loads((Path(__file__).parents[1] / "golden" / "alert_raised.json").read_text(encoding="utf-8"))[
    "messages"
][0]["event"]["detail"]
STORED = (
    {"kind": "delivery_advanced", "incident_id": str(INCIDENT), "delivery": _delivery(11)},
    {
        "kind": "deliveries_advanced",
        "incident_id": str(INCIDENT),
        "deliveries": [_delivery(12), _delivery(13)],
    },
    {"kind": "circle_recomputed", "incident_id": str(INCIDENT), "response_circle": RESPONSE_CIRCLE},
    {"kind": "closure_set", "closure": CLOSURE},
    {"kind": "closure_lifted", "closure_id": CLOSURE["id"]},
    {"kind": "alert_raised", "picture": DETAIL},
    {"kind": "alert_extended", "picture": DETAIL},
)


async def test_stored_events_are_renamed_and_keep_number_and_id(cluster: Cluster) -> None:
    url = cluster.create_database("event_kinds")
    ids = [uuid4() for _ in STORED]
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0017")
        connection.execute(
            text(
                "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch, seq, event_id)"
                " VALUES (:circle, 'x', '', ST_Point(112, 28, 4326), 900, false, 'before', :seq, :event)"
            ),
            {"circle": CIRCLE, "seq": len(STORED), "event": ids[-1]},
        )
        for number, (identity, body) in enumerate(zip(ids, STORED, strict=True), start=1):
            connection.execute(
                text(
                    "INSERT INTO event (circle_id, seq, id, at, kind, body)"
                    " VALUES (:circle, :seq, :id, now(), :kind, CAST(:body AS jsonb))"
                ),
                {
                    "circle": CIRCLE,
                    "seq": number,
                    "id": identity,
                    "kind": body["kind"],
                    "body": json.dumps(body),
                },
            )
    engine.dispose()

    upgrade(url)

    database = connect(url)
    async with database.begin() as transaction:
        found = [each.recorded for each in await transaction.events.after(CircleId(CIRCLE), 0)]
        head = await transaction.circles.head(CircleId(CIRCLE))
    await database.dispose()
    cluster.drop_database("event_kinds")
    assert [(each.seq, each.id) for each in found] == list(enumerate(ids, start=1))
    assert (head.epoch, head.seq, head.event_id) == ("before", len(STORED), ids[-1])
    one, two, circle, closure, lifted, raised, extended = (each.event for each in found)
    assert isinstance(one, DeliveriesUpdated)
    assert [each.recipient_id for each in one.deliveries] == [UUID(int=11)]
    assert isinstance(two, DeliveriesUpdated)
    assert [each.recipient_id for each in two.deliveries] == [UUID(int=12), UUID(int=13)]
    assert isinstance(circle, ResponseCircleUpdated)
    assert circle.response_circle.limit_s == RESPONSE_CIRCLE["limit_s"]
    assert isinstance(closure, ClosureCreated)
    assert closure.closure.name == CLOSURE["name"]
    assert lifted.kind == "closure_lifted"
    assert isinstance(raised, AlertRaised)
    assert str(raised.detail.incident.id) == DETAIL["incident"]["id"]
    assert len(raised.detail.deliveries) == len(DETAIL["deliveries"]) > 0
    assert isinstance(extended, AlertExtended)
    assert extended.detail == raised.detail
