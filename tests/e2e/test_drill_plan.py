"""A planner plans a drill from a template, with a lane drawn on the map; on a phone it can be read."""

import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle, Interface, Person, Stage
from tests.e2e.test_closure import LANE

LYING: dict[str, Any] = {**PHONE, "viewport": {"width": 844, "height": 390}}
BUILDING = "脑科巷7栋"
HEADING = "时间 T+"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def planned(stage: Stage) -> dict[str, str]:
    """Names of drills that are planned, by id."""
    async with await Interface.as_user(stage, "planner") as planner:
        drills = (await planner.get("drills"))["drills"]
    return {each["id"]: each["name"] for each in drills if each["state"] == "planned"}


@pytest_asyncio.fixture(autouse=True)
async def before(stage: Stage) -> AsyncIterator[frozenset[str]]:
    """Drills that were planned before the test; its own are called off after it."""
    known = frozenset(await planned(stage))
    yield known
    async with await Interface.as_user(stage, "planner") as planner:
        for each in (await planned(stage)).keys() - known:
            await planner.post(f"drills/{each}/call-off", {})


async def open_drills(page: Page, *, menu: str = "菜单", drills: str = "演练") -> None:
    await page.get_by_role("button", name=menu).click()
    await page.get_by_role("button", name=drills, exact=True).click()


async def plan_from_template(circle: Circle, key: str, language: str = "zh-CN") -> dict[str, Any]:
    """Plan a drill without a page."""
    building = await circle.building(BUILDING)
    lon, lat = building["geometry"]["coordinates"][0][0]
    place = {"lon": lon, "lat": lat, "building_id": building["id"]}
    async with await Interface.as_user(circle.stage, "planner") as planner:
        made: dict[str, Any] = await planner.post(
            "drills", {"template": {"key": key, "language": language, "place": place}}
        )
    return made


def card_of(page: Page, drill: dict[str, Any]) -> Locator:
    return page.locator(f"[data-drill='{drill['id']}']")


def fold(page: Page, part: str) -> Locator:
    return page.locator(f"[data-part={part}] > summary")


async def first_closure(page: Page, drill: dict[str, Any]) -> tuple[Locator, int]:
    number = next(each["number"] for each in drill["plan"]["injects"] if each["kind"] == "closure")
    return page.locator(f"[data-inject='{number}']"), number


async def saved_plan(circle: Circle, drill_id: str) -> dict[str, Any]:
    async with await Interface.as_user(circle.stage, "planner") as planner:
        return dict(await planner.get(f"drills/{drill_id}"))


async def test_a_drill_is_planned_from_a_template_with_a_lane_drawn_on_the_map(
    circle: Circle, before: frozenset[str]
) -> None:
    person = await circle.sign_in("planner", DESKTOP)
    page = person.page
    await open_drills(page)
    await expect(page.locator("[data-template]")).to_have_count(7)

    await page.locator("[data-template=ebike_battery]").click()
    await page.locator("input[type=search]").fill("7栋")
    await page.locator("er-building-search .row-button", has_text=BUILDING).first.click()

    await expect(page.locator("[data-part=place] > summary")).to_contain_text(BUILDING)
    await expect(page.locator(".still")).to_contain_text("还差")
    [drill_id] = (await planned(circle.stage)).keys() - before
    shown = await saved_plan(circle, drill_id)
    inject, number = await first_closure(page, shown)

    await page.locator("[data-part=basics] input[type=datetime-local]").fill("2099-03-07T09:30")
    await page.locator(".still button").first.click()
    await inject.get_by_role("button", name="在地图上画").click()
    await person.look_at(*LANE[0], zoom=18)
    for point in LANE:
        await person.tap_map(*point)
    await page.get_by_role("button", name="就封这一段").click()

    await expect(inject).to_contain_text("封闭")
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.get_by_role("button", name="保存", exact=True)).to_have_count(0)
    after = (await saved_plan(circle, drill_id))["plan"]
    closure = next(each for each in after["injects"] if each["number"] == number)["closure"]
    assert closure["geometry"]["type"] == "LineString"
    assert after["starts_at"] is not None
    # Who should arrive when, before anyone walks: at the start, and once the lane is closed.
    await expect(page.locator(".reach-plan thead button")).not_to_have_count(1)
    await expect(page.locator(".reach-plan tbody tr").first).to_contain_text(":")


