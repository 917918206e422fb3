"""Staff direct an open incident on the page, and its people see it: from two taps to the end."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, SETTLES_MS, Circle

LANDSCAPE = {**PHONE, "viewport": {"width": 844, "height": 390}}
BLOCK_7 = "脑科巷7栋"
COUNT_TAPS = """() => {
  window.taps = 0;
  addEventListener("click", () => (window.taps += 1), { capture: true });
}"""


@pytest.mark.parametrize(
    ("size", "language", "name"),
    [
        (PHONE, "zh-CN", "390x844-zh"),
        pytest.param(LANDSCAPE, "en", "844x390-en", marks=pytest.mark.nightly),
        (DESKTOP, "en", "1440x900-en"),
    ],
    ids=["phone", "landscape", "desktop"],
)
async def test_an_incident_is_directed_from_two_taps_to_its_end(
    circle: Circle, size: dict[str, Any], language: str, name: str
) -> None:
    staff = await circle.sign_in("community", size, language=language)
    hospital = await circle.sign_in("hospital.wen", PHONE)
    building = await circle.building(BLOCK_7)
    page = staff.page
    await staff.map_settled()
    await page.evaluate(COUNT_TAPS)
    await staff.tap_building(building)
    await staff.call_for("冒烟" if language == "zh-CN" else "Smoke")
    await page.locator(".incident-header").wait_for()
    assert await page.evaluate("window.taps") == 2
    await expect(page.locator(".script li").nth(1)).to_be_attached()

    await page.locator('[data-stage="confirmed"]').click()
    await expect(page.locator('[data-stage="confirmed"]')).to_have_attribute("aria-pressed", "true")
    await expect(hospital.page.locator(".kind-line")).to_contain_text("已核实")
    await page.locator('.direct [data-severity="red"]').click()
    await expect(hospital.page.locator(".incident-header.severity-red")).to_be_visible()
    for text in ("东门进", "先到门岗拿钥匙"):
        await page.locator(".direct-update textarea").fill(text)
        await page.locator(".direct-update button").click()
        await expect(hospital.page.locator("[data-update]").first).to_contain_text(text)
    await expect(hospital.page.locator(".my-numbers")).to_be_in_viewport(ratio=1)
    await page.locator("[data-move]").scroll_into_view_if_needed()
    await staff.picture(f"incident-life-{name}-1-direct")
    await hospital.picture(f"incident-life-{name}-2-called")

    await page.locator("[data-move]").click()
    other = await circle.building("脑科巷9栋")
    await staff.tap_building(other)
    await staff.picture(f"incident-life-{name}-3-move")
    await page.locator("[data-move-here]").click()
    await expect(hospital.page.locator(".incident-header h2")).to_have_text("脑科巷9栋")


async def test_the_sender_undoes_an_alert_and_one_nearby_is_asked_about(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE)
    building = await circle.building(BLOCK_7)
    first = await circle.raise_alert(kind="smoke", exercise=False, building_id=building["id"])
    page = staff.page
    await page.locator(".incident-header").wait_for()
    await page.locator("[data-move]").click()
    await staff.tap_building(building)
    await page.locator("[data-move-not]").click()
    # A move that was given up does not turn the next tap on the map, an alert, into one.
    await staff.tap_building(building)
    await expect(page.locator(".kind").last).to_be_in_viewport(ratio=1)
    await staff.picture("incident-life-390x844-zh-4-kinds")
    # The answer that asks is no error here.
    staff.expected += ("409 (Conflict)",)
    await staff.call_for("火情")
    await expect(page.locator(".similar")).to_contain_text("是同一件事吗")
    await expect(page.locator("[data-not-same]")).to_be_in_viewport(ratio=1)
    await staff.picture("incident-life-390x844-zh-5-similar")
    await page.wait_for_timeout(SETTLES_MS)
    await page.locator("[data-not-same]").click()
    undo = page.locator('[data-end="undo"]')
    await undo.wait_for()
    await staff.picture("incident-life-390x844-zh-6-undo")
    found = (await circle.office.get("incidents?open=true"))["incidents"]
    assert len(found) == 2
    second = next(
        each["incident"]["id"] for each in found if each["incident"]["id"] != first["incident"]["id"]
    )
    if await undo.is_visible():
        await undo.click()
    await expect(page.locator(".ended-line")).to_be_visible()
    ended = (await circle.office.get(f"incidents/{second}"))["incident"]["end_reason"]
    assert ended in {"mistake", "false_alarm"}
