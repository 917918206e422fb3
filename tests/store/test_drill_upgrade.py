"""A drill that an earlier version held, with what it showed, is the same after an upgrade."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from responder.domain.drills.facts import FactKind
from responder.domain.drills.finding import FindingState
from responder.domain.drills.plan import DrillState, InjectKind, Measure
from responder.domain.drills.run import InjectState, PauseReason
from responder.domain.ids import CircleId, ClosureId, DrillId, FindingId, ObservationId
from responder.embedded import Cluster
from responder.services.security_context import as_system
from responder.store.database import connect, driver_url
from responder.store.migrate import migrate, upgrade

CIRCLE, DRILL, SEEN, FINDING = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
CLOSURE = UUID(int=5)
LANE = {"type": "LineString", "coordinates": [[112.98502, 28.15665], [112.98497, 28.15715]]}
PHOTO = b"\x89PNG\r\n\x1a\n"
FACT = {
    "at_s": 0,
    "kind": "observed",
    "inject": None,
    "people": 0,
    "unit_id": None,
    "objective": None,
    "partner_id": None,
    "partner_kind": None,
    "recipient_id": None,
}
PLAN = {
    "kind": "fire",
    "mode": "field",
    "name": "升级前的演练",
    "place": {
        "lat": 28.158,
        "lon": 112.985,
        "label": "巷口",
        "entrance": None,
        "label_en": "",
        "building_id": None,
    },
    "notice": "",
    "injects": [
        {
            "lat": None,
            "lon": None,
            "kind": "closure",
            "text": "南支停了一辆货车",
            "number": 1,
            "after_s": 600.0,
            "closure": {"geometry": LANE, "wider_than_m": None},
            "unit_id": None,
            "expected": "挪车",
            "objective": "lane",
            "waits_for": None,
            "partner_ids": [],
            "expires_after_s": 600.0,
        }
    ],
    "scenario": "",
    "template": None,
    "starts_at": None,
    "duration_s": 3600.0,
    "objectives": [
        {
            "key": "lane",
            "text": "两分钟清开",
            "count": None,
            "measure": "lane_clear",
            "within_s": 120.0,
            "partner_kind": None,
            "since_inject": 1,
        }
    ],
    "partner_ids": [],
}
RUN = {
    "mode": "field",
    "name": "升级前的演练",
    "facts": [FACT | {"at_s": 1.25, "kind": "counted", "people": 5}],
    "marks": [],
    "state": "ended",
    "pauses": [{"reason": "by_hand", "ends_at": "2025-11-03T06:00:09Z", "begins_at": "2025-11-03T06:00:03Z"}],
    "despite": [],
    "injects": [
        {
            "at_s": 0.437,
            "due_s": 600.0,
            "state": "given",
            "number": 1,
            "by_name": "周岚",
            "closure_id": str(CLOSURE),
        }
    ],
    "closures": [],
    "drill_id": str(DRILL),
    "ended_at": "2025-11-03T06:10:00Z",
    "circle_id": str(CIRCLE),
    "units_out": [],
    "started_at": "2025-11-03T06:00:00Z",
    "incident_id": None,
    "partner_ids": [],
    "observations": 1,
    "started_by_name": "周岚",
}
BEFORE = """
    INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch, seq, event_id)
    VALUES (:circle, 'x', '', ST_Point(112, 28, 4326), 900, false, 'before', 0, :circle);
    INSERT INTO drill (circle_id, id, state, starts_at, body, revision, version, created_at, created_by_name,
                       changed_at, changed_by_name)
    VALUES (:circle, :drill, 'ended', NULL, CAST(:plan AS jsonb), 2, 'v', '2025-11-01T00:00:00Z', '周岚',
            '2025-11-01T00:00:00Z', '周岚');
    INSERT INTO drill_run (circle_id, drill_id, is_ongoing, is_running, awaits_facts, seen_seq, body)
    VALUES (:circle, :drill, false, false, false, 0, CAST(:run AS jsonb));
    INSERT INTO drill_observation (circle_id, drill_id, id, at, received_at, by_name, verdict, text, lon, lat)
    VALUES (:circle, :drill, :seen, '2025-11-03T06:05:00Z', '2025-11-03T06:05:00Z', '周岚', 'improve',
            '水带没有接上', 112.985, 28.157);
    INSERT INTO observation_photo (circle_id, observation_id, media_type, content)
    VALUES (:circle, :seen, 'image/png', :photo);
    INSERT INTO drill_finding (circle_id, id, drill_id, observation_id, text, owner_name, due_on, state,
                               version, created_at, created_by_name, changed_at, changed_by_name,
                               closed_by_name, note)
    VALUES (:circle, :finding, :drill, :seen, '换接口', '', '2025-12-01', 'doing', 3, '2025-11-03T07:00:00Z',
            '周岚', '2025-11-03T07:00:00Z', '周岚', '', '')
"""


async def test_a_drill_that_ended_and_its_finding_stay_what_they_were(cluster: Cluster) -> None:
    url = cluster.create_database("drill_upgrade")
    engine = create_engine(driver_url(url), poolclass=NullPool)
    values = {
        "circle": CIRCLE,
        "drill": DRILL,
        "seen": SEEN,
        "finding": FINDING,
        "photo": PHOTO,
        "plan": json.dumps(PLAN),
        "run": json.dumps(RUN),
    }
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0041")
        for statement in BEFORE.split(";\n"):
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), named)
    engine.dispose()

    upgrade(url)

    database = connect(url)
    circle_id, drill_id = CircleId(CIRCLE), DrillId(DRILL)
    with as_system():
        async with database.begin() as transaction:
            drill = await transaction.drills.get(circle_id, drill_id)
            run = await transaction.drill_runs.find(circle_id, drill_id)
            [seen] = await transaction.observations.of_drill(circle_id, drill_id)
            photo = await transaction.observations.photo(circle_id, ObservationId(SEEN))
            finding = await transaction.findings.get(circle_id, FindingId(FINDING))
            [record] = await transaction.drill_records.of_circle(circle_id, time_zone="Asia/Shanghai")
    await database.dispose()
    cluster.drop_database("drill_upgrade")
    assert (drill.state, drill.revision, drill.plan.name) == (DrillState.ENDED, 2, "升级前的演练")
    [inject], [objective] = drill.plan.injects, drill.plan.objectives
    assert (inject.kind, inject.text, inject.expected) == (InjectKind.CLOSURE, "南支停了一辆货车", "挪车")
    assert inject.closure is not None
    assert inject.closure.geometry == LANE
    assert (objective.measure, objective.since_inject) == (Measure.LANE_CLEAR, 1)
    assert run is not None
    assert run.ended_at == datetime(2025, 11, 3, 6, 10, tzinfo=UTC)
    [given], [pause], [fact] = run.injects, run.pauses, run.facts
    assert (given.state, given.at_s, given.closure_id) == (InjectState.GIVEN, 0.437, ClosureId(CLOSURE))
    assert pause.reason is PauseReason.BY_HAND
    assert (fact.kind, fact.people) == (FactKind.COUNTED, 5)
    assert run.clock_s(run.ended_at) == 594
    assert (seen.text, seen.lon, seen.has_photo) == ("水带没有接上", 112.985, True)
    assert photo is not None
    assert photo.content == PHOTO
    assert (finding.text, finding.state, finding.due_on, finding.version) == (
        "换接口",
        FindingState.DOING,
        date(2025, 12, 1),
        3,
    )
    assert (record.record.on, record.record.observations, record.record.open_findings) == (
        date(2025, 11, 3),
        1,
        1,
    )
