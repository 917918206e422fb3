"""Which roads matter most, and how people move, on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from responder.cli.commands import app
from responder.demo.demo_circle import demo_accounts
from responder.terminal import console


@pytest.fixture
def narrow() -> Iterator[None]:
    """Give a terminal with room for little."""
    before = console.OUT.width
    console.OUT.width = 80
    yield
    console.OUT.width = before


@pytest.fixture(autouse=True)
def _installation(demo_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESPONDER_DATABASE_URL", demo_database_url)
    monkeypatch.setenv("RESPONDER_DATA_DIR", str(tmp_path))


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, [*words, "--circle", demo_accounts().circle_name])
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output


@pytest.mark.usefixtures("narrow")
def test_the_roads_that_matter_are_listed_whole_on_a_narrow_terminal() -> None:
    said = run("criticality")

    assert "323" in said
    assert "脑科巷南支" in said
    assert "…" not in said


def test_one_building_is_looked_at_alone() -> None:
    said = run("criticality", "--building", "脑科巷7栋", "--everybody")

    assert "车辆和行人都挡" in said
    assert "脑科巷" in said
    assert "0 栋楼" in run("criticality", "--building", "没有的楼", code=1)


def test_what_is_shown_can_be_changed_and_given_back(tmp_path: Path) -> None:
    shown = run("profiles", "show")
    table = yaml.safe_load(shown)
    assert list(table) == ["utc_offset_hours", "sources", "roads", "parked", "barriers", "profiles"]
    assert "默认值" in shown
    table["profiles"]["car"]["clear_width_m"] = 2.4
    file = tmp_path / "profiles.yaml"
    file.write_text(yaml.safe_dump(table, allow_unicode=True), encoding="utf-8")

    run("profiles", "set", str(file))

    again = run("profiles", "show")
    assert yaml.safe_load(again) == table
    assert "命令行" in again
    assert yaml.safe_load(run("profiles", "reset") and run("profiles", "show")) == yaml.safe_load(shown)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("profiles: [", "unreadable_file"),
        ("just words", "unreadable_file"),
        ("profiles: {}", "invalid_profile"),
        ("&a [*a]", "unreadable_file"),
    ],
)
def test_a_file_that_is_no_table_changes_nothing(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "profiles.yaml"
    file.write_text(text, encoding="utf-8")

    assert code in run("profiles", "set", str(file), code=1)

    assert "默认值" in run("profiles", "show")
    assert "unreadable_file" in run("profiles", "set", str(tmp_path / "none.yaml"), code=1)
