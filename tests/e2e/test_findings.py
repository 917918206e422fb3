"""A finding of a drill is written down, shows up as overdue, and is closed with its hazard fixed."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle, Interface, Stage
from tests.e2e.test_closure import LANE
from tests.e2e.test_drill_plan import open_drills, plan_from_template

DRILL = {
    "name": "整改项演练",
    "mode": "tabletop",
    "kind": "fire",
    "place": {"lon": 112.985, "lat": 28.158, "label": "脑科巷口"},
    "starts_at": None,
    "duration_s": 900,
}
TEXT = "二单元楼道里还在充电"
HAZARD = "二单元楼道充电"
CLOSED = "南支堆物"


@pytest_asyncio.fixture(autouse=True)
async def nothing_left_open(stage: Stage) -> AsyncIterator[None]:
    """Other tests look at the same overview."""
    yield
    async with await Interface.as_user(stage, "community") as office:
        for each in (await office.get("findings?open=true"))["findings"]:
            await office.post(f"findings/{each['id']}/close", {"note": "x", "settle": True})


async def held_drill(circle: Circle, *, seen: str | None = None, **plan: object) -> dict[str, Any]:
    """Let a drill begin and end, in which something is seen that is to be done better."""
    async with await Interface.as_user(circle.stage, "planner") as planner:
        drill: dict[str, Any] = await planner.post("drills", {"plan": {**DRILL, **plan}})
        await planner.post(f"drills/{drill['id']}/start", {"beside_real": True})
        if seen is not None:
            body = {"at": datetime.now(UTC).isoformat(), "verdict": "improve", "text": seen}
            await planner.put(f"drills/{drill['id']}/observations/{uuid4()}", body)
        await planner.post(f"drills/{drill['id']}/end", {})
    return drill


def overdue(page: Page) -> Locator:
    return page.locator(".row-button", has_text="逾期整改")


async def test_a_finding_is_overdue_in_the_overview_until_it_is_closed_with_its_hazard(
    circle: Circle,
) -> None:
    drill = await held_drill(circle)
    planner = await circle.sign_in("planner", DESKTOP)
    page = planner.page
    await open_drills(page)
    await page.locator("summary", has_text="已结束").click()
    await page.locator(f"[data-drill='{drill['id']}'] button").click()
    await page.get_by_role("button", name="整改项").click()
    await page.get_by_role("button", name="登记整改项").click()
    await page.get_by_label("要整改什么").fill(TEXT)
    await page.get_by_label("期限").fill(f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}")
    await page.get_by_label("关联隐患").select_option("new")
    await page.get_by_label("隐患名称").fill(HAZARD)
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.locator(".row-button", has_text=HAZARD)).to_contain_text("已发现")

    await page.evaluate("responder.showOverview()")
    await expect(overdue(page)).to_contain_text("逾期整改 1 项")
    await overdue(page).click()
    await page.locator(".row-button", has_text=TEXT).click()
    await page.locator("[data-part=close] > summary").click()
    assert await serious_faults(page) == []
    await page.get_by_label("做了什么").fill("已清走")
    await page.get_by_role("button", name="关闭整改项").click()

    await expect(page.locator(".view-header")).to_contain_text("已关闭")
    await expect(page.locator(".row-button", has_text=HAZARD)).to_contain_text("已销案")
    await page.evaluate("responder.showOverview()")
    await expect(overdue(page)).to_have_count(0)


async def test_what_is_observed_and_missed_becomes_a_finding_whose_closure_is_drawn_and_lifted(
    circle: Circle,
) -> None:
    objective = {"key": "o", "text": "十分钟内清点完", "measure": "observed", "within_s": 600}
    drill = await held_drill(circle, seen="通道被占", objectives=[objective])
    office = await circle.sign_in("community", DESKTOP)
    page = office.page
    await page.evaluate("(id) => responder.showDrillRun(id)", drill["id"])
    noted = page.locator(".observations li", has_text="通道被占")
    await noted.get_by_role("button", name="记为整改项").click()

    await expect(page.get_by_label("要整改什么")).to_have_value("通道被占")
    in_30_days = await page.evaluate("new Date(Date.now() + 30 * 864e5).toLocaleDateString('sv')")
    await expect(page.get_by_label("期限")).to_have_value(in_30_days)
    await page.get_by_label("责任人").fill("老王")
    await page.get_by_role("button", name="在图上画封闭").click()
    await office.look_at(*LANE[0], zoom=18)
    for lon, lat in LANE:
        await office.tap_map(lon, lat)
    await page.get_by_label("名称").fill(CLOSED)
    await page.get_by_role("button", name="封闭", exact=True).click()
    await expect(page.get_by_label("关联封闭").locator("option:checked")).to_have_text(CLOSED)
    await expect(page.get_by_label("责任人")).to_have_value("老王")
    assert await serious_faults(page) == []
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.locator(".row-button", has_text=CLOSED)).to_be_visible()
    await page.locator(".view-header button").first.click()
    await expect(noted.get_by_role("button", name="整改项：待整改")).to_be_visible()

    await page.locator(".objectives").get_by_role("button", name="记为整改项").click()
    await expect(page.get_by_label("要整改什么")).to_have_value(
        "未能评定的目标：十分钟内清点完（时限 10:00）"
    )
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.locator(".view-header")).to_contain_text("待整改")
    of_drill = (await circle.office.get(f"findings?drill_id={drill['id']}"))["findings"]
    assert {(each["objective"], each["observation_id"] is None) for each in of_drill} == {
        (None, False),
        ("o", True),
    }

    await page.locator(".view-header button").first.click()
    await noted.get_by_role("button", name="整改项：待整改").click()
    await page.locator("[data-part=close] > summary").click()
    await expect(page.get_by_text("解除封闭，恢复通行")).to_be_visible()
    await page.get_by_label("做了什么").fill("已搬走")
    await page.get_by_role("button", name="关闭整改项").click()
    await expect(page.locator(".view-header")).to_contain_text("已关闭")
    await page.evaluate("responder.showOverview()")
    await expect(page.locator(".row-button", has_text=CLOSED)).to_have_count(0)


async def test_the_next_plan_starts_from_what_earlier_drills_left_open(circle: Circle) -> None:
    drill = await plan_from_template(circle, "lift_entrapment")
    await circle.office.post("findings", {"text": TEXT, "drill_id": drill["id"]})
    person = await circle.sign_in("planner", DESKTOP)
    page = person.page
    await page.evaluate("(id) => responder.showDrill(id)", drill["id"])

    left = page.locator("[data-part=findings]")
    await expect(left).to_contain_text("未关闭的整改项 1 条")
    await left.locator("summary").click()
    await left.get_by_role("button", name="加入目标").click()

    await expect(left.get_by_role("button", name="已是目标")).to_be_disabled()
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.locator(".panel-actions .drop")).to_have_count(0)
    saved = await circle.office.get(f"drills/{drill['id']}")
    assert [(each["text"], each["measure"]) for each in saved["plan"]["objectives"]][-1] == (TEXT, "observed")
    await circle.office.post(f"drills/{drill['id']}/call-off", {})


async def test_the_programme_tells_on_a_phone_when_the_next_drill_is_due(circle: Circle) -> None:
    await held_drill(circle)
    person = await circle.sign_in("planner", PHONE)
    page = person.page
    await open_drills(page)

    await page.get_by_role("button", name="年度演练计划").click()

    # Whether one was held in the field depends on who used the stage before.
    due = page.get_by_text(re.compile("还没有实战演练过|下次演练不晚于"))
    await expect(due.first).to_be_visible()
    await expect(page.locator(".row-button", has_text=str(DRILL["name"])).first).to_contain_text("桌面推演")
    await expect(page.locator("table.programme tbody tr")).not_to_have_count(0)
    assert await serious_faults(page) == []
