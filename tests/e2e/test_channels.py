"""The screens of channels fit, and whatever is tapped on them is big enough."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e.people import DESKTOP, PHONE, SCREENSHOTS, Circle, Person
from tests.e2e.test_accounts import NAMELESS
from tests.e2e.test_page import OVERFLOWS, TOO_SMALL

LANDSCAPE = {**PHONE, "viewport": {"width": 844, "height": 390}}


async def usable(page: Page) -> None:
    """Nothing sticks out, is too small to tap, or has no name for a screen reader."""
    assert not await page.evaluate(OVERFLOWS)
    assert await page.evaluate(TOO_SMALL, 44) == []
    assert await page.evaluate(NAMELESS) == []


@pytest.mark.parametrize(
    ("size", "name"),
    [
        (PHONE, "390x844"),
        pytest.param(LANDSCAPE, "844x390", marks=pytest.mark.nightly),
        (DESKTOP, "1440x900"),
    ],
)
async def test_the_screens_fit_in_english_too(circle: Circle, size: dict[str, object], name: str) -> None:
    staff: Person = await circle.sign_in("community", size, language="en", scheme="light")
    for screen in ("Channels", "My channels"):
        await staff.page.get_by_role("button", name="Menu").click()
        await staff.page.locator(".menu").get_by_role("button", name=screen, exact=True).click()
        await expect(staff.page.locator("#screen-title")).to_have_text(screen)
        await expect(staff.page.locator(".screen .form").first).to_be_visible()
        await usable(staff.page)
        await staff.page.screenshot(path=SCREENSHOTS / f"{name}-33-{screen.lower().replace(' ', '-')}-en.png")
