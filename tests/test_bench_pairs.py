"""script/bench --baseline asks two trees in turn, and says how their figures compare."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BENCH = """#!/bin/sh
echo {tree} "$@" >> ../asked
echo about to measure_nothing 3
run=$(grep -c {tree} ../asked)
set -- {values}
shift $((run - 1))
echo "reach_ms $1"
echo "alert_p99_vs_calm 2.5 (2.1 to 2.9)"
{more}
"""


def tree(folder: Path, name: str, values: str, *, more: str = "") -> Path:
    made = folder / name
    (made / "script").mkdir(parents=True)
    bench = made / "script" / "bench"
    bench.write_text(BENCH.format(tree=name, values=values, more=more))
    bench.chmod(0o755)
    return made


def compare(before: Path, now: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, ROOT / "script/lib/bench_pairs.py", "--before", before, "--now", now]
    return subprocess.run(  # noqa: S603 - our own program
        [*program, *arguments], capture_output=True, text=True, check=False
    )


def test_each_figure_is_the_median_of_paired_ratios_asked_there_and_back(tmp_path: Path) -> None:
    before = tree(tmp_path, "before", "10 20 40")
    now = tree(tmp_path, "now", "10 40 240")

    done = compare(before, now, "--pairs", "3", "reach", "--quick")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["reach_ms_vs_before 2.000", "alert_p99_vs_calm_vs_before 1.000"]
    asked = [line.split(" ", 1) for line in (tmp_path / "asked").read_text().splitlines()]
    assert [each for each, _ in asked] == ["before", "now", "now", "before", "before", "now"]
    assert {words for _, words in asked} == {"reach --quick"}


def test_what_cannot_be_compared_is_named(tmp_path: Path) -> None:
    before = tree(tmp_path, "before", "1", more="echo gone_ms 4; echo lost_count 0")
    now = tree(tmp_path, "now", "1", more="echo new_ms 4; echo lost_count 0")

    done = compare(before, now, "--pairs", "1", "reach")

    assert done.returncode == 0, done.stderr
    assert "gone_ms" in done.stderr
    assert "new_ms" in done.stderr
    assert "lost_count is zero" in done.stderr
    assert not {"gone_ms", "new_ms", "lost_count"} & set(done.stdout.replace("_vs_before", "").split())


def test_a_run_that_fails_ends_it_and_shows_why(tmp_path: Path) -> None:
    before = tree(tmp_path, "before", "1")
    now = tree(tmp_path, "now", "1", more="echo the reason; exit 3")

    done = compare(before, now, "--pairs", "2", "reach")

    assert done.returncode == 1
    assert "the reason" in done.stderr
    assert "_vs_before" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--baseline", "no-such-commit"], "no-such-commit"),
        (["--baseline"], "--baseline needs a value"),
        (["--baseline", "HEAD", "--pairs", "0"], "--pairs"),
    ],
)
def test_a_baseline_that_is_none_is_refused_before_anything_is_installed(
    arguments: list[str], words: str
) -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [ROOT / "script" / "bench", "reach", *arguments],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1
    assert words in done.stderr
    assert done.stdout == ""
