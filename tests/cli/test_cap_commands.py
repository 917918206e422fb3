"""`responder cap check`: plain words in both languages, and an exit code."""

import io
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from responder.cli import cap
from responder.cli.commands import app
from responder.ports.clock import SystemClock
from tests.exchange.messages import alert_text, area_text, cap_text, feed_text, info_text

OPEN = area_text(polygon="28.1,112.9 28.1,113 28.2,113 28.2,112.9")


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["cap", "check", *words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "warning.cap"


def test_a_sound_file_is_said_to_be_sound(file: Path) -> None:
    file.write_text(cap_text(), encoding="utf-8")
    said = run(str(file))
    assert "x-1 · Alert · Actual · 脑科巷火灾" in said
    assert "1 条消息没有错误" in said
    assert "without errors" in said


def test_a_fault_is_said_in_both_languages_with_its_code_and_place(file: Path) -> None:
    file.write_text(feed_text(alert_text(), alert_text(identifier="x-2", infos=info_text(area=OPEN))))
    said = run(str(file), code=1)
    assert "错误 error [polygon_open] info[1]/area[1]/polygon[1]" in said
    assert "多边形没有闭合" in said
    assert "The polygon is open" in said
    assert "2 条消息中有 1 条有错误" in said


def test_a_warning_is_said_and_is_no_error(file: Path) -> None:
    file.write_text(cap_text(infos=info_text(expires=None)), encoding="utf-8")
    assert "注意 warning [expires_missing]" in run(str(file))


def test_what_is_no_cap_is_said_to_be_none(file: Path) -> None:
    file.write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert "[doctype_refused]" in run(str(file), code=1)
    file.write_bytes(b"\xff")
    assert "[not_xml]" in run(str(file), code=1)
    file.write_text("<feed/>")
    assert "[no_message]" in run(str(file), code=1)


def test_markup_in_a_file_is_shown_as_it_is(file: Path) -> None:
    file.write_text(cap_text(infos=info_text(headline="[bold red]x[/nothing]")), encoding="utf-8")
    assert "[bold red]x[/nothing]" in run(str(file))


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(cap_text().encode())))
    assert cap.check_file(Path("-"), now=SystemClock().now()) == 0


def test_a_file_that_is_not_there_is_said_to_be_missing(file: Path) -> None:
    done = CliRunner().invoke(app, ["cap", "check", str(file)])
    assert done.exit_code == 1
