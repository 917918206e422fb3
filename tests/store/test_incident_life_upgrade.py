"""Open and ended incidents of an earlier version are the same incidents after an upgrade."""

import json
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.alert import AlertCause, MessageType
from responder.domain.incidents.event import IncidentEnded
from responder.domain.incidents.incident import EndReason, IncidentStage
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.embedded import Cluster
from responder.services.incidents.catalogue import catalogue_of
from responder.services.security_context import as_system
from responder.store.database import connect, driver_url
from responder.store.migrate import migrate, upgrade

CIRCLE, OPEN, ENDED = UUID(int=1), UUID(int=2), UUID(int=3)
CALL, SECOND_CALL, CANCEL = UUID(int=4), UUID(int=5), UUID(int=6)
RESPONSE_CIRCLE = {"limit_s": 900, "computed_at": "2025-11-03T06:00:00Z", "members": [], "non_members": []}
ENDED_BODY = {
    "kind": "incident_ended",
    "incident": {
        "id": str(ENDED),
        "circle_id": str(CIRCLE),
        "exercise": True,
        "kind": "fall",
        "severity": "orange",
        "place": {"lon": 112.985, "lat": 28.158, "label": "7栋"},
        "note": "",
        "raised_at": "2025-11-03T06:00:00Z",
        "raised_by": str(UUID(int=9)),
        "raised_by_name": "周岚",
        "ended_at": "2025-11-03T06:10:00Z",
        "end_reason": "false_alarm",
        "ended_by_name": "周岚",
    },
    "alert": {
        "id": str(CANCEL),
        "incident_id": str(ENDED),
        "message_type": "Cancel",
        "exercise": True,
        "headline": "【演练】警情解除 · 坠落：7栋",
        "sent_at": "2025-11-03T06:10:00Z",
        "references": [str(SECOND_CALL)],
    },
    "deliveries": [],
}
BEFORE = """
    INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch, seq, event_id)
    VALUES (:circle, 'x', '', ST_Point(112, 28, 4326), 900, false, 'before', 1, :cancel);
    INSERT INTO incident (circle_id, id, exercise, kind, severity, geometry, label, note, raised_at,
                          raised_by, raised_by_name, ended_at, end_reason, ended_by_name, response_circle)
    VALUES (:circle, :open, false, 'smoke', 'orange', ST_Point(112.985, 28.158, 4326), '7栋', '三楼',
            '2025-11-03T06:00:00Z', :cancel, '周岚', NULL, NULL, NULL, CAST(:reach AS jsonb)),
           (:circle, :ended, true, 'fall', 'orange', ST_Point(112.985, 28.158, 4326), '7栋', '',
            '2025-11-03T06:00:00Z', :cancel, '周岚', '2025-11-03T06:10:00Z', 'false_alarm', '周岚',
            CAST(:reach AS jsonb));
    INSERT INTO alert (circle_id, id, incident_id, message_type, exercise, headline, sent_at, reference_ids)
    VALUES (:circle, :call, :open, 'Alert', false, '冒烟：7栋', '2025-11-03T06:00:00Z', '{}'),
           (:circle, :second, :ended, 'Alert', true, '【演练】坠落：7栋', '2025-11-03T06:00:00Z', '{}'),
           (:circle, :cancel, :ended, 'Cancel', true, '【演练】警情解除 · 坠落：7栋',
            '2025-11-03T06:10:00Z', '{}');
    INSERT INTO event (circle_id, seq, id, at, incident_id, kind, body)
    VALUES (:circle, 1, :cancel, now(), :ended, 'incident_ended', CAST(:body AS jsonb))
"""


async def test_open_and_ended_incidents_stay_what_they_were(cluster: Cluster) -> None:
    url = cluster.create_database("incident_life")
    engine = create_engine(driver_url(url), poolclass=NullPool)
    values = {
        "circle": CIRCLE,
        "open": OPEN,
        "ended": ENDED,
        "call": CALL,
        "second": SECOND_CALL,
        "cancel": CANCEL,
        "reach": json.dumps(RESPONSE_CIRCLE),
        "body": json.dumps(ENDED_BODY),
    }
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0021")
        for statement in BEFORE.split(";\n"):
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), named)
    engine.dispose()

    upgrade(url)

    database = connect(url)
    with as_system():
        async with database.begin() as transaction:
            circle_id = CircleId(CIRCLE)
            open_one = await transaction.incidents.detail(circle_id, IncidentId(OPEN))
            ended = await transaction.incidents.detail(circle_id, IncidentId(ENDED))
            [event] = await transaction.events.after(circle_id, 0)
            catalogue = await catalogue_of(transaction, circle_id)
    await database.dispose()
    cluster.drop_database("incident_life")
    assert (open_one.incident.is_open, open_one.incident.stage) == (True, IncidentStage.RAISED)
    assert (open_one.incident.kind, open_one.incident.note, open_one.incident.place.label) == (
        "smoke",
        "三楼",
        "7栋",
    )
    assert [alert.cause for alert in open_one.alerts] == [AlertCause.RAISED]
    assert (ended.incident.kind, ended.incident.end_reason) == ("fall", EndReason.FALSE_ALARM)
    assert [(alert.id, alert.message_type, alert.cause) for alert in ended.alerts] == [
        (AlertId(SECOND_CALL), MessageType.ALERT, AlertCause.RAISED),
        (AlertId(CANCEL), MessageType.CANCEL, AlertCause.FALSE_ALARM),
    ]
    assert isinstance(event.recorded.event, IncidentEnded)
    assert event.recorded.event.alert.cause is AlertCause.FALSE_ALARM
    assert catalogue == SHIPPED
    assert catalogue.kind("fall").is_offered
