import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from geo.tags.attributes import RULES_VERSION
from responder.embedded import Cluster
from responder.store.install_state import (
    InstallState,
    circles_on_earlier_roads,
    libpq_url,
    migrations,
    read_install_state,
)

ROOT = Path(__file__).parents[2]
HEAVY = {"sqlalchemy", "alembic", "geoalchemy2", "numpy", "scipy", "geopandas", "fastapi", "httpx", "osmium"}


@pytest.fixture
def bare_url(cluster: Cluster) -> Iterator[str]:
    yield cluster.create_database("bare")
    cluster.drop_database("bare")


def imported_by(module: str) -> set[str]:
    told = subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-c",
            f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


def test_a_migrated_database_has_had_the_latest_migration(fresh_database_url: str) -> None:
    with psycopg.connect(libpq_url(fresh_database_url)) as connection:
        had = connection.execute("SELECT version_num, applied FROM alembic_version").fetchall()
    assert had == [(max(migrations()), list(migrations()))]


def test_a_database_without_tables_needs_everything(bare_url: str) -> None:
    assert read_install_state(bare_url, circle_name="示例") == InstallState(current=False, has_circle=False)


def test_a_migrated_database_is_current_and_has_only_the_circles_that_it_has(fresh_database_url: str) -> None:
    assert read_install_state(fresh_database_url, circle_name="示例") == InstallState(
        current=True, has_circle=False
    )
    with psycopg.connect(libpq_url(fresh_database_url)) as connection:
        connection.execute(
            "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch, seq) VALUES "
            "(gen_random_uuid(), '示例', '', ST_SetSRID(ST_Point(113, 28), 4326), 900, true, 'e', 0)"
        )
    assert read_install_state(fresh_database_url, circle_name="示例") == InstallState(
        current=True, has_circle=True
    )
    assert read_install_state(fresh_database_url, circle_name="别处") == InstallState(
        current=True, has_circle=False
    )


def test_an_older_database_is_not_current(fresh_database_url: str) -> None:
    with psycopg.connect(libpq_url(fresh_database_url)) as connection:
        connection.execute("UPDATE alembic_version SET applied = array_remove(applied, '0016')")
    assert not read_install_state(fresh_database_url, circle_name="示例").current


def test_a_database_of_which_the_last_migration_alone_is_known_is_not_current(
    fresh_database_url: str,
) -> None:
    with psycopg.connect(libpq_url(fresh_database_url)) as connection:
        connection.execute("ALTER TABLE alembic_version DROP COLUMN applied")
    assert not read_install_state(fresh_database_url, circle_name="示例").current


def test_circles_whose_roads_an_earlier_version_read_are_named(
    fresh_database_url: str, bare_url: str
) -> None:
    summaries = {"无": None, "旧": '{"ways_taken": 7}', "新": f'{{"rules_version": {RULES_VERSION}}}'}
    with psycopg.connect(libpq_url(fresh_database_url)) as connection:
        connection.execute("INSERT INTO road_network VALUES (repeat('0', 64), '')")
        for name, summary in summaries.items():
            connection.execute(
                "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch, seq,"
                " roads_hash, roads_summary) VALUES (gen_random_uuid(), %s, '',"
                " ST_SetSRID(ST_Point(113, 28), 4326), 900, true, 'e', 0, %s, %s)",
                [name, None if summary is None else "0" * 64, summary],
            )
    assert circles_on_earlier_roads(fresh_database_url) == ["旧"]
    assert circles_on_earlier_roads(bare_url) == []


def test_a_second_start_loads_no_heavy_library_before_it_starts_the_processes() -> None:
    assert imported_by("responder.runtime.up") & HEAVY == set()
