"""A person with nothing but a link sets up a channel, and answers an alarm that came by it."""

import re
import uuid

from playwright.async_api import Page, expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Person
from tests.e2e.test_accounts import BLOCK_7, NEW_PASSWORD
from tests.e2e.test_channels import usable

CODE = re.compile(r"\b(\d{6})\b")


async def newest_message(catch_all: Page, url: str, to: str, *, saying: str) -> str:
    """Look at the page of the demo's stand-ins, which is read again every few seconds, for a message."""
    if catch_all.url != url:
        await catch_all.goto(url)
    row = catch_all.locator("tr", has_text=to).filter(has_text=saying).first
    await expect(row).to_be_visible()
    return await row.locator("td").last.inner_text()


async def joined(circle: Circle, name: str) -> Person:
    """Follow a link to an invitation, and nothing else."""
    unit = await circle.unit("急救车组")
    of_hospital = {"partner_id": unit["properties"]["partner_id"], "unit_id": unit["id"]}
    made = await circle.office.post("invitations", {"role": "responder", "note": "", **of_hospital})
    nurse = await circle.visit(name, f"{circle.stage.url}/#invitation={made['token']}", PHONE)
    page = nurse.page
    await page.get_by_label("姓名").fill("夜班护士")
    await page.get_by_label("用户名").fill(name)
    await page.get_by_label("新密码").fill(NEW_PASSWORD)
    await page.locator(".accept button.primary").click()
    return nurse


async def added(nurse: Person) -> str:
    """Add the channel that is offered to a person who has just joined, and return its topic."""
    page = nurse.page
    # A person who joins is asked at once by what they are found; a topic that no one guesses is there.
    await expect(page.locator(".screen .problem")).to_contain_text("还没有验证过的通道")
    step = page.locator(".steps [aria-current=step]")
    await expect(step).to_have_text("选一种通道")
    subscribe = page.get_by_role("link", name="在 ntfy 应用中订阅")
    topic = await page.locator("input[name=address]").input_value()
    await expect(subscribe).to_have_attribute("href", re.compile(f"ntfy://127.0.0.1:.+/{topic}"))
    nurse.expected += ("422 (Unprocessable",)
    await page.locator("input[name=address]").fill("夜班")
    await page.get_by_role("button", name="添加并发送验证码").click()
    await expect(page.locator(".form .problem")).to_contain_text("只用字母、数字")
    await page.locator("input[name=address]").fill(topic)
    await page.get_by_role("button", name="添加并发送验证码").click()
    await expect(step).to_have_text("填入手机收到的验证码")
    return topic


async def test_a_channel_is_set_up_with_nothing_but_a_link_and_an_alarm_by_it_is_answered(
    circle: Circle,
) -> None:
    nurse = await joined(circle, f"night.{uuid.uuid4().hex[:8]}")
    page = nurse.page
    topic = await added(nurse)

    catch_all = await page.context.new_page()
    services = circle.stage.demo_services_url
    found = CODE.search(await newest_message(catch_all, services, topic, saying="验证码"))
    assert found is not None
    row = page.locator(".channel", has_text=topic)
    await row.locator("input[name=code]").fill(found[1])
    await row.get_by_role("button", name="验证", exact=True).click()
    await expect(page.locator(".screen .problem")).to_have_count(0)
    await row.get_by_role("button", name="给我发一条测试").click()
    await newest_message(catch_all, services, topic, saying="通道测试")
    await expect(row).to_contain_text("请看手机")
    await catch_all.locator("tr", has_text=topic).filter(has_text="通道测试").first.locator("a").click()
    await catch_all.get_by_role("button", name="收到了").click()
    await expect(catch_all.get_by_role("status")).to_contain_text("这个通道能找到您")
    await expect(row).to_contain_text("测试收到了", timeout=40_000)
    await expect(page.locator(".done")).to_contain_text("设好了")
    await usable(page)
    await nurse.picture("390x844-33-own-channel")

    # The telephone lies on the table, the page is closed: an exercise calls by the new channel.
    await page.close()
    building = await circle.building(BLOCK_7)
    raised = await circle.raise_alert(
        kind="medical", severity="red", exercise=True, building_id=building["id"]
    )
    await newest_message(catch_all, services, topic, saying="【演练】")
    await catch_all.locator("tr", has_text=topic).filter(has_text="【演练】").first.locator("a").first.click()
    await expect(catch_all.locator("h1")).to_contain_text("【演练】")
    await usable_link(catch_all)
    await catch_all.get_by_role("button", name="我来").click()
    await expect(catch_all.get_by_role("status")).to_contain_text("已记录：您前往现场")

    staff = await circle.sign_in("community", DESKTOP)
    await expect(staff.page.locator("[data-count=accepted] dd")).to_have_text("1")
    proof = await circle.office.get(f"incidents/{raised['incident']['id']}/messages")
    answered = {each["channel"] for each in proof["messages"] if each["state"] == "answered"}
    assert answered == {"ntfy"}


async def usable_link(page: Page) -> None:
    """Three buttons that a thumb hits, on a page that does not scroll sideways."""
    heights = await page.locator("button").evaluate_all("all => all.map((b) => b.offsetHeight)")
    assert len(heights) == 3
    assert min(heights) >= 48
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
