"""On the command line: a register read by a mapping, imports as records, and removing them again."""

import re
from collections.abc import Callable
from pathlib import Path

from responder.demo.demo_circle import demo_accounts

CASES = Path(__file__).parent.parent / "services" / "imports"
CIRCLE = ("--circle", demo_accounts().circle_name)
BRIGADE = ("import", "features", "facilities", str(CASES / "hydrants-brigade.geojson"), *CIRCLE)
Run = Callable[..., str]


def import_id(said: str) -> str:
    return re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", said)[0]


def test_a_register_is_read_by_options_and_remembered(run: Run) -> None:
    options = ("--set", "kind=hydrant", "--identity", "消防栓编号", "--column", "name=自编号")
    options += ("--column", "out_of_service=是否停用")
    assert "missing_kind" in run(*BRIGADE, code=1)
    preview = run(*BRIGADE, *options, "--preview")
    assert "6 created" in preview
    assert "nothing was written" in preview
    said = run(*BRIGADE, *options)
    assert "6 created, 0 updated, 0 unchanged, 0 skipped, 3 doubtful" in said
    assert "shares_place" in said
    assert "6 unchanged" in run(*BRIGADE)
    listed = run("import", "list", *CIRCLE)
    assert "hydrants-brigade" in listed
    assert "消防栓编号" in listed

    removed = run("import", "remove", import_id(said), *CIRCLE)
    assert "6 removed" in removed
    assert "already_removed" in run("import", "remove", import_id(said), *CIRCLE, code=1)


def test_a_mapping_may_be_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(
        "fixed: {kind: hydrant}\n"
        "columns: {name: 自编号, out_of_service: 是否停用}\n"
        "values: {out_of_service: {True: yes, False: no}}\n"
        "identity: 消防栓编号\n",
        encoding="utf-8",
    )
    said = run(*BRIGADE, "--source", "消防栓台账", "--mapping", str(file))
    assert "6 created" in said
    assert "消防栓台账" in said
    run("import", "remove", import_id(said), *CIRCLE)
    file.write_text("surprise: 1\n", encoding="utf-8")
    assert "unreadable_file" in run(*BRIGADE, "--mapping", str(file), code=1)
    assert "--value" in run(*BRIGADE, "--value", "kind", code=1)
    assert "no_such_column" in run(*BRIGADE, "--identity", "no_such_column", code=1)


def test_two_files_that_count_from_one_are_four_facilities(run: Run) -> None:
    ids = []
    for name in ("a1-hydrants", "a2-aeds"):
        said = run("import", "features", "facilities", str(CASES / f"{name}.geojson"), *CIRCLE)
        assert "2 created, 0 updated" in said
        ids.append(import_id(said))
    for each in ids:
        assert "2 removed" in run("import", "remove", each, *CIRCLE)


def test_what_is_not_there_is_said(run: Run) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    assert "not_found" in run("import", "remove", unknown, *CIRCLE, code=1)
    assert "not_found" in run("remove", "buildings", unknown, *CIRCLE, code=1)
    assert "buildings" in run("remove", "dragons", unknown, *CIRCLE, code=1)
