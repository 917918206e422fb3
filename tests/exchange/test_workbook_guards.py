"""Files that are no workbook, or one made to burst: refused by code, quickly, and before much is built."""

import tracemalloc
import warnings
from io import BytesIO
from pathlib import Path
from random import Random
from time import process_time
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.exchange.workbook_reader import MOST_FILE_BYTES, MOST_UNPACKED_BYTES
from tests.exchange.drill_books import HEADINGS, book, read, told, with_part, zipped

ROW = (1, "0:30", "消息", "x")
SHEET = "xl/worksheets/sheet1.xml"
MOST_S, MOST_BYTES = 10, 48 * 2**20
"""Generous: a machine may be busy. What is guarded against takes minutes and gigabytes."""


def code_of(data: bytes, folder: Path) -> str:
    """Return the one code by which a file is refused, after looking at time and memory."""
    tracemalloc.start()
    began = process_time()
    found = read(data, folder)
    spent, (_, peak) = process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < MOST_S
    assert peak < MOST_BYTES
    assert found.injects == ()
    [code] = {each.code for each in found.faults if each.is_error}
    return code


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (OLE + "Workbook".encode("utf-16-le"), "file_is_xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        ("序号,时间,类型,内容\n1,0:30,消息,x\n".encode(), "file_not_xlsx"),
        ("序号\t时间\n".encode("gb18030"), "file_not_xlsx"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file_not_xlsx"),
        (b"%PDF-1.7", "file_not_xlsx"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "file_not_xlsx"),
        (zipped(), "file_not_xlsx"),
        (book([ROW])[:-40], "file_not_xlsx"),
        (bytes(MOST_FILE_BYTES + 1), "file_too_large"),
    ],
)
def test_what_is_no_workbook_is_refused_by_what_it_is(data: bytes, code: str, tmp_path: Path) -> None:
    assert code_of(data, tmp_path) == code


def test_a_hundred_thousand_rows_are_refused_before_they_are_read(tmp_path: Path) -> None:
    cells = '<c t="inlineStr"><is><t>{at}</t></is></c>'
    rows = "".join(
        f'<row r="{at}"><c><v>{at}</v></c>{cells.format(at=at * 7919 % 100_003)}</row>'
        for at in range(100_000)
    )

    def long(part: bytes) -> bytes:
        return part.replace(b"</sheetData>", rows.encode() + b"</sheetData>")

    assert len(rows.encode()) < MOST_UNPACKED_BYTES, "let in by its size"
    assert code_of(with_part(book([ROW]), SHEET, long), tmp_path) == "too_many_elements"


@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml", "xl/media/image1.png", "bomb.bin"])
def test_an_archive_that_would_burst_is_refused_by_its_sizes(name: str, tmp_path: Path) -> None:
    data = with_part(book([ROW]), name, lambda _: b"<a>" + b" " * MOST_UNPACKED_BYTES)
    assert len(data) < 100_000
    assert code_of(data, tmp_path) == "archive_refused"


