"""Hazards of an earlier version, also in the log and in drills, have the words of today after an upgrade."""

import json
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from responder.domain.ids import CircleId, HazardId
from responder.domain.incidents.event import HazardChanged
from responder.domain.map.feature_import import fingerprint
from responder.domain.map.hazard import Hazard, HazardState
from responder.embedded import Cluster
from responder.services.security_context import as_system
from responder.store.database import connect, driver_url
from responder.store.migrate import migrate, upgrade

CIRCLE = UUID(int=1)
STATES = {
    "open": HazardState.SEEN,
    "notified": HazardState.ASSIGNED,
    "fixing": HazardState.MENDING,
    "fixed": HazardState.CLOSED,
}
BODY = {
    "circle_id": str(CIRCLE),
    "kind": "wiring",
    "grade": "general",
    "name": "线缆",
    "name_en": "",
    "geometry": {"type": "Point", "coordinates": [112.985, 28.158]},
    "note": "",
}


async def test_states_are_renamed_wherever_they_are_kept(cluster: Cluster) -> None:
    url = cluster.create_database("hazard_life")
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0044")
        connection.execute(
            text(
                "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch, seq, event_id)"
                " VALUES (:circle, 'x', '', ST_Point(112, 28, 4326), 900, false, 'before', 4, :circle)"
            ),
            {"circle": CIRCLE},
        )
        for number, state in enumerate(STATES, 1):
            hazard = {**BODY, "id": str(UUID(int=number)), "state": state}
            values = {
                "circle": CIRCLE,
                "id": UUID(int=number),
                "state": state,
                "seq": number,
                "body": json.dumps({"kind": "hazard_changed", "hazard": hazard}),
            }
            connection.execute(
                text(
                    "INSERT INTO hazard (circle_id, id, kind, grade, state, name, name_en, note, geometry)"
                    " VALUES (:circle, :id, 'wiring', 'general', :state, '线缆', '', '',"
                    " ST_Point(112.985, 28.158, 4326))"
                ),
                values,
            )
            connection.execute(
                text(
                    "INSERT INTO event (circle_id, seq, id, at, kind, body)"
                    " VALUES (:circle, :seq, :id, now(), 'hazard_changed', CAST(:body AS jsonb))"
                ),
                values,
            )
    engine.dispose()

    upgrade(url)

    database = connect(url)
    with as_system():
        async with database.begin() as transaction:
            hazards = await transaction.layer(Hazard).of_circle(CircleId(CIRCLE))
            events = await transaction.events.after(CircleId(CIRCLE), 0)
            steps = await transaction.hazard_steps.of_hazard(CircleId(CIRCLE), HazardId(UUID(int=1)))
    await database.dispose()
    cluster.drop_database("hazard_life")
    assert [each.state for each in hazards] == list(STATES.values())
    assert (hazards[0].owner_id, hazards[0].due_on, steps) == (None, None, ())
    changes = [each.recorded.event for each in events]
    assert [each.hazard for each in changes if isinstance(each, HazardChanged)] == list(hazards)
    # Noted down before the upgrade, by the version before it.
    assert fingerprint(hazards[0]) == "e336f2de8e87ef056d6d9461646f50c88ceb2b71bb4409ab04a2fe4b89043344"
