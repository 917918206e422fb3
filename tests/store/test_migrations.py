import threading

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2.alembic_helpers import include_object
from sqlalchemy import create_engine, inspect, text

from responder.embedded import Cluster
from responder.store.database import driver_url
from responder.store.migrate import upgrade
from responder.store.tables import METADATA


def test_migrations_and_tables_say_the_same(database_url: str) -> None:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include_object})
        assert compare_metadata(context, METADATA) == []
        checks = {
            check["name"]: table
            for table in METADATA.tables
            for check in inspect(connection).get_check_constraints(table)
        }
    engine.dispose()
    declared = {
        str(constraint.name): table.name
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if str(constraint.name).startswith("ck_")
    }
    assert checks == declared


def test_every_table_of_a_tenant_names_its_circle_first(database_url: str) -> None:
    for_everybody = {
        *("circle", "account", "session", "live_ticket", "road_network"),
        *("attempt", "audit_salt", "chore"),
    }
    for table in METADATA.tables.values():
        if table.name not in for_everybody:
            assert next(iter(table.primary_key.columns)).name == "circle_id", table.name
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT IN ('spatial_ref_sys', 'alembic_version')"
            )
        )
        assert set(found.scalars()) == set(METADATA.tables)
    engine.dispose()


def test_two_processes_may_migrate_at_once(cluster: Cluster) -> None:
    url = cluster.create_database("migrated_twice")
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            upgrade(url)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test reports it
            failures.append(error)

    both = [threading.Thread(target=migrate) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert failures == []
    cluster.drop_database("migrated_twice")
