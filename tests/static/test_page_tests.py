"""The page's own tests, under Node's runner."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


def test_the_pages_own_tests_pass(node: Callable[..., str], static: Path) -> None:
    files = sorted(str(path.relative_to(static)) for path in (static / "tests").glob("*.test.js"))

    report = node("--test", *files)

    assert "# fail 0" in report or "ℹ fail 0" in report


@pytest.mark.parametrize("command", [["tsc", "--noEmit"], ["eslint", "."]], ids=["types", "lint"])
def test_types_and_lint_hold(static: Path, command: list[str]) -> None:
    tool = static / "node_modules" / ".bin" / command[0]
    if not tool.exists() or shutil.which("node") is None:
        pytest.skip("the page's tools are not installed")

    done = subprocess.run(  # noqa: S603 - our own tools
        [tool, *command[1:]], cwd=static, capture_output=True, text=True, check=False, env=dict(os.environ)
    )

    assert done.returncode == 0, done.stdout + done.stderr
