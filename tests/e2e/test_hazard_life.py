"""A hazard on two phones, from being seen to being closed with a photo, and what its lane does to reach."""

from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.people import PHONE, Circle
from tests.exchange.pictures import picture

NAME = "巷口施工围挡"
BLOCK = "脑科巷9栋"
MARGIN = 0.0006
"""Degrees: the lanes around the block."""


async def times(circle: Circle, building: dict[str, Any]) -> dict[str, float]:
    found = await circle.reach(building["id"])
    return {member["unit_name"]: member["response_s"] for member in found["members"]}


async def record(circle: Circle, building: dict[str, Any]) -> str:
    """Record a hazard that lies on all lanes around a building."""
    ring = building["geometry"]["coordinates"][0]
    west, east = min(x for x, _ in ring) - MARGIN, max(x for x, _ in ring) + MARGIN
    south, north = min(y for _, y in ring) - MARGIN, max(y for _, y in ring) + MARGIN
    around = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    added = await circle.office.post(
        "hazards/features",
        {
            "geometry": {"type": "Polygon", "coordinates": [around]},
            "properties": {"kind": "blocked_lane", "grade": "major", "name": NAME},
        },
    )
    return str(added["feature"]["id"])


async def show(page: Page, hazard_id: str) -> None:
    await page.evaluate("(id) => window.responder.showThing('hazard', id)", hazard_id)
    await expect(page.locator(".history")).to_contain_text("登记")


async def test_a_hazard_is_mended_on_the_phone_and_its_lane_opens_with_it(circle: Circle) -> None:
    building = await circle.building(BLOCK)
    free = await times(circle, building)
    hazard_id = await record(circle, building)
    try:
        staff = await circle.sign_in("community", PHONE)
        police = await circle.sign_in("police", PHONE)
        page, theirs = staff.page, police.page
        await show(page, hazard_id)
        await page.locator("[data-part=lane] summary").click()
        await page.get_by_role("button", name="完全堵死").click()
        await expect(page.locator(".toast")).to_contain_text("已计入通行限制")
        shut = await times(circle, building)
        assert shut != free

        await page.get_by_label("责任单位").select_option(index=1)
        owner = await page.get_by_label("责任单位").evaluate(
            "(each, name) => { const it = [...each.options].find(({text}) => text.includes(name));"
            " each.value = it.value; each.dispatchEvent(new Event('change')); return it.text; }",
            "派出所",
        )
        await staff.picture("390x844-hazard-assign")
        await page.get_by_role("button", name="交办", exact=True).click()
        await expect(page.locator(".responsible")).to_contain_text(owner)

        await show(theirs, hazard_id)
        await theirs.get_by_role("button", name="开始整改").click()
        await expect(theirs.get_by_role("button", name="整改完成")).to_be_disabled()
        photo = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", (1920, 1080))}
        await theirs.locator(".panel-actions input[type=file]").set_input_files([photo])  # type: ignore[list-item]
        await theirs.get_by_role("button", name="整改完成").click()
        await expect(theirs.locator(".history .thumb img")).to_be_visible()
        await expect(theirs.get_by_role("button", name="复查合格")).to_have_count(0)
        await police.picture("390x844-hazard-mended")

        await page.get_by_role("button", name="复查合格").click()
        assert await times(circle, building) == shut, "until it is closed"
        await page.get_by_role("button", name="销案").click()
        await expect(page.locator(".steps [aria-current=step]")).to_have_text("已销案")
        assert await times(circle, building) == free

        await page.locator("[data-part=reopen] summary").click()
        await page.get_by_label("为什么重新打开").fill("围挡又回来了")
        await page.get_by_role("button", name="重新打开").click()
        await expect(page.locator(".history")).to_contain_text("围挡又回来了")
        assert await times(circle, building) == shut
        await staff.picture("390x844-hazard-reopened")
    finally:
        await circle.office.put(f"hazards/{hazard_id}/lane", {"clear_width_m": None})
        await circle.office.post("hazards/remove", {"ids": [hazard_id]})
