"""Daily work between alerts: what is looked after, by page."""

from playwright.async_api import expect

from tests.e2e.people import PHONE, Circle


async def test_hazards_are_listed_with_the_gravest_first(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE)
    page = staff.page
    await page.get_by_role("button", name="菜单").click()
    await page.get_by_role("button", name="日常管理", exact=True).click()
    await page.locator(".panel-body button", has_text="火灾隐患").click()

    rows = page.locator(".panel-body > button")
    await expect(rows.first).to_contain_text("重大")
    await rows.first.click()
    await expect(page.locator(".panel[data-view=hazard] .steps")).to_be_visible()
