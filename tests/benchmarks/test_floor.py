"""The floor does all that is said of it: what is faster because it leaves something out is no floor."""

import psycopg
from sqlalchemy import make_url

from benchmarks.paired.floor_worker import opened
from responder.embedded import Cluster


async def test_everyone_is_called_and_every_receipt_is_stored(cluster: Cluster) -> None:
    name = "floor"
    url = make_url(cluster.create_database(name)).set(drivername="postgresql")
    plain = url.render_as_string(hide_password=False)
    pid = cluster.status().pid
    assert pid is not None
    async with opened(plain, pid, 3) as one_round:
        for _ in range(2):
            found = await one_round()
            assert 0 < found.commit_ms <= found.receipt_p99_ms
            assert found.heard_ms <= found.receipt_p99_ms
    with psycopg.connect(plain) as session:
        states = session.execute("SELECT state, count(*), count(delivered_at) FROM delivery GROUP BY state")
        assert states.fetchall() == [("delivered", 6, 6)]
    cluster.drop_database(name)
