"""A drill that ended is replayed in a page of its own, which opens from a file without network."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle, Interface
from tests.e2e.test_drill_plan import card_of, open_drills, plan_from_template


@pytest_asyncio.fixture
async def drill(circle: Circle) -> AsyncIterator[dict[str, Any]]:
    """A drill that a unit came to, with an inject and an observation, and that is over."""
    made = await plan_from_template(circle, "kitchen_fire")
    async with await Interface.as_user(circle.stage, "planner") as planner:
        run = await planner.post(f"drills/{made['id']}/start", {"beside_real": True})
        detail = await planner.get(f"incidents/{run['incident_id']}")
        await planner.post(f"drills/{made['id']}/injects/1/give", {})
        async with await Interface.as_user(circle.stage, "hospital.wen") as partner:
            call = detail["alerts"][0]["id"]
            for state in ("accepted", "en_route", "on_scene"):
                body = {
                    "action_id": str(uuid4()),
                    "state": state,
                    "at": run["started_at"],
                }
                await partner.post(f"alerts/{call}/receipts", body)
        await planner.post(f"drills/{made['id']}/end", {})
    yield made


@pytest.mark.parametrize("shape", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_replay_plays_seeks_and_opens_without_network(
    circle: Circle, drill: dict[str, Any], tmp_path: Path, shape: dict[str, Any]
) -> None:
    planner = await circle.sign_in("planner", shape)
    page = planner.page
    address = f"{circle.stage.url}/api/circles/{circle.office.circle_id}/drills/{drill['id']}/replay.html"
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))

    await page.goto(address)

    await expect(page.get_by_role("heading", name="回放")).to_be_visible()
    await expect(page.locator("#story li").first).to_contain_text("演练开始")
    await expect(page.locator("#story")).to_contain_text("某人 到场")
    await page.locator("#story button", has_text="到场").first.click()
    await expect(page.locator("circle.unit.on_scene")).not_to_have_count(0)
    await page.get_by_role("button", name="16×").click()
    await page.get_by_role("button", name="播放").click()
    await expect(page.locator("#state")).to_have_text("结束")
    assert await serious_faults(page) == []

    file = tmp_path / "replay.html"
    file.write_text(await (await page.request.get(address)).text(), encoding="utf-8")
    await planner.lose_signal()
    await page.goto(f"file://{file}#t=0")
    await expect(page.locator("#clock")).to_have_text("00:00")
    await expect(page.locator(".building")).not_to_have_count(0)
    assert faults == []


async def test_the_plan_of_a_drill_that_is_over_links_to_its_replay(
    circle: Circle, drill: dict[str, Any]
) -> None:
    person = await circle.sign_in("planner", PHONE)
    page = person.page
    await open_drills(page)
    await page.locator("summary", has_text="已结束或取消").click()
    await card_of(page, drill).locator("button").click()

    links = page.locator("[data-part=replay] a")
    await expect(links).to_have_count(4)
    await page.get_by_label("含姓名").check()
    await expect(links.last).to_have_attribute("href", re.compile(r"report\.pdf"))
    await expect(links.nth(1)).to_have_attribute("href", re.compile("names=true.*download=true"))
    async with page.context.expect_page() as opened:
        await links.first.click()
    replay = await opened.value
    await expect(replay.get_by_role("heading", name="回放")).to_be_visible()
    assert await serious_faults(page) == []
