"""What stands in the cells of a sheet of injects, and what is said of each that is wrong."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from responder.domain.drills.plan import InjectKind, WaitKind, WaitsFor
from responder.exchange.drill_columns import Column, column_of
from tests.exchange.drill_books import (
    HEADINGS,
    PARTNERS,
    PLAN,
    UNITS,
    book,
    read,
    told,
    with_part,
    with_shared_texts,
)

ROW = (1, "0:30", "消息", "x")


A_MORNING = datetime(2026, 3, 5, 8)  # noqa: DTZ001 - Excel knows no zones


def cell(at: str, value: object, number_format: str | None = None) -> Callable[[Any], None]:
    """Return what puts a value into a cell."""

    def put(sheet: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        sheet[at] = value
        if number_format is not None:
            sheet[at].number_format = number_format

    return put


@pytest.mark.parametrize(
    ("value", "number_format", "seconds"),
    [
        ("12:30", None, 750),
        ("1:02:30", None, 3750),
        ("T+12：30", None, 750),
        ("+0:05", None, 5),
        ("90", None, 90),
        ("90 秒", None, 90),
        ("2分30秒", None, 150),
        (90, None, 90),
        (90.5, None, 90.5),
        (time(0, 12, 30), "h:mm:ss", 750),
        (timedelta(minutes=12, seconds=30), "[mm]:ss", 750),
        (timedelta(hours=11), "[h]:mm:ss", 39_600),
        # What Excel makes of 12:30, 1:05 and 25:00 when a person types them.
        (time(12, 30), "h:mm", 750),
        (time(1, 5), "h:mm", 65),
        (25 / 24, "h:mm", 1500),
        ("-1:00", None, -60),
        (-60, None, -60),
        (-0.5, "h:mm:ss", -43_200),
        (1e300, None, 1e300),
        ("99999999999999999999:00", None, 5999999999999999999940.0),
    ],
)
def test_a_time_is_read_in_every_form(
    value: object, number_format: str | None, seconds: float, tmp_path: Path
) -> None:
    found = read(book([ROW], then=cell("B2", value, number_format)), tmp_path)
    assert [inject.after_s for inject in found.injects] == [seconds]
    assert told(found) == set()
    is_said = ("time_as_minutes", 2, "after_s") in told(found, errors_only=False)
    assert is_said == (number_format == "h:mm")


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        ("2026-03-05 08:00", None, "time_is_date"),
        ("2026年3月5日", None, "time_is_date"),
        ("3/5/2026", None, "time_is_date"),
        (A_MORNING, None, "time_is_date"),
        (date(2026, 3, 5), None, "time_is_date"),
        ("12:75", None, "time_unreadable"),
        ("1:75:00", None, "time_unreadable"),
        ("soon", None, "time_unreadable"),
        ("T+", None, "time_unreadable"),
        (0.0086805, "General", "time_unreadable"),
        (True, None, "time_unreadable"),
        (1e300, "h:mm", "cell_error"),
        (None, None, "time_missing"),
        ("  ", None, "time_missing"),
    ],
)
def test_what_is_no_time_is_told_with_its_cell(
    value: object, number_format: str | None, code: str, tmp_path: Path
) -> None:
    found = read(book([ROW], then=cell("B2", value, number_format)), tmp_path)
    assert told(found) == {(code, 2, "after_s")}


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("序号", None, "number_missing"),
        ("序号", 1.5, "number_unreadable"),
        ("序号", "一", "number_unreadable"),
        ("类型", None, "kind_missing"),
        ("类型", "地震", "kind_unknown"),
        ("内容", date(2026, 3, 5), "text_is_date"),
        ("发给", "锦绣物业；没有的单位", "partner_unknown"),
        ("演练目标", "没有的目标", "objective_unknown"),
        ("等待", "天黑", "wait_unreadable"),
        ("等待", "目标 没有的目标", "objective_unknown"),
        ("等待", "注入 三", "wait_unreadable"),
        ("过期", "soon", "time_unreadable"),
        ("经度", "东边", "lon_unreadable"),
        ("纬度", "nan", "lat_unreadable"),
        ("力量", "9号车", "unit_unknown"),
        ("力量", "巡逻车", "unit_unclear"),
    ],
)
def test_each_wrong_cell_has_its_code(column: str, value: object, code: str, tmp_path: Path) -> None:
    headings = (*HEADINGS, "发给", "演练目标", "等待", "过期", "经度", "纬度", "力量")
    row = dict(zip(headings, ROW, strict=False)) | {column: value}
    found = read(book([[row.get(each) for each in headings]], headings=headings), tmp_path)
    name = column_of(column)
    assert name is not None
    assert told(found) == {(code, 2, name.value)}


def test_words_are_known_in_either_language(tmp_path: Path) -> None:
    headings = ("No.", "Time", "Type", "Message", "Expected action", "To", "Objective", "Waits for")
    headings = (*headings, "Expires", "Lon", "Lat", "Unit")
    rows = [
        (1, "0:30", "casualty", "x", "y", "Jinxiu Property; Hospital", "First", "On Scene", 60, 113, "28.1°"),
        (
            "2",
            5,
            "Unit out",
            "x",
            None,
            "东、西社区",
            "三分钟内到场",
            "objective LANE",
            None,
            None,
            None,
            "engine 1",
        ),
        (3.0, 5, "封路", 119, None, None, None, "注入3"),
    ]
    found = read(book(rows, headings=headings), tmp_path)
    assert found.faults == ()
    first, second, third = found.injects
    assert first.partner_ids == (PARTNERS[0].id, PARTNERS[1].id)
    assert (first.objective, first.waits_for) == ("first", WaitsFor(kind=WaitKind.ON_SCENE))
    assert (first.kind, first.expires_after_s, first.lon, first.lat) == (InjectKind.CASUALTY, 60, 113, 28.1)
    assert second.partner_ids == (PARTNERS[2].id,)
    assert second.waits_for == WaitsFor(kind=WaitKind.OBJECTIVE, objective="lane")
    assert (second.objective, second.unit_id, second.expires_after_s) == ("first", UNITS[0].id, 600)
    assert (third.text, third.waits_for) == ("119", WaitsFor(kind=WaitKind.INJECT, inject=3))
    assert found.rows == {1: 2, 2: 3, 3: 4}


def test_columns_that_are_missing_unknown_or_twice_are_told(tmp_path: Path) -> None:
    headings = ("编号", "内容", "备注", "Content", "发给（单位）")
    found = read(book([(1, "x", "y", "z", None)], headings=headings), tmp_path)
    assert told(found) == {
        ("column_missing", None, "after_s"),
        ("column_missing", None, "kind"),
        ("column_repeated", 1, "text"),
    }
    warned = told(found, errors_only=False)
    assert ("column_unknown", 1, None) in warned
    assert ("column_absent", None, "expected") in warned
    assert ("column_absent", None, "partner_ids") not in warned
    found = read(book([(1, "x")], headings=("甲", "内容")), tmp_path)
    assert told(found) == {("no_heading", None, None)}
    found = read(book([("0:30", "消息", "x")] * 2, headings=HEADINGS[1:]), tmp_path)
    assert told(found) == {("column_missing", None, "number")}


def test_what_the_sheet_has_no_column_for_stays(tmp_path: Path) -> None:
    rows = [(2, "1:00", "封路", "新的内容"), (3, "1:00", "伤员", "x"), (9, "1:00", "封路", "x")]
    lane, hurt, new = read(book(rows), tmp_path).injects
    before = PLAN.injects[1]
    assert (lane.text, lane.closure, lane.objective) == ("新的内容", before.closure, "lane")
    assert (lane.expected, lane.partner_ids) == (before.expected, before.partner_ids)
    assert (hurt.lon, hurt.expires_after_s) == (PLAN.injects[2].lon, 300)
    assert (new.closure, new.expires_after_s) == (None, 600)
    other = read(book([(2, "1:00", "消息", "x"), (3, "1:00", "消息", "x")]), tmp_path).injects
    assert [(each.closure, each.lon) for each in other] == [(None, None)] * 2


def test_a_formula_counts_as_what_was_computed_last(tmp_path: Path) -> None:
    def computed(part: bytes) -> bytes:
        return part.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(b"<v></v>", b"<v>2</v>")

    never = book([("=1+1", "0:30", "消息", "x")])
    assert told(read(never, tmp_path)) == {("formula_without_value", 2, "number")}
    found = read(with_part(never, "xl/worksheets/sheet1.xml", computed), tmp_path)
    assert [inject.number for inject in found.injects] == [2]
    assert ("formula_value", 2, "number") in told(found, errors_only=False)
    assert told(found) == set()
    broken = read(book([ROW], then=cell("D2", "#REF!")), tmp_path)
    assert told(broken) == {("cell_error", 2, "text")}


def test_merged_cells_count_for_each_row_and_not_across_columns(tmp_path: Path) -> None:
    rows = [ROW, (2, "1:00", None, "y"), (3, "2:00", "电话", "z"), ("第二阶段",), (4, "3:00", "消息", "x")]

    def merge(sheet: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("A5:D5")

    found = read(book(rows, then=merge), tmp_path)
    assert told(found) == {("cell_merged_across", 5, "number")}
    assert [inject.kind for inject in found.injects][:2] == [InjectKind.MESSAGE] * 2
    assert {("cell_merged", 2, "kind"), ("cell_merged", 3, "kind")} <= told(found, errors_only=False)


def test_hidden_rows_are_read_and_hidden_sheets_are_not(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        sheet.row_dimensions[3].hidden = True
        for title, state in (("旧版", "hidden"), ("更旧", "veryHidden"), ("通讯录", "visible")):
            other = sheet.parent.create_sheet(title, 0)
            other.append(HEADINGS if state != "visible" else ("姓名", "电话"))
            other.append((9, "0:00", "消息", "旧"))
            other.sheet_state = state

    found = read(book([ROW, (2, "1:00", "消息", "y")], then=hide), tmp_path)
    assert [inject.number for inject in found.injects] == [1, 2]
    codes = sorted(each.code for each in found.faults if not each.code.startswith("column"))
    assert codes == ["row_hidden", "sheet_hidden", "sheet_hidden", "sheet_not_read"]


def test_headings_may_stand_below_a_title_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    rows = [(), HEADINGS, ROW, (), (None, " ", None, ""), (2, "1:00", "消息", "y")]
    found = read(book(rows, headings=("脑科巷演练情景注入表",)), tmp_path)
    assert found.rows == {1: 4, 2: 7}
    assert told(found) == set()


def test_duplicate_numbers_an_empty_sheet_and_too_many_are_refused(tmp_path: Path) -> None:
    found = read(book([ROW, ROW, (1.0, "1:00", "消息", "z")]), tmp_path)
    assert told(found) == {("number_repeated", 3, "number"), ("number_repeated", 4, "number")}
    assert told(read(book([]), tmp_path)) == {("no_injects", None, None)}
    many = [(at, "0:30", "消息", "x") for at in range(1, 202)]
    assert told(read(book(many[:200]), tmp_path)) == set()
    assert told(read(book(many), tmp_path)) == {("too_many_injects", None, None)}


def test_the_end_of_a_line_as_excel_writes_it(tmp_path: Path) -> None:
    [inject] = read(book([(1, "0:30", "消息", "a_x000D_\nb")]), tmp_path).injects
    assert inject.text == "a\nb"


def test_characters_by_their_number_are_read_as_excel_means_them(tmp_path: Path) -> None:
    said = {
        "_x0041_": "A",
        "_x005F_x0041_": "_x0041_",
        "0x005F_0000": "0x005F_0000",
        "_xD83D_": "_xD83D_",
        "_X0041_": "_X0041_",
    }
    rows = [(at, "0:30", "消息", text) for at, text in enumerate(said, 1)]
    for data in (book(rows), with_shared_texts(book(rows))):
        assert [each.text for each in read(data, tmp_path).injects] == list(said.values())


def test_every_column_has_a_heading_in_both_languages() -> None:
    assert {column_of(word) for word in ("序号", "时间", "经度", "Number", "TIME (T+)", "longitude")} == {
        Column.NUMBER,
        Column.TIME,
        Column.LON,
    }
