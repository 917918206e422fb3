"""A planner sees what was measured beside the figures in force, and accepts one at a time."""

import json
from typing import Any

from playwright.async_api import Route, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle
from tests.e2e.test_drill_plan import open_drills


async def test_what_is_proposed_is_accepted_by_a_second_tap(circle: Circle) -> None:
    unit = await circle.unit("微型消防站战斗班")
    estimate = {"median": 95.0, "n": 6, "low": 80.0, "high": 120.0}
    turnout = {"unit_id": unit["id"], "before_s": 60.0, "after_s": 95.0, "estimate": estimate}
    slower = {"median": 1.25, "n": 9, "low": 1.1, "high": 1.4}
    held_out = {"n": 7, "before_s": 61.2, "after_s": 12.4}
    calibration: dict[str, Any] = {
        "turnouts": [turnout],
        "speeds": [{"profile": "car", "factor": 0.8, "estimate": slower}],
        "held_out": held_out,
    }
    accepted: list[dict[str, Any]] = []

    async def answer(route: Route) -> None:
        if route.request.method == "POST":
            accepted.append(json.loads(route.request.post_data or "{}"))
            calibration["turnouts"] = []
        shown = {"calibration": calibration, "journeys": [], "profiles_version": "v1"}
        await route.fulfill(json=shown)

    person = await circle.sign_in("planner", PHONE)
    page = person.page
    await page.route("**/calibration", answer)
    await open_drills(page)
    await page.locator("[data-part=calibration] button").click()

    row = page.locator(f"[data-proposed='{unit['id']}']")
    await expect(row).to_contain_text("1:00 → 1:35")
    await expect(row).to_contain_text("6 次")
    await expect(page.locator("[data-proposed=car]")).to_contain_text("80%")
    await expect(page.locator("[data-part=held-out]")).to_contain_text("61 秒 → 12 秒")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await serious_faults(page) == []

    accept = row.locator("button")
    await accept.click()
    assert accepted == []
    await accept.click()
    await expect(row).to_have_count(0)
    assert accepted == [{"unit_ids": [unit["id"]]}]


async def test_where_nothing_is_proposed_it_is_told_why(circle: Circle) -> None:
    person = await circle.sign_in("planner", DESKTOP, language="en")
    page = person.page
    await open_drills(page, menu="Menu", drills="Drills")
    await page.locator("[data-part=calibration] button").click()

    await expect(page.locator("er-calibration [data-part=none]")).to_contain_text("5 journeys")
