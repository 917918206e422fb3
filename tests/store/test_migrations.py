import threading
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2.alembic_helpers import include_object
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from responder.embedded import Cluster
from responder.store.database import driver_url
from responder.store.install_state import migrations
from responder.store.metadata import METADATA
from responder.store.migrate import migrate, upgrade


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
    not_of_a_circle = {
        *("circle", "account", "session", "live_ticket", "road_network"),
        *("attempt", "audit_salt", "chore"),
    }
    for table in METADATA.tables.values():
        if table.name not in not_of_a_circle:
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

    def one() -> None:
        try:
            upgrade(url)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test reports it
            failures.append(error)

    both = [threading.Thread(target=one) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert failures == []
    cluster.drop_database("migrated_twice")


def test_a_database_of_a_later_version_is_left_alone(fresh_database_url: str) -> None:
    engine = create_engine(driver_url(fresh_database_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = '9999', applied = array_append(applied, '9999')")
        )
    with pytest.raises(LookupError, match="9999"):
        upgrade(fresh_database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()


@pytest.mark.parametrize("kept", ["the highest number", "a set"])
def test_a_migration_that_landed_after_others_of_higher_numbers_is_run(cluster: Cluster, kept: str) -> None:
    """As an installation of a commit between left it: it has had 0031, and of those before it not all."""
    url = cluster.create_database("in_between")
    late = {"0022", "0023", "0024", "0026", "0028", "0029", "0030"}
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0021")
        for number in ("0025", "0031"):
            statements = migrations()[number].read_text(encoding="utf-8")
            connection.execution_options(no_parameters=True).exec_driver_sql(statements)
        if kept == "a set":
            connection.execute(text("UPDATE alembic_version SET applied = applied || '{0025, 0031}'"))
        else:
            connection.execute(text("UPDATE alembic_version SET version_num = '0031'"))
            connection.execute(text("ALTER TABLE alembic_version DROP COLUMN applied"))
        known = set(inspect(connection).get_table_names())
    assert not {"ladder", "outgoing_message"} & known
    upgrade(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include_object})
        assert compare_metadata(context, METADATA) == []
        applied = connection.scalar(text("SELECT applied FROM alembic_version"))
    assert applied == list(migrations())
    assert late < set(applied)
    # Once each: to run one again would fail.
    upgrade(url)
    engine.dispose()
    cluster.drop_database("in_between")


def test_an_installation_that_keeps_the_last_number_alone_has_had_all_up_to_it(cluster: Cluster) -> None:
    url = cluster.create_database("one_number")
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0031")
        connection.execute(text("ALTER TABLE alembic_version DROP COLUMN applied"))
    upgrade(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT applied FROM alembic_version")) == list(migrations())
    engine.dispose()
    cluster.drop_database("one_number")


def test_an_installation_from_before_the_wall_gets_it_and_keeps_what_it_has(cluster: Cluster) -> None:
    """As an older version left it: one role, tables without policies, and circles in them."""
    url = cluster.create_database("before_the_wall")
    engine = create_engine(driver_url(url), poolclass=NullPool)
    circle_id = uuid4()
    with engine.begin() as connection:
        migrate(connection, to="0003")
        connection.execute(
            text(
                "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch)"
                " VALUES (:id, 'x', '', ST_Point(112, 28, 4326), 900, false, 'x')"
            ),
            {"id": circle_id},
        )
        connection.execute(
            text("INSERT INTO partner VALUES (:circle_id, :circle_id, 'community', 'y', '', '')"),
            {"circle_id": circle_id},
        )
    upgrade(url)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL ROLE responder_app"))
        connection.execute(text("SELECT act_for(NULL, NULL)"))
        assert connection.scalar(text("SELECT count(*) FROM partner")) == 0
        connection.execute(text("SELECT act_as_system(:circle_id)"), {"circle_id": circle_id})
        assert connection.scalar(text("SELECT name FROM partner")) == "y"
    engine.dispose()
    cluster.drop_database("before_the_wall")


def test_planners_and_observers_leave_units_and_are_promised_none(cluster: Cluster) -> None:
    """As the version before left it: people whose new role may not answer alerts kept their unit."""
    url = cluster.create_database("in_units")
    engine = create_engine(driver_url(url), poolclass=NullPool)
    roles = ("coordinator", "dispatcher", "responder", "planner", "observer")
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        migrate(connection, to="0010")
        connection.execute(
            text(
                """
                INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch)
                VALUES (:id, 'x', '', ST_Point(112, 28, 4326), 900, false, 'x');
                INSERT INTO partner VALUES (:id, :id, 'community', 'y', '', '');
                INSERT INTO unit (circle_id, id, partner_id, name, name_en, kind, profile, turnout_s, people,
                    on_duty, geometry, capabilities)
                VALUES (:id, :id, :id, 'z', '', 'warden', 'foot', 60, 1, true, ST_Point(112, 28, 4326), '{}');
                """.replace(":id", f"'{uuid4()}'")
            )
        )
        for role in roles:
            connection.execute(
                text(
                    f"""
                    INSERT INTO account (id, username, name, password_hash, admin)
                    VALUES (:account, '{role}', '{role}', '$argon2id$none', false);
                    INSERT INTO membership (circle_id, account_id, role)
                    SELECT id, :account, '{role}' FROM circle;
                    INSERT INTO responder (circle_id, id, unit_id, partner_id, account_id, name, phone)
                    SELECT circle_id, gen_random_uuid(), id, partner_id, :account, '{role}', '' FROM unit;
                    INSERT INTO invitation (circle_id, id, token_hash, role, unit_id, note, made_at,
                        expires_at)
                    SELECT circle_id, gen_random_uuid(), md5('{role}') || md5(''), '{role}', id, '', now(),
                        now()
                    FROM unit;
                    """.replace(":account", f"'{uuid4()}'")  # noqa: S608 - said above
                )
            )
    upgrade(url)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
        left = text("SELECT name FROM responder WHERE left_at IS NOT NULL AND account_id IS NOT NULL")
        promised = text("SELECT role FROM invitation WHERE unit_id IS NOT NULL")
        assert set(connection.execute(left).scalars()) == {"planner", "observer"}
        assert set(connection.execute(promised).scalars()) == {"coordinator", "dispatcher", "responder"}
    engine.dispose()
    cluster.drop_database("in_units")


def test_an_owner_who_may_make_no_roles_is_told_what_the_administrator_has_to_do(cluster: Cluster) -> None:
    url = cluster.create_database("managed")
    admin_url = driver_url(url).set(username="postgres")
    engine = create_engine(admin_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE managed_owner"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO managed_owner"))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL ROLE managed_owner"))
        with pytest.raises(DBAPIError, match="GRANT responder_app TO managed_owner"):
            migrate(connection)
    with engine.begin() as connection:
        connection.execute(text("DROP OWNED BY managed_owner"))
        connection.execute(text("DROP ROLE managed_owner"))
    engine.dispose()
    cluster.drop_database("managed")
