"""A sheet of injects that is written is read as the same injects, in either language, whatever they say."""

from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from responder.domain.channels.message_words import Language
from responder.domain.drills.plan import (
    DrillPlan,
    Inject,
    InjectKind,
    Measure,
    Objective,
    PlannedClosure,
    WaitKind,
    WaitsFor,
)
from responder.domain.ids import PhotoId
from responder.exchange.drill_columns import Column
from responder.exchange.drill_names import PlanNames
from responder.exchange.drill_sheet_writer import write_injects
from responder.exchange.drill_time import parse_time, write_time
from responder.exchange.sheet_faults import CellRefusedError
from tests.exchange.drill_books import LANE, NAMES, PARTNERS, PLAN, UNITS, partner, read, unit

LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXTS = st.text(LETTERS | st.just("\n"), min_size=1, max_size=60).filter(str.strip) | st.sampled_from(
    [
        "=1+1",
        "+86 731",
        "-",
        "@SUM(A1)",
        "'=x",
        "火灾\n第二行",
        " 两端 ",
        "<&>\"'",
        "12:30",
        "2026-03-05",
        "119",
        "_x0041_",
        "tank_x005F_1",
        "_x005F_x0041_x0042_",
        "0x005F_0000",
        "a_x000D_b",
        "_xD83D_",
    ]
)
WORDS = st.text(LETTERS, min_size=1, max_size=12).filter(str.strip) | st.sampled_from(
    [
        "甲、乙",
        "a, b;c",
        "lane",
        "目标",
        "注入 3",
        "on scene",
        "有人到场",
        "ＡＢ",
        "first",
        "_",
        "*",
        "_x0041_",
    ]
)
SECONDS = st.floats(min_value=0, max_value=43_200) | st.integers(0, 43_200).map(float)


@st.composite
def plans(draw: st.DrawFn) -> tuple[DrillPlan, PlanNames]:
    names = draw(st.lists(WORDS, min_size=4, max_size=4))
    partners = [partner(at + 1, name, draw(WORDS | st.just(""))) for at, name in enumerate(names[:3])]
    units = [unit(31, names[3], names[0]), unit(32, draw(WORDS))]
    keys = draw(st.lists(st.from_regex("[a-z0-9_]{1,8}", fullmatch=True), unique=True, max_size=3))
    objectives = tuple(
        Objective(key=key, text=draw(WORDS), measure=Measure.OBSERVED, within_s=60) for key in keys
    )
    numbers = draw(st.lists(st.integers(1, 9999), unique=True, max_size=6))
    waits = [
        st.none(),
        st.just(WaitsFor(kind=WaitKind.ON_SCENE)),
        st.integers(1, 9999).map(lambda each: WaitsFor(kind=WaitKind.INJECT, inject=each)),
    ]
    if keys:
        waits.append(
            st.sampled_from(keys).map(lambda each: WaitsFor(kind=WaitKind.OBJECTIVE, objective=each))
        )
    injects = []
    for each in sorted(numbers):
        kind = draw(st.sampled_from(InjectKind))
        is_drawn = kind is InjectKind.CLOSURE and draw(st.booleans())
        has_place = kind in {InjectKind.HAZARD, InjectKind.CASUALTY} and draw(st.booleans())
        injects.append(
            Inject(
                number=each,
                after_s=draw(SECONDS),
                kind=kind,
                text=draw(TEXTS),
                expected=draw(TEXTS | st.just("")),
                partner_ids=tuple(draw(st.lists(st.sampled_from([one.id for one in partners]), unique=True))),
                objective=draw(st.sampled_from([None, *keys])),
                waits_for=draw(st.one_of(waits)),
                expires_after_s=draw(SECONDS),
                lon=draw(st.floats(-180, 180)) if has_place else None,
                lat=draw(st.floats(-90, 90)) if has_place else None,
                closure=PlannedClosure(geometry=LANE) if is_drawn else None,
                wider_than_m=1.5 if kind is InjectKind.CLOSURE and draw(st.booleans()) else None,
                photo_id=draw(st.sampled_from([None, PhotoId(UUID(int=7))])),
                unit_id=draw(st.sampled_from([None, units[0].id, units[1].id]))
                if kind is InjectKind.UNIT_OUT
                else None,
            )
        )
    plan = replace(PLAN, objectives=objectives, injects=tuple(injects))
    return plan, PlanNames.of(plan, partners, units)