async def test_nothing_typed_is_lost_when_another_planner_saves_first(circle: Circle) -> None:
    drill = await plan_from_template(circle, "kitchen_fire")
    person = await circle.sign_in("planner", DESKTOP)
    person.expected += ("409 (Conflict)",)
    page = person.page
    await open_drills(page)
    await card_of(page, drill).locator("button").click()
    name = page.get_by_label("名称", exact=True)
    await name.fill("我起的名字")

    other = {**drill["plan"], "duration_s": 1800.0}
    await circle.office.put(f"drills/{drill['id']}", {"plan": other, "expected_version": drill["version"]})

    told = page.locator(".panel-body .problem")
    await expect(told).to_contain_text("改过这份方案")
    await expect(name).to_have_value("我起的名字")
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.locator(".panel-actions .problem")).to_contain_text("没有保存")

    keep = page.locator("er-confirm-button", has_text="用我的").locator("button")
    await keep.click()
    await keep.click()
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(told).to_have_count(0)
    assert (await saved_plan(circle, drill["id"]))["plan"]["name"] == "我起的名字"


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [
        (PHONE, "light", "en"),
        (LYING, "dark", "zh-CN"),
        pytest.param(PHONE, "dark", "zh-CN", marks=pytest.mark.nightly),
        pytest.param(DESKTOP, "light", "en", marks=pytest.mark.nightly),
    ],
    ids=["phone, light", "lying, dark", "phone, dark", "desktop, light"],
)
async def test_a_plan_is_read_on_any_screen_and_nothing_serious_is_found(
    circle: Circle, size: dict[str, Any], scheme: str, language: str
) -> None:
    drill = await plan_from_template(circle, "blocked_lane_night", language)
    person = await circle.sign_in("planner", size, scheme=scheme, language=language)
    words = {"menu": "Menu", "drills": "Drills"} if language == "en" else {}
    await open_drills(person.page, **words)
    found = await faults_of(person, drill)

    assert found == {}


async def faults_of(person: Person, drill: dict[str, Any]) -> dict[str, list[str]]:
    page = person.page
    found: dict[str, list[str]] = {}

    async def look(name: str, ready: Locator) -> None:
        await expect(ready).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        found[name] = await serious_faults(page)

    await look("list", page.locator("[data-template]").first)
    await card_of(page, drill).locator("button").click()
    await look("plan", page.locator(".still"))
    await fold(page, "objectives").click()
    await page.locator("[data-part=objectives] .entry > summary").first.click()
    await look("objectives", page.locator("[data-part=objectives] .entry input").first)
    await fold(page, "injects").click()
    inject, _ = await first_closure(page, drill)
    await inject.locator("summary").click()
    await look("injects", inject.locator("textarea").first)
    await inject.locator(".thing button").click()
    await look("drawing", page.locator(".panel .answer"))
    return {name: faults for name, faults in found.items() if faults}


async def test_people_who_plan_none_see_when_and_where_and_nothing_that_gives_it_away(circle: Circle) -> None:
    drill = await plan_from_template(circle, "gas_smell")
    crew = await circle.sign_in("hospital.wen", PHONE)
    await open_drills(crew.page)

    card = card_of(crew.page, drill)
    await expect(card).to_contain_text(BUILDING)
    await expect(card).to_contain_text(drill["plan"]["notice"])
    await expect(crew.page.locator("[data-template], .drill button")).to_have_count(0)
    assert not any(f"/drills/{drill['id']}" in each for each in crew.asked)


def edited(sheet: Path, change: Callable[[Worksheet], None]) -> dict[str, Any]:
    """Return the file that a person would choose after they changed the sheet."""
    book = load_workbook(io.BytesIO(sheet.read_bytes()))
    change(book.worksheets[0])
    kept = io.BytesIO()
    book.save(kept)
    return {"name": "injects.xlsx", "mimeType": XLSX, "buffer": kept.getvalue()}


def cell_of(sheet: Worksheet, heading: str, text: str) -> Cell:
    """Return the cell below a heading in the row that has the text."""
    [column] = [each.column for row in sheet.iter_rows() for each in row if each.value == heading]
    [row] = [each.row for cells in sheet.iter_rows() for each in cells if each.value == text]
    return cast("Cell", sheet.cell(row, column))


async def test_injects_are_edited_in_excel_and_taken_back_after_a_check(circle: Circle) -> None:
    drill = await plan_from_template(circle, "kitchen_fire")
    first = drill["plan"]["injects"][0]["text"]
    person = await circle.sign_in("planner", DESKTOP)
    page = person.page
    await open_drills(page)
    await card_of(page, drill).locator("button").click()
    await fold(page, "files").click()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="下载情景注入表").click()
    sheet = await (await download.value).path()

    def spoil(found: Worksheet) -> None:
        cell_of(found, HEADING, first).value = "很快"

    def prolong(found: Worksheet) -> None:
        cell_of(found, "内容", first).value = "改过的内容"

    chosen = page.locator("er-drill-sheet input[type=file]")
    await chosen.set_input_files(edited(sheet, spoil))
    await expect(page.locator(".sheet-messages [data-level=error]").first).to_contain_text("行")
    await expect(page.get_by_role("button", name="导入", exact=True)).to_have_count(0)

    await chosen.set_input_files(edited(sheet, prolong))
    await expect(page.locator("er-drill-sheet")).to_contain_text("修改 1 项")
    await page.get_by_role("button", name="导入", exact=True).click()

    await expect(page.locator(".toast")).to_contain_text("已导入")
    after = (await saved_plan(circle, drill["id"]))["plan"]["injects"]
    assert after[0]["text"] == "改过的内容"
    assert len(after) == len(drill["plan"]["injects"])
