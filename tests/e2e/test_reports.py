"""A resident reports by a phone without an account, staff accept, and the public page and the code say so."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle
from tests.exchange.pictures import picture


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_resident_reports_staff_accept_and_the_echo_page_shows_it(
    circle: Circle, tmp_path: Path, *, scripts: bool
) -> None:
    said = f"三楼楼道 {uuid4().hex[:6]}"
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture("JPEG", (2400, 1800) if scripts else (640, 480)))
    opened = await circle.office.post("report-link", {"renew": False})
    address = f"{circle.stage.url}/{opened['link']['path']}"
    building = await circle.building("脑科巷7栋")
    there = building["geometry"]["coordinates"][0][0]
    resident = await circle.visit(
        "resident",
        address,
        PHONE,
        java_script_enabled=scripts,
        geolocation={"longitude": there[0], "latitude": there[1], "accuracy": 9},
        permissions=["geolocation"],
    )
    form = resident.page
    await expect(form.get_by_role("link", name=re.compile("先打 119"))).to_be_visible()
    await form.get_by_text("楼道、门口堆物").click()
    locate = form.locator("#locate")
    if scripts:
        assert await serious_faults(form) == []
        await locate.click()
        await expect(locate).to_contain_text("误差约 9 米")
    else:
        await expect(locate).to_be_hidden()
        await form.get_by_label("楼栋 · Building").select_option(building["id"])
    await form.get_by_label("照片 · Photo").set_input_files(photo)
    await form.get_by_label("补充说明 · More").fill(said)
    await form.get_by_role("button", name="提交").click()
    code = await form.locator("#code").inner_text()

    staff = await circle.sign_in("community", DESKTOP)
    page = staff.page
    await page.get_by_role("button", name="菜单").click()
    await page.get_by_role("button", name="日常管理", exact=True).click()
    await page.locator(".panel-body button", has_text="居民上报").click()
    card = page.locator("er-waiting-report", has_text=said)
    await expect(card).to_contain_text("脑科巷7栋")
    await expect(card.locator("img")).to_be_visible()
    assert await serious_faults(page) == []
    await card.get_by_role("button", name="采纳", exact=True).click()
    await expect(card.get_by_label("名称")).to_have_value(re.compile("脑科巷7栋"))
    await card.get_by_label("公开居民的照片").check()
    await card.get_by_role("button", name="列入隐患").click()
    await expect(card).to_have_count(0)

    await form.goto(f"{address}/echo")
    echo = form.locator("article").first
    await expect(echo).to_contain_text("脑科巷7栋")
    await expect(echo).to_contain_text("已受理")
    await expect(echo).not_to_contain_text(said)
    await expect(echo.get_by_alt_text("照片 · Photo")).to_be_visible()
    await form.get_by_role("link", name=re.compile("凭查询码")).click()
    await form.get_by_label(re.compile("查询码")).fill(code.lower())
    await form.get_by_role("button", name=re.compile("查询")).click()
    await expect(form.get_by_role("status")).to_contain_text("已受理")


async def test_a_new_report_shows_by_itself_and_is_dismissed(circle: Circle) -> None:
    await circle.office.post("report-link", {"renew": False})
    staff = await circle.sign_in("community", PHONE)
    page = staff.page
    await page.get_by_role("button", name="菜单").click()
    await page.get_by_role("button", name="日常管理", exact=True).click()
    await page.locator(".panel-body button", has_text="居民上报").click()
    await expect(page.locator("er-report-link img")).to_be_visible()
    path = await page.locator("er-report-link a", has_text="打开上报页").get_attribute("href")
    said = f"无关 {uuid4().hex[:6]}"
    there = (await circle.building("脑科巷7栋"))["id"]
    fields = {"id": str(uuid4()), "kind": "other", "building": there, "text": said}
    sent = await page.context.request.post(
        f"{circle.stage.url}{path}", form=fields, headers={"Origin": circle.stage.url}
    )
    assert sent.status == 200

    card = page.locator("er-waiting-report", has_text=said)
    await card.get_by_role("button", name="不采纳", exact=True).click()
    await card.get_by_label("原因").select_option("misuse")
    await card.get_by_role("button", name="确定不采纳").click()
    await expect(card).to_have_count(0)
