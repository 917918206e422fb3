"""An installation whose database came from a backup, beside another data folder."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from typer.testing import CliRunner

from responder.cli.commands import app
from responder.demo.demo_circle import demo_password_that_fits, ensure_demo, require_demo_password
from responder.embedded import Cluster
from responder.store.database import driver_url
from responder.store.install_state import libpq_url, migrations
from responder.store.migrate import migrate
from responder.terminal.console import CommandError
from responder.terminal.database_url import PASSWORD_FILE


def epochs(url: str) -> dict[str, str]:
    with psycopg.connect(libpq_url(url)) as connection:
        return {str(row[0]): row[1] for row in connection.execute("SELECT id, epoch FROM circle").fetchall()}


def test_after_a_restore_every_circle_has_another_epoch_and_the_platform_knows(
    fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPONDER_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("RESPONDER_DATA_DIR", str(tmp_path))
    empty = CliRunner().invoke(app, ["db", "restored"])
    assert empty.exit_code == 1
    assert "没有响应圈" in empty.output

    ensure_demo(fresh_database_url, tmp_path)
    before = epochs(fresh_database_url)
    done = CliRunner().invoke(app, ["db", "restored"])
    assert done.exit_code == 0, done.output
    after = epochs(fresh_database_url)
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())
    assert "database_restored" in CliRunner().invoke(app, ["audit", "list", "--json"]).output


def test_a_database_of_an_earlier_version_is_brought_up_to_date(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = cluster.create_database("restored_of_before")
    try:
        engine = create_engine(driver_url(url), poolclass=NullPool)
        with engine.begin() as connection:
            migrate(connection, to="0013")
            connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
            connection.execute(
                text(
                    "INSERT INTO circle (id, name, name_en, centre, limit_s, illustrative, epoch)"
                    " VALUES (gen_random_uuid(), 'x', '', ST_Point(112, 28, 4326), 900, false, 'before')"
                )
            )
        monkeypatch.setenv("RESPONDER_DATABASE_URL", url)
        monkeypatch.setenv("RESPONDER_DATA_DIR", str(tmp_path))
        done = CliRunner().invoke(app, ["db", "restored"])
        assert done.exit_code == 0, done.output
        assert "before" not in epochs(url).values()
        with engine.begin() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == max(
                migrations()
            )
    finally:
        cluster.drop_database("restored_of_before")


def test_the_password_of_accounts_that_are_there_is_not_made_up_again(
    fresh_database_url: str, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    ensure_demo(fresh_database_url, old)
    password = demo_password_that_fits(fresh_database_url, old)
    assert password is not None

    # The folder is another one, as after a restore.
    new.mkdir()
    ensure_demo(fresh_database_url, new)
    assert demo_password_that_fits(fresh_database_url, new) is None
    assert not (new / PASSWORD_FILE).exists()
    with pytest.raises(CommandError, match=PASSWORD_FILE):
        require_demo_password(None, new)

    # And one that had accounts of its own.
    (new / PASSWORD_FILE).write_text("of-another-database\n", encoding="ascii")
    assert demo_password_that_fits(fresh_database_url, new) is None
    (new / PASSWORD_FILE).write_bytes((old / PASSWORD_FILE).read_bytes())
    assert demo_password_that_fits(fresh_database_url, new) == password
