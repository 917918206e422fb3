"""The ladder on the console: what comes next, taken by hand, the call list, and ladders changed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Interface

SMOKE = {"kind": "smoke", "severity": "orange", "exercise": False}
STICKS_OUT = """() => {
  const body = document.querySelector(".panel-body");
  const edge = body.getBoundingClientRect().right + 1;
  return [...body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > edge).map((each) => each.outerHTML.slice(0, 60));
}"""


@pytest_asyncio.fixture(autouse=True)
async def as_shipped(circle: Circle) -> AsyncIterator[None]:
    """Leave the ladders as they were found."""
    yield
    async with await Interface.as_user(circle.stage, "community") as interface:
        await interface.put("ladders", {"ladders": None})


@pytest.mark.parametrize(
    ("size", "name"), [(DESKTOP, "1440x900"), (PHONE, "390x844")], ids=["desktop", "phone"]
)
async def test_staff_see_what_comes_next_and_take_it_at_once(
    circle: Circle, size: dict[str, Any], name: str
) -> None:
    building = await circle.building("脑科巷7栋")
    await circle.raise_alert(**SMOKE, building_id=building["id"])
    staff = await circle.sign_in("community", size)
    page = staff.page
    await page.locator(".incident-header, .incident-card").first.click()
    await expect(page.locator(".next-step")).to_contain_text("还有")
    await expect(page.locator(".marks li")).to_have_count(3)

    await page.locator(".ladder summary").click()
    deputies = page.locator(".ladder-steps > li", has_text="不在岗的力量")
    await deputies.get_by_role("button", name="立即执行").click()
    await expect(deputies).to_contain_text("手动")
    await expect(deputies).to_contain_text("呼叫了 1 人")
    assert await page.evaluate(STICKS_OUT) == []
    await staff.picture(f"{name}-60-ladder")

    await page.get_by_role("button", name="电话名单").click()
    await expect(page.locator(".call-rows li").first).to_be_visible()
    await page.locator(".call-list").scroll_into_view_if_needed()
    await staff.picture(f"{name}-61-call-list")

    await (
        page.locator(".ladder-steps > li", has_text="按名单打电话").get_by_role("button", name="停止").click()
    )
    await expect(page.locator(".ladder-steps > li", has_text="按名单打电话")).to_contain_text("停止")


async def test_a_coordinator_chooses_another_ladder_and_changes_it(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE)
    page = staff.page
    await page.get_by_role("button", name="菜单").click()
    await page.get_by_role("button", name="呼叫阶梯").click()
    nearest = page.locator(".ladder-profile[data-key=nearest_first]")
    await nearest.locator("summary").click()
    await nearest.get_by_label("警报用这个阶梯").check()
    await nearest.get_by_label("几人来就不再扩大").fill("3")
    await nearest.get_by_label("几人来就不再扩大").blur()
    assert await page.evaluate(STICKS_OUT) == []
    await staff.picture("390x844-62-ladders")
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.locator(".view-header p")).to_contain_text("本圈自定")

    async with await Interface.as_user(circle.stage, "planner") as interface:
        told = await interface.get("ladders")
    assert (told["default"], told["is_custom"]) == ("nearest_first", True)
    assert next(each["enough"] for each in told["profiles"] if each["key"] == "nearest_first") == 3
