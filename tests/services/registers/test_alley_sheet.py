"""An alley sheet: what it shows at its moment, to whom it tells telephones, and that paper can be read."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from uuid import uuid4

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray

from responder.domain.audit import AuditAction
from responder.domain.errors import BusyError, NotFoundError
from responder.domain.ids import BuildingId, ClosureId, FacilityId, GateId
from responder.domain.map.attribution import OPENSTREETMAP
from responder.domain.map.building import Building
from responder.domain.map.closure import Closure
from responder.domain.map.facility import Facility, FacilityKind, FacilityState
from responder.domain.map.gate import Gate, KeyHolder
from responder.domain.people.access import operator
from responder.domain.registers.sheet_frame import Paper
from responder.exchange.alley_sheet.map_picture import MapPicture
from responder.exchange.alley_sheet.references import references
from responder.exchange.alley_sheet.write_sheet import write_alley_sheet
from responder.exchange.printing.print_pdf import Printer
from responder.ports.audit import AuditQuery
from responder.services.registers.load_alley_sheet import AlleySheet, load_alley_sheet
from tests.circles import make_bare_circle
from tests.services.conftest import World

PHONE = "000-0000-0042"
NASTY = "<script>alert(1)</script>&\"'\x01"
SOUTH = {"type": "LineString", "coordinates": [[112.98501, 28.15760], [112.98504, 28.15785]]}
DPI = 200
BLACK_BELOW = 128
"""Of a photocopy at one bit."""


async def sheet_of(
    world: World, *, by: str = "community", building_id: BuildingId | None = None, paper: Paper = Paper.A4
) -> AlleySheet:
    return await load_alley_sheet(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        building_id=building_id,
        paper=paper,
        page_url="https://circle.example/",
        clock=world.clock,
    )


async def add(world: World, *things: Closure | Gate | Facility | Building) -> None:
    async with world.database.begin() as transaction:
        for thing in things:
            await transaction.layer(type(thing)).add(world.circle.id, [thing])


def closure(world: World, name: str, **fields: object) -> Closure:
    whole = {
        "id": ClosureId(uuid4()),
        "circle_id": world.circle.id,
        "name": name,
        "geometry": SOUTH,
        **fields,
    }
    return Closure(**whole)  # type: ignore[arg-type]


def gate(world: World, name: str = "西门") -> Gate:
    return Gate(
        id=GateId(uuid4()),
        circle_id=world.circle.id,
        name=name,
        name_en="",
        lon=112.9846,
        lat=28.1583,
        holders=(KeyHolder(name="门卫室", phone=PHONE, hours="全天"),),
    )


async def test_telephones_are_told_to_those_who_may_see_them_and_that_is_recorded(world: World) -> None:
    await add(world, gate(world))

    told = write_alley_sheet(await sheet_of(world), in_english=False)
    untold = write_alley_sheet(await sheet_of(world, by="observer"), in_english=False)

    partner = (await sheet_of(world)).partners[0].phone.removeprefix("+86")
    assert PHONE in told
    assert partner in told
    assert PHONE not in untold
    assert partner not in untold
    assert "门卫室" in untold, "who opens it is no secret"
    for html in (told, untold):
        assert all(f"<b>{number}</b>" in html for number in ("119", "120", "110"))
    async with world.database.begin() as transaction:
        query = AuditQuery(action=AuditAction.ALLEY_SHEET_PRINTED.value, limit=10)
        found = await transaction.audit.search(world.circle.id, query)
    assert [each.detail["phones"] for each in found] == [True, False, True]


async def test_only_what_is_closed_at_its_moment_is_closed_on_it(world: World) -> None:
    now = world.clock.now()
    await add(
        world,
        closure(world, "此刻封闭", ends_at=now + timedelta(hours=2)),
        closure(world, "已经过时", ends_at=now - timedelta(seconds=1)),
        closure(world, "还没开始", starts_at=now + timedelta(seconds=1)),
    )

    sheet = await sheet_of(world)
    html = write_alley_sheet(sheet, in_english=False)

    names = {each.name for each in sheet.closures}
    assert {"此刻封闭", "已经过时", "还没开始"} & names == {"此刻封闭"}
    assert len(names) == 2, "and the demo's own"
    assert "到 2025-11-03 16:00" in html, "in the circle's zone"
    assert "制图时间 2025-11-03 14:00" in html


async def test_a_building_of_another_circle_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError):
        await sheet_of(world, building_id=BuildingId(uuid4()))


async def test_a_sheet_of_a_building_is_zoomed_to_it_with_the_street_where_help_comes_in(
    world: World,
) -> None:
    own = await world.building("脑科巷7栋")

    sheet = await sheet_of(world, building_id=own.id)

    assert sheet.frame.scale < (await sheet_of(world)).frame.scale
    for door in own.entrances:
        assert sheet.frame.cell(door.lon, door.lat) is not None
    names = {road.name for road in sheet.roads}
    assert {"脑科巷北支", "听松街"} <= names
    html = write_alley_sheet(sheet, in_english=False)
    assert "一单元门" in html
    assert "脑科巷片区（示例），脑科巷7栋" in html


async def test_widths_and_gaps_of_lanes_are_on_the_map(world: World) -> None:
    sheet = await sheet_of(world)
    html = write_alley_sheet(replace(sheet, attribution=OPENSTREETMAP), in_english=False)

    for words in ("脑科巷北支", "2.6m", "一人巷 1.2m", "›1.8m‹", "›1m‹"):
        assert words in html, words
    assert html.count(OPENSTREETMAP) == 1
    assert sheet.attribution is None, "the demo's roads were made up"


async def test_what_is_out_of_service_is_struck_through_and_said_so(world: World) -> None:
    async with world.database.begin() as transaction:
        facilities = await transaction.layer(Facility).of_circle(world.circle.id)
    fork = next(each for each in facilities if each.name == "岔口消火栓")
    working = write_alley_sheet(await sheet_of(world), in_english=True)
    await add(world, replace(fork, state=FacilityState.FAULTY))

    broken = write_alley_sheet(await sheet_of(world), in_english=True)

    assert working.count("OUT OF SERVICE") == 0
    assert broken.count("OUT OF SERVICE") == 1
    assert broken.count('stroke-width="0.7"') == working.count('stroke-width="0.7"') + 1


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("of", [None, "脑科巷7栋", "脑科巷18栋"])
async def test_no_word_or_sign_of_the_map_overlaps_another(
    world: World, paper: Paper, of: str | None
) -> None:
    await add(world, closure(world, "南支施工"), *(gate(world, name=f"门{n}") for n in range(3)))
    own = None if of is None else (await world.building(of)).id
    sheet = await sheet_of(world, paper=paper, building_id=own)
    found = references(sheet)
    for in_english in (False, True):
        picture = MapPicture(sheet, found, in_english=in_english)
        picture.draw("map")

        taken = picture.places.taken
        assert len(taken) > 30
        assert [pair for pair in combinations(taken, 2) if pair[0].overlaps(pair[1])] == []


async def test_what_people_wrote_is_no_markup_and_much_of_it_is_cut(world: World) -> None:
    many = [
        Facility(
            id=FacilityId(uuid4()),
            circle_id=world.circle.id,
            kind=FacilityKind.HYDRANT,
            name=NASTY + "长" * 150,
            name_en=NASTY,
            lon=112.985 + n / 100_000,
            lat=28.158,
            note=NASTY * 10,
        )
        for n in range(200)
    ]
    await add(world, *many, gate(world, NASTY), closure(world, NASTY))
    sheet = await sheet_of(world)

    html = write_alley_sheet(sheet, in_english=False)

    assert sheet.left_out > 0
    assert f"另有 {sheet.left_out} 项没有列出" in html
    assert "<script" not in html
    assert "\x01" not in html
    assert not re.search(r"url\(|@import|src=|href=", html)
    pdf = await Printer().print(html, is_strict=True)
    assert pdf.startswith(b"%PDF-")


async def test_what_the_engine_warns_of_is_an_error() -> None:
    with pytest.raises(BusyError):
        await Printer().print('<p style="font-size: 1zz">演练</p>', is_strict=True)


class Printed:
    """The first page of a PDF as pixels, with where each letter is."""

    def __init__(self, pdf: bytes) -> None:
        document = pypdfium2.PdfDocument(pdf)
        self.n_pages = len(document)
        page = document[0]
        self._height = page.get_height()
        image = page.render(scale=DPI / 72, grayscale=True).to_numpy()
        self.grey: NDArray[np.uint8] = image.reshape(image.shape[:2])
        text = page.get_textpage()
        self.text = text.get_text_range()
        self.letters = [
            (character, text.get_charbox(n))
            for n, character in enumerate(self.text)
            if not character.isspace() and n < text.count_chars()
        ]

    def pixels(self, box: tuple[float, float, float, float]) -> NDArray[np.uint8]:
        left, bottom, right, top = (each * DPI / 72 for each in box)
        height = self._height * DPI / 72
        return self.grey[int(height - top) : int(height - bottom) + 1, int(left) : int(right) + 1]


async def printed(sheet: AlleySheet, *, in_english: bool) -> Printed:
    return Printed(await Printer().print(write_alley_sheet(sheet, in_english=in_english), is_strict=True))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_letters_are_drawn_as_themselves_and_stay_in_a_photocopy(world: World, language: str) -> None:
    """A box in place of Chinese is still read as Chinese from the file: so the pixels are looked at."""
    await add(world, closure(world, "南支施工"), gate(world))

    in_english = language == "en"
    page = await printed(await sheet_of(world), in_english=in_english)

    chinese = [each for each in page.letters if "\u4e00" <= each[0] <= "\u9fff"]
    shapes: dict[str, set[bytes]] = {}
    for character, box in chinese:
        black = page.pixels(box) < BLACK_BELOW
        assert 0.08 < black.mean() < 0.92, f"{character} is gone at one bit"
        if box[3] - box[1] > 5:
            shapes.setdefault(character, set()).add(np.packbits(_ten_by_ten(black)).tobytes())
    assert len(shapes) > (60 if in_english else 120)
    # Of boxes all would be alike.
    alike = [shape for own in shapes.values() for shape in own]
    most_common = max(alike.count(shape) for shape in set(alike))
    assert most_common <= 4, "many letters look the same"
    assert "脑科巷" in page.text
    assert "119" in page.text


def _ten_by_ten(black: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rows = np.linspace(0, black.shape[0] - 1, 10).astype(int)
    columns = np.linspace(0, black.shape[1] - 1, 10).astype(int)
    return black[np.ix_(rows, columns)]


async def test_what_is_needed_first_is_on_the_first_page_and_lists_end_overleaf(world: World) -> None:
    """The first page has the map, whom to call, who opens, hydrants and AEDs; the rest may go on overleaf."""
    for paper in Paper:
        page = await printed(await sheet_of(world, paper=paper), in_english=False)

        assert page.n_pages <= 2
        for words in ("先拨 119", "电话", "通行限制", "门禁与钥匙", "消火栓", "AED", "疏散集合点"):
            assert words in page.text, words


async def test_a_facility_tells_where_it_is_and_who_opens_but_no_code(world: World) -> None:
    box = Facility(
        id=FacilityId(uuid4()),
        circle_id=world.circle.id,
        kind=FacilityKind.AED,
        name="新装 AED",
        name_en="",
        lon=112.985,
        lat=28.158,
        where_to_find="一楼楼梯口",
        access_code="4711-7",
        holders=(KeyHolder(name="值班员", phone=PHONE, hours="夜间"),),
        opening_hours="Mo-Fr 08:00-18:00; PH off",
    )
    gone = replace(box, id=FacilityId(uuid4()), name="已拆除的栓", state=FacilityState.REMOVED)
    await add(world, box, gone)

    told = write_alley_sheet(await sheet_of(world), in_english=False)
    untold = write_alley_sheet(await sheet_of(world, by="observer"), in_english=False)

    assert "一楼楼梯口；开放 周一-周五 08:00-18:00; 节假日 不开放；密码见网页" in told
    assert PHONE in told
    assert PHONE not in untold
    assert "4711-7" not in told + untold
    assert "已拆除的栓" not in told


async def test_a_circle_without_roads_or_buildings_has_a_sheet_too(world: World) -> None:
    bare = await make_bare_circle(world.database, name="别处", name_en="Elsewhere", centre=(113.0, 28.2))

    sheet = await load_alley_sheet(
        world.database,
        world.roads,
        viewer=operator(bare.id),
        building_id=None,
        paper=Paper.A4,
        page_url="https://circle.example/",
        clock=world.clock,
    )

    assert "None when the sheet was made." in write_alley_sheet(sheet, in_english=True)
