"""Daily work between alerts: what is looked after, by page."""

import pytest
from playwright.async_api import expect

from tests.e2e.axe import serious_faults
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


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_every_register_opens(circle: Circle, language: str) -> None:
    staff = await circle.sign_in("community", PHONE, language=language)
    page = staff.page
    await page.evaluate("window.responder.showRegister('home')")
    rows = page.locator(".panel[data-view=register] .row-button:visible")
    await expect(rows.first).to_be_visible()
    home = await page.locator(".view-header h2").inner_text()
    count = await rows.count()
    assert count > 5
    for number in range(count):
        await rows.nth(number).click()
        await expect(page.locator(".view-header h2")).not_to_have_text(home)
        assert await serious_faults(page) == []
        await staff.picture(f"390x844-register-{number}-{language}")
        await page.evaluate("window.responder.showRegister('home')")
        # Rows come as what they tell is loaded: one that came meanwhile has moved the others on.
        await expect(rows.nth(count - 1)).to_be_visible()
