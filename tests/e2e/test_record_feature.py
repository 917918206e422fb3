"""What is found on a round is recorded on the map, and every open page shows it."""

from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, Circle

FREE = (112.98560, 28.15700)
NAME = "配电箱前堆物"


async def test_a_hazard_is_recorded_on_the_map_and_followed_up(circle: Circle) -> None:
    planner = await circle.sign_in("planner", DESKTOP)
    hospital = await circle.sign_in("hospital", PHONE)
    await planner.look_at(*FREE, zoom=19)
    await planner.tap_map(*FREE)
    page = planner.page
    await page.locator("summary", has_text="在此登记：火灾隐患").click()
    form = page.locator(".feature-form")
    await form.get_by_label("隐患等级").select_option("major")
    await form.get_by_label("名称", exact=True).fill(NAME)
    await planner.picture("1440x900-record-hazard")
    await form.get_by_role("button", name="保存").click()
    await expect(page.locator(".toast")).to_contain_text("已保存")

    row = hospital.page.locator(".row-button", has_text=NAME)
    await expect(row).to_contain_text("重大隐患")

    [hazard] = [
        each
        for each in (await circle.office.get("hazards"))["features"]
        if each["properties"]["name"] == NAME
    ]
    try:
        await page.evaluate(
            "async (id) => window.responder.showThing('hazard', id)",
            hazard["id"],
        )
        await page.locator("summary", has_text="更改").click()
        await page.locator(".feature-form").get_by_label("隐患等级").select_option("general")
        await page.locator(".feature-form").get_by_role("button", name="保存").click()
        await expect(row).to_contain_text("一般隐患")
        assert await hospital.page.locator("er-feature-form").count() == 0, (
            "a dispatcher may not edit the map"
        )
    finally:
        await circle.office.post("hazards/remove", {"ids": [hazard["id"]]})
