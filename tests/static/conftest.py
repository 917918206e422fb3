"""Node.js, where there is one, and the page's files."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.node import STATIC, run_node


@pytest.fixture(scope="session")
def static() -> Path:
    """Folder of the page."""
    return STATIC


@pytest.fixture(scope="session")
def node() -> Callable[..., str]:
    """Run Node.js in the page's folder and give what it printed."""
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed")
    return run_node


@pytest.fixture(scope="session")
def built(static: Path, node: Callable[..., str]) -> Path:
    """Folder of what is served, built of the sources as they are now."""
    if not (static / "node_modules" / "esbuild").is_dir():
        pytest.skip("the page's libraries are not installed: script/check installs them")
    node("build.js")
    return static / "dist"


@pytest.fixture(scope="session")
def words(static: Path) -> dict[str, dict[str, str]]:
    """Words by language, those of parts that are loaded later included."""
    locales = static / "locales"
    return {
        path.stem: {
            key: text
            for part in (path, *sorted(locales.glob(f"*/{path.name}")))
            for key, text in json.loads(part.read_text()).items()
        }
        for path in sorted(locales.glob("*.json"))
    }


@pytest.fixture(scope="session")
def scripts(static: Path) -> dict[str, str]:
    """Every script of ours, by path."""
    return {str(path.relative_to(static)): path.read_text() for path in sorted((static / "js").rglob("*.js"))}
