"""Kinds of incident and colours, changed by a coordinator on the page; others only see what they are."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Interface
from tests.e2e.test_ladder import STICKS_OUT


@pytest_asyncio.fixture(autouse=True)
async def as_shipped(circle: Circle) -> AsyncIterator[None]:
    """Leave the kinds as they were found."""
    yield
    async with await Interface.as_user(circle.stage, "community") as interface:
        await interface.put("alert-catalogue", {"catalogue": None})


async def open_editor(page: Page) -> None:
    await page.get_by_role("button", name="菜单").click()
    await page.locator(".menu").get_by_role("button", name="呼叫阶梯").click()
    await page.locator(".catalogue > summary").click()
    await expect(page.locator(".kind-fields").first).to_be_visible()


async def test_a_coordinator_changes_a_kind_and_adds_one_that_can_be_raised_at_once(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE)
    page = staff.page
    await open_editor(page)
    gas = page.locator("[data-code=gas]")
    await gas.locator("> summary").click()
    await gas.get_by_label("名称（最多 8 字）").fill("煤气味")
    await gas.get_by_label("数量").first.fill("3")
    await page.get_by_role("button", name="加一种警情").click()
    added = page.locator("[data-code=own_1]")
    await added.get_by_label("名称（最多 8 字）").fill("高空坠物")
    await added.get_by_label("英文名称").fill("Falling objects")
    await added.get_by_label("默认颜色").select_option("orange")
    assert await page.evaluate(STICKS_OUT) == []
    await staff.picture("390x844-70-catalogue")
    await page.locator(".catalogue button.primary").click()
    await expect(page.locator(".toast")).to_contain_text("已保存")
    await expect(page.locator(".catalogue .mark")).to_have_count(0)

    shown = (await circle.office.get("alert-catalogue"))["catalogue"]
    kinds = {each["code"]: each for each in shown["kinds"]}
    assert (kinds["gas"]["name_zh"], kinds["gas"]["wanted"][0]["count"]) == ("煤气味", 3)
    assert (kinds["own_1"]["name_en"], kinds["own_1"]["severity"]) == ("Falling objects", "orange")
    building = await circle.building("脑科巷7栋")
    await staff.tap_building(building)
    await expect(page.locator(".kind", has_text="高空坠物")).to_be_visible()


async def test_what_was_typed_stays_when_another_saved_first_and_no_one_else_has_the_editor(
    circle: Circle,
) -> None:
    staff = await circle.sign_in("community", DESKTOP)
    staff.expected += ("409 (Conflict)",)
    page = staff.page
    await open_editor(page)
    flood = page.locator("[data-code=flood]")
    await flood.locator("> summary").click()
    await flood.get_by_label("名称（最多 8 字）").fill("内涝")
    await flood.get_by_label("英文名称").focus()
    catalogue = (await circle.office.get("alert-catalogue"))["catalogue"]
    for kind in catalogue["kinds"]:
        if kind["code"] == "crowd":
            kind["name_zh"] = "打架"
    await circle.office.put("alert-catalogue", {"catalogue": catalogue})

    await page.locator(".catalogue button.primary").click()

    await expect(page.locator(".catalogue [role=alert]")).to_contain_text("刚有人改过")
    await expect(flood.get_by_label("名称（最多 8 字）")).to_have_value("内涝")

    planner = await circle.sign_in("planner", DESKTOP)
    await planner.page.get_by_role("button", name="菜单").click()
    await planner.page.locator(".menu").get_by_role("button", name="呼叫阶梯").click()
    await expect(planner.page.locator(".fold").first).to_be_visible()
    await expect(planner.page.locator(".catalogue")).to_have_count(0)
