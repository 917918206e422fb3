"""One blocked lane, from a resident's phone by way of the partner that mends it to the public page."""

import re
from pathlib import Path
from uuid import uuid4

from playwright.async_api import Page, expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Person
from tests.e2e.test_closure import LANE, response_s
from tests.exchange.pictures import picture

HOUSE = "脑科巷14栋"
MIDDLE = tuple(sum(each) / 2 for each in zip(*LANE, strict=True))


async def show_register(person: Person, name: str) -> None:
    await person.page.get_by_role("button", name="菜单").click()
    await person.page.get_by_role("button", name="日常管理", exact=True).click()
    await person.page.locator(".panel-body button", has_text=name).click()


async def send(form: Page, photo: Path, said: str) -> str:
    """Report the lane where the phone is; return the code."""
    await form.get_by_text("通道被占、堵塞").click()
    await form.locator("#locate").click()
    await expect(form.locator("#locate")).to_contain_text("误差约 6 米")
    await form.get_by_label("照片 · Photo").set_input_files(photo)
    await form.get_by_label("补充说明 · More").fill(said)
    await form.get_by_role("button", name="提交").click()
    return await form.locator("#code").inner_text()


async def test_a_resident_reports_a_blocked_lane_and_reads_that_it_is_mended(
    circle: Circle, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture("JPEG", (1600, 1200)))
    house = await circle.building(HOUSE)
    free = await response_s(circle, house)
    opened = await circle.office.post("report-link", {"renew": False})
    address = f"{circle.stage.url}/{opened['link']['path']}"
    here = {"longitude": MIDDLE[0], "latitude": MIDDLE[1], "accuracy": 6}
    resident = await circle.visit("resident", address, PHONE, geolocation=here, permissions=["geolocation"])
    form = resident.page
    said = f"货车堵住 {uuid4().hex[:6]}"
    code = await send(form, photo, said)

    # Accepted as a hazard that leaves nothing of the lane free: it is closed from this moment.
    staff = await circle.sign_in("community", DESKTOP)
    await show_register(staff, "居民上报")
    card = staff.page.locator("er-waiting-report", has_text=said)
    await card.get_by_role("button", name="采纳", exact=True).click()
    name = await card.get_by_label("名称").input_value()
    await expect(card.get_by_label("占了通道")).to_be_checked()
    await card.get_by_role("button", name="列入隐患").click()
    await expect(card).to_have_count(0)
    shut = await response_s(circle, house)
    assert shut != free

    # The partner that is to clear it does, and shows it.
    page = staff.page
    await page.get_by_role("button", name="返回").click()
    await page.locator(".panel-body button", has_text="火灾隐患").click()
    await page.locator(".panel-body button", has_text=name).click()
    await page.get_by_label("责任单位").select_option(label="新荷派出所（示例）")
    await page.get_by_role("button", name="交办", exact=True).click()
    await expect(page.locator(".responsible")).to_contain_text("派出所")
    police = await circle.sign_in("police", PHONE)
    theirs = police.page
    await show_register(police, "火灾隐患")
    await theirs.locator(".panel-body button", has_text=name).click()
    await theirs.get_by_role("button", name="开始整改").click()
    await theirs.locator(".panel-actions input[type=file]").set_input_files(photo)
    await theirs.get_by_role("button", name="整改完成").click()
    await expect(theirs.locator(".history .thumb img")).to_be_visible()
    await page.get_by_role("button", name="复查合格").click()
    assert await response_s(circle, house) == shut
    await page.get_by_role("button", name="销案").click()
    await expect(page.locator(".steps [aria-current=step]")).to_have_text("已销案")
    assert await response_s(circle, house) == free

    await form.goto(f"{address}/echo")
    await expect(form.locator("article").first).to_contain_text("已整改")
    await form.get_by_role("link", name=re.compile("凭查询码")).click()
    await form.get_by_label(re.compile("查询码")).fill(code)
    await form.get_by_role("button", name=re.compile("查询")).click()
    await expect(form.get_by_role("status")).to_contain_text("已整改")
