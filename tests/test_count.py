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


def counted(project: Path, *arguments: str) -> dict[str, str]:
    done = subprocess.run(  # noqa: S603 - our own script
        [project / "script" / "count", "house", *arguments],
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(line.split(" ") for line in done.stdout.splitlines())


def test_the_layout_is_counted(project: Path) -> None:
    commit(project, "tests: add one", {"tests/test_part.py": ""})

    figures = counted(project, "--no-suite")

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

    assert counted(project, "--no-suite")["noun_files"] == "3"


def test_subjects_are_counted_since_a_commit(project: Path) -> None:
    git(project, "tag", "before")
    commit(project, "a: b", {"geo/a.py": ""})
    commit(project, "a: bcd", {"geo/b.py": "", "tests/test_b.py": ""})

    assert counted(project, "--no-suite", "--since", "before")["median_commit_subject"] == "5"


def test_the_last_full_run_of_the_tests_is_told(project: Path) -> None:
    commit(project, "tests: add one", {"tests/test_part.py": ""})
    (project / "data").mkdir()
    (project / "data" / "suite.last").write_text("612 abcdef0\n")

    assert counted(project)["suite_s"] == "612"