@given(plans().filter(lambda each: each[0].injects), st.sampled_from(Language))
def test_what_is_written_is_read_as_the_same_injects(
    tmp_path_factory: pytest.TempPathFactory, given_plan: tuple[DrillPlan, PlanNames], language: Language
) -> None:
    plan, names = given_plan
    found = read(write_injects(plan, names, language=language), tmp_path_factory.getbasetemp(), plan, names)
    assert found.faults == ()
    assert found.injects == plan.injects


@given(SECONDS | st.floats(min_value=0, max_value=1e6))
def test_a_time_is_read_to_the_last_digit(seconds: float) -> None:
    assert parse_time(write_time(seconds)) == seconds


@pytest.mark.parametrize("language", Language)
def test_a_sheet_reads_well_and_runs_nothing(language: Language, tmp_path: Path) -> None:
    plan = replace(PLAN, injects=(replace(PLAN.injects[0], text="=HYPERLINK(1)", expected="@x"),))
    data = write_injects(plan, NAMES, language=language)
    workbook = load_workbook(BytesIO(data))
    sheet, explained = workbook.worksheets
    assert sheet.freeze_panes == "A2"
    assert all(sheet.column_dimensions[letter].width > 7 for letter in "ABCDEFGHIJKL")
    row = [cell for cell in sheet[2] if cell.value is not None]
    assert {cell.data_type for cell in row[1:]} == {"s"}
    assert [cell.quotePrefix for cell in row if str(cell.value)[0] in "=@"] == [True, True]
    assert sheet["B150"].number_format == "@", "what is typed as 12:30 stays text"
    [offered] = sheet.data_validations.dataValidation
    assert ("封路" if language is Language.ZH else "closure") in offered.formula1
    headings = [cell.value for cell in sheet[1]]
    assert [cell.value for cell in explained["A"]][1 : len(Column) + 1] == headings
    assert read(data, tmp_path, plan).injects == plan.injects


def test_characters_that_no_workbook_holds_are_left_out(tmp_path: Path) -> None:
    plan = replace(PLAN, injects=(replace(PLAN.injects[0], text="a\x0b\x1bb\r\nc\rd\ufffe"),))
    [inject] = read(write_injects(plan, NAMES, language=Language.ZH), tmp_path, plan).injects
    assert inject.text == "ab\nc\nd"


def test_names_are_written_in_the_language_and_as_ids_where_they_are_not_clear() -> None:
    ids = tuple(each.id for each in PARTNERS)
    assert NAMES.write_partners(ids[:2], Language.EN) == "Jinxiu Property, Hospital"
    assert NAMES.write_partners(ids[2:], Language.ZH) == "东、西社区"
    assert NAMES.write_partners(ids[1:], Language.ZH) == f"{ids[1]}、{ids[2]}"
    assert NAMES.units.label(UNITS[1].id) == str(UNITS[1].id)


@given(st.text(max_size=30))
def test_no_text_is_too_strange_for_a_time_or_a_name(text: str) -> None:
    for read_text in (parse_time, NAMES.read_partners, NAMES.read_wait, NAMES.objectives.find):
        with suppress(CellRefusedError):
            read_text(text)


def test_a_reader_that_knows_of_numbered_characters_reads_the_same_text() -> None:
    inject = Inject(number=1, after_s=0, kind=InjectKind.MESSAGE, text="tank_x0041_1")
    written = write_injects(replace(PLAN, injects=(inject,)), NAMES, language=Language.EN)
    with ZipFile(BytesIO(written)) as archive:
        cells = archive.read("xl/worksheets/sheet1.xml").decode()
    assert ">tank_x005F_x0041_1<" in cells
