"""Documents name files, symbols and terms that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRIBUTING = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
PATH = re.compile(r"`((?:[\w.<>-]+/)+[\w.<>-]*)`")
SYMBOL = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|js))` `(\w+)`")
ROW = re.compile(r"^\| (?P<term>.+?) \| .+? \| (?P<code>.+?) \| .+ \|$", re.MULTILINE)


@cache
def defined(path: Path) -> frozenset[str]:
    """Return the names that a Python or JavaScript file defines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        return frozenset(re.findall(r"^export (?:async )?(?:function|const|class) (\w+)", text, re.MULTILINE))
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
    return frozenset(names)


@pytest.mark.parametrize("named", sorted(set(PATH.findall(CONTRIBUTING))))
def test_every_path_in_contributing_exists(named: str) -> None:
    assert list(ROOT.glob(re.sub(r"<\w+>", "*", named).rstrip("/"))), named


@pytest.mark.parametrize(("path", "symbol"), sorted(set(SYMBOL.findall(CONTRIBUTING))))
def test_every_symbol_in_contributing_is_defined_in_its_file(path: str, symbol: str) -> None:
    assert symbol in defined(ROOT / path)


def test_the_paths_are_read_out() -> None:
    """The patterns above still fit the document."""
    assert len(set(PATH.findall(CONTRIBUTING))) > 50
    assert len(set(SYMBOL.findall(CONTRIBUTING))) >= 10


def test_every_name_in_the_glossary_exists() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    modules = [path for folder in ("responder", "geo") for path in (ROOT / folder).rglob("*.py")]
    known = frozenset[str]().union(*map(defined, modules))

    rows = [row for row in ROW.finditer(glossary) if row["term"] != "term" and set(row["term"]) != {"-"}]
    named = {row["term"]: re.findall(r"`(\w+)`", row["code"]) for row in rows}
    assert len(named) > 80
    assert [term for term, names in named.items() if not names] == []
    assert {term: missing for term, names in named.items() if (missing := set(names) - known)} == {}
