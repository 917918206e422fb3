"""What a command says when the database wants something of its administrator."""

import pytest
import typer
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from responder.store.database import driver_url
from responder.terminal.console import explained

REFUSAL = "DO $$ BEGIN RAISE EXCEPTION 'a role is missing' USING HINT = 'CREATE ROLE it'; END $$"


def test_a_migration_that_needs_the_administrator_says_what_to_do(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine(driver_url(database_url), poolclass=NullPool)
    with pytest.raises(typer.Exit), explained(), engine.begin() as connection:
        connection.execute(text(REFUSAL))
    said = capsys.readouterr().err
    assert "a role is missing" in said
    assert "CREATE ROLE it" in said
    assert "Traceback" not in said
