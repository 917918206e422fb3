"""After a drill its console takes judgements and shows what participants say; its plan gives the report."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Route, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle, Interface
from tests.e2e.test_drill_plan import card_of, open_drills
from tests.e2e.test_drill_run import open_console, plan, planner

__all__ = ["planner"]

OBJECTIVES = [
    {"key": "power", "text": "两分钟内断电", "measure": "observed", "within_s": 120},
    {"key": "all", "text": "十分钟内清点五人", "measure": "counted", "within_s": 600, "count": 5},
]


@pytest_asyncio.fixture
async def drill(circle: Circle, planner: Interface) -> AsyncIterator[dict[str, Any]]:
    """A drill that is over; no one judged anything."""
    drill_id = await plan(
        circle, planner, name="评定与反馈演练", mode="tabletop", objectives=OBJECTIVES, injects=[]
    )
    await planner.post(f"drills/{drill_id}/start", {"beside_real": True})
    await planner.post(f"drills/{drill_id}/end", {})
    yield await planner.get(f"drills/{drill_id}")


@pytest.mark.parametrize("shape", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_objective_is_judged_and_participants_answer_by_a_code(
    circle: Circle, planner: Interface, drill: dict[str, Any], shape: dict[str, Any]
) -> None:
    staff = await circle.sign_in("planner", shape)
    page = await open_console(staff, drill["id"])
    power = page.locator(".objectives > li", has_text="断电")
    await expect(power.locator("> strong")).to_have_text("无法评定（无人观察）")

    await power.locator("summary").click()
    await power.get_by_label("说明").fill("配电房上锁")
    await power.get_by_role("button", name="未达成").click()
    await expect(power.locator("> strong")).to_have_text("未达成")
    await power.locator("summary").click()
    await expect(power.get_by_label("说明")).to_have_value("配电房上锁")
    await power.get_by_role("button", name="已达成").click()
    await expect(power.locator("> strong")).to_have_text("达成")
    score = await planner.get(f"drills/{drill['id']}/score")
    assert [each["outcome"] for each in score["objectives"]] == ["met", "not_measured"]

    feedback = page.locator("[data-part=feedback]")
    await feedback.get_by_role("button", name="开放反馈二维码").click()
    code = feedback.locator("img")
    await expect(code).to_be_visible()
    assert await code.evaluate("async (each) => { await each.decode(); return each.naturalWidth > 0; }")
    async with page.context.expect_page() as opened:
        await feedback.get_by_role("link", name="反馈页").click()
    asked = await opened.value
    await asked.locator("input[name=task][value='4']").check()
    await asked.locator("textarea").fill("对讲机没电")
    assert await serious_faults(asked) == []
    await asked.get_by_role("button", name="提交").click()
    await expect(asked.get_by_role("status")).to_contain_text("谢谢")
    await asked.close()
    await feedback.get_by_role("button", name="刷新").click()
    await expect(feedback).to_contain_text("已收到 1 份")
    await expect(feedback).to_contain_text("平均 4.0（1 人）")
    await expect(feedback.locator(".feedback-texts li > span")).to_have_text("对讲机没电")
    assert await serious_faults(page) == []
    await feedback.get_by_role("button", name="关闭反馈").click()
    await expect(feedback.locator("img")).to_have_count(0)
    await expect(feedback).to_contain_text("已收到 1 份")
    for words in ("去掉这条文字", "再点一次确认"):
        await feedback.get_by_role("button", name=words).click()
    await expect(feedback.locator(".feedback-texts li")).to_have_count(0)
    await expect(feedback).to_contain_text("平均 4.0（1 人）")


async def test_a_report_is_saved_and_why_it_cannot_be_is_said(
    circle: Circle, drill: dict[str, Any], tmp_path: Path
) -> None:
    staff = await circle.sign_in("planner", DESKTOP)
    staff.expected += ("409 (Conflict)",)
    page = staff.page

    async def refuse(route: Route) -> None:
        problem = '{"code":"pdf_unavailable","packages":"fonts"}'
        await route.fulfill(status=409, content_type="application/problem+json", body=problem)

    await page.route("**/report.pdf*", refuse)
    await open_drills(page)
    await page.locator("summary", has_text="已结束或取消").click()
    await card_of(page, drill).locator("button").click()
    links = page.locator("[data-part=replay]")
    await links.get_by_role("link", name="报告（PDF）").click()
    await expect(links.get_by_role("alert")).to_contain_text("不能生成 PDF")

    await page.unroute("**/report.pdf*")
    async with page.expect_download() as saving:
        await links.get_by_role("link", name="报告（PDF）").click()
    saved = await saving.value
    assert re.fullmatch(r"【演练】.*演练.*\d{4}-\d\d-\d\d .*\.pdf", saved.suggested_filename)
    file = tmp_path / "report.pdf"
    await saved.save_as(file)
    assert file.read_bytes().startswith(b"%PDF-")
    await expect(links.get_by_role("alert")).to_have_count(0)

    await page.locator("[data-part=files] summary").click()
    async with page.expect_download() as saving:
        await page.get_by_role("link", name="评估表（PDF）").click()
    assert re.fullmatch(r"【演练】.*评估表\.pdf", (await saving.value).suggested_filename)
