"""The pact is read and signed on a phone, and a shift is swapped by two taps of two people."""

import asyncio

from playwright.async_api import Page, expect

from tests.e2e.people import PHONE, Circle


async def open_register(page: Page, name: str) -> None:
    await page.get_by_role("button", name="菜单").click()
    await page.get_by_role("button", name="日常管理", exact=True).click()
    await expect(page.locator("er-on-call button").first).to_contain_text("今晚值班")
    await page.locator(".panel-body > button", has_text=name).click()


async def test_a_draft_is_signed_by_those_who_direct_a_party(circle: Circle) -> None:
    staff = (await circle.sign_in("community", PHONE)).page
    await open_register(staff, "共建协议")
    await expect(staff.locator(".pact-parties > li[data-signed]")).to_have_count(4)
    await staff.get_by_role("button", name="起草下一版").click()
    await expect(staff.locator("er-pact")).to_contain_text("草案，未生效")
    await staff.get_by_role("button", name="修改草案").click()
    await staff.get_by_label("名称", exact=True).fill("续签的协议")
    await staff.get_by_role("button", name="保存草案").click()
    await expect(staff.locator("er-pact h3")).to_have_text("续签的协议")

    hospital = (await circle.sign_in("hospital", PHONE)).page
    await open_register(hospital, "共建协议")
    await hospital.locator("er-pact button", has_text="第 2 版").click()
    await expect(hospital.locator("er-pact h3")).to_have_text("续签的协议")
    await hospital.locator(".pact-sign button").click()
    await hospital.locator(".pact-sign button").click()

    await expect(hospital.locator(".pact-parties > li[data-signed]")).to_have_count(1)
    await expect(staff.locator(".pact-parties > li[data-signed]")).to_have_count(1)


async def test_a_swap_takes_two_taps(circle: Circle) -> None:
    [zhou, tan] = await asyncio.gather(
        circle.sign_in("community.zhou", PHONE), circle.sign_in("community.tan", PHONE)
    )
    for person in (zhou, tan):
        await open_register(person.page, "值班表")
    own = zhou.page.locator(".roster-shift[data-own]")
    before = await own.count()
    await own.last.click()
    await zhou.page.locator(".roster-give button", has_text="谭小满").click()

    asked = tan.page.locator(".roster-asked")
    await expect(asked).to_contain_text("周岚")
    await asked.get_by_role("button", name="我来顶班").click()

    await expect(asked).to_have_count(0)
    await expect(own).to_have_count(before - 1)


async def test_a_duty_is_entered_and_counted(circle: Circle) -> None:
    page = (await circle.sign_in("property", PHONE, scheme="light")).page
    await open_register(page, "共建协议")
    await page.locator("er-pact button", has_text="季度履责").click()
    rounds = page.locator(".pact-score", has_text="每月巡查一次")
    await rounds.get_by_role("button", name="登记一次").click()
    await rounds.get_by_label("说明").fill("西巷口")
    await rounds.get_by_role("button", name="登记一次").click()
    await expect(rounds.locator("li").first).to_contain_text("西巷口")
