"""The backup and the restore that docs/operations.md tells administrators to make."""

import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from responder.embedded import Cluster

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"


def line_of(program: str) -> str:
    [line, *_] = re.findall(rf"^{program} (.*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return str(line)


def documented(program: str) -> list[str]:
    """Read the options that the documentation gives `program`, save those that name this place."""
    return [
        word
        for word in line_of(program).split()
        if word.startswith("--") and not word.startswith(("--dbname", "--file"))
    ]


def connection_string(url: str, *, user: str = "responder") -> str:
    return url.replace("postgresql+psycopg://responder@", f"postgresql://{user}@")


def documented_user(program: str) -> str:
    [user] = re.findall(r"\buser=(\w+)", line_of(program))
    return str(user)


def test_what_was_dumped_is_there_after_a_restore_into_an_empty_data_folder(
    short_dir: Path, fresh_database_url: str
) -> None:
    dump = short_dir / "circle.dump"
    with psycopg.connect(connection_string(fresh_database_url), autocommit=True) as old:
        old.execute("CREATE TABLE kept AS SELECT 7 AS number, ST_Point(112.985, 28.158, 4326) AS place")
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        [(before,)] = old.execute(tables).fetchall()
        walls = "SELECT count(*) FROM pg_policies WHERE schemaname = 'public'"
        [(policies,)] = old.execute(walls).fetchall()
    restored = Cluster(short_dir / "data", settings={"fsync": "off"})
    url = restored.ensure()
    try:
        source = connection_string(fresh_database_url, user=documented_user("pg_dump"))
        dumping = ["pg_dump", *documented("pg_dump"), f"--file={dump}", source]
        subprocess.run(dumping, check=True)  # noqa: S603 - the documented command
        target = connection_string(url, user=documented_user("pg_restore"))
        restoring = ["pg_restore", *documented("pg_restore"), f"--dbname={target}", str(dump)]
        subprocess.run(restoring, check=True)  # noqa: S603 - the documented command

        with psycopg.connect(connection_string(url)) as new:
            assert new.execute("SELECT number, ST_X(place) FROM kept").fetchone() == (
                7,
                pytest.approx(112.985),
            )
            assert new.execute(tables).fetchone() == (before,)
            assert new.execute(walls).fetchone() == (policies,)
            # And the application may do there what it might before.
            new.execute("SET ROLE responder_app")
            new.execute("SELECT act_as_system(NULL)")
            assert new.execute("SELECT count(*) FROM circle").fetchone() == (0,)
            new.execute("INSERT INTO account VALUES (gen_random_uuid(), 'a', 'a', false, '$argon2id$')")
    finally:
        restored.stop()
