"""An installation with the demo circle, and its commands as a person at the machine runs them."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from responder.cli.commands import app
from responder.terminal import console

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Put the log back: what a command sets up writes to a stream that is closed when its test is over."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before, level


@pytest.fixture
def run(demo_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("RESPONDER_DATABASE_URL", demo_database_url)
    monkeypatch.setenv("RESPONDER_DATA_DIR", str(tmp_path))
    # Whatever terminal the tests are run at.
    monkeypatch.setattr(console.OUT, "width", 200)

    def run(*words: str, code: int = 0, stdin: str = "") -> str:
        done = CliRunner().invoke(app, list(words), input=stdin)
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        return done.output

    return run
