"""The ladder on the console: what comes next, taken by hand, the call list, and ladders changed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import expect

from responder.domain.ids import CircleId, IncidentId
from responder.ports.ladder import DueStep
from responder.services.ladder.run_steps import put_off
from responder.services.security_context import as_system
from responder.store.database import connect
from tests.e2e.people import DESKTOP, PHONE, Circle, Interface

SMOKE = {"kind": "smoke", "severity": "orange", "exercise": False}
STICKS_OUT = """() => {
  const body = document.querySelector(".panel-body");
  const edge = body.getBoundingClientRect().right + 1;
  return [...body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > edge).map((each) => each.outerHTML.slice(0, 60));
}"""


@dataclass(frozen=True)
class Later:
    """A clock that is ahead."""

    at: datetime

    def now(self) -> datetime:
        return self.at


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


async def test_staff_see_that_a_step_fails_until_it_is_done(circle: Circle, stage_url: str) -> None:
    building = await circle.building("脑科巷7栋")
    raised = await circle.raise_alert(**SMOKE, building_id=building["id"])
    staff = await circle.sign_in("community", PHONE)
    await staff.page.locator(".incident-header, .incident-card").first.click()
    following = staff.page.locator(".next-step")
    await expect(following).to_contain_text("还有")
    step = next(each for each in raised["ladder"]["steps"] if each["state"] == "planned")
    due = DueStep(IncidentId(UUID(raised["incident"]["id"])), step["number"])
    database = connect(stage_url)
    try:
        with as_system():
            # As the process does that could not take it; it is tried again when it would be due by itself.
            clock = Later(datetime.fromisoformat(step["due_at"]) + timedelta(seconds=1))
            await put_off(database, CircleId(UUID(raised["incident"]["circle_id"])), due, clock=clock)
    finally:
        await database.dispose()
    failing = f"第 {step['number']} 步没有执行成功，正在重试（1 次）"
    await expect(following).to_contain_text(failing)
    await expect(following).to_have_attribute("role", "alert")

    await following.get_by_role("button", name="立即执行").click()
    await expect(staff.page.locator(".ladder")).not_to_contain_text(failing)


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
