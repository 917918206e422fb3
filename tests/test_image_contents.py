"""The image leaves parts of libraries out: nothing here may import them."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def left_out() -> set[str]:
    """Return the modules that `docker/trim_venv.sh` removes by name."""
    script = (ROOT / "docker" / "trim_venv.sh").read_text(encoding="utf-8").replace("\\\n", " ")
    [parts] = re.findall(r"^for part in (.+?); do$", script, re.MULTILINE | re.DOTALL)
    named = re.findall(r"^rm -rf (.+)$", script, re.MULTILINE)
    return {
        *(f"scipy.{part}" for part in parts.split()),
        *(path.replace("/", ".") for line in named for path in line.split()),
    }


def imported(path: Path) -> set[str]:
    """Return the modules that a source imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def test_nothing_that_the_image_leaves_out_is_imported() -> None:
    gone = left_out()
    assert {"scipy.stats", "scipy.spatial", "numba.cuda", "sqlalchemy.testing"} <= gone
    sources = [path for folder in ("geo", "responder") for path in (ROOT / folder).rglob("*.py")]
    assert len(sources) > 100
    missing = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources
        for name in imported(path)
        if any(name == part or name.startswith(f"{part}.") for part in gone)
    }
    assert not missing
