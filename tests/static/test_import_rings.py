"""The page's modules import downwards only: from folder to folder in one order, and never round in a ring."""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

LAYERS = (
    (".",),
    ("ui/shell",),
    ("ui/accounts", "ui/channels", "ui/imports", "ui/map"),
    ("ui/incident", "ui/reach"),
    ("ui/ladder",),
    ("ui/components",),
    ("map",),
    ("actions/accounts", "actions/channels", "actions/incident", "actions/reach"),
    ("actions/map",),
    ("live",),
    ("state",),
    ("lib",),
    ("types",),
)
"""Highest first. Folders in one line do not import each other."""
MOST_IN_FOLDER = 20
NAMED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"'\n]+)["']""")


@pytest.fixture(scope="module")
def imports(static: Path) -> dict[str, set[str]]:
    """What each module imports, types too; both as paths below `static/js`."""
    root = static / "js"
    found = {}
    for path in sorted([*root.rglob("*.js"), *root.rglob("*.d.ts")]):
        own = str(path.relative_to(root))
        named = (normpath(join(dirname(own), each)) for each in NAMED.findall(path.read_text()))
        found[own] = {
            each if (root / each).is_file() else f"{each.removesuffix('.js')}.d.ts" for each in named
        }
    return found


def test_every_import_leads_to_a_module(imports: dict[str, set[str]]) -> None:
    assert sum(map(len, imports.values())) > len(imports)
    assert sorted(set().union(*imports.values()) - set(imports)) == []


def test_no_module_imports_itself_through_others(imports: dict[str, set[str]]) -> None:
    try:
        tuple(TopologicalSorter(imports).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_folders_import_only_what_lies_below_them(imports: dict[str, set[str]]) -> None:
    floor = {folder: number for number, folders in enumerate(LAYERS) for folder in folders}
    folders = {dirname(path) or "." for path in imports}

    upward = [
        f"{path} imports {other}"
        for path, others in imports.items()
        for other in others
        if (here := dirname(path) or ".") != (there := dirname(other) or ".") and floor[there] <= floor[here]
    ]

    assert folders == set(floor)
    assert sorted(upward) == []


def test_no_folder_holds_too_many_modules(imports: dict[str, set[str]]) -> None:
    held = [dirname(path) or "." for path in imports]

    assert {each: held.count(each) for each in held if held.count(each) > MOST_IN_FOLDER} == {}
