"""A process may open as many files as the system lets it, and says so when these are few."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import resource
from responder.terminal.logs import log_as
from responder.runtime.open_files import allow_all_files
log_as("serve")
print(allow_all_files(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""
_, HARD = resource.getrlimit(resource.RLIMIT_NOFILE)


def run(soft: int, hard: int) -> tuple[list[int], str]:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)),
    )
    return [int(word) for word in done.stdout.split()], done.stderr


@pytest.mark.skipif(HARD < 4200, reason="this machine allows few files")
def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    (left, soft, hard), said = run(1024, HARD)
    assert soft == hard == HARD
    assert HARD - 100 < left < HARD
    assert said == ""


def test_few_files_are_said_in_the_log() -> None:
    (left, soft, _), said = run(512, 1024)
    assert soft == 1024
    assert 900 < left < 1024
    assert f"few_open_files left={left}" in said
    assert len(said.splitlines()) == 1
