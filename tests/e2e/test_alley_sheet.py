"""The alley sheet is chosen and printed on the page, and on a building's own."""

from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.people import DESKTOP, PHONE, Circle


async def printed(page: Page) -> tuple[str, Path]:
    async with page.expect_download(timeout=60_000) as waiting:
        await page.locator("er-print-link a").click()
    download = await waiting.value
    return download.suggested_filename, await download.path()


def content_of(file: Path) -> bytes:
    return file.read_bytes()


async def test_a_sheet_of_a_building_is_printed_from_daily_work(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE)
    page = staff.page
    await page.get_by_role("button", name="菜单").click()
    await page.get_by_role("button", name="日常管理", exact=True).click()
    await page.locator(".panel-body button", has_text="小巷应急图").click()
    await expect(page.locator("er-alley-sheet option")).not_to_have_count(1)
    await page.locator("er-alley-sheet select").select_option(label="脑科巷7栋")
    await page.get_by_role("button", name="A3").click()

    name, file = await printed(page)

    assert content_of(file).startswith(b"%PDF-")
    assert name.startswith("脑科巷7栋 小巷应急图")


async def test_a_building_leads_to_its_sheet_which_tells_observers_what_is_not_on_it(circle: Circle) -> None:
    onlooker = await circle.sign_in("observer", DESKTOP)
    page = onlooker.page
    await onlooker.tap_building(await circle.building("脑科巷7栋"))

    await page.locator("[data-alley-sheet]").click()

    await expect(page.locator(".panel-body")).to_contain_text("无权查看值班和钥匙电话")
    await expect(page.locator("er-alley-sheet option:checked")).to_have_text("脑科巷7栋")
