"""The picture of an inject: added in the plan, it reaches the phones of those it is for, and no others."""

from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle, Interface
from tests.e2e.test_drill_run import HOUSE, REAL, inject, open_console, plan, planner, start
from tests.exchange.pictures import picture

__all__ = ["planner"]

LARGE = ".large-photo"
SHOWN = "async (each) => { await each.decode(); return each.naturalWidth; }"
WIDTH = 1280
"""Pixels of a picture that the server has drawn again."""


def photo() -> dict[str, Any]:
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", (1920, 1080))}


async def add_photo(page: Page, drill_id: str, number: int) -> Locator:
    """Choose a picture for an inject in the plan, and save that."""
    await page.evaluate("(id) => window.responder.showDrill(id, 2)", drill_id)
    entry = page.locator(f"[data-inject='{number}']")
    await entry.locator("input[type=file]").set_input_files([photo()])  # type: ignore[list-item]
    await expect(entry.locator(".thumb img")).to_be_visible()
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    return entry


async def for_hospital(planner: Interface) -> list[str]:
    partners = (await planner.get("snapshot"))["partners"]
    return [each["id"] for each in partners if each["kind"] == "hospital"]


async def test_a_picture_reaches_those_it_is_for_and_no_others(circle: Circle, planner: Interface) -> None:
    drill_id = await plan(
        circle,
        planner,
        objectives=[],
        injects=[
            {"number": 1, "after_s": 3000, "kind": "message", "text": "三楼有老人没下来"},
            {
                "number": 2,
                "after_s": 3100,
                "kind": "message",
                "text": "现场照片",
                "partner_ids": await for_hospital(planner),
            },
        ],
    )
    staff = await circle.sign_in("planner", DESKTOP)
    wen = await circle.sign_in("hospital.wen", PHONE)
    tan = await circle.sign_in("community.tan", PHONE)
    entry = await add_photo(staff.page, drill_id, 2)
    assert await entry.locator(".thumb img").evaluate(SHOWN) == WIDTH

    await open_console(staff, drill_id)
    await start(staff.page)
    for person in (wen, tan):
        await expect(person.page.locator(".incident-header")).to_be_visible()
    for number in (1, 2):
        await inject(staff.page, number).get_by_role("button", name="立即注入").click()
        await expect(inject(staff.page, number)).to_contain_text("已注入")

    told = wen.page.locator(".with-picture")
    await expect(told).to_contain_text("现场照片")
    await told.locator(".thumb").click()
    large = wen.page.locator("dialog.picture img")
    assert await large.evaluate(SHOWN) == WIDTH
    assert await serious_faults(wen.page) == []
    await wen.page.get_by_role("button", name="关闭", exact=True).click()
    await expect(large).to_have_count(0)
    # The later of two updates would have come by now.
    await expect(tan.page.locator("[data-update]")).to_contain_text("三楼有老人没下来")
    await expect(tan.page.locator(".thumb")).to_have_count(0)
    await expect(inject(staff.page, 2).locator(".thumb img")).to_be_visible()

    # A real alert comes first, also before a picture over everything.
    await told.locator(".thumb").click()
    await expect(large).to_be_visible()
    await circle.raise_alert(**REAL, building_id=(await circle.building(HOUSE))["id"])
    await expect(wen.page.locator(".incident-header")).to_contain_text("医疗急救")
    await expect(large).to_have_count(0)


async def test_a_room_sees_the_picture_large(circle: Circle, planner: Interface) -> None:
    drill_id = await plan(circle, planner, mode="tabletop", name="桌面推演")
    staff = await circle.sign_in("planner", DESKTOP)
    await add_photo(staff.page, drill_id, 2)
    page = await open_console(staff, drill_id)
    await start(page)
    large = page.locator(".large")
    for number in (1, 2):
        await large.get_by_role("button", name=f"注入第 {number} 项").click()
    await expect(large.locator(".large-text")).to_have_text("三楼有老人没下来")
    picture_shown = large.locator(LARGE)
    assert await picture_shown.evaluate(SHOWN) == WIDTH
    await page.set_viewport_size(PHONE["viewport"])
    box = await picture_shown.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["viewport"]["width"]
