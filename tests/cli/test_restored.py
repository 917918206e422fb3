"""An installation whose database came from a backup, beside another data folder."""

from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from responder.cli.commands import app
from responder.cli.console import CommandError
from responder.cli.demo_circle import demo_password_that_fits, ensure_demo, require_demo_password
from responder.cli.place import PASSWORD_FILE
from responder.store.standing import libpq_url


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


def test_the_password_of_accounts_that_are_there_is_not_made_up_anew(
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
