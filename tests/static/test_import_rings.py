"""The page's modules import downwards only: from folder to folder in one order, and never round in a ring."""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

LAYERS = (
    (".", "replay"),
    ("ui/shell",),
    ("ui/drills", "ui/registers"),
    ("ui/drills/calibration",),
    ("ui/drills/follow-up", "ui/drills/rehearsal", "ui/drills/run", "ui/registers/hazards", "ui/registers/households", "ui/registers/pact", "ui/registers/reports", "ui/registers/roll-call"),
    ("ui/accounts", "ui/channels", "ui/imports", "ui/map"),
    ("ui/incident", "ui/reach"),
    ("ui/ladder",),
    ("ui/components",),
    ("map",),
    ("actions/accounts", "actions/channels", "actions/drills", "actions/incident", "actions/reach", "actions/registers"),
    ("actions/map", "actions/photos"),
    ("live",),
    ("state/drills", "state/registers"),
    ("state",),
    ("state/things",),
    ("lib",),
    ("types",),
)
"""Highest first. Folders in one line do not import each other."""
MOST_IN_FOLDER = 20
STATICALLY = re.compile(r"""(?:\bfrom|^import)\s*["'](\.{1,2}/[^"'\n]+\.js)["']""", re.MULTILINE)
NAMED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"'\n]+)["']""")


@pytest.fixture(scope="module")
def imports(static: Path) -> dict[str, set[str]]:
    """What each module imports, types too; both as paths below `static/js`."""
    root = static / "js"
    found = {}
    for path in sorted([*root.rglob("*.js"), *root.rglob("*.d.ts")]):
        own = str(path.relative_to(root))
        named = (normpath(join(dirname(own), each)) for each in NAMED.findall(path.read_text()) if not each.endswith(".json"))
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


def test_elements_that_come_later_are_drawn_only_once_they_are_here(static: Path) -> None:
    """An element that is drawn before it is defined begins its life without its values."""
    root = static / "js"
    first: set[str] = set()
    due = ["main.js"]
    while due:
        path = due.pop()
        if path in first:
            continue
        first.add(path)
        named = STATICALLY.findall((root / path).read_text())
        due.extend(normpath(join(dirname(path), each)) for each in named)
    texts = {path: (root / path).read_text() for path in first}
    defined = {name for text in texts.values() for name in re.findall(r'customElements\.define\("([\w-]+)"', text)}
    drawn = {
        path: later for path, text in texts.items() if (later := set(re.findall(r"<(er-[\w-]+)", text)) - defined)
    }

    assert len(first) < len(list(root.rglob("*.js")))
    assert drawn
    assert [path for path in drawn if not re.search(r'screens\(\)|screens === "here"', texts[path])] == []
