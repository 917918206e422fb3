"""How a file is read, as options and a small file say it."""

from pathlib import Path

import pytest

from geo.errors import UnreadableFileError
from responder.cli.import_mapping import MOST_BYTES, mapping_said
from responder.domain.map.feature_import import ImportMapping
from responder.terminal.console import CommandError


def said(
    file: Path | None = None,
    *,
    fixed: list[str] | None = None,
    columns: list[str] | None = None,
    values: list[str] | None = None,
    identity: str | None = None,
) -> ImportMapping | None:
    return mapping_said(file, fixed=fixed, columns=columns, values=values, identity=identity)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mapping.yaml"


def test_options_are_added_to_the_file_and_come_before_it(file: Path) -> None:
    file.write_text(
        "fixed: {kind: hydrant, name: x}\ncolumns: {name: 自编号}\n"
        "values: {kind: {6001: hydrant}}\nidentity: 消防栓编号\n",
        encoding="utf-8",
    )
    assert said(file) == ImportMapping(
        fixed={"kind": "hydrant", "name": "x"},
        columns={"name": "自编号"},
        values={"kind": {"6001": "hydrant"}},
        identity="消防栓编号",
    )
    assert said(
        file,
        fixed=["kind=aed"],
        columns=["name = 名称", "note=a=b"],
        values=["kind:6002=aed", "on_duty:是=yes"],
        identity="id",
    ) == ImportMapping(
        fixed={"kind": "aed", "name": "x"},
        columns={"name": "名称", "note": "a=b"},
        values={"kind": {"6001": "hydrant", "6002": "aed"}, "on_duty": {"是": "yes"}},
        identity="id",
    )


def test_when_nothing_is_said_the_mapping_that_is_kept_is_used_and_an_empty_file_replaces_it(
    file: Path,
) -> None:
    assert said() is None
    file.write_text("fixed:\n", encoding="utf-8")
    assert said(file) == ImportMapping()


@pytest.mark.parametrize(
    "text",
    [
        "surprise: 1",
        "- fixed",
        "fixed: {kind: [hydrant]}",
        "columns: name",
        "values: {kind: hydrant}",
        "values: [kind]",
        "identity: [id]",
        "fixed: {kind",
        "identity: id\n#" + "x" * MOST_BYTES,
        "[" * 5000,
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_mapping_is_refused(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        said(file)


@pytest.mark.parametrize(
    "option", [{"fixed": ["kind"]}, {"columns": ["=x"]}, {"values": ["kind"]}, {"values": ["kind=x"]}]
)
def test_an_option_without_its_signs_is_refused(option: dict[str, list[str]]) -> None:
    with pytest.raises(CommandError):
        said(**option)  # type: ignore[arg-type]
