"""What an earlier version computed and counted is kept under the names of this one."""

import json
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from responder.domain.ids import CircleId
from responder.domain.reach.criticality import FeatureCost, Shut
from responder.embedded import Cluster
from responder.ports.reach import JobKey
from responder.store.database import connect, driver_url
from responder.store.migrate import migrate, upgrade

CIRCLE = UUID(int=1)
THINGS = [
    {"what": what, "id": str(UUID(int=number)), "name": "x", "name_en": "", "households": 3, "losses": []}
    for number, what in ((8, "hazard"), (7, "closure"))
]
RESULT = {
    "building_id": None,
    "people_pass": True,
    "limits_s": [900.0],
    "counted": "households",
    "buildings": 2,
    "households": 9,
    "left_out": 5,
    "reached": [],
    "roads": [],
    "roads_left_out": 4,
    "things": THINGS,
}

STORED = (
    """
    INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch)
    VALUES (:circle, 'x', '', ST_Point(112, 28, 4326), 900, false, 'before')
    """,
    """
    INSERT INTO criticality
        (circle_id, subject_id, people_pass, step, share, told_at, version, computed_at, result)
    VALUES (:circle, :circle, true, 'x', 0.5, now(), 'v', now(), CAST(:result AS jsonb))
    """,
    """
    INSERT INTO criticality (circle_id, subject_id, people_pass, step, share, told_at)
    VALUES (:circle, :circle, false, 'x', 0.25, now())
    """,
    """
    INSERT INTO feature_import (circle_id, id, noun, source, source_declared, file_name, at,
        account_name, taken, updated, unchanged, skipped, doubtful)
    VALUES (:circle, :circle, 'units', 's', false, 'f', now(), 'x', 6, 1, 2, 3, 4)
    """,
)


async def test_a_stored_ranking_and_an_import_are_read_under_their_new_names(cluster: Cluster) -> None:
    url = cluster.create_database("field_names")
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0017")
        for statement in STORED:
            connection.execute(text(statement), {"circle": CIRCLE, "result": json.dumps(RESULT)})
    engine.dispose()

    upgrade(url)

    circle = CircleId(CIRCLE)
    database = connect(url)
    async with database.begin() as transaction:
        done = await transaction.criticalities.job(JobKey(circle, None, pedestrians_pass=True))
        begun = await transaction.criticalities.job(JobKey(circle, None, pedestrians_pass=False))
        [record] = await transaction.imports.of_circle(circle)
    await database.dispose()
    cluster.drop_database("field_names")
    assert done is not None
    assert begun is not None
    assert (done.progress, begun.progress, begun.result) == (0.5, 0.25, None)
    found = done.result
    assert found is not None
    assert (found.pedestrians_pass, found.excluded, found.roads_excluded) == (True, 5, 4)
    assert found.features == tuple(
        FeatureCost(
            type=Shut(each["what"]), id=UUID(str(each["id"])), name="x", name_en="", households=3, losses=()
        )
        for each in THINGS
    )
    assert record.counts.created == 6
