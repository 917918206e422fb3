"""Changing the figures behind the times in the page: checked, effective at once, never over another's."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.people import PHONE, Circle, Interface
from tests.e2e.test_criticality import look_at_building, shown_minutes

BUILDING = "脑科巷14栋"
WALKING = "profiles.foot.speeds_kph.default"
WIDTH = "profiles.fire_engine.clear_width_m"
TAP_PX = 48


@pytest_asyncio.fixture(autouse=True)
async def as_shipped(circle: Circle) -> AsyncIterator[None]:
    """Leave the figures as they were found."""
    yield
    async with await Interface.as_user(circle.stage, "community") as interface:
        await interface.put("profiles", {"table": None})


async def open_figures(page: Page, *, layers: str = "图层", times: str = "关于这些时间") -> None:
    await page.get_by_role("button", name=layers).click()
    await page.locator(".legend .row-button", has_text=times).click()
    await expect(page.locator(".figures-of").first).to_be_visible()


def group(page: Page, name: str) -> Locator:
    return page.locator(f".figures-of[data-group={name}]")


def row(page: Page, path: str) -> Locator:
    return page.locator(f'.figure[data-path="{path}"]')


async def every_word_fits(page: Page) -> bool:
    return bool(
        await page.locator(".panel-actions .button").evaluate_all(
            "(all) => all.every((each) => each.scrollWidth <= each.clientWidth)"
        )
    )


async def test_a_figure_is_changed_checked_felt_at_once_and_taken_back(circle: Circle) -> None:
    building = await circle.building(BUILDING)
    staff = await circle.sign_in("community")
    page = staff.page
    await look_at_building(staff, building["id"])
    before = await shown_minutes(page)
    await open_figures(page)
    await page.get_by_role("button", name="修改参数").click()
    await group(page, "foot").locator("summary").click()
    field = row(page, WALKING).locator("input")

    await field.fill("0")
    await expect(page.locator(".panel-actions .problem")).to_have_text(
        "步行，其他道路：请填 0.2 到 150 之间的数"
    )
    await expect(page.locator(".panel-actions .primary")).to_be_disabled()
    await staff.picture("1440x900-23-figure-out-of-range")

    await field.fill("２.16")
    await expect(row(page, WALKING)).to_contain_text("默认 4.32 公里/时")
    await page.get_by_role("button", name="保存 1 项改动").click()

    await expect(group(page, "foot").locator("summary")).to_contain_text("自定 1 项")
    await expect(page.locator(".view-header p")).to_contain_text("本圈自定")
    assert await every_word_fits(page)
    await staff.picture("1440x900-24-figures-saved")
    async with await Interface.as_user(circle.stage, "observer") as interface:
        told = await interface.get("profiles")
    assert told["table"]["profiles"]["foot"]["speeds_kph"]["default"] == 2.16
    await look_at_building(staff, building["id"])
    assert await shown_minutes(page) != before

    await open_figures(page)
    await page.get_by_role("button", name="撤销刚才的保存").click()

    await expect(page.locator(".view-header p")).to_have_text("默认值")
    await look_at_building(staff, building["id"])
    assert await shown_minutes(page) == before


async def test_no_one_saves_over_what_another_person_changed_without_seeing_it(circle: Circle) -> None:
    staff = await circle.sign_in("community", language="en", scheme="light")
    staff.expected += ("409 (Conflict)",)
    page = staff.page
    await open_figures(page, layers="Layers", times="About the times")
    await page.get_by_role("button", name="Change figures").click()
    await group(page, "fire_engine").locator("summary").click()
    await row(page, WIDTH).locator("input").fill("3.2")
    async with await Interface.as_user(circle.stage, "planner") as interface:
        table = (await interface.get("profiles"))["table"]
        table["profiles"]["fire_engine"]["weight_t"] = 18
        await interface.put("profiles", {"table": table})

    await page.get_by_role("button", name="Save changes (1)").click()

    refused = page.locator(".panel-actions .problem")
    await expect(refused).to_contain_text("has just changed these figures")
    await expect(row(page, "profiles.fire_engine.weight_t").locator("input")).to_have_value("18")
    await expect(row(page, WIDTH).locator("input")).to_have_value("3.2")
    assert await every_word_fits(page)
    await staff.picture("1440x900-25-changed-by-somebody-else-en")

    await page.get_by_role("button", name="Save changes (1)").click()

    await expect(page.get_by_role("button", name="Change figures")).to_be_visible()
    async with await Interface.as_user(circle.stage, "planner") as interface:
        engine = (await interface.get("profiles"))["table"]["profiles"]["fire_engine"]
    assert (engine["clear_width_m"], engine["weight_t"]) == (3.2, 18)


async def test_on_a_phone_every_figure_can_be_tapped_and_put_back(circle: Circle) -> None:
    async with await Interface.as_user(circle.stage, "planner") as interface:
        table = (await interface.get("profiles"))["table"]
        table["profiles"]["fire_engine"]["clear_width_m"] = 3.2
        await interface.put("profiles", {"table": table})
    staff = await circle.sign_in("planner", PHONE)
    page = staff.page
    await open_figures(page)
    await group(page, "fire_engine").locator("summary").click()
    await staff.picture("390x844-23-figures")
    await page.get_by_role("button", name="修改参数").click()
    engine = group(page, "fire_engine")
    await expect(row(page, WIDTH).locator("input")).to_be_visible()
    await engine.scroll_into_view_if_needed()
    await staff.picture("390x844-24-figures-edited")
    told = await page.locator(".banner.invented").bounding_box()
    handle = await page.locator(".handle span").bounding_box()
    assert told is not None
    assert handle is not None
    assert told["y"] + told["height"] <= handle["y"], "the sheet's handle can be seen"

    for target in await engine.locator("input, button:visible, summary").all():
        box = await target.bounding_box()
        assert box is not None
        assert box["height"] >= TAP_PX
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["viewport"]["width"]
    await page.get_by_role("button", name="恢复默认值：所需净宽").click()
    assert await every_word_fits(page)
    await expect(row(page, WIDTH).locator("input")).to_have_value("3.5")
    await page.get_by_role("button", name="保存 1 项改动").click()

    # Nothing is left of the circle's own: it goes by what is shipped, and by later versions of that.
    await expect(page.locator(".view-header p")).to_have_text("默认值")


async def test_a_person_who_may_not_change_them_is_told_who_may(circle: Circle) -> None:
    observer = await circle.sign_in("observer", PHONE, language="en", scheme="light")
    page = observer.page
    await open_figures(page, layers="Layers", times="About the times")
    await group(page, "ambulance").locator("summary").click()

    await expect(page.locator(".panel-body")).to_contain_text("Coordinators and planners can change them.")
    await expect(page.get_by_role("button", name="Change figures")).to_have_count(0)
    await observer.picture("390x844-25-figures-of-an-observer-en")


async def test_the_years_of_peak_hours_are_named_and_turning_round_is_a_figure(circle: Circle) -> None:
    page = (await circle.sign_in("community", PHONE)).page
    await open_figures(page)

    days = page.locator("[data-working-days]")
    await expect(days.locator("summary")).to_contain_text("2024, 2025, 2026")
    await days.locator("summary").click()
    await expect(days.locator("li").last).to_contain_text("国务院办公厅关于2026年部分节假日安排的通知")
    await group(page, "car").locator("summary").click()
    await expect(row(page, "profiles.car.u_turn_s")).to_contain_text("原地掉头")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
