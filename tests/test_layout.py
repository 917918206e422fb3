"""Folders that can be taken in at a glance, and one meaning for each class name."""

import importlib.util
from collections import Counter
from pathlib import Path, PurePath
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
MOST_IN_FOLDER = 20


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The figures of script/count house."""
    spec = importlib.util.spec_from_file_location("count_house", ROOT / "script/lib/count_house.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(ROOT)
    return module


@pytest.fixture
def files(counting: ModuleType) -> list[str]:
    return [path for path in counting.git("ls-files") if (ROOT / path).is_file()]


def test_each_public_class_name_is_defined_once(counting: ModuleType, files: list[str]) -> None:
    assert counting.duplicate_public_names(files) == {}


def test_no_folder_of_code_holds_too_many_files(counting: ModuleType, files: list[str]) -> None:
    code = counting.code_files(files, tests=False)
    held = Counter(str(PurePath(path).parent) for path in code)

    assert code
    assert {folder: count for folder, count in held.items() if count > MOST_IN_FOLDER} == {}
