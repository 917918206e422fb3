"""A plan, and workbooks that are meant for it."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from responder.domain.drills.plan import (
    Drill,
    DrillMode,
    DrillPlan,
    DrillState,
    Inject,
    InjectKind,
    Measure,
    Objective,
    PlannedClosure,
)
from responder.domain.ids import CircleId, DrillId, PartnerId, UnitId
from responder.domain.map.place import Place
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner, PartnerKind
from responder.exchange.drill_names import PlanNames
from responder.exchange.drill_sheet_reader import ReadInjects, read_injects

CIRCLE_ID = CircleId(UUID(int=1))
HEADINGS = ("序号", "时间 T+", "类型", "内容")
LANE = {"type": "LineString", "coordinates": [[112.984, 28.158], [112.985, 28.158]]}


def partner(number: int, name: str, name_en: str = "") -> Partner:
    return Partner(
        id=PartnerId(UUID(int=number)),
        circle_id=CIRCLE_ID,
        kind=PartnerKind.PROPERTY,
        name=name,
        name_en=name_en,
    )


def unit(number: int, name: str, name_en: str = "") -> Unit:
    return Unit(
        id=UnitId(UUID(int=number)),
        partner_id=PARTNERS[0].id,
        name=name,
        name_en=name_en,
        kind="fire_engine",
        profile="engine",
        turnout_s=60,
        people=4,
        on_duty=True,
        post=(112.985, 28.158),
    )


PARTNERS = (
    partner(11, "锦绣物业", "Jinxiu Property"),
    partner(12, "省人民医院", "Hospital"),
    partner(13, "东、西社区", "East, West"),
)
UNITS = (unit(21, "1号消防车", "Engine 1"), unit(22, "巡逻车"), unit(23, "巡逻车"))
PLAN = DrillPlan(
    name="电动车起火演练",
    mode=DrillMode.FIELD,
    kind="fire",
    place=Place(lon=112.985, lat=28.158, label="脑科巷7栋"),
    starts_at=datetime(2026, 12, 3, 1, tzinfo=UTC),
    duration_s=3600,
    scenario="电池在楼道爆燃，两人被困",
    notice="12月3日上午有演练，请勿惊慌",
    objectives=(
        Objective(key="first", text="三分钟内到场", measure=Measure.FIRST_ON_SCENE, within_s=180),
        Objective(key="lane", text="两分钟内清道", measure=Measure.LANE_CLEAR, within_s=120, since_inject=2),
    ),
    injects=(
        Inject(number=1, after_s=0, kind=InjectKind.TELEPHONE, text="居民来电：楼道冒烟"),
        Inject(
            number=2,
            after_s=60,
            kind=InjectKind.CLOSURE,
            text="货车挡住通道",
            expected="物业联系车主",
            partner_ids=(PARTNERS[0].id,),
            objective="lane",
            closure=PlannedClosure(geometry=LANE, wider_than_m=2.0),
        ),
        Inject(
            number=3,
            after_s=90.5,
            kind=InjectKind.CASUALTY,
            text="老人吸入浓烟",
            lon=112.98512345678901,
            lat=28.158,
            expires_after_s=300,
        ),
    ),
)
NAMES = PlanNames.of(PLAN, PARTNERS, UNITS)
DRILL = Drill(
    id=DrillId(UUID("6f9619ff-8b86-4011-b42d-00c04fc964ff")),
    circle_id=CIRCLE_ID,
    state=DrillState.PLANNED,
    plan=PLAN,
    revision=2,
    version="",
    created_at=datetime(2026, 11, 1, tzinfo=UTC),
    created_by_name="",
    changed_at=datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC),
    changed_by_name="",
)


def book(
    rows: Iterable[Iterable[object]],
    *,
    headings: Iterable[str] = HEADINGS,
    then: Callable[[Any], object] | None = None,
) -> bytes:
    """Return a workbook with rows below headings, after `then` has done something to its sheet."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    if then is not None:
        then(sheet)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with one part written otherwise; one that is not there is empty before."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        parts = {member: old.read(member) for member in old.namelist()}
        parts[name] = change(parts.get(name, b""))
        for member, content in parts.items():
            new.writestr(member, content)
    return file.getvalue()


def with_shared_texts(data: bytes) -> bytes:
    """Return the workbook with its texts in a part of their own, as Excel saves it."""
    texts: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return found[1] + b't="s"><v>%d</v></c>' % (len(texts) - 1)

    in_cells = re.compile(rb'(<c [^>]*)t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
    data = with_part(data, "xl/worksheets/sheet1.xml", lambda part: in_cells.sub(shared, part))
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = b"".join(b"<si>" + each + b"</si>" for each in texts)
    data = with_part(data, "xl/sharedStrings.xml", lambda _: b'<sst xmlns="%s">%s</sst>' % (space, items))
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s" /></Types>' % (
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    )
    return with_part(data, "[Content_Types].xml", lambda part: part.replace(b"</Types>", override))


def zipped(**parts: bytes) -> bytes:
    """Return an archive with these parts."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def read(data: bytes, folder: Path, plan: DrillPlan = PLAN, names: PlanNames = NAMES) -> ReadInjects:
    file = folder / "injects.xlsx"
    file.write_bytes(data)
    return read_injects(file, plan, names)


def told(found: ReadInjects, *, errors_only: bool = True) -> set[tuple[str, int | None, str | None]]:
    """Return code, row and column of what was found."""
    return {
        (each.code, each.row, None if each.column is None else each.column.value)
        for each in found.faults
        if each.is_error or not errors_only
    }
