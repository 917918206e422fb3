"""The first visit: whatever does not arrive is asked for again, and the next visit needs no network."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.people import PATIENCE_MS, PHONE, Circle

BLOCK_7 = "脑科巷7栋"
WHOLE = "() => navigator.serviceWorker.controller !== null"
FORBIDDEN = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("no", "SecurityError"); } });
"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


async def once(route: Route, how: str, seen: list[str]) -> None:
    """Break the first answer, and let every later one through."""
    seen.append(route.request.url)
    if len(seen) > 1:
        await route.continue_()
    elif how == "cut":
        answer = await route.fetch()
        body = await answer.body()
        await route.fulfill(status=200, body=body[: len(body) // 2], content_type="application/json")
    elif how == "502":
        await route.fulfill(status=502, body="")
    else:
        await route.abort()


async def numbers_stay(page: Page) -> None:
    """The three numbers are on screen, to be dialled."""
    for number in ("119", "120", "110"):
        await expect(page.locator(f"a[href='tel:{number}']").first).to_be_visible()


async def new_page(circle: Circle, *, script: str = "", **more: Any) -> Page:  # noqa: ANN401
    context = await circle.browser.new_context(**{**PHONE, "locale": "zh-CN", **more})
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    if script:
        await page.add_init_script(script)
    return page


@pytest.mark.parametrize(
    ("broken", "how"),
    [
        (r"/assets/zh-CN-\w+\.json$", "cut"),
        (r"/assets/zh-CN-\w+\.json$", "502"),
        (r"/assets/part-\w+\.js$", "502"),
        (r"/assets/part-\w+\.js$", "abort"),
        (r"/assets/boot-\w+\.js$", "abort"),
        (r"/assets/page-\w+\.css$", "502"),
        (r"/api/start$", "502"),
    ],
)
async def test_what_does_not_arrive_once_is_asked_for_again(circle: Circle, broken: str, how: str) -> None:
    page = await new_page(circle, service_workers="block")
    seen: list[str] = []
    await page.route(lambda url: matches(url, broken), handler(how, seen))
    await page.goto(circle.stage.url)
    await numbers_stay(page)
    await expect(page.locator("input[name=username]")).to_be_visible()
    if "css" in broken:
        await page.wait_for_function(
            "() => [...document.styleSheets].some((each) => each.href?.includes('again='))"
        )
    if "boot" not in broken:
        assert len(seen) > 1
    await page.context.close()


def matches(url: str, pattern: str) -> bool:
    return re.search(pattern, url.partition("?")[0]) is not None


def handler(how: str, seen: list[str]) -> Callable[[Route], Awaitable[None]]:
    async def handle(route: Route) -> None:
        await once(route, how, seen)

    return handle


async def test_parts_that_do_not_arrive_are_named_asked_for_again_and_keep_no_alert_away(
    circle: Circle,
) -> None:
    page = await new_page(circle, service_workers="block")
    await page.goto(circle.stage.url)
    await page.fill("input[name=username]", "hospital.wen")
    # From now on: the map, and the screens that few open.
    pattern = re.compile(r"/assets/(part|maplibre-gl|worker)-")

    async def fail(route: Route) -> None:
        await route.abort()

    await page.route(pattern, fail)
    await page.fill("input[name=password]", circle.stage.password)
    await page.click(".sign-in button.primary")
    building = await circle.building(BLOCK_7)
    await circle.raise_alert(kind="fire", severity="red", exercise=False, building_id=building["id"])
    await expect(page.locator(".incident-header h2")).to_have_text(BLOCK_7)
    await page.click("er-menu button.square")
    await page.get_by_text("我的登录").click()
    await expect(page.locator(".screen .button", has_text="再试一次")).to_be_visible()
    await numbers_stay(page)

    await page.unroute(pattern)

    await expect(page.locator("#screen-title")).to_be_visible()
    await page.wait_for_selector(".maplibregl-canvas", state="attached")
    await page.context.close()


@pytest.mark.parametrize("script", [FORBIDDEN, FULL])
async def test_a_private_window_and_full_storage_open_the_page(circle: Circle, script: str) -> None:
    page = await new_page(circle, script=script, service_workers="block")
    await page.goto(circle.stage.url)
    await page.fill("input[name=username]", "hospital.wen")
    await page.fill("input[name=password]", circle.stage.password)
    await page.click(".sign-in button.primary")
    await page.wait_for_selector(".connection[data-phase=live]")
    await page.context.close()


async def test_the_numbers_stay_while_nothing_arrives(circle: Circle) -> None:
    page = await new_page(circle, service_workers="block")
    away = True

    async def nothing(route: Route) -> None:
        if away and not route.request.is_navigation_request():
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/*", nothing)
    await page.goto(circle.stage.url)
    await page.wait_for_timeout(3000)
    await numbers_stay(page)
    away = False
    await page.locator("[data-again]").first.click()
    await expect(page.locator("input[name=username]")).to_be_visible()
    await page.context.close()


async def test_after_one_visit_the_page_opens_without_network_and_the_alert_comes_when_it_is_back(
    circle: Circle,
) -> None:
    building = await circle.building(BLOCK_7)
    hospital = await circle.sign_in("hospital.wen", PHONE)
    await hospital.page.wait_for_function(WHOLE)
    await hospital.lose_signal()
    await hospital.page.reload()
    await expect(hospital.page.locator(".connection")).to_have_attribute("data-phase", "offline")
    await circle.raise_alert(kind="fire", severity="red", exercise=False, building_id=building["id"])
    await hospital.regain_signal()
    await expect(hospital.page.locator(".incident-header h2")).to_have_text(BLOCK_7)
    await expect(hospital.page.locator(".connection")).to_have_attribute("data-phase", "live")


async def test_a_person_who_never_signed_in_gets_the_page_and_then_the_server(circle: Circle) -> None:
    visitor = await circle.visit("nobody", circle.stage.url, PHONE)
    await visitor.page.wait_for_function(WHOLE)
    await visitor.lose_signal()
    await visitor.page.reload()
    await expect(visitor.page.locator(".alone h1")).to_be_visible()
    await numbers_stay(visitor.page)
    await visitor.regain_signal()
    await expect(visitor.page.locator("input[name=username]")).to_be_visible()
