"""A start is meant: it says whom it calls, takes two taps, and asks beside a drill that runs."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.people import PHONE, Circle, Interface
from tests.e2e.test_drill_run import CONFLICT, open_console, plan


@pytest_asyncio.fixture
async def planner(circle: Circle) -> AsyncIterator[Interface]:
    """The planner without a page; what a test has started is over when it is."""
    async with await Interface.as_user(circle.stage, "planner") as interface:
        yield interface
        for each in (await interface.get("drills"))["drills"]:
            if each["state"] in {"running", "paused"}:
                await interface.post(f"drills/{each['id']}/end", {})


async def test_a_start_says_whom_it_calls_and_asks_beside_another_drill(
    circle: Circle, planner: Interface
) -> None:
    first = await plan(circle, planner, mode="tabletop", name="桌面推演")
    drill_id = await plan(circle, planner, name="不同时的演练")
    people = (await planner.get(f"drills/{drill_id}/planned-reach"))["people"]
    await planner.post(f"drills/{first}/start", {})
    staff = await circle.sign_in("planner", PHONE)
    staff.expected += (CONFLICT,)
    page = await open_console(staff, drill_id)

    await expect(page.locator(".whom-it-calls")).to_contain_text(f"预计通知 {people} 人")
    await page.get_by_role("button", name="开始演练", exact=True).click()
    assert (await planner.get(f"drills/{drill_id}"))["state"] == "planned"
    await page.locator(".start-drill [data-asking=true]").click()
    await expect(page.locator(".beside-real")).to_contain_text("“桌面推演”还在进行")
    assert (await planner.get(f"drills/{drill_id}"))["state"] == "planned"
    await page.get_by_role("button", name="仍要同时开始").click()
    await expect(page.locator(".drill-clock[data-standing=running]")).to_be_visible()
    run = (await planner.get(f"drills/{drill_id}/run"))["run"]
    detail = await planner.get(f"incidents/{run['incident_id']}")
    assert len({each["recipient_id"] for each in detail["deliveries"]}) == people
