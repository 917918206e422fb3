"""All lines of a process's log have one form, and no input can forge a line."""

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from responder.terminal import logs

ROOT = Path(__file__).parents[2]
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR|CRITICAL) (up|serve|live) [\w.]+: \S.*"
)
PROGRAM = """
import logging, warnings
import structlog
from responder.terminal.logs import log_as, log_events

log_as("live")
log_events()
events = structlog.get_logger("responder.live.gateway")
events.info("alert_dispatched", exercise=True, rate="9%s", recipients=["a", "b"], note='two words, "one" =')
events.debug("not_worth_it")
logging.getLogger("responder.api").info("sign_in_failed name=%s", "x\\n2026-11-28 INFO live forged: y")
logging.getLogger("uvicorn.error").warning("from the server")
logging.getLogger("nats.aio.client").info("too much")
warnings.warn("from Python")
try:
    1 / 0
except ZeroDivisionError:
    events.exception("a_round_failed")
"""


def test_every_line_has_one_form() -> None:
    done = subprocess.run(  # noqa: S603 - our own program above
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said, _, trace = done.stderr.partition("Traceback")
    lines = said.splitlines()
    assert done.stdout == ""
    assert "ZeroDivisionError" in trace
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    words = [line.split(" ", 3)[3] for line in lines]
    assert words[0] == (
        "responder.live.gateway: alert_dispatched exercise=true rate=9%s recipients=a,b"
        ' note="two words, \\"one\\" ="'
    )
    assert words[1].startswith("responder.api: sign_in_failed name=x\\n2026")
    assert words[2] == "uvicorn.error: from the server"
    assert words[3].startswith("py.warnings: ")
    assert words[4] == "responder.live.gateway: a_round_failed"
    assert len(words) == 5


def test_a_process_that_logs_by_another_name_counts_each_warning_once() -> None:
    program = """
import logging
from responder.terminal.logs import log_as

log_as("spare")
logging.getLogger("uvicorn.error").warning("no HTTP")
log_as("serve")
assert len(logging.getLogger("uvicorn.error").filters) == 1
logging.getLogger("uvicorn.error").warning("no HTTP")
logging.getLogger("uvicorn.error").error("broken")
"""
    done = subprocess.run(  # noqa: S603 - our own program above
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    words = [line.split(" ", 1)[1] for line in done.stderr.splitlines()]
    assert words == ["WARNING spare uvicorn.error: no HTTP", "ERROR serve uvicorn.error: broken"]


def test_a_warning_that_clients_cause_is_written_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 1000.0
    monkeypatch.setattr(logs.time, "monotonic", lambda: now_s)
    seldom = logs.OnceAMinute()

    def said(level: int, message: str) -> str | None:
        record = logging.LogRecord("x", level, "x.py", 1, message, (), None)
        return record.getMessage() if seldom.filter(record) else None

    assert [said(logging.WARNING, "no HTTP") for _ in range(3)] == ["no HTTP", None, None]
    assert said(logging.WARNING, "other") == "other"
    assert [said(logging.ERROR, "broken") for _ in range(2)] == ["broken", "broken"]
    now_s += 61.0
    assert said(logging.WARNING, "no HTTP") == "no HTTP (2 more like it before)"
    now_s += 61.0
    assert said(logging.WARNING, "no HTTP") == "no HTTP"
