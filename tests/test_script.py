"""The commands in script/: what they say when something is missing, and that they do nothing twice."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

ROOT = Path(__file__).parents[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a project folder that has the scripts and two locks, and nothing installed."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text(f"# {lock}\n")
    return tmp_path


def run(project: Path, commands: str, *, language: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    """Run shell commands with the scripts' functions at hand; `apt` and root are out of reach."""
    unprivileged = "can_install() { false; }; as_root() { echo asked for root: $*; false; }; "
    prelude = f"set -euo pipefail; source script/lib/start.sh; {unprivileged}"
    return subprocess.run(  # noqa: S603 - commands of the tests below
        ["/bin/bash", "-c", prelude + commands],
        cwd=project,
        env={"PATH": os.environ["PATH"], "HOME": str(project), "LC_ALL": language},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("C.UTF-8", "PostGIS is missing"), ("zh_CN.UTF-8", "缺少 PostGIS")],
)
def test_without_postgis_and_the_means_to_install_it_the_ways_out_are_named(
    copy: Path, language: str, words: str
) -> None:
    done = run(copy, "postgis_majors() { :; }; ensure_postgis; echo went on", language=language)

    assert done.returncode == 1
    assert words in done.stderr
    assert "apt-get install postgresql-postgis" in done.stderr
    assert "docker compose up" in done.stderr
    assert "went on" not in done.stdout


def test_with_postgis_installed_root_is_not_needed(copy: Path) -> None:
    done = run(copy, "postgis_majors() { echo 15; }; ensure_postgis")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_only_tests_need_is_done_without(copy: Path) -> None:
    (copy / ".venv").mkdir()
    done = run(copy, "install_if_possible no-such-package; echo went on")

    assert done.stdout.endswith("went on\n")
    assert "no-such-package" in done.stderr


@pytest.mark.parametrize(
    ("stamps", "installs"),
    [
        ({}, True),
        ({".installed-run": "requirements.lock"}, False),
        ({".installed-dev": "requirements-dev.lock"}, False),
        ({".installed-run": "requirements-dev.lock"}, True),
    ],
)
def test_packages_are_installed_once_for_each_lock(
    copy: Path, stamps: dict[str, str], *, installs: bool
) -> None:
    (copy / ".venv").mkdir()
    for stamp, lock in stamps.items():
        digest = hashlib.sha256((copy / lock).read_bytes()).hexdigest()
        (copy / ".venv" / stamp).write_text(digest + "\n")

    quietly = "ensure_venv() { :; }; ensure_importable() { :; }; ensure_compiled() { :; }; "
    done = run(copy, quietly + "install_locked() { echo installing; }; ensure_python run")
    again = run(copy, quietly + "install_locked() { false; }; ensure_python run")

    assert done.returncode == 0, done.stderr
    assert ("Installing the Python packages" in done.stderr) is installs
    assert again.returncode == 0, "a second run must install nothing"


def test_the_search_is_compiled_once_for_each_of_its_sources(copy: Path) -> None:
    (copy / "geo" / "search").mkdir(parents=True)
    source = copy / "geo" / "search" / "dijkstra.py"
    python = copy / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@" >> compiled\n')
    python.chmod(0o755)

    for words, times in (("first", 1), ("first", 1), ("second", 2)):
        source.write_text(f"# {words}\n")
        done = run(copy, "ensure_compiled")
        assert done.returncode == 0, done.stderr
        assert (copy / "compiled").read_text().splitlines() == ["-m geo"] * times


def test_the_page_is_installed_and_built_only_when_something_has_changed(copy: Path) -> None:
    (copy / "static" / "node_modules").mkdir(parents=True)
    lock = copy / "static" / "package-lock.json"
    tools = (
        "ensure_node() { :; }; npm_ci() { echo npm $* >> done; }; "
        # As build.js: --check fails as long as what was built is of other sources.
        'node() { if [ "${2:-}" = --check ]; then cmp -s built source; '
        "else echo build >> done; cp source built; fi; }; "
    )
    for locked, source, done in (
        ("one", "one", ["npm --omit=dev", "build"]),
        ("one", "one", []),
        ("one", "two", ["build"]),
        ("two", "two", ["npm --omit=dev"]),
    ):
        lock.write_text(locked)
        (copy / "source").write_text(source)
        (copy / "done").write_text("")
        ran = run(copy, tools + "ensure_static run")
        assert ran.returncode == 0, ran.stderr
        assert (copy / "done").read_text().splitlines() == done


def test_a_step_that_fails_shows_the_end_of_its_log_and_stops_everything(copy: Path) -> None:
    done = run(copy, "step 做 Doing bash -c 'echo the reason; exit 3'; echo went on")

    assert done.returncode == 1
    assert "the reason" in done.stderr
    assert "Failed: Doing" in done.stderr
    assert "went on" not in done.stdout


def test_a_benchmark_that_is_not_there_is_answered_with_those_that_are(copy: Path) -> None:
    (copy / "benchmarks").mkdir()
    (copy / "benchmarks" / "reach.py").touch()
    done = subprocess.run(  # noqa: S603 - our own script
        [copy / "script" / "bench", "no-such"],
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "reach" in done.stderr


@pytest.mark.parametrize("name", ["up", "test", "check", "bench", "count"])
@pytest.mark.parametrize("words", [["--help"], ["-h"]])
def test_help_is_printed_at_once_and_installs_nothing(copy: Path, name: str, words: list[str]) -> None:
    (copy / "benchmarks").mkdir()
    before = sorted(copy.rglob("*"))
    done = subprocess.run(  # noqa: S603 - our own script
        [copy / "script" / name, *words],
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert f"script/{name}" in done.stdout
    assert sorted(copy.rglob("*")) == before


def test_the_help_of_up_names_every_option() -> None:
    from responder.cli.commands import app  # noqa: PLC0415 - the other tests need no project

    [up] = [command for command in get_command(app).commands.items() if command[0] == "up"]  # type: ignore[attr-defined]
    options = {name for parameter in up[1].params for name in (*parameter.opts, *parameter.secondary_opts)}
    done = subprocess.run([ROOT / "script" / "up", "-h"], capture_output=True, text=True, check=True)  # noqa: S603 - our own script

    assert {word.strip(",") for word in done.stdout.split() if word.startswith("--")} == options | {"--help"}
