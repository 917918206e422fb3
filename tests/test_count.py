"""script/count house counts what it says, in a project made for it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULE = '''"""What it is."""

import os  # why


class Door:
    """A door."""

    text = """two
    lines"""
'''


def git(project: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=project, check=True, capture_output=True)  # noqa: S603, S607


def commit(project: Path, message: str, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", message)


def head(project: Path) -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=project,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    shutil.copytree(ROOT / "script", tmp_path / "script", ignore=shutil.ignore_patterns("__pycache__"))
    commit(tmp_path, "version", {"responder/__init__.py": '__version__ = "1"\n'})
    files = {f"geo/part{number}.py": "" for number in range(12)}
    files |= {"geo/__init__.py": "", "geo/door.py": "class Door:\n    pass\n\n\nclass _Own:\n    pass\n"}
    files |= {"responder/live/door.py": MODULE, "responder/live/other.py": "class _Own:\n    pass\n"}
    commit(tmp_path, "geo: add parts", files)
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own script
        [project / "script" / "count", "house", *arguments],
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


def counted(project: Path, *arguments: str) -> dict[str, str]:
    done = run(project, *arguments)
    assert done.returncode == 0, done.stderr
    return dict(line.split(" ") for line in done.stdout.splitlines())


def keep_suite_figure(project: Path, text: str) -> None:
    (project / "data").mkdir(exist_ok=True)
    (project / "data" / "suite.last").write_text(text)


def replace_suite(project: Path, script: str) -> None:
    test = project / "script" / "test"
    test.write_text(f"#!/usr/bin/env bash\n{script}\n")
    test.chmod(0o755)


def test_the_layout_is_counted(project: Path) -> None:
    commit(project, "tests: add one", {"tests/test_part.py": ""})

    figures = counted(project)

    assert figures == {
        "files_in_largest_folder": "13",
        "files_in_largest_test_folder": "1",
        "duplicate_public_names": "1",
        "noun_files": "0",
        "guard_lines": "4",
        "median_commit_subject": "14",
    }


def test_a_noun_is_counted_by_the_commits_that_name_it(project: Path) -> None:
    tests = {"tests/golden/gate.json": "{}", "static/locales/en.json": "{}", "tests/test_gate.py": ""}
    commit(project, "gate: add the table\n\nWhy.\n\nNoun: gate", {"responder/store/gate.py": "", **tests})
    commit(
        project, "gate: show it\n\nNoun: gate", {"static/js/gate.js": "", "responder/store/gate.py": "# more"}
    )
    commit(project, "geo: say nothing of a gate", {"geo/gate.py": ""})

    assert counted(project)["noun_files"] == "3"


def test_subjects_are_counted_since_a_commit(project: Path) -> None:
    git(project, "tag", "before")
    commit(project, "a: b", {"geo/a.py": ""})
    commit(project, "a: bcd", {"geo/b.py": "", "tests/test_b.py": ""})

    assert counted(project, "--since", "before")["median_commit_subject"] == "5"


def test_the_full_run_of_this_commit_is_printed(project: Path) -> None:
    commit(project, "tests: add one", {"tests/test_part.py": ""})
    keep_suite_figure(project, f"612 {head(project)}\n")

    assert counted(project)["suite_s"] == "612"


@pytest.mark.parametrize("kept", [None, "612 abcdef0\n"], ids=["none", "of another commit"])
def test_without_a_full_run_of_this_commit_its_figure_is_said_to_be_missing(
    project: Path, kept: str | None
) -> None:
    replace_suite(project, f"touch '{project}/ran'")
    commit(project, "tests: add one", {"tests/test_part.py": ""})
    if kept:
        keep_suite_figure(project, kept)

    done = run(project)

    assert done.returncode == 0
    assert "suite_s" not in done.stdout
    assert "no suite_s" in done.stderr
    assert not (project / "ran").exists()


def test_a_missing_figure_is_made_on_request(project: Path) -> None:
    kept = '"$(git rev-parse --short HEAD)" > data/suite.last'
    replace_suite(project, f"cd '{project}'; mkdir -p data; echo 598 {kept}")
    commit(project, "tests: add one", {"tests/test_part.py": ""})
    keep_suite_figure(project, "612 abcdef0\n")

    assert counted(project, "--suite")["suite_s"] == "598"


def test_tests_that_fail_give_no_figure(project: Path) -> None:
    replace_suite(project, "exit 1")
    commit(project, "tests: add one", {"tests/test_part.py": ""})

    done = run(project, "--suite")

    assert done.returncode == 1
    assert "suite_s" not in done.stdout