def test_an_archive_that_is_no_denser_than_usual_may_not_be_large(tmp_path: Path) -> None:
    chance = Random(1)  # noqa: S311 - no secret
    loose = b"".join(chance.randbytes(100) + bytes(900) for _ in range(MOST_UNPACKED_BYTES // 1000))
    assert read(with_part(book([ROW]), "unused.bin", lambda _: loose[:-100_000]), tmp_path).rows == {1: 2}
    data = with_part(book([ROW]), "unused.bin", lambda _: loose + bytes(1000))
    assert MOST_UNPACKED_BYTES / 20 < len(data) < MOST_FILE_BYTES, "let in by its size and its density"
    assert code_of(data, tmp_path) == "archive_refused"


def test_a_file_of_many_empty_parts_is_refused(tmp_path: Path) -> None:
    assert code_of(zipped(**{f"x{at}": b"" for at in range(200)}), tmp_path) == "archive_refused"


@pytest.mark.parametrize(
    "name", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml", "unused.bin"]
)
def test_a_document_type_is_refused_in_any_part(name: str, tmp_path: Path) -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def with_entities(part: bytes) -> bytes:
        head, mark, rest = part.rpartition(b"?>")
        return head + mark + entities + (rest or b"<x>&b;</x>")

    assert code_of(with_part(book([ROW]), name, with_entities), tmp_path) == "doctype_refused"


@pytest.mark.parametrize(
    "extra",
    [
        b'<mergeCells><mergeCell ref="C2:XFD1048576"/></mergeCells>',
        b'<hyperlinks><hyperlink ref="E2:XFD1048576" location="A1"/></hyperlinks>',
        b'<conditionalFormatting sqref="A1:XFD1048576"/>',
    ],
)
def test_a_range_over_the_whole_sheet_costs_nothing(extra: bytes, tmp_path: Path) -> None:
    def with_range(part: bytes) -> bytes:
        return part.replace(b"</sheetData>", b"</sheetData>" + extra)

    began = process_time()
    found = read(with_part(book([ROW]), SHEET, with_range), tmp_path)
    assert process_time() - began < MOST_S
    assert found.rows == {1: 2} or told(found) == {("cell_merged_across", 2, "kind")}


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "A1:B1", "Z9:Z10"])
def test_the_dimension_that_a_sheet_states_is_not_believed(dimension: str, tmp_path: Path) -> None:
    def lying(part: bytes) -> bytes:
        return part.replace(b'ref="A1:D2"', f'ref="{dimension}"'.encode())

    data = with_part(book([ROW]), SHEET, lying)
    assert dimension.encode() in ZipFile(BytesIO(data)).read(SHEET)
    assert read(data, tmp_path).rows == {1: 2}


def test_far_cells_are_found_or_refused(tmp_path: Path) -> None:
    def far(at: str) -> bytes:
        return book([ROW], then=lambda sheet: sheet.__setitem__(at, "x"))

    assert code_of(far("XFD2"), tmp_path) == "too_many_columns"
    assert code_of(far("CX1"), tmp_path) == "too_many_columns"
    assert told(read(far("A1048576"), tmp_path)) >= {("number_unreadable", 1_048_576, "number")}

    def beyond(part: bytes) -> bytes:
        return part.replace(b'r="A2"', b'r="A9999999"')

    assert code_of(with_part(book([ROW]), SHEET, beyond), tmp_path) == "too_many_elements"


def test_links_to_other_workbooks_and_macros_are_left_alone(tmp_path: Path) -> None:
    data = with_part(book([ROW]), "xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>")
    data = with_part(data, "xl/vbaProject.bin", lambda _: OLE)

    def linked(part: bytes) -> bytes:
        cell = b'<c r="E2" t="str"><f>[1]Sheet1!A1</f><v>y</v></c></row></sheetData>'
        return part.replace(b"</row></sheetData>", cell)

    found = read(with_part(data, SHEET, linked), tmp_path)
    assert (found.rows, told(found)) == ({1: 2}, set())


def test_a_workbook_of_another_program_warns_nobody(tmp_path: Path) -> None:
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'

    def extended(part: bytes) -> bytes:
        return part.replace(b"</worksheet>", extension)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(with_part(book([ROW]), SHEET, extended), tmp_path).rows == {1: 2}


PARTS = ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET]
SOUND = book([ROW, (2, 60, "电话", "y")], headings=HEADINGS)


@given(
    st.sampled_from([*PARTS, "xl/styles.xml"]),
    st.integers(0, 3000),
    st.sampled_from([b"", b'"', b"<", b"9" * 30, b"-1", b"\xff", b'r="ZZZZ9"', b"</c>"]),
    st.integers(0, 40),
)
def test_no_damage_makes_more_than_a_fault(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: int, put: bytes, cut: int
) -> None:
    def damaged(part: bytes) -> bytes:
        where = at % max(len(part), 1)
        return part[:where] + put + part[where + cut :]

    found: Any = read(with_part(SOUND, name, damaged), tmp_path_factory.getbasetemp())
    assert found.injects or found.faults
