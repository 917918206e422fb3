"""Before an alert is raised the page says whom it would call, and who has to be rung instead."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Interface
from tests.e2e.test_criticality import look_at_building

BUILDING = "脑科巷7栋"
UNIT = "院内急救步行组"


@pytest_asyncio.fixture
async def unit_of_no_one(circle: Circle) -> AsyncIterator[str]:
    """A unit that everyone has left, for the length of a test."""
    async with await Interface.as_user(circle.stage, "community") as interface:
        people: list[dict[str, Any]] = await interface.get("people")
        members = [person for person in people if UNIT in person["units"]]
        assert members
        for person in members:
            await interface.patch(f"people/{person['account_id']}", {"unit_ids": []})
        yield UNIT
        for person in members:
            await interface.patch(f"people/{person['account_id']}", {"unit_ids": person["unit_ids"]})


async def test_whom_an_alert_would_call_is_said_before_it_is_raised(
    circle: Circle, unit_of_no_one: str
) -> None:
    building = await circle.building(BUILDING)
    told = await circle.reach(building["id"])
    numbers = [told["people"][member["unit_id"]] for member in told["members"]]
    for size, language, scheme in ((PHONE, "zh-CN", "dark"), (DESKTOP, "en", "light")):
        staff = await circle.sign_in("community", size, language=language, scheme=scheme)
        page = staff.page
        await look_at_building(staff, building["id"])

        rows = page.locator(".members > li")
        await expect(rows).to_have_count(len(numbers))
        calls = page.locator(".raise > .muted")
        await expect(calls).to_contain_text(str(sum(numbers)))
        await expect(calls).to_contain_text(str(len(numbers) - numbers.count(0)))
        assert numbers.count(0) == 1
        alone = page.locator(".members > li[data-unrecorded]")
        await expect(alone).to_have_count(1)
        if language == "zh-CN":
            await expect(alone).to_contain_text(unit_of_no_one)
            await expect(rows.first).to_contain_text(f"可呼叫 {numbers[0]} 人")
        await staff.picture(f"{size['viewport']['width']}x{size['viewport']['height']}-26-preview-{language}")
        await alone.scroll_into_view_if_needed()
        await staff.picture(
            f"{size['viewport']['width']}x{size['viewport']['height']}-27-preview-nobody-{language}"
        )
