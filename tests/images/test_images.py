"""Both images of docker-compose.yml: small, read-only where they run, and as fast at once as later."""

import re
from pathlib import Path
from statistics import median

import pytest

from tests.images.rig.first_alert import first_and_second
from tests.images.rig.installation import Installation

IMAGE_VENV_MIB = 500
FIRST_OVER_SECOND = 1.5
STARTS = 3
TMP = "/tmp"  # noqa: S108 - in the container
ONLY_FOR_BUILDING = re.compile(
    r"(/tests?/.*\.pyc?|\.(a|h|hpp|c|cpp|pxd|pyx|pyi)|/(gcc|cc|ld|as|strip|pip|pip3|npm|node))$"
)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def test_nothing_that_only_building_needs_is_in_the_application(installation: Installation) -> None:
    root = installation.application.image.root
    kept = [*files(root / "opt" / "venv"), *files(root / "app")]
    assert kept
    assert [path for path in kept if ONLY_FOR_BUILDING.search(str(path))] == []
    assert list((root / "build").glob("*")) == []
    assert list((root / "root" / ".cache").glob("*")) == []


def test_the_environment_is_small(installation: Installation) -> None:
    size_mib = installation.image_venv_mib()
    assert size_mib <= IMAGE_VENV_MIB, f"{size_mib:.0f} MiB"


@pytest.mark.parametrize("folder", ["/app", "/opt/venv", "/var", "/nonexistent", "/root"])
def test_the_processes_can_write_nowhere_but_in_tmp(installation: Installation, folder: str) -> None:
    writes = f"import pathlib; pathlib.Path({folder!r}, 'file').write_text('x')"
    with pytest.raises(RuntimeError, match=r"Read-only|No such file|Permission denied"):
        installation.application.run("python", "-c", writes, entrypoint=False)
    installation.application.run("python", "-c", writes.replace(folder, TMP), entrypoint=False)


def test_an_exercise_arrives_at_everyone(installation: Installation) -> None:
    """The command's own check: exit code 0 when everyone who was called has confirmed."""
    installation.application.run("up", "--once")


def test_compiled_code_is_read_and_not_made_again(installation: Installation) -> None:
    """Without a compiler at hand, which is what makes the first alert slow."""
    checks = (
        "import geo.reach.isochrones, numba.core.caching as caching; from geo.jit import Compiled\n"
        "def refuse(*_): raise AssertionError('compiled again')\n"
        "caching.IndexDataCacheFile.save = refuse\n"
        "for function in Compiled.known: function.prepare()\n"
        "assert len(Compiled.known) > 5\n"
        "assert all(sum(f._machine_code.stats.cache_hits.values()) == 1 for f in Compiled.known), "
        "[f._machine_code.stats for f in Compiled.known]\n"
    )
    installation.application.run("python", "-c", checks, entrypoint=False)


async def test_the_first_alert_is_as_fast_as_the_second(installation: Installation) -> None:
    found = [await first_and_second(installation) for _ in range(STARTS)]

    assert all(one.called > 0 for one in found)
    ratio = median(one.alert_ms[0] / one.alert_ms[1] for one in found)
    assert ratio <= FIRST_OVER_SECOND, found
