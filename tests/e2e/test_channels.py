"""A channel from nothing: set up, verified with its code, tested, rung, answered by the link, and proved."""

import re

import pytest
from playwright.async_api import Page, expect

from responder.demo.services.http_server import serve_http
from responder.demo.services.inbox import ServiceInbox
from responder.demo.services.ntfy import NtfyService
from tests.e2e.people import DESKTOP, PHONE, Circle, Person
from tests.e2e.test_accounts import NAMELESS, open_screen
from tests.e2e.test_page import OVERFLOWS, TOO_SMALL

LANDSCAPE = {**PHONE, "viewport": {"width": 844, "height": 390}}
BLOCK_7 = "脑科巷7栋"
WEN = "hospital.wen"


async def usable(page: Page) -> None:
    """Nothing sticks out, is too small to tap, or has no name for a screen reader."""
    assert not await page.evaluate(OVERFLOWS)
    assert await page.evaluate(TOO_SMALL, 44) == []
    assert await page.evaluate(NAMELESS) == []


async def test_a_channel_is_set_up_verified_tested_and_answered(circle: Circle) -> None:
    inbox = ServiceInbox()
    async with serve_http(NtfyService(inbox), port=circle.stage.service_port):
        staff = await circle.sign_in("community", DESKTOP)
        await open_screen(staff, "通道")
        await usable(staff.page)
        form = staff.page.locator("form", has=staff.page.get_by_role("heading", name="添加通道"))
        await form.get_by_label("名称").fill("ntfy 自建")
        await form.get_by_text("更多设置").click()
        await form.get_by_label(re.compile("^服务器地址")).fill(
            f"http://127.0.0.1:{circle.stage.service_port}"
        )
        await form.get_by_role("button", name="添加通道").click()
        await expect(staff.page.locator(".row.channel", has_text="ntfy 自建")).to_be_visible()
        await staff.picture("1440x900-30-channels")

        wen = await circle.sign_in(WEN, PHONE)
        await open_screen(wen, "我的通道")
        await wen.page.get_by_label(re.compile("^服务")).select_option(label="ntfy 推送 · ntfy 自建")
        await wen.page.get_by_label(re.compile("^主题")).fill("wen-topic")
        await wen.page.get_by_role("button", name="添加并发送验证码").click()
        row = wen.page.locator(".row.channel", has_text="wen-topic")
        await expect(row).to_contain_text("服务已受理")
        await usable(wen.page)
        await wen.picture("390x844-30-my-channels")
        code = re.search(r"\d{6}", inbox.messages[-1].text)
        assert code is not None
        await row.get_by_label("六位验证码").fill(code[0])
        await row.get_by_role("button", name="验证", exact=True).click()
        await row.get_by_role("button", name="给我发一条测试").click()
        await expect(row).to_contain_text("测试: 服务已受理")
        assert "测试" in inbox.messages[-1].text
        # With the page shut, the message alone reaches the person.
        await wen.page.close()

        building = await circle.building(BLOCK_7)
        await circle.raise_alert(kind="smoke", severity="orange", exercise=False, building_id=building["id"])
        proof = staff.page.locator(".proof")
        await proof.locator("summary").click()
        sent = proof.locator("tr", has_text="ntfy 自建")
        await expect(sent).to_contain_text("服务已受理")
        await staff.picture("1440x900-31-proof")
        link = next(
            action["url"] for action in inbox.messages[-1].raw["actions"] if "/api/answers/" in action["url"]
        )
        phone = await circle.visit("nobody", link, PHONE)
        await expect(phone.page.get_by_role("heading")).to_contain_text("冒烟")
        await expect(phone.page.get_by_text(BLOCK_7).first).to_be_visible()
        await phone.page.screenshot(path="screenshots/390x844-32-answer.png")
        await phone.page.get_by_role("button", name="我来").click()
        await expect(phone.page.get_by_role("status")).to_contain_text("您前往现场")
        await expect(sent).to_contain_text("前往现场")
        await staff.picture("1440x900-32-proof-answered")
        again = await phone.page.goto(link)
        assert again is not None
        assert again.status == 404
        phone.expected = (*phone.expected, "404 (Not Found)")


@pytest.mark.parametrize(
    ("size", "name"), [(PHONE, "390x844"), (LANDSCAPE, "844x390"), (DESKTOP, "1440x900")]
)
async def test_the_screens_fit_in_english_too(circle: Circle, size: dict[str, object], name: str) -> None:
    staff: Person = await circle.sign_in("community", size, language="en", scheme="light")
    for screen in ("Channels", "My channels"):
        await staff.page.get_by_role("button", name="Menu").click()
        await staff.page.locator(".menu").get_by_role("button", name=screen, exact=True).click()
        await expect(staff.page.locator("#screen-title")).to_have_text(screen)
        await expect(staff.page.locator(".screen .form").first).to_be_visible()
        await usable(staff.page)
        await staff.page.screenshot(path=f"screenshots/{name}-33-{screen.lower().replace(' ', '-')}-en.png")
