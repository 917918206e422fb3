"""Households from workbooks: columns in two languages, faults by row, nothing of people in what is told."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from responder.domain.channels.message_words import Language
from responder.domain.registers.household import CURRENT_PURPOSE, HelpKind, SpokenLanguage
from responder.exchange.registers_households.columns import COLUMN_WORDS, HouseholdColumn
from responder.exchange.registers_households.faults import HOUSEHOLD_FAULTS
from responder.exchange.registers_households.reader import ReadHouseholds, read_households
from responder.exchange.registers_households.template import write_template

_MIDNIGHT = datetime(2025, 1, 31)  # noqa: DTZ001 - as Excel has it
ZH = (
    "楼栋",
    "门牌号",
    "楼层",
    "居住人数",
    "语种",
    "户主",
    "手机号",
    "需要的帮助",
    "备注",
    "是否出租",
    "同意日期",
)
EN = (
    "Building",
    "Flat",
    "Floor",
    "Residents",
    "Language",
    "Contact",
    "Phone",
    "Help",
    "Note",
    "Tenant",
    "Consent",
)


def read(tmp_path: Path, *rows: tuple[object, ...]) -> ReadHouseholds:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "households.xlsx"
    book.save(path)
    return read_households(path)


def codes(found: ReadHouseholds) -> set[tuple[str, int | None, str | None]]:
    return {(each.code, each.row, each.column and each.column.value) for each in found.faults}


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (
            ZH,
            (
                "7栋",
                301,
                "3",
                2,
                "长沙话",
                "测试",
                13900000000,
                "轮椅、供氧",
                "钥匙",
                "是",
                _MIDNIGHT,
            ),
        ),
        (
            EN,
            (
                "7栋",
                "301",
                3,
                "2",
                "Xiang",
                "测试",
                "13900000000",
                "wheelchair; oxygen",
                "钥匙",
                "yes",
                "2025/1/31",
            ),
        ),
    ],
)
def test_columns_and_words_are_known_in_both_languages(
    tmp_path: Path, headings: tuple[str, ...], row: tuple[object, ...]
) -> None:
    found = read(tmp_path, ("导出于今天",), headings, row)
    assert codes(found) == set()
    [household] = found.rows
    assert (household.row, household.building) == (3, "7栋")
    assert household.values == {
        "door": "301",
        "floor": 3,
        "people": 2,
        "language": SpokenLanguage.XIANG,
        "contact_name": "测试",
        "contact_phone": "13900000000",
        "help_kinds": (HelpKind.WHEELCHAIR, HelpKind.POWER),
        "help_note": "钥匙",
        "is_tenant": True,
        "consent_given_on": date(2025, 1, 31),
    }


def test_what_is_wrong_is_told_by_row_and_column_without_what_is_said_of_people(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        (*ZH, "身份证"),
        ("7栋", "101", 1, 2),
        (None, "102", 1, 2),
        ("7栋", None, "x", "两个", "火星话", "", "", "冠心病", "", "也许", "昨天"),
        ("7栋", "103", None, 1, None, None, None, "无"),
    )
    assert codes(found) == {
        ("column_unknown", 1, None),
        ("building_missing", 3, "building"),
        ("door_missing", 4, "door"),
        ("floor_unreadable", 4, "floor"),
        ("people_unreadable", 4, "people"),
        ("language_unknown", 4, "language"),
        ("help_kinds_unknown", 4, "help_kinds"),
        ("is_tenant_unreadable", 4, "is_tenant"),
        ("consent_given_on_unreadable", 4, "consent_given_on"),
    }
    assert [each.row for each in found.rows] == [2, 5]
    assert "冠心病" not in str(found.faults)
    assert found.rows[1].values["help_kinds"] == ()


def test_a_file_without_headings_or_that_is_no_workbook_is_not_read(tmp_path: Path) -> None:
    assert codes(read(tmp_path, ("a", "b"))) == {("no_heading", None, None)}
    (tmp_path / "x.xlsx").write_bytes(b"PK no zip")
    found = read_households(tmp_path / "x.xlsx")
    assert (found.is_readable, codes(found)) == (False, {("file_not_xlsx", None, None)})


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    book = Workbook()
    for row in (ZH[:4], ("7栋", "101", 1, 2), ("7栋", "102", 1, 2)):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    path = tmp_path / "merged.xlsx"
    book.save(path)
    assert codes(read_households(path)) == {("cell_merged", 2, None)}


@pytest.mark.parametrize("language", list(Language))
def test_the_template_is_read_again_and_explains_every_column(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "template.xlsx"
    data = write_template(("脑科巷7栋",), language=language, purpose=CURRENT_PURPOSE)
    path.write_bytes(data)
    assert codes(read_households(path)) == {("no_rows", None, None)}
    book = load_workbook(BytesIO(data))
    book.worksheets[0].append(("脑科巷7栋", "301", 3, 2))
    book.save(path)
    found = read_households(path)
    assert (codes(found), [each.values["door"] for each in found.rows]) == (set(), ["301"])
    explained = {cell.value for cell in book.worksheets[1]["A"]}
    assert {COLUMN_WORDS[each][language].heading for each in HouseholdColumn} <= explained


def test_every_fault_has_words_in_both_languages() -> None:
    assert all(words.zh and words.en for words in HOUSEHOLD_FAULTS.values())
