"""Node.js, where there is one."""

import shutil
import subprocess
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "static"


def run_node(*arguments: str, stdin: str = "") -> str:
    """Run Node.js in the page's folder and return what it printed; without Node.js the test is skipped."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node.js is not installed")
    done = subprocess.run(  # noqa: S603 - our own files
        [found, *arguments], cwd=STATIC, input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
